// 6.2: quiesce a whole tag set, and wait for it
#include <linux/blk-mq.h>

void probe(struct blk_mq_tag_set *set);
void probe(struct blk_mq_tag_set *set)
{
	blk_mq_quiesce_tagset(set);
	blk_mq_wait_quiesce_done(set);
	blk_mq_unquiesce_tagset(set);
}

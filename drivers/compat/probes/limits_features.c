// 6.11: struct queue_limits carries feature bits (6.9: it is given at allocation)
#include <linux/blk-mq.h>
#include <linux/blkdev.h>

struct request_queue *probe(struct blk_mq_tag_set *set);
struct request_queue *probe(struct blk_mq_tag_set *set)
{
	struct queue_limits lim = { .features = BLK_FEAT_WRITE_CACHE };

	return blk_mq_alloc_queue(set, &lim, NULL);
}

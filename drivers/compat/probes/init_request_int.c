// after 6.12: the node given to init_request() is an int
#include <linux/blk-mq.h>

void probe(struct blk_mq_ops *ops,
	   int (*fn)(struct blk_mq_tag_set *, struct request *, unsigned int,
		     int));
void probe(struct blk_mq_ops *ops,
	   int (*fn)(struct blk_mq_tag_set *, struct request *, unsigned int,
		     int))
{
	ops->init_request = fn;
}

// 6.13 (and stable 6.12): struct rq_list has head and tail; queue_rqs() takes it
#include <linux/blk-mq.h>

void probe(struct blk_mq_ops *ops, void (*fn)(struct rq_list *));
void probe(struct blk_mq_ops *ops, void (*fn)(struct rq_list *))
{
	ops->queue_rqs = fn;
}

// 7.0: rq_end_io_fn is told the completion batch
#include <linux/blk-mq.h>

void probe(struct request *rq,
	   enum rq_end_io_ret (*fn)(struct request *, blk_status_t,
				    const struct io_comp_batch *));
void probe(struct request *rq,
	   enum rq_end_io_ret (*fn)(struct request *, blk_status_t,
				    const struct io_comp_batch *))
{
	rq->end_io = fn;
}

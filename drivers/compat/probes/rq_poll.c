// 6.5: blk_rq_poll(), before it a bio was polled by its cookie
#include <linux/blk-mq.h>

int probe(struct request *rq, struct io_comp_batch *iob);
int probe(struct request *rq, struct io_comp_batch *iob)
{
	return blk_rq_poll(rq, iob, 0);
}

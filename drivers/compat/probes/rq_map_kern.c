// 6.16: blk_rq_map_kern() without the queue
#include <linux/blk-mq.h>

int probe(struct request *rq, void *buf);
int probe(struct request *rq, void *buf)
{
	return blk_rq_map_kern(rq, buf, 1, GFP_KERNEL);
}

// Never there: if this compiles, no answer means anything.
#include <linux/module.h>
#include <linux/blk-mq.h>

int probe(struct request *rq)
{
	return blk_mq_this_was_never_in_any_kernel(rq);
}

// 6.17: blk_mq_num_possible_queues()
#include <linux/blk-mq.h>

unsigned int probe(void);
unsigned int probe(void)
{
	return blk_mq_num_possible_queues(0);
}

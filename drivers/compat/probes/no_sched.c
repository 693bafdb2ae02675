// 6.14 dropped it: BLK_MQ_F_NO_SCHED, an older form
#include <linux/blk-mq.h>

unsigned int probe(void);
unsigned int probe(void)
{
	return BLK_MQ_F_NO_SCHED;
}

// 6.17: how much write zeroes may also deallocate is a limit of its own
#include <linux/blkdev.h>

void probe(struct queue_limits *lim);
void probe(struct queue_limits *lim)
{
	lim->max_hw_wzeroes_unmap_sectors = 1;
}

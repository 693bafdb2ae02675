// 6.13: the device's limit of zone append apart from what users may set
#include <linux/blkdev.h>

void probe(struct queue_limits *lim);
void probe(struct queue_limits *lim)
{
	lim->max_hw_zone_append_sectors = 8;
}

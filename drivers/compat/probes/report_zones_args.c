// 6.19: report_zones() gets its arguments in a structure
#include <linux/blkdev.h>

void probe(struct block_device_operations *ops,
	   int (*fn)(struct gendisk *, sector_t, unsigned int,
		     struct blk_report_zones_args *));
void probe(struct block_device_operations *ops,
	   int (*fn)(struct gendisk *, sector_t, unsigned int,
		     struct blk_report_zones_args *))
{
	ops->report_zones = fn;
}

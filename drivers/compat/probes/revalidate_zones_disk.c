// 6.10: zones are looked at again without a function of the driver's
#include <linux/blkdev.h>

int probe(struct gendisk *disk);
int probe(struct gendisk *disk)
{
	return blk_revalidate_disk_zones(disk);
}

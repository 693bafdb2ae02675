// 6.5: blk_mode_t; open() and release() of a disk take the gendisk
#include <linux/blkdev.h>

void probe(struct block_device_operations *ops,
	   int (*open)(struct gendisk *, blk_mode_t),
	   void (*release)(struct gendisk *));
void probe(struct block_device_operations *ops,
	   int (*open)(struct gendisk *, blk_mode_t),
	   void (*release)(struct gendisk *))
{
	ops->open = open;
	ops->release = release;
}

// 6.18: getgeo() takes the gendisk
#include <linux/blkdev.h>

struct hd_geometry;
void probe(struct block_device_operations *ops,
	   int (*fn)(struct gendisk *, struct hd_geometry *));
void probe(struct block_device_operations *ops,
	   int (*fn)(struct gendisk *, struct hd_geometry *))
{
	ops->getgeo = fn;
}

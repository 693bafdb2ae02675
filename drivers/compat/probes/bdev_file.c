// 6.9: a disk that the kernel opens is a file, bdev_file_open_by_path()
#include <linux/module.h>
#include <linux/blkdev.h>

struct block_device *probe(const char *path, void *holder);
struct block_device *probe(const char *path, void *holder)
{
	struct file *file = bdev_file_open_by_path(path, BLK_OPEN_READ, holder, NULL);

	bdev_fput(file);
	return file_bdev(file);
}

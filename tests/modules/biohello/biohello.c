// SPDX-License-Identifier: GPL-2.0
/*
 * Writes "hello world!" to a block of a disk and reads it back, from inside the
 * kernel: the same two commands as the user program hello, by way of a bio.
 *
 *	insmod biohello.ko disk=/dev/nvme0n1 block=8
 *
 * All of the work is done while the module loads; a wrong answer fails the
 * insmod. What the block held is overwritten.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bio.h>
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/smp.h>

#include <compat-bdev.h>

static char *disk = "/dev/nvme0n1";
module_param(disk, charp, 0444);
MODULE_PARM_DESC(disk, "path of the disk");

static unsigned long block;
module_param(block, ulong, 0444);
MODULE_PARM_DESC(block, "number of the logical block that is overwritten");

static const char hello[] = "hello world!";

/* The short way: submit, sleep until it is done, get an errno. */
static int write_and_wait(struct block_device *bdev, sector_t sector, struct page *page)
{
	struct bio *bio = bio_alloc(bdev, 1, REQ_OP_WRITE | REQ_SYNC, GFP_KERNEL);
	int ret;

	bio->bi_iter.bi_sector = sector;
	__bio_add_page(bio, page, bdev_logical_block_size(bdev), 0);
	ret = submit_bio_wait(bio);
	bio_put(bio);
	return ret;
}

/* What submit_bio_wait() is made of: a callback, which runs where the interrupt came. */
struct reader {
	struct completion done;
	int cpu;
};

static void read_done(struct bio *bio)
{
	struct reader *reader = bio->bi_private;

	reader->cpu = raw_smp_processor_id();
	complete(&reader->done);
}

static int read_by_callback(struct block_device *bdev, sector_t sector, struct page *page)
{
	struct bio *bio = bio_alloc(bdev, 1, REQ_OP_READ | REQ_SYNC, GFP_KERNEL);
	struct reader reader;
	int ret;

	init_completion(&reader.done);
	bio->bi_iter.bi_sector = sector;
	bio->bi_end_io = read_done;
	bio->bi_private = &reader;
	__bio_add_page(bio, page, bdev_logical_block_size(bdev), 0);

	pr_info("read submitted on CPU %d\n", raw_smp_processor_id());
	submit_bio(bio);
	wait_for_completion_io(&reader.done);
	pr_info("read completed on CPU %d\n", reader.cpu);

	ret = blk_status_to_errno(bio->bi_status);
	bio_put(bio);
	return ret;
}

static int hello_disk(struct block_device *bdev)
{
	unsigned int size = bdev_logical_block_size(bdev);
	/* a bio counts in sectors of 512 bytes, whatever the disk's block is */
	sector_t sector = (sector_t)block * (size >> SECTOR_SHIFT);
	struct page *out, *in;
	int ret = -ENOMEM;

	if (size > PAGE_SIZE)
		return -EINVAL;
	if (sector >= bdev_nr_sectors(bdev))
		return -ERANGE;
	out = alloc_page(GFP_KERNEL | __GFP_ZERO);
	in = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!out || !in)
		goto free_pages;

	memcpy(page_address(out), hello, sizeof(hello));
	ret = write_and_wait(bdev, sector, out);
	if (ret)
		goto free_pages;
	ret = read_by_callback(bdev, sector, in);
	if (ret)
		goto free_pages;
	if (memcmp(page_address(out), page_address(in), size)) {
		pr_err("block %lu came back different\n", block);
		ret = -EIO;
		goto free_pages;
	}
	pr_info("%s\n", (char *)page_address(in));

free_pages:
	if (in)
		__free_page(in);
	if (out)
		__free_page(out);
	return ret;
}

static int __init biohello_init(void)
{
	struct file *file;
	int ret;

	/* a holder claims the disk: not while it is mounted, and no mount meanwhile */
	file = bdev_file_open_by_path(disk, BLK_OPEN_READ | BLK_OPEN_WRITE, &hello_disk, NULL);
	if (IS_ERR(file)) {
		pr_err("%s: %pe\n", disk, file);
		return PTR_ERR(file);
	}
	ret = hello_disk(file_bdev(file));
	bdev_fput(file);
	return ret;
}

static void __exit biohello_exit(void)
{
}

module_init(biohello_init);
module_exit(biohello_exit);
MODULE_DESCRIPTION("hello world from inside the kernel, through a bio");
MODULE_LICENSE("GPL");

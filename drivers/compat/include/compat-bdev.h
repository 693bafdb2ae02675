/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Opening a disk from inside the kernel.  The driver never does; the test
 * modules do.
 *
 * Since 6.9 an open disk is a struct file.  Before that it could be opened as a
 * file as well, by its path, and then O_EXCL claims it with the file itself as
 * the holder, so the holder that is asked for only says whether to claim.
 */
#ifndef COMPAT_BDEV_H
#define COMPAT_BDEV_H

#include <linux/blkdev.h>
#include <linux/fs.h>

#include "compat-config.h"

#ifndef COMPAT_HAS_BDEV_FILE
#include <linux/file.h>

struct blk_holder_ops;

static inline struct file *bdev_file_open_by_path(const char *path, blk_mode_t mode,
						  void *holder, const struct blk_holder_ops *hops)
{
	int flags = O_LARGEFILE | (mode & BLK_OPEN_WRITE ? O_RDWR : O_RDONLY);
	struct file *file = filp_open(path, holder ? flags | O_EXCL : flags, 0);

	if (!IS_ERR(file) && !S_ISBLK(file_inode(file)->i_mode)) {
		fput(file);
		return ERR_PTR(-ENOTBLK);
	}
	return file;
}

static inline struct block_device *file_bdev(struct file *file)
{
	return I_BDEV(file->f_mapping->host);
}

/*
 * The claim goes when the task returns to user space, not at once as with the
 * real one: __fput_sync() is for kernel threads alone here.
 */
static inline void bdev_fput(struct file *file)
{
	fput(file);
}
#endif

#endif

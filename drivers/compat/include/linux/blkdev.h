/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/blkdev.h>

#ifndef COMPAT_LINUX_BLKDEV_H
#define COMPAT_LINUX_BLKDEV_H

#include <compat-config.h>

#ifndef COMPAT_HAS_BLK_MODE
/* 6.5: how a block device was opened, before that the mode of the file */
typedef fmode_t blk_mode_t;

#define BLK_OPEN_READ		FMODE_READ
#define BLK_OPEN_WRITE		FMODE_WRITE
#define BLK_OPEN_EXCL		FMODE_EXCL
#define BLK_OPEN_NDELAY		FMODE_NDELAY
#define BLK_OPEN_WRITE_IOCTL	FMODE_WRITE_IOCTL

/*
 * Newer kernels also take the capacity away, so that writers of the page cache
 * stop at once instead of waiting for space that will not be freed.
 */
static inline void compat_mark_disk_dead(struct gendisk *disk)
{
	blk_mark_disk_dead(disk);
	set_capacity_and_notify(disk, 0);
}

#define blk_mark_disk_dead(disk) compat_mark_disk_dead(disk)
#define disk_force_media_change(disk) \
	((void)disk_force_media_change(disk, DISK_EVENT_MEDIA_CHANGE))
#endif

#endif

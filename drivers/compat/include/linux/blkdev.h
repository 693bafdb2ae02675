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

#ifndef BLK_MAX_BLOCK_SIZE
/* 6.15: the largest block of a disk, before that no larger than a page */
#define BLK_MAX_BLOCK_SIZE	PAGE_SIZE
#endif

#ifndef COMPAT_HAS_REPORT_ZONES_ARGS
/* 6.19: whom to report a zone to, before that a function and what it wants to be given */
struct blk_report_zones_args {
	report_zones_cb cb;
	void *data;
};

static inline int disk_report_zone(struct gendisk *disk, struct blk_zone *zone, unsigned int idx,
				   struct blk_report_zones_args *args)
{
	return args->cb(zone, idx, args->data);
}
#endif

#ifndef COMPAT_HAS_REVALIDATE_ZONES_DISK
/* 6.10: no function of the driver's is called at the end */
#define blk_revalidate_disk_zones(disk) blk_revalidate_disk_zones(disk, NULL)
#endif

#endif

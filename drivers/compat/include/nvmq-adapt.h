/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Callbacks whose signature differs from kernel to kernel.
 *
 * A function is written in its newest form.  The file with the table of
 * callbacks says, at file scope, that it wants an adapter for it, and names the
 * adapter in the table:
 *
 *	NVMQ_ADAPT_GETGEO(nvmq_ns_getgeo);
 *
 *	static const struct block_device_operations nvmq_ns_ops = {
 *		.getgeo = nvmq_adapted_getgeo(nvmq_ns_getgeo),
 *
 * Where the kernel has the newest form both vanish: the table holds the
 * function itself.
 */
#ifndef NVMQ_ADAPT_H
#define NVMQ_ADAPT_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <compat-config.h>

/* void fn(struct rq_list *rqlist) */
#ifdef COMPAT_HAS_RQ_LIST
#define NVMQ_ADAPT_QUEUE_RQS(fn) struct nvmq_semicolon
#define nvmq_adapted_queue_rqs(fn) fn
#else
#define NVMQ_ADAPT_QUEUE_RQS(fn)					\
static void fn##_adapted(struct request **list)				\
{									\
	struct rq_list rl = { .head = *list };				\
									\
	fn(&rl);							\
	*list = rl.head;						\
}									\
struct nvmq_semicolon
#define nvmq_adapted_queue_rqs(fn) fn##_adapted
#endif

/*
 * int fn(struct blk_mq_tag_set *set, struct request *rq, unsigned int hctx_idx,
 *	  int node)
 */
#ifdef COMPAT_HAS_INIT_REQUEST_INT
#define NVMQ_ADAPT_INIT_REQUEST(fn) struct nvmq_semicolon
#define nvmq_adapted_init_request(fn) fn
#else
#define NVMQ_ADAPT_INIT_REQUEST(fn)					\
static int fn##_adapted(struct blk_mq_tag_set *set, struct request *rq,	\
			unsigned int hctx_idx, unsigned int node)	\
{									\
	return fn(set, rq, hctx_idx, node);				\
}									\
struct nvmq_semicolon
#define nvmq_adapted_init_request(fn) fn##_adapted
#endif

/*
 * enum rq_end_io_ret fn(struct request *rq, blk_status_t status,
 *			 const struct io_comp_batch *iob)
 * iob is NULL where the kernel does not tell.
 */
#ifdef COMPAT_HAS_END_IO_BATCH
#define NVMQ_ADAPT_END_IO(fn) struct nvmq_semicolon
#define nvmq_adapted_end_io(fn) fn
#else
#define NVMQ_ADAPT_END_IO(fn)						\
static enum rq_end_io_ret fn##_adapted(struct request *rq,		\
				       blk_status_t status)		\
{									\
	return fn(rq, status, NULL);					\
}									\
struct nvmq_semicolon
#define nvmq_adapted_end_io(fn) fn##_adapted
#endif

/*
 * int fn(struct gendisk *disk, blk_mode_t mode)
 * void fn(struct gendisk *disk)
 */
#ifdef COMPAT_HAS_BLK_MODE
#define NVMQ_ADAPT_OPEN(fn) struct nvmq_semicolon
#define nvmq_adapted_open(fn) fn
#define NVMQ_ADAPT_RELEASE(fn) struct nvmq_semicolon
#define nvmq_adapted_release(fn) fn
#else
#define NVMQ_ADAPT_OPEN(fn)						\
static int fn##_adapted(struct block_device *bdev, fmode_t mode)	\
{									\
	return fn(bdev->bd_disk, mode);					\
}									\
struct nvmq_semicolon
#define nvmq_adapted_open(fn) fn##_adapted
#define NVMQ_ADAPT_RELEASE(fn)						\
static void fn##_adapted(struct gendisk *disk, fmode_t mode)		\
{									\
	fn(disk);							\
}									\
struct nvmq_semicolon
#define nvmq_adapted_release(fn) fn##_adapted
#endif

/* int fn(struct gendisk *disk, struct hd_geometry *geo) */
#ifdef COMPAT_HAS_GETGEO_DISK
#define NVMQ_ADAPT_GETGEO(fn) struct nvmq_semicolon
#define nvmq_adapted_getgeo(fn) fn
#else
#define NVMQ_ADAPT_GETGEO(fn)						\
static int fn##_adapted(struct block_device *bdev,			\
			struct hd_geometry *geo)			\
{									\
	return fn(bdev->bd_disk, geo);					\
}									\
struct nvmq_semicolon
#define nvmq_adapted_getgeo(fn) fn##_adapted
#endif

/*
 * int fn(struct gendisk *disk, sector_t sector, unsigned int nr_zones,
 *	  struct blk_report_zones_args *args)
 */
#ifdef COMPAT_HAS_REPORT_ZONES_ARGS
#define NVMQ_ADAPT_REPORT_ZONES(fn) struct nvmq_semicolon
#define nvmq_adapted_report_zones(fn) fn
#else
#define NVMQ_ADAPT_REPORT_ZONES(fn)					\
static int fn##_adapted(struct gendisk *disk, sector_t sector,		\
			unsigned int nr_zones, report_zones_cb cb,	\
			void *data)					\
{									\
	struct blk_report_zones_args args = { .cb = cb, .data = data };	\
									\
	return fn(disk, sector, nr_zones, &args);			\
}									\
struct nvmq_semicolon
#define nvmq_adapted_report_zones(fn) fn##_adapted
#endif

/*
 * int keys(struct block_device *bdev, struct pr_keys *keys)
 * int held(struct block_device *bdev, struct pr_held_reservation *held)
 * Two members of struct pr_ops; nobody calls them where they are not there.
 */
#ifdef COMPAT_HAS_PR_READ
#define NVMQ_ADAPT_PR_READ(keys, held) struct nvmq_semicolon
#define nvmq_adapted_pr_read(keys, held)				\
	.pr_read_keys = keys,						\
	.pr_read_reservation = held,
#else
#define NVMQ_ADAPT_PR_READ(keys, held)					\
static inline __maybe_unused void *keys##_unused(bool which)		\
{									\
	return which ? (void *)keys : (void *)held;			\
}									\
struct nvmq_semicolon
#define nvmq_adapted_pr_read(keys, held)
#endif

/* int fn(const struct device *dev, struct kobj_uevent_env *env) */
#ifdef COMPAT_HAS_CLASS_CONST_UEVENT
#define NVMQ_ADAPT_DEV_UEVENT(fn) struct nvmq_semicolon
#define nvmq_adapted_dev_uevent(fn) fn
#else
#define NVMQ_ADAPT_DEV_UEVENT(fn)					\
static int fn##_adapted(struct device *dev, struct kobj_uevent_env *env) \
{									\
	return fn(dev, env);						\
}									\
struct nvmq_semicolon
#define nvmq_adapted_dev_uevent(fn) fn##_adapted
#endif

/* char *fn(const struct device *dev, umode_t *mode) */
#ifdef COMPAT_HAS_CLASS_CONST_DEVNODE
#define NVMQ_ADAPT_DEVNODE(fn) struct nvmq_semicolon
#define nvmq_adapted_devnode(fn) fn
#else
#define NVMQ_ADAPT_DEVNODE(fn)						\
static char *fn##_adapted(struct device *dev, umode_t *mode)		\
{									\
	return fn(dev, mode);						\
}									\
struct nvmq_semicolon
#define nvmq_adapted_devnode(fn) fn##_adapted
#endif

#endif

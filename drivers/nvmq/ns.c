// SPDX-License-Identifier: GPL-2.0
/*
 * One namespace is one gendisk: add, revalidate, remove, and who holds it.
 *
 * A namespace lives as long as somebody refers to it: the controller's list, an open disk, an open
 * character device. It holds its gendisk and its controller.
 */
#include <linux/blkdev.h>
#include <linux/compat.h>
#include <linux/hdreg.h>
#include <linux/slab.h>

#include <nvmq-adapt.h>

#include "blkmq.h"
#include "chrdev.h"
#include "fdp.h"
#include "ids.h"
#include "ioctl.h"
#include "ns.h"
#include "ns_info.h"
#include "passthru.h"
#include "pr.h"
#include "sysfs.h"
#include "zns.h"

/**
 * nvmq_ns_get - take a reference
 * @ns: namespace that somebody else keeps alive for the moment
 *
 * Context: any.
 * Return: false if it is on its way out.
 */
bool nvmq_ns_get(struct nvmq_ns *ns)
{
	return !test_bit(NVMQ_NF_REMOVING, &ns->flags) && kref_get_unless_zero(&ns->kref);
}

/*
 * The Y of nvmeXnY. An identifier belongs to one namespace at a time: who still has a file of an
 * earlier one open does not keep its name.
 */
static int nvmq_ns_take_number(struct nvmq_ns *ns)
{
	int number;

	if (nvmq_naming == NVMQ_NAMING_NSID) {
		ns->instance = ns->nsid;
		return 0;
	}
	number = ida_alloc_min(&ns->ctrl->ns_ida, 1, GFP_KERNEL);
	if (number < 0)
		return number;
	ns->instance = number;
	return 0;
}

static void nvmq_ns_drop_number(struct nvmq_ns *ns)
{
	if (nvmq_naming != NVMQ_NAMING_NSID)
		ida_free(&ns->ctrl->ns_ida, ns->instance);
}

static void nvmq_ns_free(struct kref *kref)
{
	struct nvmq_ns *ns = container_of(kref, struct nvmq_ns, kref);

	put_disk(ns->disk);
	kfree(ns->places);
	nvmq_ns_drop_number(ns);
	put_device(&ns->ctrl->device);
	kfree(ns);
}

/**
 * nvmq_ns_put - give a reference back
 * @ns: namespace
 *
 * Context: may sleep.
 */
void nvmq_ns_put(struct nvmq_ns *ns)
{
	kref_put(&ns->kref, nvmq_ns_free);
}

/**
 * nvmq_ns_find_get - the namespace with this identifier
 * @ctrl: controller
 * @nsid: namespace identifier
 *
 * Context: may sleep; takes ns_lock.
 * Return: the namespace with a reference taken, or NULL.
 */
struct nvmq_ns *nvmq_ns_find_get(struct nvmq_ctrl *ctrl, u32 nsid)
{
	struct nvmq_ns *ns, *found = NULL;

	down_read(&ctrl->ns_lock);
	list_for_each_entry(ns, &ctrl->namespaces, entry) {
		if (ns->nsid == nsid && nvmq_ns_get(ns)) {
			found = ns;
			break;
		}
	}
	up_read(&ctrl->ns_lock);
	return found;
}

/**
 * nvmq_ns_next_get - the first namespace behind an identifier
 * @ctrl: controller
 * @after: namespace identifier; 0: the first of all
 *
 * Context: may sleep; takes ns_lock.
 * Return: the namespace with a reference taken, or NULL.
 */
struct nvmq_ns *nvmq_ns_next_get(struct nvmq_ctrl *ctrl, u32 after)
{
	struct nvmq_ns *ns, *found = NULL;

	down_read(&ctrl->ns_lock);
	list_for_each_entry(ns, &ctrl->namespaces, entry) {
		if (ns->nsid > after && nvmq_ns_get(ns)) {
			found = ns;
			break;
		}
	}
	up_read(&ctrl->ns_lock);
	return found;
}

static int nvmq_ns_open(struct gendisk *disk, blk_mode_t mode)
{
	return nvmq_ns_get(disk->private_data) ? 0 : -ENXIO;
}

NVMQ_ADAPT_OPEN(nvmq_ns_open);

static void nvmq_ns_release(struct gendisk *disk)
{
	nvmq_ns_put(disk->private_data);
}

NVMQ_ADAPT_RELEASE(nvmq_ns_release);

/* A geometry out of capacity, for tools that still ask: 64 heads, 32 sectors. */
static int nvmq_ns_getgeo(struct gendisk *disk, struct hd_geometry *geo)
{
	geo->heads = 64;
	geo->sectors = 32;
	geo->cylinders = get_capacity(disk) >> 11;
	return 0;
}

NVMQ_ADAPT_GETGEO(nvmq_ns_getgeo);
NVMQ_ADAPT_REPORT_ZONES(nvmq_zns_report);

static int nvmq_ns_ioctl(struct block_device *bdev, blk_mode_t mode, unsigned int cmd,
			 unsigned long arg)
{
	struct nvmq_ns *ns = bdev->bd_disk->private_data;

	return nvmq_ioctl_ns(ns, cmd, (void __user *)arg,
			     (mode & BLK_OPEN_WRITE ? NVMQ_PT_WRITABLE : 0) |
			     (bdev_is_partition(bdev) ? NVMQ_PT_PARTITION : 0));
}

static int nvmq_ns_compat_ioctl(struct block_device *bdev, blk_mode_t mode, unsigned int cmd,
				unsigned long arg)
{
	return nvmq_ns_ioctl(bdev, mode, cmd, (unsigned long)compat_ptr(arg));
}

static const struct block_device_operations nvmq_ns_fops = {
	.owner = THIS_MODULE,
	.open = nvmq_adapted_open(nvmq_ns_open),
	.release = nvmq_adapted_release(nvmq_ns_release),
	.getgeo = nvmq_adapted_getgeo(nvmq_ns_getgeo),
	.report_zones = nvmq_adapted_report_zones(nvmq_zns_report),
	.ioctl = nvmq_ns_ioctl,
	.compat_ioctl = nvmq_ns_compat_ioctl,
	.pr_ops = &nvmq_pr_ops,
};

/* Capacity in sectors; none where the driver cannot do I/O in this format. */
static sector_t nvmq_ns_capacity(const struct nvmq_ns *ns)
{
	return ns->usable ? ns->nsze << (ns->lba_shift - SECTOR_SHIFT) : 0;
}

/* Takes what identify said into the fields that the I/O path reads: nothing is in flight. */
static void nvmq_ns_take(struct nvmq_ns *ns, const struct nvmq_ns_info *info)
{
	ns->lba_shift = info->lba_shift;
	ns->rich = info->rich;
	ns->ms = info->ms;
	ns->deac = info->deac;
	ns->discard_zeroes = info->discard_zeroes;
	ns->nsze = info->nsze;
	ns->ncap = info->ncap;
	ns->nuse = info->nuse;
	ns->pi_type = info->pi_type;
	ns->pi_bytes = info->pi_bytes;
	ns->rescap = info->rescap;
	ns->usable = info->usable;
	ns->shared = info->shared;
	ns->ids = info->ids;
	ns->lim = info->lim;
	assign_bit(NVMQ_NF_READONLY, &ns->flags, info->readonly);
	assign_bit(NVMQ_NF_EXTENDED, &ns->flags, info->extended);
	assign_bit(NVMQ_NF_ZONES, &ns->flags, info->lim.zoned);
	clear_bit(NVMQ_NF_HELD_BACK, &ns->flags);
}

/**
 * nvmq_ns_settle - let the block layer look at the zones, if they may have changed
 * @ns: namespace in the list; its queue is not frozen, for that takes I/O
 *
 * Context: may sleep.
 * Return: 0 or -errno.
 */
int nvmq_ns_settle(struct nvmq_ns *ns)
{
	int ret;

	if (!IS_ENABLED(CONFIG_BLK_DEV_ZONED) || !test_and_clear_bit(NVMQ_NF_ZONES, &ns->flags) ||
	    !get_capacity(ns->disk))
		return 0;
	ret = blk_revalidate_disk_zones(ns->disk);
	if (ret)
		nvmq_err(ns->ctrl, "%s: its zones cannot be used, error %d\n",
			 ns->disk->disk_name, ret);
	return ret;
}

static void nvmq_ns_insert(struct nvmq_ns *ns)
{
	struct nvmq_ns *other;
	struct list_head *before;

	down_write(&ns->ctrl->ns_lock);
	before = &ns->ctrl->namespaces;
	list_for_each_entry(other, &ns->ctrl->namespaces, entry) {
		if (other->nsid > ns->nsid) {
			before = &other->entry;
			break;
		}
	}
	list_add_tail(&ns->entry, before);
	up_write(&ns->ctrl->ns_lock);
}

static void nvmq_ns_unlist(struct nvmq_ns *ns)
{
	nvmq_ids_release(ns);
	down_write(&ns->ctrl->ns_lock);
	list_del_init(&ns->entry);
	up_write(&ns->ctrl->ns_lock);
}

static struct nvmq_ns *nvmq_ns_alloc(struct nvmq_ctrl *ctrl, const struct nvmq_ns_info *info)
{
	struct nvmq_ns *ns = kzalloc_obj(*ns);
	struct gendisk *disk;

	if (!ns)
		return NULL;
	ns->ctrl = ctrl;
	ns->nsid = info->nsid;
	kref_init(&ns->kref);
	INIT_LIST_HEAD(&ns->entry);
	INIT_LIST_HEAD(&ns->ids_entry);
	nvmq_ns_take(ns, info);

	if (nvmq_ns_take_number(ns))
		goto free;
	disk = nvmq_blkmq_alloc_disk(ns, &info->lim);
	if (IS_ERR(disk))
		goto number;
	ns->disk = disk;
	disk->fops = &nvmq_ns_fops;
	nvmq_blkmq_choose_ops(ns);
	disk->private_data = ns;
	snprintf(disk->disk_name, DISK_NAME_LEN, "nvme%dn%u", ctrl->instance, ns->instance);
	if (info->hidden)
		disk->flags |= GENHD_FL_HIDDEN;
	set_capacity(disk, nvmq_ns_capacity(ns));
	set_disk_ro(disk, info->readonly);
	get_device(&ctrl->device);
	return ns;

number:
	nvmq_ns_drop_number(ns);
free:
	kfree(ns);
	return NULL;
}

static int nvmq_ns_update(struct nvmq_ns *ns, const struct nvmq_ns_info *info)
{
	struct gendisk *disk = ns->disk;
	unsigned int memflags;
	int ret;

	nvmq_limits_begin(disk);
	memflags = blk_mq_freeze_queue(disk->queue);
	nvmq_ns_take(ns, info);
	nvmq_blkmq_choose_ops(ns);
	ret = nvmq_limits_apply(disk, &info->lim);
	if (ret)
		ns->usable = false;
	blk_mq_unfreeze_queue(disk->queue, memflags);

	set_disk_ro(disk, info->readonly);
	set_capacity_and_notify(disk, nvmq_ns_capacity(ns));
	return ret;
}

/* What of it takes I/O, which its queue can do by now. */
static int nvmq_ns_complete(struct nvmq_ns *ns, struct nvmq_ns_info *info)
{
	int ret = nvmq_fdp_read(ns, info->endgid);

	if (ret || !ns->nr_places)
		return ret;
	nvmq_fdp_set_limits(ns, info);
	return nvmq_ns_update(ns, info);
}

/**
 * nvmq_ns_make - a namespace and its disk, in the controller's list; not registered yet
 * @ctrl: live controller; the caller holds scan_lock
 * @info: what nvmq_ns_identify() said of a namespace that is not in the list yet; loses identifiers
 *        that the namespace does not get
 *
 * Its number and its identifiers are given out here: who makes one after the other has them in the
 * same order each time.
 *
 * Context: may sleep.
 * Return: the namespace, for nvmq_ns_register(); NULL after a line in the log.
 */
struct nvmq_ns *nvmq_ns_make(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info)
{
	struct nvmq_ns *ns = nvmq_ns_alloc(ctrl, info);

	if (!ns) {
		nvmq_err(ctrl, "namespace %u: no memory for its disk\n", info->nsid);
		return NULL;
	}
	nvmq_ns_tell(ctrl, info);
	nvmq_ids_claim(ns);
	info->ids = ns->ids;
	nvmq_ns_insert(ns);
	return ns;
}

/**
 * nvmq_ns_register - register the disk of a namespace, and its other faces
 * @ns: namespace of nvmq_ns_make(); gone after an error. Its controller's scan_lock is held, not
 *      necessarily by this task: several may be registered side by side
 * @info: what it was made of
 *
 * Context: may sleep; reads the disk's partition table.
 * Return: 0; -errno, after a line in the log.
 */
int nvmq_ns_register(struct nvmq_ns *ns, struct nvmq_ns_info *info)
{
	struct nvmq_ctrl *ctrl = ns->ctrl;
	int ret;

	ret = nvmq_ns_complete(ns, info);
	if (ret)
		goto unlist;
	ret = nvmq_ns_settle(ns);
	if (ret)
		set_capacity(ns->disk, 0);
	ret = device_add_disk(&ctrl->device, ns->disk, nvmq_sysfs_ns_groups);
	if (ret) {
		nvmq_err(ctrl, "namespace %u: cannot register %s, error %d\n", ns->nsid,
			 ns->disk->disk_name, ret);
		goto unlist;
	}
	set_bit(NVMQ_NF_READY, &ns->flags);
	if (nvmq_chrdev_add_ns(ns))
		nvmq_warn(ctrl, "namespace %u: cannot register its character device\n", ns->nsid);
	return 0;

unlist:
	nvmq_ns_unlist(ns);
	nvmq_ns_put(ns);
	return ret;
}

/**
 * nvmq_ns_is_same - is it the namespace that it was?
 * @ns: namespace
 * @info: what nvmq_ns_identify() says now; identifiers that @ns goes without are taken out
 *
 * Context: any.
 * Return: true if its identifiers are the same.
 */
bool nvmq_ns_is_same(const struct nvmq_ns *ns, struct nvmq_ns_info *info)
{
	if (test_bit(NVMQ_NF_TWIN, &ns->flags))
		nvmq_ids_forget(&info->ids);
	return !memcmp(&info->ids, &ns->ids, sizeof(ns->ids));
}

/**
 * nvmq_ns_same_format - are its blocks, with their metadata, what they were?
 * @ns: namespace
 * @info: what nvmq_ns_identify() says now
 *
 * Context: any.
 * Return: true if so.
 */
bool nvmq_ns_same_format(const struct nvmq_ns *ns, const struct nvmq_ns_info *info)
{
	return info->lba_shift == ns->lba_shift && info->ms == ns->ms &&
	       info->pi_type == ns->pi_type && info->pi_bytes == ns->pi_bytes &&
	       info->extended == test_bit(NVMQ_NF_EXTENDED, &ns->flags);
}

/**
 * nvmq_ns_refresh - change what has changed since a namespace was looked at last
 * @ns: namespace in the list; the caller holds scan_lock
 * @info: what nvmq_ns_identify() says now
 *
 * Context: may sleep; waits for I/O in flight if something has changed.
 * Return: 0; -ENODEV if it is another namespace now; another -errno.
 */
int nvmq_ns_refresh(struct nvmq_ns *ns, struct nvmq_ns_info *info)
{
	struct nvmq_ctrl *ctrl = ns->ctrl;

	if (!nvmq_ns_is_same(ns, info)) {
		nvmq_warn(ctrl, "namespace %u has other identifiers than before: it is a new one\n",
			  ns->nsid);
		return -ENODEV;
	}
	nvmq_fdp_set_limits(ns, info);
	ns->nuse = info->nuse;
	if (info->nsze == ns->nsze && nvmq_ns_same_format(ns, info) &&
	    info->usable == ns->usable && !test_bit(NVMQ_NF_HELD_BACK, &ns->flags) &&
	    info->readonly == test_bit(NVMQ_NF_READONLY, &ns->flags) &&
	    !memcmp(&info->lim, &ns->lim, sizeof(info->lim)))
		return 0;
	nvmq_info(ctrl, "%s: now %llu blocks of %u bytes%s\n", ns->disk->disk_name, info->nsze,
		  1U << info->lba_shift, info->readonly ? ", read-only" : "");
	nvmq_ns_tell(ctrl, info);
	return nvmq_ns_update(ns, info);
}

/**
 * nvmq_ns_revalidate - ask the controller again, and change what has changed
 * @ns: namespace in the list; the caller holds scan_lock
 *
 * Context: may sleep; waits for I/O in flight if something has changed.
 * Return: 0; -ENODEV if the namespace is gone, or is another one now; another -errno.
 */
int nvmq_ns_revalidate(struct nvmq_ns *ns)
{
	struct nvmq_ns_info info;
	int ret;

	ret = nvmq_ns_identify(ns->ctrl, ns->nsid, &info);
	return ret ? ret : nvmq_ns_refresh(ns, &info);
}

/**
 * nvmq_ns_remove - unregister a namespace; its users' I/O fails from now on
 * @ns: namespace in the list; the caller holds scan_lock or is remove()
 *
 * Context: may sleep; what is in flight is waited for.
 */
void nvmq_ns_remove(struct nvmq_ns *ns)
{
	if (test_and_set_bit(NVMQ_NF_REMOVING, &ns->flags))
		return;
	nvmq_chrdev_remove_ns(ns);
	if (test_and_clear_bit(NVMQ_NF_READY, &ns->flags))
		del_gendisk(ns->disk);
	nvmq_ns_unlist(ns);
	nvmq_ns_put(ns);
}

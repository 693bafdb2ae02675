/* SPDX-License-Identifier: GPL-2.0 */
/* A namespace and its disk (nvmq.h has all nouns). */
#ifndef _NVMQ_NVMQ_NS_H
#define _NVMQ_NVMQ_NS_H

#include <linux/blk-mq.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/kref.h>
#include <linux/list.h>

#include <nvmq-limits.h>

#include "nvmq_req.h"

struct nvmq_ctrl;

/** struct nvmq_ids - identifiers of a namespace; all zeroes where it has none */
struct nvmq_ids {
	u8 eui64[8];
	u8 nguid[16];
	u8 uuid[16];
	u8 csi;
};

/**
 * enum nvmq_ns_flag - bits of nvmq_ns.flags
 * @NVMQ_NF_REMOVING: on its way out
 * @NVMQ_NF_READY: its disk is registered
 * @NVMQ_NF_CDEV: its character device is registered
 * @NVMQ_NF_READONLY: write protected by the controller
 * @NVMQ_NF_ZONES: the block layer has to look at its zones
 * @NVMQ_NF_EXTENDED: metadata follows each block's data (FLBAS bit 4)
 * @NVMQ_NF_TWIN: had an identifier of another namespace, and goes without any
 * @NVMQ_NF_HELD_BACK: a reset made something else of it: its queue_rq lets less pass, or nothing,
 *	until the next scan (guard.c)
 */
enum nvmq_ns_flag {
	NVMQ_NF_REMOVING,
	NVMQ_NF_READY,
	NVMQ_NF_CDEV,
	NVMQ_NF_READONLY,
	NVMQ_NF_ZONES,
	NVMQ_NF_EXTENDED,
	NVMQ_NF_TWIN,
	NVMQ_NF_HELD_BACK,
};

/**
 * struct nvmq_ns - one namespace, one gendisk
 * @nsid: namespace identifier
 * @lba_shift: log2 of the logical block size
 * @ms: metadata bytes per block
 * @rich: reads and writes carry more than data: meta.c builds their commands
 * @deac: write zeroes may deallocate (DLFEAT bit 3)
 * @discard_zeroes: zeroes are written by a discard (NVMQ_QUIRK_DEALLOCATE_ZEROES)
 * @ctrl: owner; the namespace holds a reference
 * @disk: its gendisk
 * @flags: enum nvmq_ns_flag
 * @kref: references: the list, open files
 * @entry: in nvmq_ctrl.namespaces
 * @ids_entry: in the list of those that have identifiers (ids.c)
 * @instance: the Y of nvmeXnY
 * @ids: identifiers
 * @nsze: blocks
 * @ncap: capacity in blocks
 * @nuse: blocks in use, as last identified
 * @nuse_at: jiffies of that
 * @pi_type: protection information type, 0 for none
 * @pi_bytes: bytes of protection information in each block's metadata (8 or 16), 0 for none
 * @rescap: kinds of reservations (RESCAP)
 * @usable: the driver can do I/O in its format; else its disk has no capacity
 * @shared: other controllers of the subsystem may have it, too (NMIC bit 0)
 * @lim: limits that its disk has
 * @tally: what became of its commands
 * @places: placement identifier of each write stream; NULL: it has none; probe of it, then constant
 * @nr_places: elements of @places
 * @place_bytes: bytes of a reclaim unit; 0: not said
 * @cdev: /dev/ngXnY
 * @cdev_device: its device
 */
struct nvmq_ns {
	/* read by each I/O, written under freeze only */
	u32 nsid;
	u8 lba_shift;
	u16 ms;
	bool rich;
	bool deac;
	bool discard_zeroes;
	struct nvmq_ctrl *ctrl;

	struct gendisk *disk;
	unsigned long flags;
	struct kref kref;
	struct list_head entry;
	struct list_head ids_entry;
	u32 instance;
	struct nvmq_ids ids;
	u64 nsze;
	u64 ncap;
	u64 nuse;
	unsigned long nuse_at;
	u8 pi_type;
	u8 pi_bytes;
	u8 rescap;
	bool usable;
	bool shared;
	struct nvmq_limits lim;
	struct nvmq_tally tally;
	u16 *places;
	u16 nr_places;
	u32 place_bytes;
	struct cdev cdev;
	struct device cdev_device;
};

#endif /* _NVMQ_NVMQ_NS_H */

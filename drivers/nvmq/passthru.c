// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that a user passes through.
 *
 * One command takes these steps, whoever brought it (ioctl.c):
 *
 * - check:   is it for this namespace, and may this user send it through this file?
 * - ready:   wait, not for ever, while the controller is being reset
 * - begin:   a command that must be alone drains and freezes all namespaces first
 * - run:     allocate a request, map the user's pages, see that they are long enough, execute
 * - end:     thaw; look again at what the command may have changed
 *
 * Between allocation and completion of its request a namespace cannot be frozen, so its format
 * cannot change: that is why lengths are checked there and not before.
 *
 * Only admin commands freeze. An I/O command that claims to need it would wait for itself.
 */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/dma-mapping.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "blkmq.h"
#include "cmd.h"
#include "ns.h"
#include "passthru.h"
#include "permit.h"
#include "state.h"

/* How long a command waits for a reset that is under way. */
#define NVMQ_PASSTHRU_PATIENCE (10 * HZ)
/* The largest metadata buffer: it is contiguous memory. */
#define NVMQ_PASSTHRU_MAX_META SZ_1M

/**
 * struct nvmq_passthru_meta - metadata of one command, on its way through MPTR
 * @buf: coherent memory, NULL if the command has none
 * @dma: its bus address
 * @user: where it comes from or goes to
 * @len: bytes
 */
struct nvmq_passthru_meta {
	void *buf;
	dma_addr_t dma;
	void __user *user;
	u32 len;
};

/* A 32-bit process may leave dirt in the upper half of a pointer. */
static void __user *nvmq_passthru_ptr(u64 addr)
{
	if (in_compat_syscall())
		return compat_ptr(addr);
	return u64_to_user_ptr(addr);
}

static bool nvmq_passthru_is_out(const struct nvmq_passthru *pt)
{
	return pt->sqe.opcode & NVM_OPC_DATA_OUT;
}

/**
 * nvmq_passthru_format - a namespace's format, as far as lengths depend on it
 * @ns: namespace
 * @fmt: filled with it
 *
 * Context: any; what it tells holds while a request of the namespace's queue is allocated.
 */
void nvmq_passthru_format(const struct nvmq_ns *ns, struct nvmq_permit_format *fmt)
{
	fmt->lba_shift = ns->lba_shift;
	fmt->ms = ns->ms;
	fmt->pi_bytes = ns->pi_bytes;
	fmt->extended = test_bit(NVMQ_NF_EXTENDED, &ns->flags);
}

/**
 * nvmq_passthru_effects - what a command does besides transferring data
 * @ctrl: controller
 * @ns: namespace for an I/O command, NULL for an admin command
 * @opcode: opcode
 *
 * The controller's log (Base 5.16.1.6), with the effects added that a table knows better. Where
 * there is no log, or none for the namespace's command set, the table stands alone.
 *
 * Context: any.
 * Return: NVM_CMD_EFFECTS_*; never CSE for an I/O command.
 */
u32 nvmq_passthru_effects(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, u8 opcode)
{
	const struct nvm_effects_log *log = ctrl->effects;
	u32 known;

	if (!ns)
		return nvmq_permit_admin_effects(opcode) |
		       (log ? le32_to_cpu(log->acs[opcode]) : 0);

	known = nvmq_permit_io_effects(opcode, ns->ids.csi);
	if (log && ns->ids.csi == NVM_CSI_NVM)
		known = (known & ~NVM_CMD_EFFECTS_CSUPP) | le32_to_cpu(log->iocs[opcode]);
	return known & ~NVM_CMD_EFFECTS_CSE;
}

static bool nvmq_passthru_anyone(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
				 const struct nvmq_passthru *pt, unsigned int flags)
{
	struct nvmq_permit_format fmt;
	u32 effects;
	u64 meta;

	/* a part of a disk must not be the way to the rest of it */
	if (flags & NVMQ_PT_PARTITION)
		return false;
	if (!ns)
		return nvmq_permit_admin_anyone(&pt->sqe);

	nvmq_passthru_format(ns, &fmt);
	if (nvmq_permit_io_bytes(&pt->sqe, &fmt, &meta) == NVMQ_PERMIT_UNKNOWN)
		return false;
	effects = nvmq_passthru_effects(ctrl, ns, pt->sqe.opcode);
	return nvmq_permit_io_anyone(&pt->sqe, effects, flags & NVMQ_PT_WRITABLE);
}

/**
 * nvmq_passthru_check - may the current task send a command through a file?
 * @ctrl: controller
 * @ns: namespace for an I/O command, NULL for an admin command
 * @pt: the command
 * @flags: NVMQ_PT_* of the file
 *
 * Context: any context that has a current task.
 * Return: 0, -EINVAL if the command is for another namespace, -EACCES.
 */
int nvmq_passthru_check(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
			const struct nvmq_passthru *pt, unsigned int flags)
{
	if (ns && le32_to_cpu(pt->sqe.nsid) != ns->nsid)
		return -EINVAL;
	if (!ns && nvmq_permit_driver_owns(&pt->sqe))
		return -EACCES;
	if (nvmq_passthru_anyone(ctrl, ns, pt, flags))
		return 0;
	/* asked last: a failed question is an event for auditing */
	return capable(CAP_SYS_ADMIN) ? 0 : -EACCES;
}

/**
 * nvmq_passthru_ready - wait, not for ever, while a controller is being brought up
 * @ctrl: controller
 *
 * Context: may sleep.
 * Return: 0 if it is live; -EAGAIN if that takes its time; -EINTR; -ENODEV if it is dead or going.
 */
int nvmq_passthru_ready(struct nvmq_ctrl *ctrl)
{
	if (nvmq_state(ctrl) == NVMQ_LIVE ||
	    nvmq_state_wait_settled(ctrl, NVMQ_PASSTHRU_PATIENCE))
		return 0;

	switch (nvmq_state(ctrl)) {
	case NVMQ_DEAD:
	case NVMQ_DELETING:
		return -ENODEV;
	default:
		return signal_pending(current) ? -EINTR : -EAGAIN;
	}
}

/* Only a namespace that has metadata apart from its data does anything with MPTR. */
static bool nvmq_passthru_takes_meta(const struct nvmq_ns *ns)
{
	return ns && ns->ms && !test_bit(NVMQ_NF_EXTENDED, &ns->flags);
}

static int nvmq_passthru_map_meta(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
				  const struct nvmq_passthru *pt, struct nvmq_passthru_meta *meta,
				  u64 need)
{
	u32 len = pt->meta_addr ? pt->meta_len : 0;

	if (len < need)
		return -EINVAL;
	if (!len)
		return 0;
	if (!nvmq_passthru_takes_meta(ns) || len > NVMQ_PASSTHRU_MAX_META)
		return -EINVAL;

	meta->len = len;
	meta->user = nvmq_passthru_ptr(pt->meta_addr);
	/* zeroed: what the controller leaves out must not be somebody's old data */
	meta->buf = dma_alloc_coherent(ctrl->dev, meta->len, &meta->dma,
				       GFP_KERNEL | __GFP_NOWARN);
	if (!meta->buf)
		return -ENOMEM;
	if (nvmq_passthru_is_out(pt) && copy_from_user(meta->buf, meta->user, meta->len)) {
		dma_free_coherent(ctrl->dev, meta->len, meta->buf, meta->dma);
		meta->buf = NULL;
		return -EFAULT;
	}
	return 0;
}

static int nvmq_passthru_unmap_meta(struct nvmq_ctrl *ctrl, const struct nvmq_passthru *pt,
				    struct nvmq_passthru_meta *meta, int ret)
{
	if (!meta->buf)
		return ret;
	if (!ret && !nvmq_passthru_is_out(pt) && copy_to_user(meta->user, meta->buf, meta->len))
		ret = -EFAULT;
	dma_free_coherent(ctrl->dev, meta->len, meta->buf, meta->dma);
	return ret;
}

/* The controller transfers what the command says, whatever was mapped for it. */
static int nvmq_passthru_check_length(struct nvmq_ns *ns, const struct nvmq_passthru *pt,
				      u32 mapped, u64 *need_meta)
{
	struct nvmq_permit_format fmt;
	s64 need;

	*need_meta = 0;
	if (ns) {
		nvmq_passthru_format(ns, &fmt);
		need = nvmq_permit_io_bytes(&pt->sqe, &fmt, need_meta);
	} else {
		need = nvmq_permit_admin_bytes(&pt->sqe);
	}
	return need > mapped ? -EINVAL : 0;
}

static int nvmq_passthru_map(struct request *req, const struct nvmq_passthru *pt)
{
	u32 limit = queue_max_hw_sectors(req->q) << SECTOR_SHIFT;
	int ret;

	if (!pt->addr || !pt->len)
		return 0;
	if (!pt->vec && pt->len > limit)
		return -EINVAL;
	ret = blk_rq_map_user_io(req, NULL, nvmq_passthru_ptr(pt->addr), pt->len, GFP_KERNEL,
				 pt->vec, 0, true, rq_data_dir(req));
	if (!ret && blk_rq_bytes(req) > limit) {
		blk_rq_unmap_user(req->bio);
		ret = -EINVAL;
	}
	return ret;
}

/* What ended the request: the controller's answer, our own giving up, or the block layer. */
static int nvmq_passthru_outcome(struct request *req, blk_status_t sts)
{
	u16 status = nvmq_req(req)->status;

	switch (status) {
	case 0:
		return blk_status_to_errno(sts);
	case NVMQ_SC_RECLAIMED:
		return -EINTR;
	case NVMQ_SC_DEAD:
		return -ENODEV;
	default:
		return status;
	}
}

static int nvmq_passthru_run(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, struct nvmq_passthru *pt)
{
	struct request_queue *q = ns ? ns->disk->queue : ctrl->admin_q;
	struct nvmq_passthru_meta meta = {};
	struct nvmq_req *nr;
	struct request *req;
	struct bio *bio;
	u64 need_meta;
	int ret;

	req = blk_mq_alloc_request(q, nvmq_passthru_is_out(pt) ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN, 0);
	if (IS_ERR(req))
		return PTR_ERR(req);
	/* any number of milliseconds fits in a long, not in req->timeout */
	req->timeout = msecs_to_jiffies(min_t(u32, pt->timeout_ms, INT_MAX));

	ret = nvmq_passthru_map(req, pt);
	if (ret)
		goto free_request;
	bio = req->bio;
	ret = nvmq_passthru_check_length(ns, pt, bio ? blk_rq_bytes(req) : 0, &need_meta);
	if (ret)
		goto unmap;
	ret = nvmq_passthru_map_meta(ctrl, ns, pt, &meta, need_meta);
	if (ret)
		goto unmap;

	nr = nvmq_req(req);
	nr->cmd = pt->sqe;
	nr->cmd.mptr = cpu_to_le64(meta.dma);
	nr->flags = NVMQ_RF_USER;
	nr->retries = 0;
	nr->status = 0;
	nr->result = 0;
	ret = nvmq_passthru_outcome(req, blk_execute_rq(req, false));
	pt->result = nr->result;

	ret = nvmq_passthru_unmap_meta(ctrl, pt, &meta, ret);
unmap:
	if (bio) {
		int err = blk_rq_unmap_user(bio);

		if (!ret)
			ret = err;
	}
free_request:
	blk_mq_free_request(req);
	return ret;
}

/* An admin command that must be alone on the controller. */
static int nvmq_passthru_begin(struct nvmq_ctrl *ctrl, u32 effects)
{
	if (!(effects & NVM_CMD_EFFECTS_CSE))
		return 0;
	if (mutex_lock_interruptible(&ctrl->scan_lock))
		return -EINTR;
	if (nvmq_blkmq_freeze(ctrl, 2 * ctrl->io_timeout))
		return 0;
	mutex_unlock(&ctrl->scan_lock);
	nvmq_warn(ctrl, "%s: command refused, I/O does not drain\n", current->comm);
	return -EBUSY;
}

/*
 * The block layer must not send a request of the old block size to a namespace that has a new one:
 * the controller would transfer more, or less, than was mapped. So the disks are brought up to
 * date before I/O goes on.
 */
static void nvmq_passthru_revalidate(struct nvmq_ctrl *ctrl)
{
	struct nvmq_ns *ns;
	int ret;

	list_for_each_entry(ns, &ctrl->namespaces, entry) {
		ret = nvmq_ns_revalidate(ns);
		/* gone, or of a format that is of no use here: the scan that follows removes it */
		if (ret == -ENODEV || ret == -EINVAL)
			blk_mark_disk_dead(ns->disk);
	}
}

static void nvmq_passthru_end(struct nvmq_ctrl *ctrl, u32 effects)
{
	if (effects & NVM_CMD_EFFECTS_CSE) {
		if (effects & NVM_CMD_EFFECTS_NCC)
			nvmq_passthru_revalidate(ctrl);
		nvmq_blkmq_unfreeze(ctrl);
		mutex_unlock(&ctrl->scan_lock);
	}
	if (effects & NVM_CMD_EFFECTS_CCC)
		nvmq_info(ctrl, "%s: the controller may have changed; a reset takes note of it\n",
			  current->comm);
	if (effects & (NVM_CMD_EFFECTS_NIC | NVM_CMD_EFFECTS_NCC)) {
		nvmq_state_request_scan(ctrl);
		flush_work(&ctrl->scan_work);
	}
}

/**
 * nvmq_passthru_execute - send a command that was checked, and wait for its completion
 * @ctrl: controller
 * @ns: namespace for an I/O command, NULL for an admin command; the caller holds a reference
 * @pt: the command; its result is filled in
 *
 * Context: may sleep as long as the command's timeout, and a recovery, take; no lock of the driver
 * held.
 * Return: 0; the NVMe status (positive) if the controller refused; -EINVAL if the data or the
 * metadata is shorter than what the command transfers, or longer than the queue allows; -EAGAIN if
 * a reset takes its time; -EBUSY if the namespaces could not be drained; -EINTR if a reset ended
 * the command, or a signal the wait before it; -ENODEV; -EFAULT; -ENOMEM.
 */
int nvmq_passthru_execute(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, struct nvmq_passthru *pt)
{
	u32 effects;
	int ret;

	if (ns && test_bit(NVMQ_NF_REMOVING, &ns->flags))
		return -ENODEV;
	ret = nvmq_passthru_ready(ctrl);
	if (ret)
		return ret;
	if (ns)
		return nvmq_passthru_run(ctrl, ns, pt);

	effects = nvmq_passthru_effects(ctrl, NULL, pt->sqe.opcode);
	ret = nvmq_passthru_begin(ctrl, effects);
	if (ret)
		return ret;
	ret = nvmq_passthru_run(ctrl, NULL, pt);
	nvmq_passthru_end(ctrl, effects);
	return ret;
}

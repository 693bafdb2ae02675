// SPDX-License-Identifier: GPL-2.0
/*
 * Commands that a user passes through.
 *
 * One command takes these steps, whoever brought it (ioctl.c, uring.c):
 *
 * - check:   is it for this namespace, and may this user send it through this file?
 * - ready:   wait, not for ever, while the controller is being reset
 * - begin:   a command that must be alone drains and freezes all namespaces first
 * - build:   allocate a request, map the user's pages, see that they are long enough
 * - run:     execute it and wait, or send it and be called (uring.c); finish
 * - end:     thaw; look again at what the command may have changed
 *
 * Between allocation and completion of its request a namespace cannot be frozen, so its format
 * cannot change: that is why lengths are checked there and not before.
 *
 * Only admin commands freeze. An I/O command that claims to need it would wait for itself.
 */
#include <linux/capability.h>
#include <linux/sched/signal.h>

#include "blkmq.h"
#include "cmd.h"
#include "ns.h"
#include "passthru.h"
#include "permit.h"
#include "state.h"

/* How long a command waits for a reset that is under way. */
#define NVMQ_PASSTHRU_PATIENCE (10 * HZ)

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
	u8 csi = ns ? ns->ids.csi : NVM_CSI_NVM;
	const struct nvm_effects_log *log;
	u32 known;

	/* the pointer before the log; pairs with nvmq_ctrl_read_effects() */
	log = csi < NVMQ_NR_CSI ? smp_load_acquire(&ctrl->effects[csi]) : NULL;
	if (!ns)
		return nvmq_permit_admin_effects(opcode) |
		       (log ? le32_to_cpu(log->acs[opcode]) : 0);

	known = nvmq_permit_io_effects(opcode, csi);
	if (log)
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
	if (!ns && nvmq_permit_driver_owns(&pt->sqe)) {
		nvmq_warn_limited(ctrl, "%s: refused, the driver's own: %s, cdw10 %#x\n",
				  current->comm, nvmq_cmd_opcode_text(true, pt->sqe.opcode),
				  le32_to_cpu(pt->sqe.cdw10));
		return -EACCES;
	}
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

static int nvmq_passthru_run(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns, struct nvmq_passthru *pt)
{
	struct nvmq_passthru_held held;
	struct request *req;
	int ret;

	req = nvmq_passthru_build(ctrl, ns, pt, 0, &held);
	if (IS_ERR(req))
		return PTR_ERR(req);
	ret = nvmq_passthru_outcome(req, blk_execute_rq(req, false));
	pt->result = nvmq_req(req)->result;
	nvmq_passthru_unmap(&held);
	ret = nvmq_passthru_finish(&held, ret);
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

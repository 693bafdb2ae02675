// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of <linux/nvme_ioctl.h>: copy a command in, have it checked and sent (passthru.c),
 * copy its result out. What the ABI calls reserved must be zero.
 *
 *			nvmeX	nvmeXnY, ngXnY
 *	ID		-	yes
 *	ADMIN_CMD	yes	yes		and ADMIN64_CMD
 *	IO_CMD		old	yes		on nvmeX only if there is just one namespace
 *	IO64_CMD	-	yes		and IO64_CMD_VEC, SUBMIT_IO
 *	RESET, RESCAN	yes	-
 *	SUBSYS_RESET	yes	-		if the controller has it
 *	IOC_OPAL_*	-	yes		<linux/sed-opal.h>: the kernel does it
 *
 * 32-bit programs: all structures are the same for them, but for the end of struct nvme_user_io.
 */
#include <linux/capability.h>
#include <linux/ioctl.h>
#include <linux/nvme_ioctl.h>
#include <linux/ptrace.h>
#include <linux/sed-opal.h>
#include <linux/uaccess.h>

#include "ioctl.h"
#include "ioq.h"
#include "ns.h"
#include "passthru.h"
#include "permit.h"
#include "state.h"

/* The ioctls' structures are one up to the time-out; then the results differ. */
static_assert(offsetof(struct nvme_passthru_cmd64, timeout_ms) ==
	      offsetof(struct nvme_passthru_cmd, timeout_ms));

static void nvmq_ioctl_fill(struct nvmq_passthru *pt, const struct nvme_passthru_cmd *cmd)
{
	*pt = (struct nvmq_passthru){
		.sqe.opcode = cmd->opcode,
		.sqe.nsid = cpu_to_le32(cmd->nsid),
		.sqe.cdw2 = cpu_to_le32(cmd->cdw2),
		.sqe.cdw3 = cpu_to_le32(cmd->cdw3),
		.sqe.cdw10 = cpu_to_le32(cmd->cdw10),
		.sqe.cdw11 = cpu_to_le32(cmd->cdw11),
		.sqe.cdw12 = cpu_to_le32(cmd->cdw12),
		.sqe.cdw13 = cpu_to_le32(cmd->cdw13),
		.sqe.cdw14 = cpu_to_le32(cmd->cdw14),
		.sqe.cdw15 = cpu_to_le32(cmd->cdw15),
		.addr = cmd->addr,
		.meta_addr = cmd->metadata,
		.len = cmd->data_len,
		.meta_len = cmd->metadata_len,
		.timeout_ms = cmd->timeout_ms,
	};
}

static int nvmq_ioctl_cmd(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
			  struct nvme_passthru_cmd __user *arg, unsigned int flags)
{
	struct nvme_passthru_cmd cmd;
	struct nvmq_passthru pt;
	int ret;

	if (copy_from_user(&cmd, arg, sizeof(cmd)))
		return -EFAULT;
	if (cmd.flags || cmd.rsvd1)
		return -EINVAL;
	nvmq_ioctl_fill(&pt, &cmd);
	ret = nvmq_passthru_check(ctrl, ns, &pt, flags);
	if (ret)
		return ret;
	ret = nvmq_passthru_execute(ctrl, ns, &pt);
	if (ret >= 0 && put_user((u32)pt.result, &arg->result))
		return -EFAULT;
	return ret;
}

static int nvmq_ioctl_cmd64(struct nvmq_ctrl *ctrl, struct nvmq_ns *ns,
			    struct nvme_passthru_cmd64 __user *arg, bool vec,
			    unsigned int flags)
{
	struct nvme_passthru_cmd64 cmd;
	struct nvmq_passthru pt;
	int ret;

	if (copy_from_user(&cmd, arg, sizeof(cmd)))
		return -EFAULT;
	if (cmd.flags || cmd.rsvd1 || cmd.rsvd2)
		return -EINVAL;
	nvmq_ioctl_fill(&pt, (const struct nvme_passthru_cmd *)&cmd);
	pt.vec = vec;
	ret = nvmq_passthru_check(ctrl, ns, &pt, flags);
	if (ret)
		return ret;
	ret = nvmq_passthru_execute(ctrl, ns, &pt);
	if (ret >= 0 && put_user(pt.result, &arg->result))
		return -EFAULT;
	return ret;
}

/* What struct nvme_user_io is on every ABI; 64-bit ones pad it to a multiple of eight. */
#define NVMQ_IOCTL_USER_IO_BYTES offsetofend(struct nvme_user_io, appmask)

/**
 * struct nvmq_ioctl_user_io32 - has the size that is in the number of a 32-bit program's ioctl
 * @bytes: the bytes
 */
struct nvmq_ioctl_user_io32 {
	u8 bytes[NVMQ_IOCTL_USER_IO_BYTES];
};

#define NVMQ_IOCTL_SUBMIT_IO32 _IOW('N', 0x42, struct nvmq_ioctl_user_io32)

static int nvmq_ioctl_submit_io(struct nvmq_ns *ns, void __user *arg, unsigned int flags)
{
	struct nvmq_permit_format fmt;
	struct nvme_user_io io = {};
	struct nvmq_passthru pt;
	u64 meta;
	s64 len;
	int ret;

	if (copy_from_user(&io, arg, NVMQ_IOCTL_USER_IO_BYTES))
		return -EFAULT;
	if (io.flags || io.rsvd)
		return -EINVAL;
	if (io.opcode != NVM_CMD_READ && io.opcode != NVM_CMD_WRITE && io.opcode != NVM_CMD_COMPARE)
		return -EINVAL;

	pt = (struct nvmq_passthru){
		.sqe.opcode = io.opcode,
		.sqe.nsid = cpu_to_le32(ns->nsid),
		.sqe.cdw10 = cpu_to_le32(lower_32_bits(io.slba)),
		.sqe.cdw11 = cpu_to_le32(upper_32_bits(io.slba)),
		.sqe.cdw12 = cpu_to_le32(io.nblocks | (u32)io.control << 16),
		.sqe.cdw13 = cpu_to_le32(io.dsmgmt),
		.sqe.cdw14 = cpu_to_le32(io.reftag),
		.sqe.cdw15 = cpu_to_le32(io.apptag | (u32)io.appmask << 16),
		.addr = io.addr,
		.meta_addr = io.metadata,
	};
	/* the lengths that this ioctl leaves to us; should the format change, they are refused */
	nvmq_passthru_format(ns, &fmt);
	len = nvmq_permit_io_bytes(&pt.sqe, &fmt, &meta);
	if (len > U32_MAX || meta > U32_MAX)
		return -EINVAL;
	pt.len = len;
	pt.meta_len = meta;
	/* metadata that would go nowhere, or comes from nowhere */
	if (meta ? !pt.meta_addr || (pt.meta_addr & 3) : fmt.pi_bytes && pt.meta_addr)
		return -EINVAL;

	ret = nvmq_passthru_check(ns->ctrl, ns, &pt, flags);
	return ret ? ret : nvmq_passthru_execute(ns->ctrl, ns, &pt);
}

/* Admin commands are taken by all three kinds of files. */
static bool nvmq_ioctl_is_admin(unsigned int cmd)
{
	return cmd == NVME_IOCTL_ADMIN_CMD || cmd == NVME_IOCTL_ADMIN64_CMD;
}

static int nvmq_ioctl_admin(struct nvmq_ctrl *ctrl, unsigned int cmd, void __user *arg,
			    unsigned int flags)
{
	if (cmd == NVME_IOCTL_ADMIN_CMD)
		return nvmq_ioctl_cmd(ctrl, NULL, arg, flags);
	return nvmq_ioctl_cmd64(ctrl, NULL, arg, false, flags);
}

/**
 * nvmq_ioctl_ns - ioctls of nvmeXnY, its partitions, and ngXnY
 * @ns: namespace; the open file holds a reference
 * @cmd: NVME_IOCTL_*
 * @arg: its argument
 * @flags: NVMQ_PT_* of the file
 *
 * Context: may sleep.
 * Return: as nvmq_passthru_execute(); -EACCES; -ENOTTY for what is not ours. NVME_IOCTL_ID returns
 * the namespace's identifier.
 */
int nvmq_ioctl_ns(struct nvmq_ns *ns, unsigned int cmd, void __user *arg,
		  unsigned int flags)
{
	if (nvmq_ioctl_is_admin(cmd))
		return nvmq_ioctl_admin(ns->ctrl, cmd, arg, flags);
	if (cmd == NVMQ_IOCTL_SUBMIT_IO32)
		cmd = NVME_IOCTL_SUBMIT_IO;

	switch (cmd) {
	case NVME_IOCTL_ID:
		/* a large identifier is not an error */
		force_successful_syscall_return();
		return ns->nsid;
	case NVME_IOCTL_IO_CMD:
		return nvmq_ioctl_cmd(ns->ctrl, ns, arg, flags);
	case NVME_IOCTL_SUBMIT_IO:
		return nvmq_ioctl_submit_io(ns, arg, flags);
	case NVME_IOCTL_IO64_CMD:
		return nvmq_ioctl_cmd64(ns->ctrl, ns, arg, false, flags);
	case NVME_IOCTL_IO64_CMD_VEC:
		return nvmq_ioctl_cmd64(ns->ctrl, ns, arg, true, flags);
	default:
		if (is_sed_ioctl(cmd))
			return sed_ioctl(READ_ONCE(ns->ctrl->opal), cmd, arg);
		return -ENOTTY;
	}
}

/* I/O through the controller's file, from the time when there was no other way. */
static int nvmq_ioctl_only_ns(struct nvmq_ctrl *ctrl, void __user *arg, unsigned int flags)
{
	struct nvmq_ns *ns = NULL;
	int ret = -ENOTTY;

	down_read(&ctrl->ns_lock);
	if (!list_empty(&ctrl->namespaces)) {
		ns = list_first_entry(&ctrl->namespaces, struct nvmq_ns, entry);
		if (!list_is_last(&ns->entry, &ctrl->namespaces)) {
			ns = NULL;
			ret = -EINVAL;
		} else if (!nvmq_ns_get(ns)) {
			ns = NULL;
		}
	}
	up_read(&ctrl->ns_lock);
	if (!ns)
		return ret;

	nvmq_warn_limited(ctrl, "%s: NVME_IOCTL_IO_CMD on the controller is deprecated\n",
			  current->comm);
	ret = nvmq_ioctl_cmd(ctrl, ns, arg, flags);
	nvmq_ns_put(ns);
	return ret;
}

/*
 * NSSR resets every controller of the subsystem (Base 3.7.1). It is written when ours is being
 * stopped (down.c): nothing may ring a doorbell afterwards.
 */
static int nvmq_ioctl_subsystem_reset(struct nvmq_ctrl *ctrl)
{
	int ret;

	if (!(ctrl->cap & NVM_CAP_NSSRS))
		return -ENOTTY;
	set_bit(NVMQ_CF_SUBSYSTEM, &ctrl->flags);
	ret = nvmq_state_reset_sync(ctrl, "NVM subsystem reset by user", NVMQ_BY_USER);
	clear_bit(NVMQ_CF_SUBSYSTEM, &ctrl->flags);
	return ret;
}

static int nvmq_ioctl_rescan(struct nvmq_ctrl *ctrl)
{
	int ret = nvmq_passthru_ready(ctrl);

	if (ret)
		return ret;
	nvmq_state_request_scan(ctrl);
	flush_work(&ctrl->scan_work);
	return 0;
}

/**
 * nvmq_ioctl_ctrl - ioctls of nvmeX
 * @ctrl: controller; the open file holds a reference
 * @cmd: NVME_IOCTL_*
 * @arg: its argument
 * @flags: NVMQ_PT_* of the file
 *
 * Context: may sleep.
 * Return: as nvmq_passthru_execute(); -EACCES; -ENOTTY for what is not ours, or what the controller
 * does not have; of a reset: -EIO if it failed.
 */
int nvmq_ioctl_ctrl(struct nvmq_ctrl *ctrl, unsigned int cmd, void __user *arg,
		    unsigned int flags)
{
	if (nvmq_state(ctrl) == NVMQ_DELETING)
		return -ENODEV;
	if (nvmq_ioctl_is_admin(cmd))
		return nvmq_ioctl_admin(ctrl, cmd, arg, flags);

	switch (cmd) {
	case NVME_IOCTL_IO_CMD:
		return nvmq_ioctl_only_ns(ctrl, arg, flags);
	case NVME_IOCTL_RESET:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		return nvmq_ioq_reset(ctrl);
	case NVME_IOCTL_SUBSYS_RESET:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		return nvmq_ioctl_subsystem_reset(ctrl);
	case NVME_IOCTL_RESCAN:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		return nvmq_ioctl_rescan(ctrl);
	default:
		return -ENOTTY;
	}
}

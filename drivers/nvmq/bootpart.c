// SPDX-License-Identifier: GPL-2.0
/*
 * Boot partitions (NVMe Base 3.1.3.13 to 3.1.3.15): two of one size, read through registers without
 * any queue. They are written by firmware download and commit (actions 6 and 7), which a user
 * passes through.
 *
 * A controller that does not end a read may still write into the buffer, so that is kept until the
 * function is given back.
 */
#include <linux/dma-mapping.h>
#include <linux/iopoll.h>
#include <linux/uaccess.h>

#include "bootpart.h"
#include "regs.h"

/* What BPSZ, BPRSZ and BPROF count in. */
#define NVMQ_BOOTPART_UNIT SZ_128K
#define NVMQ_BOOTPART_PAGE SZ_4K
/* Bytes that are read at once. */
#define NVMQ_BOOTPART_CHUNK SZ_64K
#define NVMQ_BOOTPART_WAIT_US (2 * USEC_PER_SEC)

/* Bytes of each partition; 0: there is none. */
static u64 nvmq_bootpart_bytes(struct nvmq_ctrl *ctrl)
{
	u32 info;

	if (!(ctrl->cap & NVM_CAP_BPS))
		return 0;
	info = nvmq_regs_read(ctrl, NVM_REG_BPINFO);
	return info == NVM_CSTS_GONE ? 0 : (u64)NVM_GET(NVM_BPINFO_BPSZ, info) * NVMQ_BOOTPART_UNIT;
}

static bool nvmq_bootpart_busy(u32 info)
{
	return (info & NVM_BPINFO_BRS) == NVM_BPINFO_BRS_BUSY;
}

/* Reads @len bytes at @at, multiples of a page, into the buffer. */
static int nvmq_bootpart_fetch(struct nvmq_ctrl *ctrl, unsigned int id, u64 at, u32 len)
{
	u32 info;
	int ret;

	if (nvmq_bootpart_busy(nvmq_regs_read(ctrl, NVM_REG_BPINFO)))
		return -EBUSY;
	nvmq_regs_write64(ctrl, NVM_REG_BPMBL, ctrl->boot_dma);
	nvmq_regs_write(ctrl, NVM_REG_BPRSEL,
			(id ? NVM_BPRSEL_BPID : 0) |
			NVM_PREP(NVM_BPRSEL_BPROF, (u32)(at / NVMQ_BOOTPART_PAGE)) |
			NVM_PREP(NVM_BPRSEL_BPRSZ, len / NVMQ_BOOTPART_PAGE));
	ret = read_poll_timeout(nvmq_regs_read, info, !nvmq_bootpart_busy(info), 100,
				NVMQ_BOOTPART_WAIT_US, false, ctrl, NVM_REG_BPINFO);
	if (ret) {
		nvmq_warn(ctrl, "boot partition %u: not read within two seconds\n", id);
		return ret;
	}
	return (info & NVM_BPINFO_BRS) == NVM_BPINFO_BRS_DONE ? 0 : -EIO;
}

/**
 * nvmq_bootpart_read - read a boot partition
 * @ctrl: controller
 * @id: which, 0 or 1
 * @buf: to be filled
 * @count: bytes of it
 * @pos: from where; moved on
 *
 * Context: may sleep; the caller lets one read at a time.
 * Return: bytes read, 0 at the end; -EOPNOTSUPP if the controller has no such thing; -EAGAIN while
 * it is not live; -EBUSY or -ETIMEDOUT if it does not end a read, -EIO if it fails; -EFAULT;
 * -ENOMEM.
 */
ssize_t nvmq_bootpart_read(struct nvmq_ctrl *ctrl, unsigned int id, char __user *buf, size_t count,
			   loff_t *pos)
{
	u64 bytes, at = *pos;
	u32 skip, len;
	int ret;

	if (nvmq_state(ctrl) != NVMQ_LIVE)
		return -EAGAIN;
	bytes = nvmq_bootpart_bytes(ctrl);
	if (!bytes)
		return -EOPNOTSUPP;
	if (*pos < 0 || at >= bytes)
		return 0;
	if (!ctrl->boot_buf)
		ctrl->boot_buf = dma_alloc_coherent(ctrl->dev, NVMQ_BOOTPART_CHUNK, &ctrl->boot_dma,
						    GFP_KERNEL);
	if (!ctrl->boot_buf)
		return -ENOMEM;

	skip = at % NVMQ_BOOTPART_PAGE;
	count = min_t(u64, count, min_t(u64, NVMQ_BOOTPART_CHUNK - skip, bytes - at));
	len = round_up(skip + count, NVMQ_BOOTPART_PAGE);
	ret = nvmq_bootpart_fetch(ctrl, id, at - skip, len);
	if (ret)
		return ret;
	if (copy_to_user(buf, ctrl->boot_buf + skip, count))
		return -EFAULT;
	*pos += count;
	return count;
}

/**
 * nvmq_bootpart_free - give the buffer back
 * @ctrl: controller that does no DMA any more
 *
 * Context: remove(), may sleep.
 */
void nvmq_bootpart_free(struct nvmq_ctrl *ctrl)
{
	if (ctrl->boot_buf)
		dma_free_coherent(ctrl->dev, NVMQ_BOOTPART_CHUNK, ctrl->boot_buf, ctrl->boot_dma);
	ctrl->boot_buf = NULL;
}

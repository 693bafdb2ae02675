/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Registers. A function that left the bus answers every read with all ones (or, on some hosts,
 * zeroes): the readers say so in one place, and writes to it go nowhere and hurt nobody.
 */
#ifndef _NVMQ_REGS_H
#define _NVMQ_REGS_H

#include <linux/bitfield.h>
#include <linux/io-64-nonatomic-lo-hi.h>

#include "nvmq.h"

static inline u32 nvmq_regs_read(struct nvmq_ctrl *ctrl, u32 offset)
{
	return readl(ctrl->bar + offset);
}

static inline u64 nvmq_regs_read64(struct nvmq_ctrl *ctrl, u32 offset)
{
	return lo_hi_readq(ctrl->bar + offset);
}

static inline void nvmq_regs_write(struct nvmq_ctrl *ctrl, u32 offset, u32 value)
{
	writel(value, ctrl->bar + offset);
}

static inline void nvmq_regs_write64(struct nvmq_ctrl *ctrl, u32 offset, u64 value)
{
	lo_hi_writeq(value, ctrl->bar + offset);
}

/**
 * nvmq_regs_status - CSTS, and whether there is still a device to have one
 * @ctrl: controller
 * @csts: filled with CSTS; all ones if the device is gone
 *
 * Reads VS as well when CSTS is zero: a function whose memory decoding went away reads as zeroes
 * behind some bridges, and no controller has version 0.
 *
 * Context: any, the device not in D3.
 * Return: true if the device is there.
 */
static inline bool nvmq_regs_status(struct nvmq_ctrl *ctrl, u32 *csts)
{
	*csts = nvmq_regs_read(ctrl, NVM_REG_CSTS);
	if (*csts == NVM_CSTS_GONE)
		return false;
	if (!*csts && !nvmq_regs_read(ctrl, NVM_REG_VS)) {
		*csts = NVM_CSTS_GONE;
		return false;
	}
	return true;
}

/**
 * nvmq_regs_broken - does CSTS of a live controller say that it does not work any more?
 * @csts: CSTS
 *
 * Context: any.
 * Return: the reason for a reset in a few words; NULL if it is well.
 */
static inline const char *nvmq_regs_broken(u32 csts)
{
	if (csts & NVM_CSTS_CFS)
		return "fatal status (CSTS.CFS)";
	return csts & NVM_CSTS_RDY ? NULL : "not ready (CSTS.RDY is 0)";
}

static inline u32 __iomem *nvmq_regs_doorbell(struct nvmq_ctrl *ctrl, u16 qid, bool cq)
{
	u32 dstrd = NVM_GET(NVM_CAP_DSTRD, ctrl->cap);
	u32 off = cq ? nvm_db_offset_cq(qid, dstrd) : nvm_db_offset_sq(qid, dstrd);

	return ctrl->bar + NVM_REG_DBS + off;
}

#endif /* _NVMQ_REGS_H */

// SPDX-License-Identifier: GPL-2.0
/*
 * Metadata of a format: who makes it, who checks it, or why it cannot be used.
 *
 * In order of preference:
 *
 * - protection information that the block layer knows: it makes it and checks it, and so does the
 *   controller
 * - other protection information: the controller inserts, checks and strips it (PRACT), in a
 *   buffer of the block layer's if there is other metadata beside it
 * - other metadata: the block layer brings zeroes, or what a user gives
 *
 * Metadata that follows each block's data would need such a buffer in the middle of the data: only
 * what the controller strips can be used.
 */
#include <nvme/identify_ns.h>

#include "admin.h"
#include "dma.h"
#include "meta.h"
#include "pi.h"

/* A profile's size is a byte. */
#define NVMQ_PI_MAX_METADATA 255

/* Bytes of protection information, and whether the block layer may know it. NVM 5.2.1 */
static bool nvmq_pi_read_format(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, void *buf)
{
	const struct nvm_id_ns_nvm *nvm = buf;
	u32 elbaf;

	info->pi_bytes = 8;
	if (!(ctrl->ctratt & NVM_CTRL_CTRATT_ELBAS) ||
	    nvmq_admin_identify(ctrl, NVM_ID_CNS_CS_NS, NVM_CSI_NVM, info->nsid, buf,
				NVM_IDENTIFY_DATA_SIZE))
		return true;
	elbaf = le32_to_cpu(nvm->elbaf[info->format]);
	if (NVM_GET(NVM_ID_NS_NVM_PIF, elbaf) != NVM_NVM_NS_16B_GUARD)
		info->pi_bytes = 16;
	/* the 32-bit guard and storage tags are not the block layer's */
	return NVM_GET(NVM_ID_NS_NVM_PIF, elbaf) != NVM_NVM_NS_32B_GUARD &&
	       !NVM_GET(NVM_ID_NS_NVM_STS, elbaf);
}

static bool nvmq_pi_sgl(const struct nvmq_ctrl *ctrl)
{
	return ctrl->sgls & NVM_CTRL_SGLS_SUPP && ctrl->sgls & NVM_CTRL_SGLS_MSDS;
}

static void nvmq_pi_set_limits(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, bool first)
{
	struct nvmq_limits *lim = &info->lim;

	lim->meta_bytes = info->ms;
	lim->max_integrity_segments = 1;
	if (nvmq_pi_sgl(ctrl)) {
		lim->max_integrity_segments = NVMQ_META_SGL_MAX;
		lim->max_segments = min(lim->max_segments, NVMQ_META_SGL_DATA);
	}
	lim->pi_bytes = info->pi_bytes;
	lim->pi_offset = first ? 0 : info->ms - info->pi_bytes;
	lim->pi_ref = info->pi_type != 3;
}

/**
 * nvmq_pi_choose - what becomes of a format's metadata
 * @ctrl: live controller
 * @info: what is known of the namespace; the metadata's part is filled in
 * @first: protection information is in the first bytes of the metadata, not in the last
 * @buf: kmalloc()ed page for identify data
 *
 * Context: may sleep.
 */
void nvmq_pi_choose(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, bool first, void *buf)
{
	bool known = false;

	info->usable = true;
	info->rich = info->ms;
	if (!info->ms)
		return;
	if (info->pi_type)
		known = nvmq_pi_read_format(ctrl, info, buf);
	if (info->pi_bytes > info->ms) {
		info->usable = false;
	} else if (info->extended || info->ms > NVMQ_PI_MAX_METADATA ||
		   !IS_ENABLED(CONFIG_BLK_DEV_INTEGRITY)) {
		info->usable = info->ms == info->pi_bytes;
	} else {
		nvmq_pi_set_limits(ctrl, info, first);
		if (!known || !nvmq_limits_know_pi(&info->lim))
			info->lim.pi_bytes = 0;
		/* nothing for the block layer to do, and nothing that a user could bring */
		if (!info->lim.pi_bytes && info->ms == info->pi_bytes)
			info->lim.meta_bytes = 0;
	}
	if (info->lim.pi_bytes) {
		/* a checksum is made of whole blocks, and the data must stay as it was */
		info->lim.dma_alignment = info->lim.logical_block_size - 1;
		info->lim.stable_writes = true;
	}
	if (!info->usable)
		nvmq_warn(ctrl, "namespace %u: %u bytes of metadata %s cannot be used here: no I/O through its disk\n",
			  info->nsid, info->ms,
			  info->extended ? "behind the data of each block" : "for each block");
}

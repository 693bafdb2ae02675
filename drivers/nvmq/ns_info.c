// SPDX-License-Identifier: GPL-2.0
/*
 * What identify says of a namespace, checked, in the host's words. A namespace that lies about
 * itself gets a line in the log and is refused; its neighbours are not harmed.
 */
#include <linux/blkdev.h>
#include <linux/log2.h>
#include <linux/slab.h>

#include <nvme/identify_ns.h>

#include "admin.h"
#include "dma_p2p.h"
#include "ns_info.h"
#include "pi.h"
#include "zns.h"

#define NVMQ_ID_BYTES 4096

/* The bytes of each identifier, and where they go. */
static void nvmq_ns_take_desc(struct nvmq_ids *ids, const struct nvm_ns_id_desc *desc)
{
	const void *value = desc + 1;

	switch (desc->nidt) {
	case NVM_NIDT_EUI64:
		if (desc->nidl == NVM_NIDT_EUI64_LEN)
			memcpy(ids->eui64, value, NVM_NIDT_EUI64_LEN);
		break;
	case NVM_NIDT_NGUID:
		if (desc->nidl == NVM_NIDT_NGUID_LEN)
			memcpy(ids->nguid, value, NVM_NIDT_NGUID_LEN);
		break;
	case NVM_NIDT_UUID:
		if (desc->nidl == NVM_NIDT_UUID_LEN)
			memcpy(ids->uuid, value, NVM_NIDT_UUID_LEN);
		break;
	case NVM_NIDT_CSI:
		if (desc->nidl == NVM_NIDT_CSI_LEN)
			ids->csi = *(const u8 *)value;
		break;
	}
}

/* Identification descriptors (NVMe Base 5.17.2.3); mandatory since 1.3, helpful only. */
static int nvmq_ns_read_descs(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, void *buf)
{
	size_t pos = 0;
	int ret;

	if (ctrl->quirks & (NVMQ_QUIRK_NO_NS_DESC_LIST | NVMQ_QUIRK_IDENTIFY_CNS))
		return 0;
	if (ctrl->vs < NVM_VS(1, 3, 0) && !(ctrl->cap & NVM_CAP_CSS_CSI))
		return 0;
	ret = nvmq_admin_identify(ctrl, NVM_ID_CNS_NS_DESC_LIST, 0, info->nsid, buf, NVMQ_ID_BYTES);
	if (ret)
		return ret < 0 ? ret : 0;
	while (pos + sizeof(struct nvm_ns_id_desc) <= NVMQ_ID_BYTES) {
		const struct nvm_ns_id_desc *desc = buf + pos;

		pos += sizeof(*desc) + desc->nidl;
		if (!desc->nidl || pos > NVMQ_ID_BYTES)
			break;
		nvmq_ns_take_desc(&info->ids, desc);
	}
	return 0;
}

/* The largest power of two in @bytes, but no less than a block and no more than 1 GiB. */
static u32 nvmq_ns_pow2(u64 bytes, u32 block)
{
	u64 most = min_t(u64, bytes, SZ_1G);

	return max_t(u64, block, 1ULL << ilog2(most));
}

/*
 * What is not torn by a power cut: NAWUPF blocks that do not cross a multiple of NABSPF (NVM
 * 2.1.4). The controller's AWUPF holds for whatever format, and not all controllers mean it: it is
 * not relied on. Returns bytes.
 */
static u64 nvmq_ns_set_atomic(const struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info,
			      const struct nvm_id_ns *id)
{
	struct nvmq_limits *lim = &info->lim;
	u64 bs = 1ULL << info->lba_shift;
	u64 atomic = bs, boundary = 0;

	if (id->nsfeat & NVM_NS_FEAT_ATOMICS && id->nawupf) {
		atomic = bs * (le16_to_cpu(id->nawupf) + 1);
		if (id->nabspf)
			boundary = bs * (le16_to_cpu(id->nabspf) + 1);
	} else {
		info->awupf = ctrl->awupf;
	}
	/* boundaries that do not begin with block 0 are not the block layer's, and some are lies */
	if (id->nabo || (boundary && (boundary < atomic ||
				      boundary & ((1ULL << ilog2(atomic)) - 1)))) {
		info->torn = true;
		info->nabo = le16_to_cpu(id->nabo);
		info->nabspf = le16_to_cpu(id->nabspf);
		return bs;
	}
	lim->atomic_write_hw_max = atomic;
	lim->atomic_write_hw_unit_min = bs;
	lim->atomic_write_hw_unit_max = 1U << ilog2(atomic);
	lim->atomic_write_hw_boundary = boundary;
	return atomic;
}

/* Preferred sizes: NPWG, NOWS, NPDG, NPDA count blocks from zero (NVM 4.1.5.1). */
static void nvmq_ns_set_sizes(const struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info,
			      const struct nvm_id_ns *id)
{
	struct nvmq_limits *lim = &info->lim;
	u64 bs = 1ULL << info->lba_shift;
	u64 write = bs, atomic;

	lim->discard_granularity = bs;
	if (id->nsfeat & NVM_NS_FEAT_OPTPERF) {
		write = bs * (le16_to_cpu(id->npwg) + 1);
		if (id->nows)
			lim->io_opt = min_t(u64, bs * (le16_to_cpu(id->nows) + 1), SZ_1G);
	}
	/* where to start is counted from block 0, so there is no offset, only a coarser granule */
	if (id->nsfeat & NVM_NS_FEAT_OPTPERF_SHORT)
		lim->discard_granularity = bs * (max(le16_to_cpu(id->npdg),
						     le16_to_cpu(id->npda)) + 1);
	atomic = nvmq_ns_set_atomic(ctrl, info, id);
	lim->io_min = nvmq_ns_pow2(write, bs);
	lim->physical_block_size = nvmq_ns_pow2(min(write, atomic), bs);
}

/* A discard: DMRSL blocks in a range, DMSL in all, up to DMRL ranges; 0 is no limit. */
static void nvmq_ns_set_discard(const struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info)
{
	unsigned int shift = info->lba_shift - SECTOR_SHIFT;
	u64 blocks = min_not_zero((u64)ctrl->dmrsl, ctrl->dmsl);

	/* the block layer's limit is that of a whole request, however many ranges it has */
	info->lim.max_discard_sectors = UINT_MAX;
	if (blocks)
		info->lim.max_discard_sectors = min_t(u64, blocks, UINT_MAX >> shift) << shift;
	info->lim.max_discard_segments = ctrl->dmrl ? ctrl->dmrl : NVM_DSM_MAX_RANGES;
}

/* Write zeroes: of its own, or by a discard where that is known to leave zeroes. */
static void nvmq_ns_set_zeroes(const struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info)
{
	struct nvmq_limits *lim = &info->lim;

	info->discard_zeroes = ctrl->quirks & NVMQ_QUIRK_DEALLOCATE_ZEROES &&
			       ctrl->oncs & NVM_CTRL_ONCS_DSM;
	if (info->discard_zeroes)
		lim->max_write_zeroes_sectors = lim->max_discard_sectors;
	else if (ctrl->oncs & NVM_CTRL_ONCS_WRITE_ZEROES &&
		 !(ctrl->quirks & NVMQ_QUIRK_DISABLE_WRITE_ZEROES))
		lim->max_write_zeroes_sectors = ctrl->max_zeroes_sectors;
	if (info->deac)
		lim->max_wzeroes_unmap_sectors = lim->max_write_zeroes_sectors;
}

static void nvmq_ns_set_limits(const struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info,
			       const struct nvm_id_ns *id)
{
	struct nvmq_limits *lim = &info->lim;
	u32 noiob = le16_to_cpu(id->noiob);

	lim->logical_block_size = 1U << info->lba_shift;
	lim->virt_boundary_mask = (1UL << ctrl->page_shift) - 1;
	lim->dma_alignment = 3;
	lim->max_hw_sectors = ctrl->max_hw_sectors;
	lim->max_segments = min_t(u32, NVMQ_MAX_SEGMENTS, (ctrl->max_hw_sectors >> 3) + 1);
	lim->chunk_sectors = noiob << (info->lba_shift - SECTOR_SHIFT);
	if (ctrl->quirks & NVMQ_QUIRK_STRIPE_SIZE && is_power_of_2(ctrl->max_hw_sectors))
		lim->chunk_sectors = ctrl->max_hw_sectors;
	lim->write_cache = ctrl->vwc & NVM_CTRL_VWC_PRESENT;
	lim->p2p = nvmq_p2p_possible(ctrl->dev);
	lim->fua = lim->write_cache;
	nvmq_ns_set_sizes(ctrl, info, id);

	if (ctrl->oncs & NVM_CTRL_ONCS_DSM)
		nvmq_ns_set_discard(ctrl, info);
	nvmq_ns_set_zeroes(ctrl, info);
}

/* Turns identify data into @info; a line in the log where it makes no sense. */
static int nvmq_ns_parse(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, struct nvm_id_ns *id)
{
	u8 format = nvm_ns_lbaf_index(id->flbas);
	u8 ds = id->lbaf[format].ds;

	info->nsze = le64_to_cpu(id->nsze);
	info->ncap = le64_to_cpu(id->ncap);
	info->nuse = le64_to_cpu(id->nuse);
	if (!info->nsze || !info->ncap) {
		/* all zeroes: it went away since it was listed */
		if (info->nsze || info->ncap || ds)
			nvmq_err(ctrl, "namespace %u: has %llu blocks and room for %llu; refused\n",
				 info->nsid, info->nsze, info->ncap);
		return -ENODEV;
	}
	if (ds < SECTOR_SHIFT || ds > ilog2(BLK_MAX_BLOCK_SIZE)) {
		nvmq_err(ctrl, "namespace %u: blocks of 2^%u bytes cannot be used here; refused\n",
			 info->nsid, ds);
		return -EINVAL;
	}
	if (info->nsze > (u64)LLONG_MAX >> ds) {
		nvmq_err(ctrl, "namespace %u: claims %llu blocks, more than can be; refused\n",
			 info->nsid, info->nsze);
		return -EINVAL;
	}
	info->format = format;
	info->lba_shift = ds;
	info->ms = le16_to_cpu(id->lbaf[format].ms);
	info->pi_type = NVM_GET(NVM_NS_DPS_PI, id->dps);
	info->extended = info->ms && (id->flbas & NVM_NS_FLBAS_META_EXT);
	info->deac = id->dlfeat & NVM_NS_DLFEAT_WZ_DEAC;
	info->rescap = id->rescap;
	info->shared = id->nmic & NVM_NS_NMIC_SHARED;
	info->endgid = le16_to_cpu(id->endgid);
	info->long_sizes = id->nsfeat & NVM_PREP(NVM_NS_FEAT_OPTPERF, 2);
	info->readonly = id->nsattr & NVM_NS_ATTR_RO;
	memcpy(info->ids.eui64, id->eui64, sizeof(info->ids.eui64));
	memcpy(info->ids.nguid, id->nguid, sizeof(info->ids.nguid));
	nvmq_ns_set_limits(ctrl, info, id);
	nvmq_pi_choose(ctrl, info, id->dps & NVM_NS_DPS_PI_FIRST, id);
	return 0;
}

/*
 * Granules of a discard that do not fit in NPDG and NPDA (NVM 1.1, 4.1.5.3). A controller that does
 * not answer has said enough before.
 */
static void nvmq_ns_read_long(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, void *buf)
{
	const struct nvm_id_ns_nvm *id = buf;
	u32 blocks;

	if (!info->long_sizes || info->ids.csi != NVM_CSI_NVM ||
	    nvmq_admin_identify(ctrl, NVM_ID_CNS_CS_NS, NVM_CSI_NVM, info->nsid, buf,
				NVMQ_ID_BYTES))
		return;
	blocks = max(le32_to_cpu(id->npdgl), le32_to_cpu(id->npdal));
	if (blocks)
		info->lim.discard_granularity = min_t(u64, (u64)blocks << info->lba_shift, SZ_1G);
}

/*
 * What does not depend on the command set (Base 5.17.2.8). Only controllers of 2.0 and those that
 * have ready modes mean what they say there.
 */
static int nvmq_ns_read_indep(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, void *buf)
{
	const struct nvm_id_ns_cs_indep *id = buf;
	int ret;

	if (ctrl->vs < NVM_VS(2, 0, 0) && !(ctrl->cap & NVM_CAP_CRMS))
		return 0;
	ret = nvmq_admin_identify(ctrl, NVM_ID_CNS_NS_CS_INDEP, 0, info->nsid, buf, NVMQ_ID_BYTES);
	if (ret)
		return min(ret, 0);
	if (!(id->nstat & NVM_NSTAT_NRDY)) {
		nvmq_warn(ctrl, "namespace %u: is not ready; looked at again when it says so\n",
			  info->nsid);
		return -EAGAIN;
	}
	info->readonly = id->nsattr & NVM_NS_ATTR_RO;
	info->lim.rotational = id->nsfeat & NVM_NS_ROTATIONAL;
	/* no cache, no flushes */
	if (id->nsfeat & NVM_NS_VWC_NOT_PRESENT) {
		info->lim.write_cache = false;
		info->lim.fua = false;
	}
	return 0;
}

/**
 * nvmq_ns_identify - ask the controller about one namespace
 * @ctrl: live controller
 * @nsid: namespace identifier
 * @info: filled
 *
 * Context: may sleep.
 * Return: 0; -ENODEV if the namespace is not active; -EINVAL if what it says cannot be, after a
 * line in the log; another -errno if the controller could not be asked.
 */
int nvmq_ns_identify(struct nvmq_ctrl *ctrl, u32 nsid, struct nvmq_ns_info *info)
{
	void *buf = kzalloc(NVMQ_ID_BYTES, GFP_KERNEL);
	int ret;

	if (!buf)
		return -ENOMEM;
	memset(info, 0, sizeof(*info));
	info->nsid = nsid;
	ret = nvmq_admin_identify(ctrl, NVM_ID_CNS_NS, 0, nsid, buf, NVMQ_ID_BYTES);
	if (ret > 0) {
		/* a namespace that just went away looks like this */
		ret = ret & NVM_STATUS_DNR ? -ENODEV : -EIO;
		goto out;
	}
	if (!ret)
		ret = nvmq_ns_parse(ctrl, info, buf);
	if (!ret)
		ret = nvmq_ns_read_descs(ctrl, info, buf);
	if (ctrl->quirks & NVMQ_QUIRK_BOGUS_NID)
		info->ids = (struct nvmq_ids){ .csi = info->ids.csi };
	if (!ret)
		ret = nvmq_ns_read_indep(ctrl, info, buf);
	if (!ret)
		nvmq_ns_read_long(ctrl, info, buf);
	if (!ret && info->ids.csi == NVM_CSI_ZNS)
		ret = nvmq_zns_identify(ctrl, info, buf);
	else if (!ret && info->ids.csi != NVM_CSI_NVM)
		info->hidden = true;
out:
	kfree(buf);
	return ret;
}

/**
 * nvmq_ns_tell - say what is unexpected of a namespace
 * @ctrl: its controller
 * @info: what nvmq_ns_identify() said of it; a new one, or it has changed
 *
 * Context: any.
 */
void nvmq_ns_tell(const struct nvmq_ctrl *ctrl, const struct nvmq_ns_info *info)
{
	if (info->awupf)
		nvmq_info(ctrl, "namespace %u: does not say itself that %u blocks are atomic (AWUPF): not used\n",
			  info->nsid, info->awupf + 1);
	if (info->torn)
		nvmq_info(ctrl, "namespace %u: its atomic boundary cannot be kept (NABO %u, NABSPF %u): no atomic writes\n",
			  info->nsid, info->nabo, info->nabspf);
	if (info->ids.csi != NVM_CSI_NVM && info->ids.csi != NVM_CSI_ZNS)
		nvmq_info(ctrl, "namespace %u: command set %u, through its character device only\n",
			  info->nsid, info->ids.csi);
}

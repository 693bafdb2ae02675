// SPDX-License-Identifier: GPL-2.0
/*
 * The host memory buffer (NVMe Base 5.27.1.10, 8.9): memory of this machine that belongs to the
 * controller while the feature is enabled. Drives without memory of their own keep their maps in
 * it. Nobody here reads or writes it.
 *
 * It gets what it would like to have, but not more than max_host_mem_size_mb; where that much is
 * not to be had, half of it, and so on down to its minimum. One piece, if the DMA layer can make
 * one of scattered pages (an IOMMU), else pieces as large as they come.
 *
 * - a controller that is reset forgets it, and gets the same memory again, and is told so (MR)
 * - before it is shut down or put to sleep it is taken back
 * - it is freed when the controller is stopped for good, or has given it back
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include <nvme/feature.h>

#include "admin.h"
#include "cmd.h"
#include "hmb.h"
#include "state.h"
#include "sysfs.h"

/* hmpre and the like count in this. */
#define NVMQ_HMB_UNIT SZ_4K
/* The largest piece that is tried without an IOMMU, and how many at most. */
#define NVMQ_HMB_PIECE SZ_4M
#define NVMQ_HMB_PIECES 4096
/* Nobody waits, or is killed, for the sake of it. */
#define NVMQ_HMB_GFP (GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY)
#define NVMQ_HMB_ATTRS (DMA_ATTR_NO_KERNEL_MAPPING | DMA_ATTR_NO_WARN)

static size_t nvmq_hmb_piece_len(const struct nvmq_ctrl *ctrl, unsigned int i)
{
	return (size_t)le32_to_cpu(ctrl->hmb.list[i].size) << ctrl->page_shift;
}

static void nvmq_hmb_free_locked(struct nvmq_ctrl *ctrl)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;
	unsigned int i;

	if (!hmb->list)
		return;
	if (hmb->one)
		dma_free_noncontiguous(ctrl->dev, hmb->size, hmb->one, DMA_BIDIRECTIONAL);
	else
		for (i = 0; i < hmb->nr; i++)
			dma_free_attrs(ctrl->dev, nvmq_hmb_piece_len(ctrl, i), hmb->pieces[i],
				       le64_to_cpu(hmb->list[i].addr), NVMQ_HMB_ATTRS);
	kvfree(hmb->pieces);
	dma_free_coherent(ctrl->dev, hmb->list_bytes, hmb->list, hmb->list_dma);
	hmb->one = NULL;
	hmb->pieces = NULL;
	hmb->list = NULL;
	hmb->nr = 0;
	WRITE_ONCE(hmb->size, 0);
}

static bool nvmq_hmb_alloc_list(struct nvmq_ctrl *ctrl, unsigned int nr)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;

	hmb->list_bytes = nr * sizeof(*hmb->list);
	hmb->list = dma_alloc_coherent(ctrl->dev, hmb->list_bytes, &hmb->list_dma, GFP_KERNEL);
	if (!hmb->list)
		return false;
	hmb->pieces = kvcalloc(nr, sizeof(*hmb->pieces), GFP_KERNEL);
	if (hmb->pieces)
		return true;
	dma_free_coherent(ctrl->dev, hmb->list_bytes, hmb->list, hmb->list_dma);
	hmb->list = NULL;
	return false;
}

static void nvmq_hmb_describe(struct nvmq_ctrl *ctrl, dma_addr_t addr, size_t len)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;

	hmb->list[hmb->nr].addr = cpu_to_le64(addr);
	hmb->list[hmb->nr].size = cpu_to_le32(len >> ctrl->page_shift);
	hmb->nr++;
	WRITE_ONCE(hmb->size, hmb->size + len);
}

/* All of it in one piece, as the controller sees it. */
static bool nvmq_hmb_alloc_one(struct nvmq_ctrl *ctrl, size_t size)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;

	if (!nvmq_hmb_alloc_list(ctrl, 1))
		return false;
	hmb->one = dma_alloc_noncontiguous(ctrl->dev, size, DMA_BIDIRECTIONAL, NVMQ_HMB_GFP, 0);
	if (hmb->one) {
		nvmq_hmb_describe(ctrl, sg_dma_address(hmb->one->sgl), size);
		return true;
	}
	nvmq_hmb_free_locked(ctrl);
	return false;
}

/* In pieces of @len bytes. What is there is kept if it is @least, else freed. */
static bool nvmq_hmb_alloc_pieces(struct nvmq_ctrl *ctrl, size_t size, size_t least, size_t len)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;
	unsigned int most = ctrl->power.hmmaxd ?: NVMQ_HMB_PIECES;
	unsigned int nr = min_t(u64, DIV_ROUND_UP_ULL(size, len), most);
	dma_addr_t addr;
	size_t want;

	if (!nvmq_hmb_alloc_list(ctrl, nr))
		return false;
	while (hmb->nr < nr) {
		want = min(len, size - (size_t)hmb->size);
		hmb->pieces[hmb->nr] = dma_alloc_attrs(ctrl->dev, want, &addr, NVMQ_HMB_GFP,
						       NVMQ_HMB_ATTRS);
		if (!hmb->pieces[hmb->nr])
			break;
		nvmq_hmb_describe(ctrl, addr, want);
	}
	if (hmb->size >= least && hmb->size)
		return true;
	nvmq_hmb_free_locked(ctrl);
	return false;
}

static bool nvmq_hmb_alloc(struct nvmq_ctrl *ctrl, size_t size, size_t least)
{
	size_t smallest = max_t(size_t, (size_t)ctrl->power.hmminds * NVMQ_HMB_UNIT,
				max_t(size_t, PAGE_SIZE, 1UL << ctrl->page_shift));
	size_t len;

	for (; size >= least && size >= smallest; size /= 2) {
		size = round_down(size, smallest);
		if (nvmq_hmb_alloc_one(ctrl, size))
			return true;
		for (len = min_t(size_t, size, NVMQ_HMB_PIECE); len >= smallest; len /= 2) {
			len = round_down(len, smallest);
			if (nvmq_hmb_alloc_pieces(ctrl, size, max(least, size / 2), len))
				return true;
		}
	}
	return false;
}

static int nvmq_hmb_set(struct nvmq_ctrl *ctrl, u32 how)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;
	struct nvm_sqe cmd;

	nvmq_cmd_simple(&cmd, NVM_ADMIN_SET_FEATURES, 0);
	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_FEAT_FID, NVM_FEAT_HOST_MEM_BUF));
	cmd.cdw11 = cpu_to_le32(how);
	if (how & NVM_HOST_MEM_ENABLE) {
		cmd.cdw12 = cpu_to_le32(hmb->size >> ctrl->page_shift);
		cmd.cdw13 = cpu_to_le32(lower_32_bits(hmb->list_dma));
		cmd.cdw14 = cpu_to_le32(upper_32_bits(hmb->list_dma));
		cmd.cdw15 = cpu_to_le32(hmb->nr);
	}
	return nvmq_admin_cmd(ctrl, &cmd, NULL, 0, NULL);
}

/* Allocates unless there is memory already; returns whether there is. */
static bool nvmq_hmb_provide(struct nvmq_ctrl *ctrl)
{
	u64 want = (u64)ctrl->power.hmpre * NVMQ_HMB_UNIT;
	u64 least = (u64)ctrl->power.hmmin * NVMQ_HMB_UNIT;
	struct nvmq_hmb *hmb = &ctrl->hmb;
	u64 limit = (u64)hmb->limit_mib << 20;

	if (hmb->list)
		return true;
	if (least > limit) {
		nvmq_warn(ctrl, "needs %llu KiB of host memory, and may have %llu (max_host_mem_size_mb): goes without\n",
			  least >> 10, limit >> 10);
		return false;
	}
	want = min(want, limit);
	if (want && nvmq_hmb_alloc(ctrl, want, least)) {
		nvmq_info(ctrl, "gets %llu KiB of host memory in %u pieces\n", hmb->size >> 10,
			  hmb->nr);
		return true;
	}
	if (want)
		nvmq_warn(ctrl, "this machine has no %llu KiB of host memory for it\n",
			  least >> 10);
	return false;
}

static int nvmq_hmb_give_locked(struct nvmq_ctrl *ctrl)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;
	bool same = hmb->list;
	int ret;

	if (hmb->enabled)
		return 0;
	if (!nvmq_hmb_provide(ctrl))
		return -ENOMEM;
	ret = nvmq_hmb_set(ctrl, NVM_HOST_MEM_ENABLE | (same ? NVM_HOST_MEM_RETURN : 0));
	if (!ret)
		WRITE_ONCE(hmb->enabled, true);
	else if (ret > 0)
		nvmq_warn(ctrl, "refuses host memory, status %#x\n", ret);
	return ret > 0 ? -EIO : ret;
}

static int nvmq_hmb_take_locked(struct nvmq_ctrl *ctrl)
{
	int ret;

	if (!ctrl->hmb.enabled)
		return 0;
	ret = nvmq_hmb_set(ctrl, 0);
	if (!ret)
		WRITE_ONCE(ctrl->hmb.enabled, false);
	return ret > 0 ? -EIO : ret;
}

/**
 * nvmq_hmb_init - what is assumed of a controller that is new
 * @ctrl: controller, not known to anybody else yet
 *
 * Context: probe.
 */
void nvmq_hmb_init(struct nvmq_ctrl *ctrl)
{
	mutex_init(&ctrl->hmb.lock);
	ctrl->hmb.limit_mib = nvmq_max_host_mem_size_mb;
	ctrl->hmb.wanted = true;
}

/**
 * nvmq_hmb_configure - give a controller host memory; the same as before, if it had some
 * @ctrl: controller that was identified; without, it works, only slower
 *
 * Context: bring-up or resume, may sleep.
 */
void nvmq_hmb_configure(struct nvmq_ctrl *ctrl)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;

	if (!ctrl->power.hmpre)
		return;
	mutex_lock(&hmb->lock);
	if (hmb->wanted)
		nvmq_hmb_give_locked(ctrl);
	mutex_unlock(&hmb->lock);
}

/**
 * nvmq_hmb_take_back - the controller shall not touch host memory any more
 * @ctrl: controller that answers
 *
 * The memory stays: it is given back as the same.
 *
 * Context: may sleep.
 * Return: 0 or -errno.
 */
int nvmq_hmb_take_back(struct nvmq_ctrl *ctrl)
{
	int ret;

	mutex_lock(&ctrl->hmb.lock);
	ret = nvmq_hmb_take_locked(ctrl);
	mutex_unlock(&ctrl->hmb.lock);
	return ret;
}

/**
 * nvmq_hmb_stopped - the controller was stopped: it has forgotten the memory that it had
 * @ctrl: controller
 *
 * Context: reset work.
 */
void nvmq_hmb_stopped(struct nvmq_ctrl *ctrl)
{
	/* without the lock: who has it may be waiting for a command, and that for the bring-up */
	WRITE_ONCE(ctrl->hmb.enabled, false);
}

/**
 * nvmq_hmb_free - free host memory, if there is any
 * @ctrl: controller that is stopped
 *
 * Context: remove(), may sleep; sysfs has the controller no more.
 */
void nvmq_hmb_free(struct nvmq_ctrl *ctrl)
{
	nvmq_hmb_free_locked(ctrl);
}

/* ---- sysfs ----------------------------------------------------------------------------------- */

/* A controller that is being reset would forget at once: only a live one. */
static int nvmq_hmb_change(struct nvmq_ctrl *ctrl, bool wanted, unsigned int limit_mib)
{
	struct nvmq_hmb *hmb = &ctrl->hmb;
	int ret = -EBUSY;

	mutex_lock(&hmb->lock);
	if (nvmq_state(ctrl) == NVMQ_LIVE)
		ret = nvmq_hmb_take_locked(ctrl);
	if (!ret && (!wanted || limit_mib != hmb->limit_mib))
		nvmq_hmb_free_locked(ctrl);
	if (!ret) {
		hmb->wanted = wanted;
		hmb->limit_mib = limit_mib;
		if (wanted)
			ret = nvmq_hmb_give_locked(ctrl);
	}
	mutex_unlock(&hmb->lock);
	return ret;
}

static ssize_t hmb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(nvmq_sysfs_ctrl(dev)->hmb.enabled));
}

static ssize_t hmb_store(struct device *dev, struct device_attribute *attr, const char *buf,
			 size_t count)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	bool wanted;
	int ret = kstrtobool(buf, &wanted);

	if (!ret && wanted != READ_ONCE(ctrl->hmb.enabled))
		ret = nvmq_hmb_change(ctrl, wanted, ctrl->hmb.limit_mib);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(hmb);

static ssize_t hmb_bytes_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(nvmq_sysfs_ctrl(dev)->hmb.size));
}
static DEVICE_ATTR_RO(hmb_bytes);

/* MiB that it may have, as the parameter max_host_mem_size_mb; for this controller. */
static ssize_t hmb_limit_mb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(nvmq_sysfs_ctrl(dev)->hmb.limit_mib));
}

static ssize_t hmb_limit_mb_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	unsigned int mib;
	int ret = kstrtouint(buf, 10, &mib);

	if (!ret && mib > NVMQ_HMB_MAX_MIB)
		ret = -EINVAL;
	if (!ret)
		ret = nvmq_hmb_change(ctrl, ctrl->hmb.wanted, mib);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(hmb_limit_mb);

static struct attribute *nvmq_hmb_attrs[] = {
	&dev_attr_hmb.attr,
	&dev_attr_hmb_bytes.attr,
	&dev_attr_hmb_limit_mb.attr,
	NULL
};

static umode_t nvmq_hmb_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	return nvmq_sysfs_ctrl(kobj_to_dev(kobj))->power.hmpre ? attr->mode : 0;
}

const struct attribute_group nvmq_sysfs_hmb_group = {
	.attrs = nvmq_hmb_attrs,
	.is_visible = nvmq_hmb_visible,
};

// SPDX-License-Identifier: GPL-2.0
/*
 * The controller's list of namespaces against ours: add, change, remove. One work does it; it is
 * queued when the controller goes live, when an event says so, and when a user asks.
 */
#include <linux/slab.h>

#include "admin.h"
#include "ctrl.h"
#include "ioq.h"
#include "ns.h"
#include "scan.h"

#define NVMQ_SCAN_IDS (4096 / sizeof(__le32))

/* Removes our namespaces from @first to @last, both included. */
static void nvmq_scan_remove_range(struct nvmq_ctrl *ctrl, u32 first, u32 last)
{
	struct nvmq_ns *ns, *next;

	if (first > last)
		return;
	list_for_each_entry_safe(ns, next, &ctrl->namespaces, entry) {
		if (ns->nsid < first || ns->nsid > last)
			continue;
		nvmq_info(ctrl, "namespace %u is gone: removing %s\n", ns->nsid,
			  ns->disk->disk_name);
		nvmq_ns_remove(ns);
	}
}

static int nvmq_scan_one(struct nvmq_ctrl *ctrl, u32 nsid)
{
	struct nvmq_ns *ns = nvmq_ns_find_get(ctrl, nsid);
	int ret;

	if (!ns)
		return nvmq_ns_add(ctrl, nsid);
	ret = nvmq_ns_revalidate(ns);
	/* gone, another one, or of a format that is of no use here */
	if (ret == -ENODEV || ret == -EINVAL) {
		nvmq_ns_remove(ns);
		nvmq_ns_put(ns);
		return nvmq_ns_add(ctrl, nsid);
	}
	if (!ret)
		ret = nvmq_ns_settle(ns);
	nvmq_ns_put(ns);
	return ret;
}

/* A controller that stopped in the middle answers nothing: what we have stays until it is back. */
static bool nvmq_scan_stopped(struct nvmq_ctrl *ctrl)
{
	return nvmq_state(ctrl) != NVMQ_LIVE;
}

/* Active namespace list (NVMe Base 5.17.2.2): ascending, up to 1024 a page, zero ends it. */
static int nvmq_scan_list(struct nvmq_ctrl *ctrl, __le32 *list)
{
	u32 prev = 0;
	int ret;

	for (;;) {
		unsigned int i;

		ret = nvmq_admin_identify(ctrl, NVM_ID_CNS_NS_ACTIVE_LIST, 0, prev, list, 4096);
		if (ret)
			return ret;
		for (i = 0; i < NVMQ_SCAN_IDS; i++) {
			u32 nsid = le32_to_cpu(list[i]);

			if (!nsid) {
				nvmq_scan_remove_range(ctrl, prev + 1, NVM_NSID_ALL);
				return 0;
			}
			if (nsid <= prev || nsid == NVM_NSID_ALL) {
				nvmq_err(ctrl, "its namespace list is not ascending at %u\n", nsid);
				return -EIO;
			}
			nvmq_scan_remove_range(ctrl, prev + 1, nsid - 1);
			nvmq_scan_one(ctrl, nsid);
			if (nvmq_scan_stopped(ctrl))
				return -EAGAIN;
			prev = nsid;
		}
	}
}

/*
 * Controllers of 1.0, those that refuse the list, and those known not to have it: ask for each
 * identifier up to NN.
 */
static void nvmq_scan_sequential(struct nvmq_ctrl *ctrl)
{
	u32 nsid, last = min(ctrl->nn, 1024U);

	if (ctrl->nn > last)
		nvmq_warn(ctrl, "claims %u namespaces but has no list of them; looking at %u\n",
			  ctrl->nn, last);
	for (nsid = 1; nsid <= last; nsid++) {
		if (nvmq_scan_one(ctrl, nsid) == -ENODEV)
			nvmq_scan_remove_range(ctrl, nsid, nsid);
		if (nvmq_scan_stopped(ctrl))
			return;
	}
	nvmq_scan_remove_range(ctrl, last + 1, NVM_NSID_ALL);
}

/* Which command sets there are is known now. */
static void nvmq_scan_effects(struct nvmq_ctrl *ctrl)
{
	struct nvmq_ns *ns;

	list_for_each_entry(ns, &ctrl->namespaces, entry)
		if (ns->ids.csi < NVMQ_NR_CSI && !(ctrl->effects_asked & BIT(ns->ids.csi)) &&
		    !nvmq_scan_stopped(ctrl))
			nvmq_ctrl_read_effects(ctrl, ns->ids.csi);
}

/**
 * nvmq_scan_work - bring our namespaces in line with the controller's
 * @work: ctrl->scan_work
 *
 * Context: work queue, may sleep; takes scan_lock.
 */
void nvmq_scan_work(struct work_struct *work)
{
	struct nvmq_ctrl *ctrl = container_of(work, struct nvmq_ctrl, scan_work);
	__le32 *list;
	int ret = NVM_SC_INVALID_FIELD;

	if (!test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags))
		return;
	nvmq_ioq_fit(ctrl);
	list = kzalloc(4096, GFP_KERNEL);
	if (!list)
		return;
	mutex_lock(&ctrl->scan_lock);
	if (!nvmq_scan_stopped(ctrl)) {
		if (ctrl->vs >= NVM_VS(1, 1, 0) && !(ctrl->quirks & NVMQ_QUIRK_IDENTIFY_CNS))
			ret = nvmq_scan_list(ctrl, list);
		if (ret > 0)
			nvmq_scan_sequential(ctrl);
		nvmq_scan_effects(ctrl);
	}
	mutex_unlock(&ctrl->scan_lock);
	kfree(list);
}

/**
 * nvmq_scan_remove_all - remove all namespaces, because the controller goes
 * @ctrl: controller; its scan work is cancelled
 *
 * Context: remove(), may sleep.
 */
void nvmq_scan_remove_all(struct nvmq_ctrl *ctrl)
{
	struct nvmq_ns *ns, *next;

	mutex_lock(&ctrl->scan_lock);
	/* nothing can be written any more: file systems should know before they try */
	if (test_bit(NVMQ_CF_GONE, &ctrl->flags))
		list_for_each_entry(ns, &ctrl->namespaces, entry)
			blk_mark_disk_dead(ns->disk);
	list_for_each_entry_safe(ns, next, &ctrl->namespaces, entry)
		nvmq_ns_remove(ns);
	mutex_unlock(&ctrl->scan_lock);
}

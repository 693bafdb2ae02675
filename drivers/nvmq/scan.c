// SPDX-License-Identifier: GPL-2.0
/*
 * The controller's list of namespaces against ours: add, change, remove. One work does it; it is
 * queued when the controller goes live, when an event says so, and when a user asks.
 *
 * A namespace takes several commands and, if it is new, reads of its disk, so they are looked at
 * NVMQ_SCAN_BATCH at a time, in three steps:
 *
 * 1. ask		what is it? Side by side.
 * 2. compare		with ours. One after the other, by identifier: numbers, and the identifiers
 *			that two claim to have, do not depend on who answers first.
 * 3. finish		register the new disks, look at zones. Side by side.
 *
 * scan_lock is held by the work on behalf of them all, and the list of namespaces changes in step 2
 * only, but for a disk that cannot be registered.
 */
#include <linux/async.h>
#include <linux/slab.h>

#include "admin.h"
#include "ctrl.h"
#include "ioq.h"
#include "ns.h"
#include "ns_info.h"
#include "scan.h"

#define NVMQ_SCAN_IDS (4096 / sizeof(__le32))
/* About half of the admin queue: a user's command, or an abort, finds a tag. */
#define NVMQ_SCAN_BATCH 16

/**
 * struct nvmq_scan_task - one namespace that is looked at
 * @ctrl: controller
 * @ns: namespace that step 3 is for; it has a reference unless it is new; or NULL
 * @ret: what came of asking
 * @fresh: it is new
 * @info: the answer
 */
struct nvmq_scan_task {
	struct nvmq_ctrl *ctrl;
	struct nvmq_ns *ns;
	int ret;
	bool fresh;
	struct nvmq_ns_info info;
};

/**
 * struct nvmq_scan - a scan that is under way
 * @ctrl: controller
 * @nr: tasks in use
 * @tasks: namespaces that are looked at side by side
 */
struct nvmq_scan {
	struct nvmq_ctrl *ctrl;
	unsigned int nr;
	struct nvmq_scan_task tasks[NVMQ_SCAN_BATCH];
};

/* Removes our namespaces from @first to @last, both included. */
static void nvmq_scan_remove_range(struct nvmq_ctrl *ctrl, u32 first, u32 last)
{
	struct nvmq_ns *ns, *next;

	if (first > last)
		return;
	/* scan_lock keeps the list as it is */
	list_for_each_entry_safe(ns, next, &ctrl->namespaces, entry) {
		if (ns->nsid < first || ns->nsid > last)
			continue;
		nvmq_info(ctrl, "namespace %u is gone: removing %s\n", ns->nsid,
			  ns->disk->disk_name);
		nvmq_ns_remove(ns);
	}
}

static void nvmq_scan_ask(void *data, async_cookie_t cookie)
{
	struct nvmq_scan_task *task = data;

	task->ret = nvmq_ns_identify(task->ctrl, task->info.nsid, &task->info);
}

/* Ours, against the answer. Returns false if it is not ours any more. */
static bool nvmq_scan_keep(struct nvmq_scan_task *task, struct nvmq_ns *ns)
{
	int ret = task->ret;

	if (!ret)
		ret = nvmq_ns_refresh(ns, &task->info);
	/* gone, another one, or of a format that is of no use here */
	if (ret == -ENODEV || ret == -EINVAL) {
		if (task->ret)
			nvmq_info(task->ctrl, "namespace %u is gone: removing %s\n", ns->nsid,
				  ns->disk->disk_name);
		nvmq_ns_remove(ns);
		nvmq_ns_put(ns);
		return false;
	}
	/* a controller that did not answer may do so the next time */
	task->ns = ns;
	return true;
}

static void nvmq_scan_compare(struct nvmq_scan_task *task)
{
	struct nvmq_ns *ns = nvmq_ns_find_get(task->ctrl, task->info.nsid);

	task->ns = NULL;
	task->fresh = false;
	/* one that was there is not given up for a single answer: files may be open on it */
	if (ns && (task->ret == -ENODEV || task->ret == -EINVAL))
		nvmq_scan_ask(task, 0);
	if (ns && nvmq_scan_keep(task, ns))
		return;
	if (task->ret)
		return;
	task->ns = nvmq_ns_make(task->ctrl, &task->info);
	task->fresh = true;
}

static void nvmq_scan_finish(void *data, async_cookie_t cookie)
{
	struct nvmq_scan_task *task = data;

	if (!task->ns)
		return;
	if (task->fresh) {
		nvmq_ns_register(task->ns, &task->info);
		return;
	}
	if (!task->ret)
		nvmq_ns_settle(task->ns);
	nvmq_ns_put(task->ns);
}

/* A step of all tasks, side by side; the first one in this thread. */
static void nvmq_scan_each(struct nvmq_scan *scan, async_func_t step)
{
	ASYNC_DOMAIN_EXCLUSIVE(domain);
	unsigned int i;

	for (i = 1; i < scan->nr; i++)
		async_schedule_domain(step, &scan->tasks[i], &domain);
	if (scan->nr)
		step(&scan->tasks[0], 0);
	async_synchronize_full_domain(&domain);
}

/* A controller that stopped in the middle answers nothing: what we have stays until it is back. */
static bool nvmq_scan_stopped(struct nvmq_ctrl *ctrl)
{
	return nvmq_state(ctrl) != NVMQ_LIVE;
}

/* Looks at the namespaces that were collected. Returns 0, or -EAGAIN if it stopped meanwhile. */
static int nvmq_scan_flush(struct nvmq_scan *scan)
{
	unsigned int i;

	nvmq_scan_each(scan, nvmq_scan_ask);
	for (i = 0; i < scan->nr; i++)
		nvmq_scan_compare(&scan->tasks[i]);
	nvmq_scan_each(scan, nvmq_scan_finish);
	scan->nr = 0;
	return nvmq_scan_stopped(scan->ctrl) ? -EAGAIN : 0;
}

static int nvmq_scan_collect(struct nvmq_scan *scan, u32 nsid)
{
	struct nvmq_scan_task *task = &scan->tasks[scan->nr++];

	task->ctrl = scan->ctrl;
	task->info.nsid = nsid;
	return scan->nr == NVMQ_SCAN_BATCH ? nvmq_scan_flush(scan) : 0;
}

/* Active namespace list (NVMe Base 5.17.2.2): ascending, up to 1024 a page, zero ends it. */
static int nvmq_scan_list(struct nvmq_scan *scan, __le32 *list)
{
	struct nvmq_ctrl *ctrl = scan->ctrl;
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
				return nvmq_scan_flush(scan);
			}
			if (nsid <= prev || nsid == NVM_NSID_ALL) {
				nvmq_err(ctrl, "its namespace list is not ascending at %u\n", nsid);
				nvmq_scan_flush(scan);
				return -EIO;
			}
			nvmq_scan_remove_range(ctrl, prev + 1, nsid - 1);
			ret = nvmq_scan_collect(scan, nsid);
			if (ret)
				return ret;
			prev = nsid;
		}
	}
}

/*
 * Controllers of 1.0, those that refuse the list, and those known not to have it: ask for each
 * identifier up to NN.
 */
static void nvmq_scan_sequential(struct nvmq_scan *scan)
{
	struct nvmq_ctrl *ctrl = scan->ctrl;
	u32 nsid, last = min(ctrl->nn, 1024U);

	if (ctrl->nn > last)
		nvmq_warn(ctrl, "claims %u namespaces but has no list of them; looking at %u\n",
			  ctrl->nn, last);
	for (nsid = 1; nsid <= last; nsid++)
		if (nvmq_scan_collect(scan, nsid))
			return;
	if (!nvmq_scan_flush(scan))
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
	struct nvmq_scan *scan;
	__le32 *list;
	int ret = NVM_SC_INVALID_FIELD;

	if (!test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags))
		return;
	nvmq_ioq_fit(ctrl);
	list = kzalloc(4096, GFP_KERNEL);
	scan = kzalloc_obj(*scan);
	if (!list || !scan)
		goto free;
	scan->ctrl = ctrl;
	mutex_lock(&ctrl->scan_lock);
	if (!nvmq_scan_stopped(ctrl)) {
		if (ctrl->vs >= NVM_VS(1, 1, 0) && !(ctrl->quirks & NVMQ_QUIRK_IDENTIFY_CNS))
			ret = nvmq_scan_list(scan, list);
		if (ret > 0) {
			scan->nr = 0;
			nvmq_scan_sequential(scan);
		}
		nvmq_scan_effects(ctrl);
	}
	mutex_unlock(&ctrl->scan_lock);
free:
	kfree(scan);
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

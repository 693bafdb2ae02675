// SPDX-License-Identifier: GPL-2.0
/*
 * After a reset, before I/O passes: are the disks what they were?
 *
 * Requests that waited for the reset were made for a namespace of these identifiers, this format
 * and this largest transfer. The scan that comes after the reset finds out what has changed, but it
 * comes after the first of them: writes would land on the blocks of another namespace, or at
 * another place. So each namespace is asked here, and one that says that it is another one gets no
 * request until the scan has decided. One that does not answer, or answers nonsense, is the scan's
 * alone; and so are those that are left when the controller takes its time, and I/O has waited for
 * NVMQ_GUARD_MS.
 */
#include "blkmq.h"
#include "guard.h"
#include "ns.h"
#include "ns_info.h"

/* Time for asking; a namespace usually takes less than one of them. */
#define NVMQ_GUARD_MS 1000

/* Its queue is quiesced. It ends with nvmq_blkmq_choose_ops(). */
static void nvmq_guard_hold_back(struct nvmq_ns *ns, const struct blk_mq_ops *ops)
{
	set_bit(NVMQ_NF_HELD_BACK, &ns->flags);
	ns->disk->queue->mq_ops = ops;
}

static void nvmq_guard_disk(struct nvmq_ns *ns)
{
	struct nvmq_ctrl *ctrl = ns->ctrl;
	const char *name = ns->disk->disk_name;
	struct nvmq_ns_info info;

	if (nvmq_ns_identify(ctrl, ns->nsid, &info))
		return;
	if (!nvmq_ns_is_same(ns, &info) || !nvmq_ns_same_format(ns, &info)) {
		nvmq_err(ctrl, "%s: not what it was before the reset: I/O fails until it was looked at\n",
			 name);
		nvmq_guard_hold_back(ns, &nvmq_blkmq_closed_ops);
	} else if (ctrl->max_hw_sectors < ns->lim.max_hw_sectors) {
		nvmq_warn(ctrl, "%s: takes %u KiB at once since the reset, not %u: what waited and is larger fails\n",
			  name, ctrl->max_hw_sectors >> 1, ns->lim.max_hw_sectors >> 1);
		nvmq_guard_hold_back(ns, &nvmq_blkmq_narrow_ops);
	}
}

/**
 * nvmq_guard_disks - ask each namespace of ours what it is, as long as there is time
 * @ctrl: controller whose queues are quiesced, and which answers admin commands
 *
 * Context: the reset work, may sleep; takes ns_lock.
 */
void nvmq_guard_disks(struct nvmq_ctrl *ctrl)
{
	unsigned long end = jiffies + msecs_to_jiffies(NVMQ_GUARD_MS);
	struct nvmq_ns *ns;
	u32 nsid = 0;

	while (!test_bit(NVMQ_CF_STOPPED, &ctrl->flags) && time_before(jiffies, end) &&
	       (ns = nvmq_ns_next_get(ctrl, nsid)) != NULL) {
		nsid = ns->nsid;
		nvmq_guard_disk(ns);
		nvmq_ns_put(ns);
	}
}

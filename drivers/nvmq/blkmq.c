// SPDX-License-Identifier: GPL-2.0
/*
 * Tag sets and the valves; their operations are in blkmq_ops.c.
 *
 * - quiesce:  no queue_rq runs, none will; requests that come wait in blk-mq
 * - gate:     what queue_rq does with a request while it is not quiesced
 * - reclaim:  requests that a stopped controller left behind are completed
 * - freeze:   no request is in flight, none enters; for what must not see any
 */
#include <linux/blkdev.h>
#include <linux/delay.h>

#include <nvmq-adapt.h>

#include "blkmq.h"
#include "cmd.h"
#include "complete.h"
#include "queue.h"

/* the event request has an id of its own, behind those of the admin queue's tags */
static_assert(NVMQ_AEN_CID < NVMQ_SHARED_TAGS);

/* Limits of the admin queue: identify and log pages fit, whatever MDTS says. */
static const struct nvmq_limits nvmq_blkmq_admin_limits = {
	.logical_block_size = 512,
	.physical_block_size = 512,
	.io_min = 512,
	.dma_alignment = 3,
	.max_hw_sectors = SZ_128K >> SECTOR_SHIFT,
	.max_segments = SZ_128K / SZ_4K + 1,
};

static void nvmq_blkmq_admin_lim(struct nvmq_ctrl *ctrl, struct nvmq_limits *lim)
{
	*lim = nvmq_blkmq_admin_limits;
	lim->virt_boundary_mask = (1UL << ctrl->page_shift) - 1;
	if (ctrl->max_hw_sectors)
		lim->max_hw_sectors = ctrl->max_hw_sectors;
	lim->max_segments = min(NVMQ_MAX_SEGMENTS, (lim->max_hw_sectors >> 3) + 1);
}

/**
 * nvmq_blkmq_add_admin - the admin queue's tag set and request queue
 * @ctrl: controller; nothing happens if it has them
 *
 * Context: bring-up, may sleep.
 * Return: 0 or -errno.
 */
int nvmq_blkmq_add_admin(struct nvmq_ctrl *ctrl)
{
	struct blk_mq_tag_set *set = &ctrl->admin_set;
	struct nvmq_limits lim;
	int ret;

	if (ctrl->admin_q)
		return 0;
	set->ops = nvmq_blkmq_choose_admin(ctrl);
	set->nr_hw_queues = 1;
	set->queue_depth = NVMQ_AQ_TAGS;
	set->reserved_tags = NVMQ_AQ_RESERVED;
	set->timeout = ctrl->admin_timeout;
	set->numa_node = dev_to_node(ctrl->dev);
	set->cmd_size = sizeof(struct nvmq_req);
	set->flags = BLK_MQ_F_NO_SCHED;
	set->driver_data = ctrl;
	ret = blk_mq_alloc_tag_set(set);
	if (ret)
		return ret;

	ctrl->queues[0].cq.tags = set->tags[0];
	nvmq_blkmq_admin_lim(ctrl, &lim);
	ctrl->admin_q = nvmq_limits_alloc_queue(set, &lim, NULL);
	if (IS_ERR(ctrl->admin_q)) {
		ret = PTR_ERR(ctrl->admin_q);
		ctrl->admin_q = NULL;
		ctrl->queues[0].cq.tags = &nvmq_queue_no_tags;
		blk_mq_free_tag_set(set);
	}
	return ret;
}

/**
 * nvmq_blkmq_update_admin - give the admin queue the limits that identify told
 * @ctrl: controller that was identified
 *
 * Once users can send commands nothing changes any more: theirs, waiting for the bring-up to end,
 * would keep the queue from being frozen.
 *
 * Context: bring-up, may sleep, no admin command in flight but the driver's own.
 */
void nvmq_blkmq_update_admin(struct nvmq_ctrl *ctrl)
{
	struct nvmq_limits lim;
	unsigned int memflags;

	nvmq_blkmq_admin_lim(ctrl, &lim);
	if (test_bit(NVMQ_CF_ANNOUNCED, &ctrl->flags) ||
	    queue_max_hw_sectors(ctrl->admin_q) == lim.max_hw_sectors)
		return;
	memflags = blk_mq_freeze_queue(ctrl->admin_q);
	nvmq_limits_apply_queue(ctrl->admin_q, &lim);
	blk_mq_unfreeze_queue(ctrl->admin_q, memflags);
}

/**
 * nvmq_blkmq_remove_admin - end the admin queue; the queue's memory stays with the controller
 * @ctrl: controller, stopped, its gate dead
 *
 * Context: remove(), may sleep.
 */
void nvmq_blkmq_remove_admin(struct nvmq_ctrl *ctrl)
{
	if (!ctrl->admin_q)
		return;
	blk_mq_destroy_queue(ctrl->admin_q);
	ctrl->queues[0].cq.tags = &nvmq_queue_no_tags;
	blk_mq_free_tag_set(&ctrl->admin_set);
}

static unsigned int nvmq_blkmq_nr_queues(const struct nvmq_ctrl *ctrl)
{
	return ctrl->kinds[NVMQ_KIND_DEFAULT] + ctrl->kinds[NVMQ_KIND_READ] +
	       ctrl->kinds[NVMQ_KIND_POLL];
}

/* Says to each completion queue where its requests are, or that there are none. */
static void nvmq_blkmq_tell_tags(struct nvmq_ctrl *ctrl, unsigned int nr_queues)
{
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues_max; i++)
		WRITE_ONCE(ctrl->queues[i].cq.tags,
			   i <= nr_queues ? ctrl->io_set.tags[i - 1] : &nvmq_queue_no_tags);
}

/**
 * nvmq_blkmq_add_io - the I/O queues' tag set, or its new shape
 * @ctrl: controller whose queues exist
 *
 * Context: bring-up, may sleep. A change of shape needs the namespaces frozen
 * (NVMQ_CF_RESIZE); otherwise the shape is kept.
 * Return: 0 or -errno.
 */
int nvmq_blkmq_add_io(struct nvmq_ctrl *ctrl)
{
	struct blk_mq_tag_set *set = &ctrl->io_set;
	int ret;

	if (test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags)) {
		if (test_bit(NVMQ_CF_RESIZE, &ctrl->flags)) {
			nvmq_blkmq_tell_tags(ctrl, 0);
			blk_mq_update_nr_hw_queues(set, nvmq_blkmq_nr_queues(ctrl));
			nvmq_blkmq_tell_tags(ctrl, set->nr_hw_queues);
		}
		return 0;
	}
	set->ops = nvmq_blkmq_choose_io(ctrl);
	set->nr_hw_queues = nvmq_blkmq_nr_queues(ctrl);
	set->nr_maps = NVMQ_NR_KINDS;
	set->queue_depth = ctrl->depth - 1;
	/* they are the admin queue's, and nobody asks for a tag of that kind here */
	if (ctrl->quirks & NVMQ_QUIRK_SHARED_TAGS)
		set->reserved_tags = NVMQ_SHARED_TAGS;
	set->timeout = ctrl->io_timeout;
	set->numa_node = dev_to_node(ctrl->dev);
	set->cmd_size = sizeof(struct nvmq_req);
	set->flags = BLK_MQ_F_SHOULD_MERGE;
	set->driver_data = ctrl;
	ret = blk_mq_alloc_tag_set(set);
	if (!ret) {
		nvmq_blkmq_tell_tags(ctrl, set->nr_hw_queues);
		set_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags);
	}
	return ret;
}

/**
 * nvmq_blkmq_remove_io - free the I/O queues' tag set
 * @ctrl: controller without namespaces
 *
 * Context: remove(), may sleep.
 */
void nvmq_blkmq_remove_io(struct nvmq_ctrl *ctrl)
{
	if (test_and_clear_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags)) {
		nvmq_blkmq_tell_tags(ctrl, 0);
		blk_mq_free_tag_set(&ctrl->io_set);
	}
}

/**
 * nvmq_blkmq_alloc_disk - a gendisk and its queue on the I/O tag set
 * @ns: namespace, the queue's queuedata
 * @lim: limits
 *
 * A queue that appears while the others are quiesced is quiesced as well, so that it can be
 * unquiesced with them.
 *
 * Context: may sleep.
 * Return: the disk or ERR_PTR().
 */
struct gendisk *nvmq_blkmq_alloc_disk(struct nvmq_ns *ns, const struct nvmq_limits *lim)
{
	struct nvmq_ctrl *ctrl = ns->ctrl;
	struct gendisk *disk;

	mutex_lock(&ctrl->tagset_lock);
	disk = nvmq_limits_alloc_disk(&ctrl->io_set, lim, ns);
	if (!IS_ERR(disk) && test_bit(NVMQ_CF_QUIESCED, &ctrl->flags))
		blk_mq_quiesce_queue(disk->queue);
	mutex_unlock(&ctrl->tagset_lock);
	return disk;
}

/**
 * nvmq_blkmq_quiesce_io - let no request pass to the I/O queues; wait for those that are passing
 * @ctrl: controller
 *
 * Context: may sleep.
 */
void nvmq_blkmq_quiesce_io(struct nvmq_ctrl *ctrl)
{
	mutex_lock(&ctrl->tagset_lock);
	if (test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags) &&
	    !test_and_set_bit(NVMQ_CF_QUIESCED, &ctrl->flags))
		blk_mq_quiesce_tagset(&ctrl->io_set);
	mutex_unlock(&ctrl->tagset_lock);
}

/**
 * nvmq_blkmq_quiesce - let no request pass to any queue; wait for those that are passing
 * @ctrl: controller
 *
 * Context: may sleep.
 */
void nvmq_blkmq_quiesce(struct nvmq_ctrl *ctrl)
{
	nvmq_blkmq_quiesce_io(ctrl);
	mutex_lock(&ctrl->tagset_lock);
	if (ctrl->admin_q && !test_and_set_bit(NVMQ_CF_ADMIN_QUIESCED, &ctrl->flags))
		blk_mq_quiesce_queue(ctrl->admin_q);
	mutex_unlock(&ctrl->tagset_lock);
}

/**
 * nvmq_blkmq_unquiesce_admin - let admin commands pass; the gate says which
 * @ctrl: controller
 *
 * Context: may sleep.
 */
void nvmq_blkmq_unquiesce_admin(struct nvmq_ctrl *ctrl)
{
	mutex_lock(&ctrl->tagset_lock);
	if (test_and_clear_bit(NVMQ_CF_ADMIN_QUIESCED, &ctrl->flags))
		blk_mq_unquiesce_queue(ctrl->admin_q);
	mutex_unlock(&ctrl->tagset_lock);
}

/**
 * nvmq_blkmq_unquiesce - let all requests pass; the gates say what becomes of them
 * @ctrl: controller
 *
 * Context: may sleep.
 */
void nvmq_blkmq_unquiesce(struct nvmq_ctrl *ctrl)
{
	nvmq_blkmq_unquiesce_admin(ctrl);
	mutex_lock(&ctrl->tagset_lock);
	if (test_and_clear_bit(NVMQ_CF_QUIESCED, &ctrl->flags))
		blk_mq_unquiesce_tagset(&ctrl->io_set);
	mutex_unlock(&ctrl->tagset_lock);
}

/**
 * nvmq_blkmq_gate - set the gates of the admin queue and of all I/O queues
 * @ctrl: controller
 * @admin: gate of the admin queue
 * @io: gate of the I/O queues; those that the controller does not have are never opened
 *
 * Context: queues quiesced, or the change is one that a passing request may miss.
 */
void nvmq_blkmq_gate(struct nvmq_ctrl *ctrl, enum nvmq_gate admin, enum nvmq_gate io)
{
	unsigned int i;

	WRITE_ONCE(ctrl->queues[0].sq.gate, admin);
	for (i = 1; i < ctrl->nr_queues_max; i++) {
		struct nvmq_queue *q = &ctrl->queues[i];

		if (io == NVMQ_GATE_OPEN && !test_bit(NVMQ_Q_CREATED, &q->flags))
			WRITE_ONCE(q->sq.gate, ctrl->nr_queues ? NVMQ_GATE_MISSING :
								 NVMQ_GATE_DEAD);
		else
			WRITE_ONCE(q->sq.gate, io);
	}
}

static bool nvmq_blkmq_count_one(struct request *req, void *data)
{
	++*(unsigned int *)data;
	return true;
}

/**
 * nvmq_blkmq_wait_idle - wait until no I/O is in flight
 * @ctrl: controller
 * @ms: milliseconds to wait at most
 *
 * Context: may sleep.
 * Return: true if none is; new I/O may come at any time unless the queues are quiesced.
 */
bool nvmq_blkmq_wait_idle(struct nvmq_ctrl *ctrl, unsigned int ms)
{
	unsigned int busy;

	for (;;) {
		busy = 0;
		if (test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags))
			blk_mq_tagset_busy_iter(&ctrl->io_set, nvmq_blkmq_count_one, &busy);
		if (!busy || !ms--)
			return !busy;
		usleep_range(1000, 1100);
	}
}

static bool nvmq_blkmq_reclaim_one(struct request *req, void *data)
{
	return nvmq_complete_reclaimed(req, *(u16 *)data);
}

/**
 * nvmq_blkmq_reclaim - complete all that a stopped controller left behind
 * @ctrl: controller that does no DMA any more, its queues quiesced
 *
 * Requests of the block layer come again later, passed-through ones end with an error. With the
 * controller on its way out all of them end.
 *
 * Context: may sleep.
 */
void nvmq_blkmq_reclaim(struct nvmq_ctrl *ctrl)
{
	u16 status = nvmq_state(ctrl) == NVMQ_DELETING ? NVMQ_SC_DEAD : NVMQ_SC_RECLAIMED;

	if (test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags)) {
		blk_mq_tagset_busy_iter(&ctrl->io_set, nvmq_blkmq_reclaim_one, &status);
		blk_mq_tagset_wait_completed_request(&ctrl->io_set);
	}
	if (ctrl->admin_q) {
		blk_mq_tagset_busy_iter(&ctrl->admin_set, nvmq_blkmq_reclaim_one, &status);
		blk_mq_tagset_wait_completed_request(&ctrl->admin_set);
	}
}

/**
 * nvmq_blkmq_freeze - drain all namespaces and let nothing new in
 * @ctrl: controller; the caller holds scan_lock, so that namespaces neither come nor go
 * @timeout: jiffies to wait for the I/O in flight
 *
 * Context: may sleep; the controller is live, else nothing drains.
 * Return: true if all are frozen; false if time ran out, nothing is frozen then.
 */
bool nvmq_blkmq_freeze(struct nvmq_ctrl *ctrl, unsigned long timeout)
{
	unsigned long end = jiffies + timeout;
	struct nvmq_ns *ns;
	bool drained = true;

	lockdep_assert_held(&ctrl->scan_lock);
	list_for_each_entry(ns, &ctrl->namespaces, entry)
		blk_freeze_queue_start_non_owner(ns->disk->queue);
	list_for_each_entry(ns, &ctrl->namespaces, entry) {
		long left = max_t(long, end - jiffies, 1);

		if (blk_mq_freeze_queue_wait_timeout(ns->disk->queue, left) <= 0)
			drained = false;
	}
	if (!drained)
		nvmq_blkmq_unfreeze(ctrl);
	return drained;
}

/**
 * nvmq_blkmq_unfreeze - let I/O in again
 * @ctrl: controller, frozen by nvmq_blkmq_freeze(); scan_lock still held
 *
 * Context: may sleep.
 */
void nvmq_blkmq_unfreeze(struct nvmq_ctrl *ctrl)
{
	struct nvmq_ns *ns;

	lockdep_assert_held(&ctrl->scan_lock);
	list_for_each_entry(ns, &ctrl->namespaces, entry)
		blk_mq_unfreeze_queue_non_owner(ns->disk->queue);
}

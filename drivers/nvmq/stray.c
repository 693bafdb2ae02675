// SPDX-License-Identifier: GPL-2.0
/*
 * Requests for I/O queues that a reset did not bring back.
 *
 * blk-mq gets its new shape when no request is under way (nvmq_ioq_fit()), which takes a controller
 * that is live. Requests that have their hardware context already cannot wait for that in blk-mq,
 * and cannot go to another queue. So their bios are taken off them, and are sent anew once the
 * shape fits, or there is none any more: they find a queue as all others do, or fail.
 *
 * What has no bio of its own fails: a flush, the steps of a flush and a write, what is passed
 * through.
 */
#include <linux/bio.h>
#include <linux/blkdev.h>

#include "stray.h"

/**
 * nvmq_stray_init - a controller without strays
 * @ctrl: controller
 *
 * Context: probe.
 */
void nvmq_stray_init(struct nvmq_ctrl *ctrl)
{
	spin_lock_init(&ctrl->stray_lock);
	ctrl->strays = NULL;
	ctrl->last_stray = NULL;
}

/* It is no longer the one that its sender polls for, and may wait where its sender would not. */
static void nvmq_stray_untie(struct bio *bio)
{
	for (; bio; bio = bio->bi_next) {
		if (bio->bi_opf & REQ_POLLED)
			bio->bi_cookie = BLK_QC_T_NONE;
		bio->bi_opf &= ~(REQ_POLLED | REQ_NOWAIT);
	}
}

/**
 * nvmq_stray_take - take the bios off a request whose queue is not there, and end it
 * @q: queue that it was for
 * @req: request
 *
 * Context: queue_rq; does not sleep.
 * Return: BLK_STS_OK: it is gone; BLK_STS_IOERR if it has nothing that could be sent anew.
 */
blk_status_t nvmq_stray_take(struct nvmq_queue *q, struct request *req)
{
	struct nvmq_ctrl *ctrl = q->ctrl;
	struct bio_list strays;
	unsigned long irqflags;

	if (blk_rq_is_passthrough(req) || !req->bio || req->rq_flags & RQF_FLUSH_SEQ ||
	    blk_queue_is_zoned(req->q))
		return BLK_STS_IOERR;
	nvmq_stray_untie(req->bio);
	spin_lock_irqsave(&ctrl->stray_lock, irqflags);
	strays.head = ctrl->strays;
	strays.tail = ctrl->last_stray;
	blk_steal_bios(&strays, req);
	ctrl->strays = strays.head;
	ctrl->last_stray = strays.tail;
	spin_unlock_irqrestore(&ctrl->stray_lock, irqflags);
	nvmq_req(req)->flags = 0;
	nvmq_req(req)->retries = 0;
	blk_mq_start_request(req);
	blk_mq_end_request(req, BLK_STS_OK);
	return BLK_STS_OK;
}

/**
 * nvmq_stray_send - send what was taken once more
 * @ctrl: controller
 *
 * Context: may sleep; holds no lock that I/O may need.
 */
void nvmq_stray_send(struct nvmq_ctrl *ctrl)
{
	struct bio_list strays;
	struct bio *bio;

	spin_lock_irq(&ctrl->stray_lock);
	strays.head = ctrl->strays;
	strays.tail = ctrl->last_stray;
	ctrl->strays = NULL;
	ctrl->last_stray = NULL;
	spin_unlock_irq(&ctrl->stray_lock);
	while ((bio = bio_list_pop(&strays)))
		submit_bio_noacct(bio);
}

/**
 * nvmq_stray_give_up - queues that are missing will not come: fail what is and what comes for them
 * @ctrl: controller
 *
 * Context: may sleep; holds no lock that I/O may need.
 */
void nvmq_stray_give_up(struct nvmq_ctrl *ctrl)
{
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues_max; i++)
		cmpxchg(&ctrl->queues[i].sq.gate, NVMQ_GATE_MISSING, NVMQ_GATE_DEAD);
	nvmq_stray_send(ctrl);
}

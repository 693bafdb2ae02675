// SPDX-License-Identifier: GPL-2.0
/*
 * What blk-mq calls: operations of the admin queue, of I/O queues, of namespaces and of controllers
 * that need other ones. Which of them it is, is decided here, and not in each I/O.
 */
#include <linux/blkdev.h>

#include <nvmq-adapt.h>

#include "blkmq.h"
#include "complete.h"
#include "dma.h"
#include "irq.h"
#include "ring.h"
#include "submit.h"
#include "timeout.h"

static int nvmq_blkmq_init_admin_hctx(struct blk_mq_hw_ctx *hctx, void *data, unsigned int idx)
{
	struct nvmq_ctrl *ctrl = data;

	hctx->driver_data = &ctrl->queues[0];
	return 0;
}

static int nvmq_blkmq_init_hctx(struct blk_mq_hw_ctx *hctx, void *data, unsigned int idx)
{
	struct nvmq_ctrl *ctrl = data;

	hctx->driver_data = &ctrl->queues[idx + 1];
	return 0;
}

static int nvmq_blkmq_init_request(struct blk_mq_tag_set *set, struct request *req,
				   unsigned int hctx_idx, int node)
{
	const struct nvmq_ctrl *ctrl = set->driver_data;
	struct nvmq_req *nr = nvmq_req(req);

	memset(nr, 0, sizeof(*nr));
	nr->live = NVMQ_CID_NONE;
	/* admin commands: a recovery must not depend on memory that it may be needed for */
	return set != &ctrl->admin_set || nvmq_dma_need_more(nr, GFP_KERNEL) ? 0 : -ENOMEM;
}

NVMQ_ADAPT_INIT_REQUEST(nvmq_blkmq_init_request);

static void nvmq_blkmq_exit_request(struct blk_mq_tag_set *set, struct request *req,
				    unsigned int hctx_idx)
{
	nvmq_dma_release(set->driver_data, nvmq_req(req));
}

static void nvmq_blkmq_map_queues(struct blk_mq_tag_set *set)
{
	struct nvmq_ctrl *ctrl = set->driver_data;
	unsigned int kind, first = 0;

	for (kind = 0; kind < NVMQ_NR_KINDS; kind++) {
		struct blk_mq_queue_map *map = &set->map[kind];

		map->nr_queues = ctrl->kinds[kind];
		/* a kind without queues uses the default ones: blk-mq knows */
		if (!map->nr_queues)
			continue;
		map->queue_offset = first;
		if (kind != NVMQ_KIND_POLL && ctrl->nr_vectors > 1)
			blk_mq_map_hw_queues(map, ctrl->dev, first + 1);
		else
			blk_mq_map_queues(map);
		first += map->nr_queues;
	}
}

NVMQ_ADAPT_QUEUE_RQS(nvmq_submit_rqs);
NVMQ_ADAPT_QUEUE_RQS(nvmq_submit_no_rqs);

/* What all have: they differ in how a request is submitted. */
#define NVMQ_BLKMQ_CALLS \
	.complete = nvmq_complete_rq, \
	.init_request = nvmq_adapted_init_request(nvmq_blkmq_init_request), \
	.exit_request = nvmq_blkmq_exit_request, \
	.timeout = nvmq_timeout

#define NVMQ_BLKMQ_ADMIN_CALLS \
	.init_hctx = nvmq_blkmq_init_admin_hctx, \
	NVMQ_BLKMQ_CALLS

#define NVMQ_BLKMQ_IO_CALLS \
	.commit_rqs = nvmq_submit_commit, \
	.init_hctx = nvmq_blkmq_init_hctx, \
	.map_queues = nvmq_blkmq_map_queues, \
	.poll = nvmq_irq_poll, \
	NVMQ_BLKMQ_CALLS

static const struct blk_mq_ops nvmq_blkmq_usual_admin = {
	.queue_rq = nvmq_submit_rq,
	NVMQ_BLKMQ_ADMIN_CALLS,
};

static const struct blk_mq_ops nvmq_blkmq_usual = {
	.queue_rq = nvmq_submit_rq,
	.queue_rqs = nvmq_adapted_queue_rqs(nvmq_submit_rqs),
	NVMQ_BLKMQ_IO_CALLS,
};

/* Of controllers whose entries or ids are not the usual ones (nvmq_submit_odd_rq()). */
static const struct blk_mq_ops nvmq_blkmq_odd_admin = {
	.queue_rq = nvmq_submit_odd_rq,
	NVMQ_BLKMQ_ADMIN_CALLS,
};

static const struct blk_mq_ops nvmq_blkmq_odd = {
	.queue_rq = nvmq_submit_odd_rq,
	NVMQ_BLKMQ_IO_CALLS,
};

/* Of namespaces whose reads and writes carry more than data. They come one by one. */
static const struct blk_mq_ops nvmq_blkmq_rich = {
	.queue_rq = nvmq_submit_rich_rq,
	NVMQ_BLKMQ_IO_CALLS,
};

/*
 * Of a disk that takes less at once since a reset, and of one that is another one (guard.c). They
 * have queue_rqs since blk-mq may have seen before the reset that the disk has such a call.
 */
const struct blk_mq_ops nvmq_blkmq_narrow_ops = {
	.queue_rq = nvmq_submit_narrow_rq,
	.queue_rqs = nvmq_adapted_queue_rqs(nvmq_submit_no_rqs),
	NVMQ_BLKMQ_IO_CALLS,
};

const struct blk_mq_ops nvmq_blkmq_closed_ops = {
	.queue_rq = nvmq_submit_closed_rq,
	.queue_rqs = nvmq_adapted_queue_rqs(nvmq_submit_no_rqs),
	NVMQ_BLKMQ_IO_CALLS,
};

/**
 * nvmq_blkmq_choose_admin - the operations of a controller's admin queue
 * @ctrl: controller
 *
 * Context: any.
 * Return: the operations.
 */
const struct blk_mq_ops *nvmq_blkmq_choose_admin(const struct nvmq_ctrl *ctrl)
{
	return ctrl->quirks & NVMQ_QUIRK_SKIP_CID_GEN ? &nvmq_blkmq_odd_admin :
							&nvmq_blkmq_usual_admin;
}

/**
 * nvmq_blkmq_choose_io - the operations of a controller's I/O queues
 * @ctrl: controller that was identified
 *
 * Context: any.
 * Return: the operations, of namespaces that are not rich.
 */
const struct blk_mq_ops *nvmq_blkmq_choose_io(const struct nvmq_ctrl *ctrl)
{
	if (ctrl->sqe_shift != NVM_IOSQES || ctrl->quirks & NVMQ_QUIRK_SKIP_CID_GEN)
		return &nvmq_blkmq_odd;
	return &nvmq_blkmq_usual;
}

/**
 * nvmq_blkmq_choose_ops - give a disk the operations that its format needs
 * @ns: namespace; its queue is frozen, or not in use yet
 *
 * The tag set is shared by all namespaces, its operations are those of most. A namespace that needs
 * other ones is told apart by the call that blk-mq makes anyway, and not by a test in each I/O.
 * Those of an odd controller take what is rich, too.
 *
 * Context: any.
 */
void nvmq_blkmq_choose_ops(struct nvmq_ns *ns)
{
	const struct blk_mq_ops *usual = ns->ctrl->io_set.ops;

	ns->disk->queue->mq_ops = ns->rich && usual == &nvmq_blkmq_usual ? &nvmq_blkmq_rich : usual;
}

// SPDX-License-Identifier: GPL-2.0
/* Memory of the rings. The verbs are in queue.h. */
#include <linux/dma-mapping.h>
#include <linux/pci-p2pdma.h>

#include "dma_iommu.h"
#include "dma_mem.h"
#include "queue.h"
#include "regs.h"

struct blk_mq_tags nvmq_queue_no_tags;

/*
 * What submitters write, what the completing CPU writes and what nobody writes share no cache line;
 * all that each request of a batch needs of its queue on the way down is on one.
 */
#define NVMQ_QUEUE_LINE(member) (offsetof(struct nvmq_queue, member) / SMP_CACHE_BYTES)

static_assert(NVMQ_QUEUE_LINE(sq) < NVMQ_QUEUE_LINE(cq));
static_assert(NVMQ_QUEUE_LINE(sq.shadowed) < NVMQ_QUEUE_LINE(cq));
static_assert(NVMQ_QUEUE_LINE(cq.batch) < NVMQ_QUEUE_LINE(bell));
static_assert(NVMQ_QUEUE_LINE(bell.stopped) < NVMQ_QUEUE_LINE(bell.want));
static_assert(NVMQ_QUEUE_LINE(bell.longest) < NVMQ_QUEUE_LINE(calm));
static_assert(NVMQ_QUEUE_LINE(calm.dim) < NVMQ_QUEUE_LINE(ctrl));
#ifndef CONFIG_DEBUG_SPINLOCK
static_assert(NVMQ_QUEUE_LINE(sq.lock) == NVMQ_QUEUE_LINE(sq.submitted));
#endif

/* A submission ring of @bytes in the controller's memory, if it is to be there, and fits. */
static void *nvmq_queue_alloc_cmb(struct nvmq_queue *q, size_t bytes)
{
	struct pci_dev *pdev = q->ctrl->pdev;
	void *ring;

	if (!q->qid || !q->ctrl->cmb_sqs)
		return NULL;
	ring = pci_alloc_p2pmem(pdev, bytes);
	if (!ring)
		return NULL;
	q->sq_dma = pci_p2pmem_virt_to_bus(pdev, ring);
	set_bit(NVMQ_Q_CMB, &q->flags);
	return ring;
}

static size_t nvmq_queue_sq_bytes(const struct nvmq_queue *q)
{
	return (size_t)q->sq.depth << q->sqe_shift;
}

static void nvmq_queue_free_sq(struct nvmq_queue *q)
{
	size_t bytes = nvmq_queue_sq_bytes(q);

	if (test_and_clear_bit(NVMQ_Q_CMB, &q->flags))
		pci_free_p2pmem(q->ctrl->pdev, q->sq.ring, bytes);
	else
		dma_free_coherent(q->sq.dev, bytes, q->sq.ring, q->sq_dma);
}

/**
 * nvmq_queue_alloc - allocate the rings of a queue pair
 * @ctrl: controller
 * @qid: queue identifier, below ctrl->nr_queues_max
 * @depth: entries of both rings, at least 2
 *
 * Does nothing if the pair is there with this depth already.
 *
 * Context: may sleep; bring-up only, the queue not known to the controller.
 * Return: 0 or -ENOMEM.
 */
int nvmq_queue_alloc(struct nvmq_ctrl *ctrl, u16 qid, u16 depth)
{
	struct nvmq_queue *q = &ctrl->queues[qid];
	u8 shift = qid ? ctrl->sqe_shift : NVM_IOSQES;

	if (q->sq.ring && q->sq.depth == depth && q->sqe_shift == shift)
		return 0;
	/* who polls may still look at the ring that goes, for a moment */
	if (q->cq.ring)
		synchronize_rcu();
	nvmq_queue_free(q);

	q->ctrl = ctrl;
	q->qid = qid;
	q->sq.depth = depth;
	q->sqe_shift = shift;
	q->sq.ring = nvmq_queue_alloc_cmb(q, nvmq_queue_sq_bytes(q));
	if (!q->sq.ring)
		q->sq.ring = dma_alloc_coherent(ctrl->dev, nvmq_queue_sq_bytes(q), &q->sq_dma,
						GFP_KERNEL);
	q->cq.ring = dma_alloc_coherent(ctrl->dev, depth * sizeof(*q->cq.ring), &q->cq_dma,
					GFP_KERNEL);
	q->cq.depth = depth;
	q->cq.end = q->cq.ring + depth;
	q->cq.batch.complete = blk_mq_end_request_batch;
	if (!q->cq.tags)
		q->cq.tags = &nvmq_queue_no_tags;
	q->sq.dev = ctrl->dev;
	q->sq.gate = NVMQ_GATE_WAIT;
	/* a new ring has no completions, to whoever looks before the controller knows it, too */
	q->cq.head = 0;
	q->cq.phase = NVM_CQE_PHASE;
	spin_lock_init(&q->sq.lock);
	spin_lock_init(&q->cq.poll_lock);
	nvmq_bell_init(q);

	if (!q->sq.ring || !q->cq.ring) {
		nvmq_queue_free(q);
		return -ENOMEM;
	}
	return 0;
}

/**
 * nvmq_queue_free - free the rings of a queue pair, if it has any
 * @q: queue
 *
 * Context: may sleep; the controller is stopped or has deleted the queue.
 */
void nvmq_queue_free(struct nvmq_queue *q)
{
	if (q->sq.ring)
		nvmq_queue_free_sq(q);
	if (q->cq.ring)
		dma_free_coherent(q->sq.dev, q->cq.depth * sizeof(*q->cq.ring), q->cq.ring,
				  q->cq_dma);
	q->sq.ring = NULL;
	q->cq.ring = NULL;
}

/**
 * nvmq_queue_restart - make a queue pair empty, as a controller takes it at creation
 * @q: queue with its rings
 *
 * The completion ring is cleared, so that an old phase tag is never taken for a new one, and the
 * submission ring, so that who reads it finds what was sent since, and nothing behind a command in
 * an entry that is larger.
 *
 * Context: bring-up only, the queue not known to the controller.
 */
void nvmq_queue_restart(struct nvmq_queue *q)
{
	struct nvmq_ctrl *ctrl = q->ctrl;
	u32 stride = nvm_db_offset_cq(0, NVM_GET(NVM_CAP_DSTRD, ctrl->cap));
	bool shadow = q->qid && ctrl->shadow_mem;

	q->unanswered += nvmq_queue_in_flight(q);
	q->seen = q->cq.completed;
	q->sq.tail = 0;
	q->sq.rung = 0;
	memset(q->sq.ring, 0, nvmq_queue_sq_bytes(q));
	q->sq.page_shift = ctrl->page_shift;
	q->sq.page = 1U << ctrl->page_shift;
	q->sq.direct = nvmq_dma_is_direct(ctrl->dev, &q->sq.bus_base);
	q->sq.range = !q->sq.direct && nvmq_dma_has_range(ctrl->dev, q->sq.page);
	/* a poller that missed the reset must not take the cleared ring for a full one */
	spin_lock(&q->cq.poll_lock);
	q->cq.head = 0;
	q->cq.phase = NVM_CQE_PHASE;
	memset(q->cq.ring, 0, q->cq.depth * sizeof(*q->cq.ring));
	WRITE_ONCE(q->cq.look,
		   test_bit(NVMQ_Q_POLLED, &q->flags) ? &q->cq.ring->status : NULL);
	spin_unlock(&q->cq.poll_lock);
	q->sq.db = nvmq_regs_doorbell(ctrl, q->qid, false);
	q->cq.db = nvmq_regs_doorbell(ctrl, q->qid, true);

	q->sq.shadow = shadow ? ctrl->shadow_mem + 2 * q->qid * stride : NULL;
	q->sq.event = shadow ? ctrl->event_mem + 2 * q->qid * stride : NULL;
	q->cq.shadow = shadow ? ctrl->shadow_mem + (2 * q->qid + 1) * stride : NULL;
	q->cq.event = shadow ? ctrl->event_mem + (2 * q->qid + 1) * stride : NULL;
	nvmq_bell_restart(q);
	/* the rings and indices before any doorbell or command that names this queue */
	wmb();
}

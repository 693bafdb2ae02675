// SPDX-License-Identifier: GPL-2.0
/*
 * Vectors, their affinity, handlers, and polling.
 *
 * Vector 0 is the admin queue's; I/O queue n has vector n. The ladder when vectors are short:
 * MSI-X, then MSI, then the pin; fewer queues than CPUs; at last one vector that all queues share.
 */
#include <linux/interrupt.h>

#include "calm.h"
#include "complete.h"
#include "irq.h"
#include "poller.h"
#include "queue.h"
#include "regs.h"

/*
 * With threaded interrupts: is it ours? The thread does the rest. A pin stays asserted until the
 * thread has been there, so it is masked until then; so is MSI, which INTMS covers as well.
 */
static irqreturn_t nvmq_irq_check(int irq, void *data)
{
	struct nvmq_queue *q = data;

	if (!nvmq_cq_peek(&q->cq))
		return IRQ_NONE;
	if (!q->ctrl->pdev->msix_enabled)
		nvmq_regs_write(q->ctrl, NVM_REG_INTMS, BIT(q->vector));
	return IRQ_WAKE_THREAD;
}

static irqreturn_t nvmq_irq_thread(int irq, void *data)
{
	struct nvmq_queue *q = data;
	irqreturn_t ret = nvmq_complete_irq(irq, data);

	if (!q->ctrl->pdev->msix_enabled)
		nvmq_regs_write(q->ctrl, NVM_REG_INTMC, BIT(q->vector));
	return ret;
}

/**
 * nvmq_irq_alloc_one - one vector, for the admin queue of a controller that is being brought up
 * @ctrl: controller without vectors
 *
 * The admin queue is tied to the kind of interrupt that it was enabled with: when memory was short
 * for MSI-X then, the I/O queues do not have it either.
 *
 * Context: may sleep.
 * Return: 0 or -errno.
 */
int nvmq_irq_alloc_one(struct nvmq_ctrl *ctrl)
{
	unsigned int types = PCI_IRQ_ALL_TYPES;
	int ret;

	if (ctrl->quirks & NVMQ_QUIRK_BROKEN_MSI)
		types &= ~PCI_IRQ_MSI;
	ret = pci_alloc_irq_vectors(ctrl->pdev, 1, 1, types);
	if (ret < 0)
		return ret;
	ctrl->nr_vectors = 1;
	ctrl->irq_types = types;
	if (!ctrl->pdev->msix_enabled)
		ctrl->irq_types &= ~PCI_IRQ_MSIX;
	if (!ctrl->pdev->msix_enabled && !ctrl->pdev->msi_enabled)
		ctrl->irq_types &= ~PCI_IRQ_MSI;
	return 0;
}

/* Splits the vectors after the first among default and read queues. */
static void nvmq_irq_calc_sets(struct irq_affinity *affd, unsigned int vectors)
{
	struct nvmq_ctrl *ctrl = affd->priv;
	unsigned int reads = 0;

	if (!vectors)
		vectors = 1;
	if (vectors > 1 && ctrl->want_writes)
		reads = ctrl->want_writes >= vectors ? 1 : vectors - ctrl->want_writes;

	ctrl->kinds[NVMQ_KIND_DEFAULT] = vectors - reads;
	ctrl->kinds[NVMQ_KIND_READ] = reads;
	affd->set_size[0] = vectors - reads;
	affd->set_size[1] = reads;
	affd->nr_sets = reads ? 2 : 1;
}

/**
 * nvmq_irq_alloc - vectors for all queues; decides how many queues of each kind there are
 * @ctrl: controller without vectors
 * @queues: I/O queues that the controller grants, at least one
 * @polled: of these, queues that need no interrupt; at least one other stays
 * @writes: queues for writes alone; 0: reads and writes share
 *
 * Fills ctrl->kinds and ctrl->nr_vectors.
 *
 * Context: may sleep.
 * Return: 0 or -errno.
 */
int nvmq_irq_alloc(struct nvmq_ctrl *ctrl, unsigned int queues, unsigned int polled,
		   unsigned int writes)
{
	struct irq_affinity affd = {
		.pre_vectors = 1,
		.calc_sets = nvmq_irq_calc_sets,
		.priv = ctrl,
	};
	unsigned int with_irq, most;
	int ret;

	polled = min(polled, queues - 1);
	with_irq = queues - polled;
	ctrl->want_writes = writes;
	ctrl->kinds[NVMQ_KIND_POLL] = polled;

	most = ctrl->quirks & NVMQ_QUIRK_SINGLE_VECTOR ? 1 : with_irq + 1;
	ret = pci_alloc_irq_vectors_affinity(ctrl->pdev, 1, most,
					     ctrl->irq_types | PCI_IRQ_AFFINITY, &affd);
	if (ret <= 0)
		return ret ? ret : -ENOSPC;
	ctrl->nr_vectors = ret;
	if (ret == 1) {
		/* one vector for everybody: one queue with interrupts is all that makes sense */
		ctrl->kinds[NVMQ_KIND_DEFAULT] = 1;
		ctrl->kinds[NVMQ_KIND_READ] = 0;
	}
	return 0;
}

/**
 * nvmq_irq_free - give all vectors back
 * @ctrl: controller; no handler is installed any more
 *
 * Context: may sleep.
 */
void nvmq_irq_free(struct nvmq_ctrl *ctrl)
{
	if (ctrl->nr_vectors)
		pci_free_irq_vectors(ctrl->pdev);
	ctrl->nr_vectors = 0;
}

/**
 * nvmq_irq_request - install the handler of a queue
 * @q: queue, its vector set
 *
 * Context: may sleep.
 * Return: 0 or -errno.
 */
int nvmq_irq_request(struct nvmq_queue *q)
{
	bool threaded = READ_ONCE(nvmq_use_threaded_interrupts), calm = nvmq_calm_wanted(q);
	irq_handler_t handler = calm ? nvmq_calm_irq : nvmq_complete_irq;
	int ret;

	if (calm)
		nvmq_calm_start(q, pci_irq_vector(q->ctrl->pdev, q->vector));
	ret = pci_request_irq(q->ctrl->pdev, q->vector, threaded ? nvmq_irq_check : handler,
			      threaded ? nvmq_irq_thread : NULL, q, "nvme%dq%d",
			      q->ctrl->instance, q->qid);
	if (ret)
		q->calm.on = false;
	else
		set_bit(NVMQ_Q_IRQ, &q->flags);
	return ret;
}

/**
 * nvmq_irq_release - remove the handler of a queue, if it has one, and wait until it is through
 * @q: queue
 *
 * Context: may sleep.
 */
void nvmq_irq_release(struct nvmq_queue *q)
{
	nvmq_calm_stop(q);
	if (test_and_clear_bit(NVMQ_Q_IRQ, &q->flags))
		pci_free_irq(q->ctrl->pdev, q->vector, q);
}

/**
 * nvmq_irq_end_polling - pollers take no more of a queue's completions
 * @q: queue, its ring still there
 *
 * Context: tear-down; does not sleep.
 */
void nvmq_irq_end_polling(struct nvmq_queue *q)
{
	if (!test_and_clear_bit(NVMQ_Q_POLLED, &q->flags))
		return;
	spin_lock(&q->cq.poll_lock);
	WRITE_ONCE(q->cq.look, NULL);
	spin_unlock(&q->cq.poll_lock);
}

static DEFINE_PER_CPU(struct nvmq_poller, nvmq_irq_poller);

/* There is something to take, as it seems. */
static noinline int nvmq_irq_take_polled(struct nvmq_queue *q, struct io_comp_batch *iob)
{
	unsigned int found = 0;

	spin_lock(&q->cq.poll_lock);
	/* it may have been stopped meanwhile */
	if (likely(q->cq.look)) {
		found = nvmq_complete_poll(q, iob);
		q->cq.polled += found;
		WRITE_ONCE(q->cq.look, &q->cq.ring[q->cq.head].status);
	}
	spin_unlock(&q->cq.poll_lock);
	if (COMPAT_POLL_LOOPS)
		nvmq_poller_found(raw_cpu_ptr(&nvmq_irq_poller));
	return found;
}

/* Is something at the place where a poller looks? */
static __always_inline bool nvmq_irq_sees(const __le16 *look, u8 phase)
{
	return !((le16_to_cpu(READ_ONCE(*look)) ^ phase) & NVM_CQE_PHASE);
}

/*
 * A look was in vain: looks for a moment longer, if it may. The first of a pass claims the batch,
 * as its first completion would; what another driver finds in that pass is ended one by one.
 */
static noinline int nvmq_irq_wait(struct nvmq_queue *q, struct io_comp_batch *iob)
{
	const __le16 *look = READ_ONCE(q->cq.look);
	u8 phase = READ_ONCE(q->cq.phase);
	unsigned int n = NVMQ_POLLER_LOOKS;

	if (iob) {
		bool begins = !iob->complete;

		if (begins)
			iob->complete = blk_mq_end_request_batch;
		if (!nvmq_poller_may_wait(raw_cpu_ptr(&nvmq_irq_poller), q, begins))
			return 0;
	}
	if (!look || need_resched())
		return 0;
	do {
		cpu_relax();
		if (nvmq_irq_sees(look, phase))
			return nvmq_irq_take_polled(q, iob);
	} while (--n);
	return 0;
}

static __always_inline int nvmq_irq_do_poll(struct nvmq_queue *q, struct io_comp_batch *iob)
{
	const __le16 *look = READ_ONCE(q->cq.look);

	if (!look)
		return 0;
	if (nvmq_irq_sees(look, READ_ONCE(q->cq.phase)))
		return nvmq_irq_take_polled(q, iob);
	if (!COMPAT_POLL_LOOPS || nvmq_poller_goes_on(raw_cpu_ptr(&nvmq_irq_poller), q))
		return 0;
	return nvmq_irq_wait(q, iob);
}

/**
 * nvmq_irq_poll_queue - look for completions of a queue
 * @q: queue
 * @iob: batch that the caller ends, or NULL
 *
 * Most looks are in vain, and to look is all that a poller does: it has a pointer to what it looks
 * at. Who sees it, or the phase, a moment too early or too late takes nothing, or comes again.
 *
 * Context: does not sleep; waits for a microsecond at the most.
 * Return: completions found; 0 for a queue that has an interrupt.
 */
int nvmq_irq_poll_queue(struct nvmq_queue *q, struct io_comp_batch *iob)
{
	return nvmq_irq_do_poll(q, iob);
}

/**
 * nvmq_irq_sync - wait until who ended the last request of a queue is through with the queue, too
 * @q: queue; nothing is in flight
 *
 * Context: may sleep.
 */
void nvmq_irq_sync(struct nvmq_queue *q)
{
	if (test_bit(NVMQ_Q_IRQ, &q->flags))
		synchronize_irq(pci_irq_vector(q->ctrl->pdev, q->vector));
	spin_lock(&q->cq.poll_lock);
	spin_unlock(&q->cq.poll_lock);
}

/**
 * nvmq_irq_poll - blk-mq's poll: look for completions of a queue without interrupt
 * @hctx: hardware context
 * @iob: batch that the caller ends, or NULL
 *
 * Context: does not sleep.
 * Return: completions found.
 */
int nvmq_irq_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob)
{
	return nvmq_irq_do_poll(hctx->driver_data, iob);
}

/**
 * nvmq_irq_look - look for completions of any queue, because no interrupt came
 * @q: queue that the controller knows
 *
 * Context: may sleep; down_lock is held.
 * Return: completions found.
 */
unsigned int nvmq_irq_look(struct nvmq_queue *q)
{
	bool has_irq = test_bit(NVMQ_Q_IRQ, &q->flags);
	unsigned int found;
	int irq = 0;

	if (!has_irq && !test_bit(NVMQ_Q_POLLED, &q->flags))
		return 0;
	if (has_irq) {
		irq = pci_irq_vector(q->ctrl->pdev, q->vector);
		disable_irq(irq);
	}
	/* several namespaces' timeouts may look at one queue at the same time */
	spin_lock(&q->cq.poll_lock);
	found = nvmq_complete_drain(q, NULL);
	if (has_irq)
		q->cq.missed += found;
	else
		q->cq.polled += found;
	spin_unlock(&q->cq.poll_lock);
	if (has_irq)
		enable_irq(irq);
	return found;
}

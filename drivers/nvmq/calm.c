// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt moderation. Under load a queue's vector is disabled and a timer looks for completions,
 * as often as a quarter of what is in flight is completed; when load is gone the vector is enabled
 * again. Where the controller coalesces (coalesce.c) that is left to it, and the kernel's dynamic
 * interrupt moderation (lib/dim) says when.
 *
 * A queue that has this has a handler of its own; others pay nothing for it. At depth 1 nothing is
 * delayed: with few commands in flight the handler does what the ordinary one does.
 *
 * One CPU at a time drains: the handler, or, while the vector is disabled, the timer. Who takes a
 * look at such a queue for other reasons (nvmq_irq_look()) holds poll_lock, which the timer only
 * tries. The vector is never disabled while nothing is in flight: a processor that goes away waits
 * for the commands of its queue, and then for nobody.
 */
#include <linux/dim.h>
#include <linux/irq.h>
#include <linux/ktime.h>
#include <linux/math64.h>

#include "bell.h"
#include "calm.h"
#include "complete.h"
#include "queue.h"

/* So many interrupts in a row find little in flight: the controller is to coalesce no more. */
#define NVMQ_CALM_QUIET 4
/* What the mean is taken over. */
#define NVMQ_CALM_MEAN 8

/* Completions were taken: how far are they apart? Long pauses are no measure. */
static void nvmq_calm_measure(struct nvmq_calm *c, u64 now, u32 found)
{
	u64 one = div_u64(min_t(u64, now - c->last, 4 * NVMQ_CALM_LIMIT), found);

	c->last = now;
	c->interval += ((s64)one - c->interval) / NVMQ_CALM_MEAN;
}

/* Tells dim what happened. It asks for coalesce.c's work when that should change. */
static void nvmq_calm_report(struct nvmq_queue *q)
{
	struct nvmq_calm *c = &q->calm;
	struct dim_sample sample = {};

	c->quiet = 0;
	if (!IS_ENABLED(CONFIG_DIMLIB))
		return;
	dim_update_sample(++c->events, q->cq.completed, q->cq.completed * SZ_4K, &sample);
	net_dim(&c->dim, &sample);
}

/* Little is in flight: a controller that still coalesces would make it wait. */
static void nvmq_calm_rest(struct nvmq_calm *c)
{
	struct dim *dim = &c->dim;

	if (!c->coalesced || dim->state == DIM_APPLY_NEW_PROFILE)
		return;
	if (++c->quiet < NVMQ_CALM_QUIET)
		return;
	dim->state = DIM_APPLY_NEW_PROFILE;
	schedule_work(&dim->work);
}

/* Much is in flight: look again later, and be called by nobody until then. */
static void nvmq_calm_load(struct nvmq_queue *q, u32 found, u64 left)
{
	struct nvmq_calm *c = &q->calm;
	u32 delay;

	if (c->hardware) {
		nvmq_calm_report(q);
		return;
	}
	nvmq_calm_measure(c, ktime_get_ns(), found);
	delay = nvmq_calm_delay(c->interval, left);
	if (!delay || !READ_ONCE(c->on))
		return;
	c->phases++;
	c->timed = true;
	disable_irq_nosync(c->irq);
	hrtimer_start(&c->timer, ns_to_ktime(delay), HRTIMER_MODE_REL_PINNED);
}

/**
 * nvmq_calm_irq - a vector's handler, with moderation
 * @irq: its number
 * @data: queue
 *
 * Context: the queue's interrupt.
 * Return: whether there was something to do. What was disabled while it was raised comes once more
 * when it is enabled, and finds nothing.
 */
irqreturn_t nvmq_calm_irq(int irq, void *data)
{
	struct nvmq_queue *q = data;
	struct nvmq_calm *c = &q->calm;
	u64 before = q->cq.completed, left;
	u32 found;

	nvmq_complete_irq(irq, data);
	found = q->cq.completed - before;
	if (!found)
		return c->phases ? IRQ_HANDLED : IRQ_NONE;
	left = nvmq_queue_in_flight(q);
	if (left && left + found >= NVMQ_CALM_FLIGHT)
		nvmq_calm_load(q, found, left);
	else
		nvmq_calm_rest(c);
	return IRQ_HANDLED;
}

/* Takes what is there. False if somebody else is just looking. */
static bool nvmq_calm_look(struct nvmq_queue *q, u32 *found)
{
	struct io_comp_batch batch = {};

	if (!spin_trylock(&q->cq.poll_lock))
		return false;
	*found = nvmq_complete_drain(q, &batch);
	spin_unlock(&q->cq.poll_lock);
	if (batch.complete)
		batch.complete(&batch);
	return true;
}

static enum hrtimer_restart nvmq_calm_expired(struct hrtimer *timer)
{
	struct nvmq_calm *c = container_of(timer, struct nvmq_calm, timer);
	struct nvmq_queue *q = container_of(c, struct nvmq_queue, calm);
	u32 found = 0, delay = 0;

	if (!READ_ONCE(c->on))
		return HRTIMER_NORESTART;
	if (!nvmq_calm_look(q, &found)) {
		delay = c->interval + 1;
	} else if (found) {
		c->looks++;
		c->taken += found;
		nvmq_calm_measure(c, ktime_get_ns(), found);
		delay = nvmq_calm_delay(c->interval, nvmq_queue_in_flight(q));
	}
	if (delay) {
		hrtimer_forward_now(timer, ns_to_ktime(delay));
		return HRTIMER_RESTART;
	}
	c->timed = false;
	enable_irq(c->irq);
	return HRTIMER_NORESTART;
}

/*
 * A vector that several queues share must not be disabled for one of them. An interrupt controller
 * on a slow bus could not be told from the handler that it is.
 */
static bool nvmq_calm_possible(const struct nvmq_queue *q)
{
	const struct nvmq_ctrl *ctrl = q->ctrl;
	unsigned int queues = ctrl->kinds[NVMQ_KIND_DEFAULT] + ctrl->kinds[NVMQ_KIND_READ];
	struct irq_chip *chip;

	if (!q->qid || !ctrl->pdev->msix_enabled || queues >= ctrl->nr_vectors)
		return false;
	chip = irq_get_chip(pci_irq_vector(ctrl->pdev, q->vector));
	return chip && !chip->irq_bus_lock;
}

/**
 * nvmq_calm_wanted - is the interrupt of a queue to be moderated?
 * @q: queue whose vector is known
 *
 * Only where somebody asked for it: on an idle machine a timer that looks costs more than it saves
 * (Documentation/decisions/0013-interrupts-may-wait.md).
 *
 * Context: bring-up.
 * Return: true if it is, and can be.
 */
bool nvmq_calm_wanted(const struct nvmq_queue *q)
{
	return q->ctrl->calm_mode == NVMQ_BELL_ON && !READ_ONCE(nvmq_use_threaded_interrupts) &&
	       nvmq_calm_possible(q);
}

/**
 * nvmq_calm_start - nvmq_calm_irq() is about to be installed
 * @q: queue
 * @irq: its interrupt
 *
 * Context: bring-up.
 */
void nvmq_calm_start(struct nvmq_queue *q, int irq)
{
	struct nvmq_calm *c = &q->calm;

	hrtimer_setup(&c->timer, nvmq_calm_expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	c->irq = irq;
	c->last = ktime_get_ns();
	c->interval = 0;
	c->quiet = 0;
	c->timed = false;
	WRITE_ONCE(c->on, true);
}

/**
 * nvmq_calm_stop - from now on nobody but the handler looks for completions
 * @q: queue, its handler installed
 *
 * Context: may sleep; down_lock is held.
 */
void nvmq_calm_stop(struct nvmq_queue *q)
{
	struct nvmq_calm *c = &q->calm;

	if (!c->on)
		return;
	WRITE_ONCE(c->on, false);
	/* waits for a handler that has not seen it yet */
	disable_irq(c->irq);
	hrtimer_cancel(&c->timer);
	if (c->timed) {
		c->timed = false;
		enable_irq(c->irq);
	}
	enable_irq(c->irq);
}

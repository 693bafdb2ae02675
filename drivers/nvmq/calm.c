// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupt moderation. Under load a queue's vector is disabled and a timer looks for completions
 * (calm.h says when); when load is gone the vector is enabled again. Where the controller coalesces
 * (coalesce.c) that is left to it while much is in flight, and the kernel's dynamic interrupt
 * moderation (lib/dim) says when.
 *
 * A queue that has this has a handler of its own; others pay nothing for it. At depth 1 nothing is
 * delayed: with few commands in flight the handler does what the ordinary one does.
 *
 * One CPU at a time drains: the handler, or, while the vector is disabled, the timer. Who takes a
 * look at such a queue for other reasons (nvmq_irq_look()) holds poll_lock, which the timer only
 * tries. A processor that goes away takes its vectors with it, which must not be disabled then: it
 * is no longer active before that, which ends moderation at the next look, and waits for one.
 */
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/dim.h>
#include <linux/irq.h>
#include <linux/ktime.h>

#include "bell.h"
#include "calm.h"
#include "complete.h"
#include "queue.h"

/* With fewer commands in flight a controller is not to coalesce. */
#define NVMQ_CALM_FLIGHT 8
/* So many interrupts in a row find little in flight: the controller is to coalesce no more. */
#define NVMQ_CALM_QUIET 4

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

	if (dim->state == DIM_APPLY_NEW_PROFILE)
		return;
	if (++c->quiet < NVMQ_CALM_QUIET)
		return;
	dim->state = DIM_APPLY_NEW_PROFILE;
	schedule_work(&dim->work);
}

/* Look again later, perhaps, and be called by nobody until then. */
static void nvmq_calm_load(struct nvmq_queue *q, u32 found, u64 flight)
{
	struct nvmq_calm *c = &q->calm;
	u32 delay;

	if (!nvmq_pulse_interrupt(&c->pulse, found, flight))
		return;
	delay = nvmq_pulse_begin(&c->pulse, ktime_get_ns());
	if (!delay || !READ_ONCE(c->on) || !cpu_active(smp_processor_id()))
		return;
	c->phases++;
	WRITE_ONCE(c->timed, true);
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
	u64 before = q->cq.completed, flight = nvmq_queue_in_flight(q);
	u32 found;

	nvmq_complete_irq(irq, data);
	found = q->cq.completed - before;
	if (!found)
		return c->phases ? IRQ_HANDLED : IRQ_NONE;
	if (c->hardware && flight >= NVMQ_CALM_FLIGHT)
		nvmq_calm_report(q);
	else if (c->coalesced)
		nvmq_calm_rest(c);
	else
		nvmq_calm_load(q, found, flight);
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
	u32 found = 0, delay;

	if (!READ_ONCE(c->on))
		return HRTIMER_NORESTART;
	if (!nvmq_calm_look(q, &found)) {
		delay = c->pulse.base + 1;
	} else {
		c->looks++;
		c->taken += found;
		delay = nvmq_pulse_look(&c->pulse, ktime_get_ns(), found);
	}
	if (delay && cpu_active(smp_processor_id())) {
		hrtimer_forward_now(timer, ns_to_ktime(delay));
		return HRTIMER_RESTART;
	}
	WRITE_ONCE(c->timed, false);
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
 * Where nobody asked for it or against it: where doorbells are moderated as well, for an interrupt
 * enters and leaves a virtual machine, too (Documentation/decisions/0013-interrupts-may-wait.md).
 *
 * Context: bring-up.
 * Return: true if it is, and can be.
 */
bool nvmq_calm_wanted(const struct nvmq_queue *q)
{
	if (q->ctrl->calm_mode == NVMQ_BELL_OFF || READ_ONCE(nvmq_use_threaded_interrupts) ||
	    !nvmq_calm_possible(q))
		return false;
	return q->ctrl->calm_mode == NVMQ_BELL_ON || nvmq_bell_is_dear(q);
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
	nvmq_pulse_reset(&c->pulse, ktime_get_ns());
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

/*
 * A processor goes away, and everybody who might have taken it for active is through. All timers
 * that run on it expire before ours; none is started again.
 */
static int nvmq_calm_cpu_offline(unsigned int cpu)
{
	usleep_range(2 * NVMQ_CALM_LIMIT / NSEC_PER_USEC, 3 * NVMQ_CALM_LIMIT / NSEC_PER_USEC);
	return 0;
}

static int nvmq_calm_cpuhp;

/**
 * nvmq_calm_module_init - be told of processors that go away
 *
 * Context: module init.
 * Return: 0 or -errno.
 */
int nvmq_calm_module_init(void)
{
	int ret = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "nvmq:calm", NULL,
					    nvmq_calm_cpu_offline);

	if (ret < 0)
		return ret;
	nvmq_calm_cpuhp = ret;
	return 0;
}

/**
 * nvmq_calm_module_exit - undo nvmq_calm_module_init()
 *
 * Context: module exit; there are no controllers.
 */
void nvmq_calm_module_exit(void)
{
	cpuhp_remove_state_nocalls(nvmq_calm_cpuhp);
}

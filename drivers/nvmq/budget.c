// SPDX-License-Identifier: GPL-2.0
/*
 * The budget of a recovery: one deadline (parameter recovery_budget_ms) from the first sign of
 * trouble until the controller is live or dead. Each wait on the way asks here how long it may be.
 *
 *	abort	at most a quarter is waited for the answer of a command that was to be aborted
 *	stop	at most a third for a controller that was told to stop; it loses the bus then
 *	ready	what the controller declares (CAP.TO, CRTO), within what is left. One that declares
 *		more than the whole budget gets that, and a quarter of the budget afterwards
 *	command	the admin time-out, within what is left; in a bring-up within half of it, so that
 *		there is time for a second one
 *
 * The clock is started by who moves the controller to NVMQ_RESETTING (nvmq_ctrl.reset_since) and
 * read by the one reset work.
 */
#include <linux/ktime.h>

#include "budget.h"

/* blk-mq's timer rounds up to a second; a deadline that is nearer than this is not cut for it. */
#define NVMQ_BUDGET_ROUND_MS 1000

/**
 * nvmq_budget_share - a part of the whole budget
 * @part: which, NVMQ_BUDGET_*
 *
 * Context: any.
 * Return: milliseconds.
 */
unsigned int nvmq_budget_share(unsigned int part)
{
	return READ_ONCE(nvmq_recovery_budget_ms) / part;
}

/**
 * nvmq_budget_begin - the recovery has its budget from now on
 * @ctrl: controller
 * @since: when the trouble began
 *
 * Context: the reset work.
 */
void nvmq_budget_begin(struct nvmq_ctrl *ctrl, ktime_t since)
{
	WRITE_ONCE(ctrl->deadline, ktime_add_ms(since, nvmq_budget_share(1)));
}

/**
 * nvmq_budget_limit - what follows has so much time, and no budget of its own
 * @ctrl: controller that is on its way out or being suspended
 * @ms: milliseconds
 *
 * Context: who stops the controller in an orderly way; no recovery is running.
 */
void nvmq_budget_limit(struct nvmq_ctrl *ctrl, unsigned int ms)
{
	WRITE_ONCE(ctrl->deadline, ktime_add_ms(ktime_get(), ms));
}

/**
 * nvmq_budget_end - it is over; commands have their usual time
 * @ctrl: controller
 *
 * Context: who began it.
 */
void nvmq_budget_end(struct nvmq_ctrl *ctrl)
{
	WRITE_ONCE(ctrl->deadline, 0);
}

/**
 * nvmq_budget_left - what is left
 * @ctrl: controller
 *
 * Context: any.
 * Return: milliseconds, 0 if it is used up, UINT_MAX if there is no limit now.
 */
unsigned int nvmq_budget_left(struct nvmq_ctrl *ctrl)
{
	ktime_t deadline = READ_ONCE(ctrl->deadline);

	if (!deadline)
		return UINT_MAX;
	return clamp_t(s64, ktime_ms_delta(deadline, ktime_get()), 0, UINT_MAX - 1);
}

/**
 * nvmq_budget_timeout - the time-out of an admin command of the driver's own
 * @ctrl: controller
 * @timeout: its usual one, jiffies
 *
 * Context: any.
 * Return: jiffies, at least one; within what is left, where there is a limit.
 */
unsigned int nvmq_budget_timeout(struct nvmq_ctrl *ctrl, unsigned int timeout)
{
	unsigned int left = nvmq_budget_left(ctrl);

	if (left == UINT_MAX)
		return timeout;
	/* one that is never answered leaves time for another bring-up */
	if (nvmq_state(ctrl) == NVMQ_CONNECTING)
		left /= 2;
	if (left > 2 * NVMQ_BUDGET_ROUND_MS)
		left -= NVMQ_BUDGET_ROUND_MS;
	return clamp_t(unsigned long, msecs_to_jiffies(left), 1, timeout);
}

/**
 * nvmq_budget_stop_ms - how long to wait for a controller that was told to stop
 * @ctrl: controller
 * @declared: what it says that it needs, milliseconds
 *
 * Context: any.
 * Return: milliseconds; 0 for one that has shown in this recovery that it does not listen.
 */
unsigned int nvmq_budget_stop_ms(struct nvmq_ctrl *ctrl, unsigned int declared)
{
	if (test_bit(NVMQ_CF_HOPELESS, &ctrl->flags))
		return 0;
	return min3(declared, nvmq_budget_share(NVMQ_BUDGET_STOP), nvmq_budget_left(ctrl));
}

/**
 * nvmq_budget_ready_ms - how long to wait for a controller that was told to become ready
 * @ctrl: controller
 * @declared: what it says that it needs, milliseconds
 *
 * Context: any.
 * Return: milliseconds.
 */
unsigned int nvmq_budget_ready_ms(struct nvmq_ctrl *ctrl, unsigned int declared)
{
	return declared > nvmq_budget_share(1) ? declared : min(declared, nvmq_budget_left(ctrl));
}

/**
 * nvmq_budget_was_ready - one that declares more than the budget is ready: time for the rest
 * @ctrl: controller
 * @declared: what it says that it needs, milliseconds
 *
 * Context: the reset work.
 */
void nvmq_budget_was_ready(struct nvmq_ctrl *ctrl, unsigned int declared)
{
	unsigned int rest = nvmq_budget_share(4);

	if (declared > nvmq_budget_share(1) && nvmq_budget_left(ctrl) < rest)
		nvmq_budget_limit(ctrl, rest);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The controller's state. A table says which transitions are legal, one function performs them and
 * tells the caller whether it won. Everybody else only asks: timeouts, PCIe errors, sysfs and
 * asynchronous events request a reset here, and the reset work does it.
 *
 * - probe:          NEW -> RESETTING, reset work queued
 * - reset work:     RESETTING -> CONNECTING -> LIVE, or -> DEAD when the bring-up fails
 * - a fault:        LIVE -> RESETTING, reset work queued
 * - a user's reset, or one of its slot: LIVE or DEAD -> RESETTING
 * - remove():       anything -> DELETING, for good
 *
 * DEAD is final for the driver itself: whatever it notices of a controller that was given up, or
 * has noticed before and says late, starts nothing any more.
 */
#ifdef __KERNEL__
#include <linux/delay.h>
#endif

#include "state.h"
#include "trace.h"

#define TO(state) BIT(NVMQ_##state)

static const u8 nvmq_state_next[NVMQ_NR_STATES] = {
	[NVMQ_NEW] = TO(RESETTING) | TO(DELETING),
	[NVMQ_RESETTING] = TO(CONNECTING) | TO(DEAD) | TO(DELETING),
	[NVMQ_CONNECTING] = TO(LIVE) | TO(DEAD) | TO(DELETING),
	[NVMQ_LIVE] = TO(RESETTING) | TO(DELETING),
	[NVMQ_DEAD] = TO(DELETING),
	[NVMQ_DELETING] = 0,
};

/* What a user, or the platform, may ask for beyond that. */
static const u8 nvmq_state_next_by_user[NVMQ_NR_STATES] = {
	[NVMQ_DEAD] = TO(RESETTING),
};

static const char *const nvmq_state_names[NVMQ_NR_STATES] = {
	[NVMQ_NEW] = "new",
	[NVMQ_RESETTING] = "resetting",
	[NVMQ_CONNECTING] = "connecting",
	[NVMQ_LIVE] = "live",
	[NVMQ_DEAD] = "dead",
	[NVMQ_DELETING] = "deleting",
};

/**
 * nvmq_state_legal - may a controller go from one state to another?
 * @from: state it is in
 * @to: state it shall have
 * @by: who wants it
 *
 * Context: any.
 * Return: true if the table has the transition; staying is not one.
 */
bool nvmq_state_legal(enum nvmq_state from, enum nvmq_state to, enum nvmq_by by)
{
	u8 next;

	if (from >= NVMQ_NR_STATES || to >= NVMQ_NR_STATES)
		return false;
	next = nvmq_state_next[from];
	if (by == NVMQ_BY_USER)
		next |= nvmq_state_next_by_user[from];
	return next & BIT(to);
}

/**
 * nvmq_state_name - the word that sysfs and the log use
 * @state: a state
 *
 * Context: any.
 * Return: a constant string, "unknown" for what is not a state.
 */
const char *nvmq_state_name(enum nvmq_state state)
{
	return state < NVMQ_NR_STATES ? nvmq_state_names[state] : "unknown";
}

#ifdef __KERNEL__

/* Reset works of all controllers; the scan and event works have the system's queue. */
static struct workqueue_struct *nvmq_reset_wq;

/**
 * nvmq_state_module_init - make the work queue that resets run on
 *
 * WQ_MEM_RECLAIM: a reset may be what the swap device waits for.
 *
 * Context: module init, may sleep.
 * Return: 0 or -ENOMEM.
 */
int nvmq_state_module_init(void)
{
	nvmq_reset_wq = alloc_workqueue("nvmq-reset", WQ_UNBOUND | WQ_MEM_RECLAIM, 0);
	return nvmq_reset_wq ? 0 : -ENOMEM;
}

/**
 * nvmq_state_module_exit - undo nvmq_state_module_init()
 *
 * Context: module exit, may sleep.
 */
void nvmq_state_module_exit(void)
{
	destroy_workqueue(nvmq_reset_wq);
}

/**
 * nvmq_state_init - first state of a controller
 * @ctrl: controller, zeroed
 *
 * Context: probe, before anybody else can see @ctrl.
 */
void nvmq_state_init(struct nvmq_ctrl *ctrl)
{
	spin_lock_init(&ctrl->state_lock);
	init_waitqueue_head(&ctrl->state_wait);
	ctrl->state = NVMQ_NEW;
}

/*
 * The one place that writes the state. @seen: nothing may have happened since then; NULL: whatever
 * has.
 */
static bool nvmq_state_move(struct nvmq_ctrl *ctrl, enum nvmq_state to, enum nvmq_by by,
			    const struct nvmq_moment *seen)
{
	enum nvmq_state from;
	unsigned long irqflags;
	bool won;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	from = ctrl->state;
	won = nvmq_state_legal(from, to, by) && (!seen || seen->moves == ctrl->state_moves);
	if (won) {
		WRITE_ONCE(ctrl->state, to);
		WRITE_ONCE(ctrl->state_moves, ctrl->state_moves + 1);
	}
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);

	if (!won)
		return false;
	nvmq_trace_state(ctrl, from, to);
	wake_up_all(&ctrl->state_wait);
	return true;
}

/**
 * nvmq_state_set - move a controller to another state
 * @ctrl: controller
 * @to: state that it shall have
 *
 * Context: any; takes state_lock.
 * Return: true if this call moved it, false if the table forbids it from where it is by now.
 */
bool nvmq_state_set(struct nvmq_ctrl *ctrl, enum nvmq_state to)
{
	return nvmq_state_move(ctrl, to, NVMQ_BY_DRIVER, NULL);
}

/**
 * nvmq_state_look - the state, in a form that tells later whether it was left meanwhile
 * @ctrl: controller
 *
 * Context: any; takes state_lock.
 * Return: the moment.
 */
struct nvmq_moment nvmq_state_look(struct nvmq_ctrl *ctrl)
{
	struct nvmq_moment now;
	unsigned long irqflags;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	now.state = ctrl->state;
	now.moves = ctrl->state_moves;
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
	return now;
}

/**
 * nvmq_state_unmoved - is the state what it was, and was it so all the time?
 * @ctrl: controller
 * @seen: what nvmq_state_look() said
 *
 * Context: any.
 * Return: true if nothing has happened since.
 */
bool nvmq_state_unmoved(const struct nvmq_ctrl *ctrl, const struct nvmq_moment *seen)
{
	return READ_ONCE(ctrl->state_moves) == seen->moves;
}

static bool nvmq_state_settled(struct nvmq_ctrl *ctrl)
{
	enum nvmq_state state = nvmq_state(ctrl);

	return state == NVMQ_LIVE || state == NVMQ_DEAD || state == NVMQ_DELETING;
}

/**
 * nvmq_state_wait_settled - wait while a controller is being brought up
 * @ctrl: controller
 * @timeout: jiffies to wait at most
 *
 * Context: may sleep; a signal ends the wait.
 * Return: true if the controller is live now.
 */
bool nvmq_state_wait_settled(struct nvmq_ctrl *ctrl, unsigned long timeout)
{
	wait_event_interruptible_timeout(ctrl->state_wait, nvmq_state_settled(ctrl), timeout);
	return nvmq_state(ctrl) == NVMQ_LIVE;
}

static int nvmq_state_ask(struct nvmq_ctrl *ctrl, const char *why, unsigned long ago,
			  enum nvmq_by by, const struct nvmq_moment *seen)
{
	if (!nvmq_state_move(ctrl, NVMQ_RESETTING, by, seen))
		return nvmq_state(ctrl) == NVMQ_DELETING ? -ENODEV : -EBUSY;

	ctrl->reset_since = ktime_sub_ms(ktime_get(), jiffies_to_msecs(ago));
	strscpy(ctrl->reset_why, why, sizeof(ctrl->reset_why));
	if (!queue_work(nvmq_reset_wq, &ctrl->reset_work))
		return -EBUSY;
	return 0;
}

/**
 * nvmq_state_request_reset_by - as nvmq_state_request_reset(), for somebody
 * @ctrl: controller
 * @why: reason, as for nvmq_state_request_reset()
 * @by: who wants it; one that is dead is tried again only for NVMQ_BY_USER
 *
 * Context: any.
 * Return: as nvmq_state_request_reset().
 */
int nvmq_state_request_reset_by(struct nvmq_ctrl *ctrl, const char *why, enum nvmq_by by)
{
	return nvmq_state_ask(ctrl, why, 0, by, NULL);
}

/**
 * nvmq_state_request_reset - ask for a reset; the reset work performs it
 * @ctrl: controller
 * @why: reason in a few words, for the log; at most 47 bytes are kept
 *
 * For what the driver notices: a controller that is dead stays so.
 *
 * Context: any.
 * Return: 0 if the reset is under way because of this call, -EBUSY if another one is already or it
 * is dead, -ENODEV if the controller is being removed.
 */
int nvmq_state_request_reset(struct nvmq_ctrl *ctrl, const char *why)
{
	return nvmq_state_request_reset_by(ctrl, why, NVMQ_BY_DRIVER);
}

/**
 * nvmq_state_request_recovery - ask for a reset because of something that began earlier
 * @ctrl: controller
 * @why: reason, as for nvmq_state_request_reset()
 * @ago: jiffies since the first sign of trouble; the budget of the recovery began then
 * @seen: the moment of which that is true: who finds the controller reset since, or dead, is late
 *
 * Context: any.
 * Return: as nvmq_state_request_reset(); -EBUSY, too, if something happened since @seen.
 */
int nvmq_state_request_recovery(struct nvmq_ctrl *ctrl, const char *why, unsigned long ago,
				const struct nvmq_moment *seen)
{
	return nvmq_state_ask(ctrl, why, ago, NVMQ_BY_DRIVER, seen);
}

/**
 * nvmq_state_resume_reset - start the reset of a controller that was stopped beforehand
 * @ctrl: controller in NVMQ_RESETTING: suspended, or waiting for the bus to come back
 * @why: reason, as for nvmq_state_request_reset()
 *
 * Context: any.
 */
void nvmq_state_resume_reset(struct nvmq_ctrl *ctrl, const char *why)
{
	if (nvmq_state(ctrl) != NVMQ_RESETTING)
		return;
	ctrl->reset_since = ktime_get();
	strscpy(ctrl->reset_why, why, sizeof(ctrl->reset_why));
	queue_work(nvmq_reset_wq, &ctrl->reset_work);
}

/**
 * nvmq_state_park - take a controller out of service for a while
 * @ctrl: controller; nvmq_state_resume_reset() brings it back
 * @by: who wants it; a controller that is dead is parked for users alone
 *
 * Context: may sleep; never from the reset work itself.
 * Return: true if it is in NVMQ_RESETTING now because of this call, with no reset work under way;
 * false if it is dead, or being removed, or others ask for resets all the time.
 */
bool nvmq_state_park(struct nvmq_ctrl *ctrl, enum nvmq_by by)
{
	int i;

	/* somebody may ask for a reset just after each flush, but not for ever */
	for (i = 0; i < 100; i++) {
		flush_work(&ctrl->reset_work);
		if (nvmq_state_move(ctrl, NVMQ_RESETTING, by, NULL))
			return true;
		if (nvmq_state(ctrl) == NVMQ_DELETING || nvmq_state(ctrl) == NVMQ_DEAD)
			break;
		msleep(20);
	}
	return false;
}

/**
 * nvmq_state_reset_sync - reset a controller and wait for the outcome
 * @ctrl: controller
 * @why: reason, as for nvmq_state_request_reset()
 * @by: who wants it; a user may try one that is dead
 *
 * Context: may sleep; never from the reset work itself.
 * Return: 0 if the controller is live afterwards, -EBUSY, -ENODEV, or -EIO if it is dead.
 */
int nvmq_state_reset_sync(struct nvmq_ctrl *ctrl, const char *why, enum nvmq_by by)
{
	int err = nvmq_state_ask(ctrl, why, 0, by, NULL);

	if (err)
		return err;
	flush_work(&ctrl->reset_work);
	return nvmq_state(ctrl) == NVMQ_LIVE ? 0 : -EIO;
}

/**
 * nvmq_state_request_scan - ask for a look at the namespaces; the scan work performs it
 * @ctrl: controller; one that is not live is scanned when it becomes so
 *
 * Context: any.
 */
void nvmq_state_request_scan(struct nvmq_ctrl *ctrl)
{
	if (nvmq_state(ctrl) == NVMQ_LIVE)
		queue_work(system_dfl_wq, &ctrl->scan_work);
}

/**
 * nvmq_state_request_watch - ask for an eye on completions without an interrupt
 * @ctrl: controller that gets commands
 *
 * Context: any.
 */
void nvmq_state_request_watch(struct nvmq_ctrl *ctrl)
{
	queue_delayed_work(system_dfl_wq, &ctrl->watch_work, HZ);
}

#endif /* __KERNEL__ */

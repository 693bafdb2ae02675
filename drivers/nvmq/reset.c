// SPDX-License-Identifier: GPL-2.0
/*
 * The one sequence that brings a controller up. Probe, a user's reset, a fault, resume, FLR and
 * PCIe errors all end here: stop what may still run, then the numbered steps, then live. A step
 * that fails makes the controller dead: its I/O fails at once, its character device stays for
 * diagnosis, and a reset asked for by a user tries again.
 *
 * All of it has one budget (budget.c). Where a controller does not obey its registers and its
 * function can be reset, that is done once, and the steps are tried again (flr.c).
 */
#include <linux/ktime.h>

#include "admin.h"
#include "blkmq.h"
#include "budget.h"
#include "cc.h"
#include "chrdev.h"
#include "cmb.h"
#include "coalesce.h"
#include "ctrl.h"
#include "dma.h"
#include "down.h"
#include "event.h"
#include "flr.h"
#include "guard.h"
#include "host.h"
#include "hmb.h"
#include "hwmon.h"
#include "ioq.h"
#include "inject.h"
#include "irq.h"
#include "opal.h"
#include "power.h"
#include "queue.h"
#include "record.h"
#include "regs.h"
#include "reset.h"
#include "state.h"
#include "subsys.h"
#include "thermal.h"
#include "trace.h"

/*
 * Who resets the bus behind our back, or lets the power fail, takes the function's addresses from
 * it. They are given back, if that is what has happened.
 */
static void nvmq_reset_restore(struct nvmq_ctrl *ctrl)
{
	u32 bar, want = lower_32_bits(pci_bus_address(ctrl->pdev, 0));

	if (pci_read_config_dword(ctrl->pdev, PCI_BASE_ADDRESS_0, &bar) ||
	    PCI_POSSIBLE_ERROR(bar) || (bar & PCI_BASE_ADDRESS_MEM_MASK) == want)
		return;
	nvmq_warn(ctrl, "has lost its configuration: it is restored\n");
	pci_restore_state(ctrl->pdev);
}

/* 1. The PCI function answers and may do DMA; one vector, for the admin queue. */
static int nvmq_reset_function(struct nvmq_ctrl *ctrl)
{
	int ret;

	nvmq_reset_restore(ctrl);
	/* memory decoding may have been switched off behind our back */
	if (pci_is_enabled(ctrl->pdev))
		ret = pci_reenable_device(ctrl->pdev);
	else
		ret = pci_enable_device_mem(ctrl->pdev);
	if (ret)
		return ret;
	pci_set_master(ctrl->pdev);
	clear_bit(NVMQ_CF_GONE, &ctrl->flags);
	ret = nvmq_cc_read_caps(ctrl);
	if (ret)
		return ret;
	/* for the next slot reset; what was saved before may have been used up by one */
	pci_save_state(ctrl->pdev);
	return nvmq_irq_alloc_one(ctrl);
}

/* 2. The admin queue's memory, tags and handler; nothing of it is new after the first time. */
static int nvmq_reset_admin_queue(struct nvmq_ctrl *ctrl)
{
	int ret;

	ret = nvmq_dma_init(ctrl);
	if (!ret)
		ret = nvmq_queue_alloc(ctrl, 0, NVMQ_AQ_DEPTH);
	if (!ret)
		ret = nvmq_blkmq_add_admin(ctrl);
	if (!ret)
		ret = nvmq_irq_request(&ctrl->queues[0]);
	return ret;
}

/* 3. Enable it; from here on it may do DMA, and its driver's own admin commands pass. */
static int nvmq_reset_enable(struct nvmq_ctrl *ctrl)
{
	int ret;

	clear_bit(NVMQ_CF_STOPPED, &ctrl->flags);
	ret = nvmq_cc_enable(ctrl);
	if (ret)
		return ret;
	nvmq_blkmq_gate(ctrl, NVMQ_GATE_INTERNAL, NVMQ_GATE_WAIT);
	nvmq_blkmq_unquiesce_admin(ctrl);
	nvmq_state_request_watch(ctrl);
	return 0;
}

/* 4. What is it? The first answer makes it known to user space. */
static void nvmq_reset_announce(struct nvmq_ctrl *ctrl)
{
	if (test_and_set_bit(NVMQ_CF_ANNOUNCED, &ctrl->flags))
		return;
	if (nvmq_chrdev_add_ctrl(ctrl)) {
		clear_bit(NVMQ_CF_ANNOUNCED, &ctrl->flags);
		nvmq_warn(ctrl, "cannot register its character device\n");
	}
}

static int nvmq_reset_identify(struct nvmq_ctrl *ctrl)
{
	int ret;

	/* before it is announced: sysfs has its place */
	nvmq_cmb_configure(ctrl);
	ret = nvmq_ctrl_identify(ctrl);

	if (ret)
		return ret;
	nvmq_blkmq_update_admin(ctrl);
	ret = nvmq_subsys_join(ctrl);
	if (ret)
		return ret;
	nvmq_reset_announce(ctrl);
	nvmq_host_introduce(ctrl);
	nvmq_opal_configure(ctrl);
	nvmq_hmb_configure(ctrl);
	nvmq_power_configure(ctrl);
	nvmq_thermal_configure(ctrl);
	nvmq_hwmon_add(ctrl);
	return 0;
}

/* 5. I/O queues, and blk-mq's picture of them. */
static int nvmq_reset_io_queues(struct nvmq_ctrl *ctrl)
{
	int ret;

	/* whatever such a controller says of queues: it has none (Base 3.1.2.3) */
	if (ctrl->cntrltype == NVM_CTRL_ADMIN) {
		nvmq_info(ctrl, "an administrative controller: no I/O queues, no namespaces\n");
		return 0;
	}
	ret = nvmq_ioq_create_all(ctrl);
	if (ret > 0)
		return -EIO;
	if (ret || !ctrl->nr_queues)
		return ret;
	if (test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags) &&
	    ctrl->depth - 1 < ctrl->io_set.queue_depth) {
		nvmq_err(ctrl, "offers queues of %u entries, it had %u before the reset: refused\n",
			 ctrl->depth, ctrl->io_set.queue_depth + 1);
		return -EINVAL;
	}
	nvmq_coalesce_setup(ctrl);
	ret = nvmq_blkmq_add_io(ctrl);
	if (!ret)
		nvmq_guard_disks(ctrl);
	return ret;
}

static const struct nvmq_reset_step {
	const char *name;
	const char *word; /* the same in the log's last line */
	int (*run)(struct nvmq_ctrl *ctrl);
} nvmq_reset_steps[] = {
	{ "the PCI function", "function", nvmq_reset_function },
	{ "the admin queue", "admin queue", nvmq_reset_admin_queue },
	{ "enabling", "enable", nvmq_reset_enable },
	{ "identify", "identify", nvmq_reset_identify },
	{ "the I/O queues", "queues", nvmq_reset_io_queues },
};

/* The first step that enables the controller, and the first one that sends commands. */
#define NVMQ_RESET_ENABLE 2
#define NVMQ_RESET_COMMANDS 3

/**
 * struct nvmq_course - what one reset has done until now
 * @ctrl: controller
 * @last: when the last step ended
 * @failed: the step that failed
 * @enabling: it is the one that enables, or an earlier one
 * @len: bytes in @text
 * @text: milliseconds of each step
 */
struct nvmq_course {
	struct nvmq_ctrl *ctrl;
	ktime_t last;
	const char *failed;
	bool enabling;
	int len;
	char text[192];
};

/* A step is over. */
static void nvmq_reset_note(struct nvmq_course *c, const char *name, const char *word, int error)
{
	ktime_t now = ktime_get();

	c->len += scnprintf(c->text + c->len, sizeof(c->text) - c->len, "%s%s %lld",
			    c->len ? ", " : "", word, ktime_ms_delta(now, c->last));
	nvmq_trace_step(c->ctrl, name, error, ktime_us_delta(now, c->last));
	c->last = now;
}

static s64 nvmq_reset_took(const struct nvmq_course *c)
{
	return ktime_ms_delta(c->last, c->ctrl->reset_since);
}

/* Is there a reason not to go on after a step that went well? */
static int nvmq_reset_interrupted(struct nvmq_ctrl *ctrl, unsigned int step)
{
	if (nvmq_state(ctrl) == NVMQ_DELETING)
		return -ESHUTDOWN;
	if (step >= NVMQ_RESET_ENABLE && test_bit(NVMQ_CF_STOPPED, &ctrl->flags))
		return -EIO;
	/* after the last one there is nothing left to wait for */
	return step + 1 == ARRAY_SIZE(nvmq_reset_steps) || nvmq_budget_left(ctrl) ? 0 : -ETIMEDOUT;
}

/* Runs the steps from @i to @end. Returns 0, or -errno with c->failed naming the step. */
static int nvmq_reset_run(struct nvmq_course *c, unsigned int i, unsigned int end)
{
	int ret;

	for (; i < end; i++) {
		const struct nvmq_reset_step *step = &nvmq_reset_steps[i];

		c->failed = step->name;
		c->enabling = i <= NVMQ_RESET_ENABLE;
		ret = nvmq_inject_step(c->ctrl, i + 1);
		if (!ret)
			ret = step->run(c->ctrl);
		if (!ret)
			ret = nvmq_reset_interrupted(c->ctrl, i);
		nvmq_reset_note(c, step->name, step->word, ret);
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * Until commands are sent nobody can be waiting for one, so nobody has to be able to stop us: the
 * lock keeps remove() of a device that is gone from taking vectors away under our hands.
 */
static int nvmq_reset_up(struct nvmq_course *c)
{
	int ret;

	mutex_lock(&c->ctrl->down_lock);
	ret = nvmq_reset_run(c, 0, NVMQ_RESET_COMMANDS);
	mutex_unlock(&c->ctrl->down_lock);
	if (ret)
		return ret;
	return nvmq_reset_run(c, NVMQ_RESET_COMMANDS, ARRAY_SIZE(nvmq_reset_steps));
}

/* The function is reset. It is not there for us meanwhile: nobody else may touch its registers. */
static int nvmq_reset_flr(struct nvmq_course *c, const char *why)
{
	int ret;

	mutex_lock(&c->ctrl->down_lock);
	ret = nvmq_flr_do(c->ctrl, why);
	mutex_unlock(&c->ctrl->down_lock);
	nvmq_reset_note(c, "function level reset", "FLR", ret);
	return ret;
}

/*
 * Is a failed attempt worth another one? If the controller's registers did not obey, and its
 * function can be reset; or if it fell silent, or broke, with a command of the bring-up, and there
 * is some time left.
 */
static bool nvmq_reset_worth(const struct nvmq_course *c, int ret)
{
	struct nvmq_ctrl *ctrl = c->ctrl;

	if ((ret != -ETIMEDOUT && ret != -EIO) || !nvmq_budget_left(ctrl) ||
	    nvmq_state(ctrl) == NVMQ_DELETING)
		return false;
	if (c->enabling)
		return nvmq_flr_can(ctrl);
	return test_bit(NVMQ_CF_STOPPED, &ctrl->flags) &&
	       nvmq_budget_left(ctrl) >= nvmq_budget_share(NVMQ_BUDGET_AGAIN);
}

/*
 * Up; if it is the controller that fails, reset the function and try once more, as long as there is
 * time for that.
 */
static int nvmq_reset_up_again(struct nvmq_course *c)
{
	struct nvmq_ctrl *ctrl = c->ctrl;
	bool stuck = test_and_clear_bit(NVMQ_CF_STUCK, &ctrl->flags) && nvmq_flr_can(ctrl);
	int ret;

	clear_bit(NVMQ_CF_HOPELESS, &ctrl->flags);
	if (stuck)
		nvmq_reset_flr(c, "did not stop when it was told to");
	ret = nvmq_reset_up(c);
	if (!ret || stuck || !nvmq_reset_worth(c, ret))
		return ret;
	if (!c->enabling)
		nvmq_warn(ctrl, "%s failed with error %d: once more\n", c->failed, ret);
	/* vectors of the first attempt, and what it may have started */
	nvmq_down(ctrl);
	clear_bit(NVMQ_CF_STUCK, &ctrl->flags);
	if (nvmq_flr_can(ctrl) &&
	    nvmq_reset_flr(c, c->enabling ? "does not become ready" : "does not come up"))
		return ret;
	return nvmq_reset_up(c);
}

static void nvmq_reset_live(struct nvmq_course *c)
{
	struct nvmq_ctrl *ctrl = c->ctrl;
	bool again = test_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags);

	nvmq_blkmq_gate(ctrl, NVMQ_GATE_OPEN, NVMQ_GATE_OPEN);
	set_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags);
	if (!nvmq_state_set(ctrl, NVMQ_LIVE))
		return; /* remove() is waiting for us */
	nvmq_info(ctrl, "%u/%u/%u default/read/poll queues%s\n", ctrl->kinds[NVMQ_KIND_DEFAULT],
		  ctrl->kinds[NVMQ_KIND_READ], ctrl->kinds[NVMQ_KIND_POLL],
		  ctrl->shadow_mem ? ", shadow doorbells" : "");
	if (again)
		nvmq_info(ctrl, "live again after %lld ms (%s)\n", nvmq_reset_took(c), c->text);
	nvmq_blkmq_unquiesce(ctrl);
	nvmq_admin_post_aen(ctrl);
	nvmq_event_connected(ctrl);
	nvmq_state_request_scan(ctrl);
}

/* State last: who sees it dead finds that all has failed that was under way. */
static void nvmq_reset_dead(struct nvmq_course *c, int error)
{
	struct nvmq_ctrl *ctrl = c->ctrl;
	char why[80];

	snprintf(why, sizeof(why), "the bring-up failed with error %d, at %s", error, c->failed);
	nvmq_record_report(ctrl, why);
	nvmq_down_for_good(ctrl);
	nvmq_reset_note(c, "given up", "end", 0);
	if (!nvmq_state_set(ctrl, NVMQ_DEAD))
		return; /* remove() is waiting for us */
	nvmq_err(ctrl, "dead: %s failed with error %d, after %lld ms (%s); I/O fails, a reset by the user tries again\n",
		 c->failed, error, nvmq_reset_took(c), c->text);
	if (ctrl->pdev->is_virtfn && !test_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags))
		nvmq_err(ctrl, "a virtual function: is it online? (Virtualization Management)\n");
	nvmq_reset_announce(ctrl);
}

/* Which queues have not answered one command since the last reset? (complete.c asks) */
static void nvmq_reset_note_barren(struct nvmq_ctrl *ctrl)
{
	bool silent = test_bit(NVMQ_CF_SILENT, &ctrl->flags);
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues_max; i++) {
		struct nvmq_queue *q = &ctrl->queues[i];
		u64 answered = READ_ONCE(q->cq.completed) - READ_ONCE(q->cq.foreign);

		q->barren = silent && answered == q->answered;
		q->answered = answered;
	}
}

/**
 * nvmq_reset_work - stop the controller, reclaim what was in flight, bring it up
 * @work: ctrl->reset_work
 *
 * Context: work queue, may sleep. The only place that brings a controller up.
 */
void nvmq_reset_work(struct work_struct *work)
{
	struct nvmq_ctrl *ctrl = container_of(work, struct nvmq_ctrl, reset_work);
	struct nvmq_course c = { .ctrl = ctrl, .last = ctrl->reset_since };
	int ret;

	if (nvmq_state(ctrl) != NVMQ_RESETTING)
		return;
	if (test_bit(NVMQ_CF_ANNOUNCED, &ctrl->flags)) {
		nvmq_warn(ctrl, "resetting: %s\n", ctrl->reset_why);
		ctrl->nr_resets++;
	}
	nvmq_budget_begin(ctrl, ctrl->reset_since);
	if (ktime_ms_delta(ktime_get(), ctrl->reset_since) > 0)
		nvmq_reset_note(&c, "noticed", "before", 0);
	nvmq_reset_note_barren(ctrl);
	nvmq_down(ctrl);
	nvmq_hmb_stopped(ctrl);
	nvmq_reset_note(&c, "stopped", "stop", 0);
	if (test_and_clear_bit(NVMQ_CF_SILENT, &ctrl->flags))
		nvmq_power_dropout(ctrl);
	if (nvmq_state_set(ctrl, NVMQ_CONNECTING)) {
		ret = nvmq_reset_up_again(&c);
		if (ret)
			nvmq_reset_dead(&c, ret);
		else
			nvmq_reset_live(&c);
	}
	nvmq_budget_end(ctrl);
}

/**
 * nvmq_reset_power_off - the orderly way down: drain, delete the queues, notify the controller
 * @ctrl: controller that answers; its state keeps others from resetting it
 *
 * I/O that does not end within shutdown_timeout is left to the one who stops the controller;
 * deleting the queues has as much. One that is gone or broken is not asked at all.
 *
 * Context: may sleep.
 */
void nvmq_reset_power_off(struct nvmq_ctrl *ctrl)
{
	unsigned int ms = nvmq_shutdown_timeout * 1000;
	u64 start = ktime_get_ns();
	bool idle;
	u32 csts;

	if (!nvmq_regs_status(ctrl, &csts)) {
		set_bit(NVMQ_CF_GONE, &ctrl->flags);
		return;
	}
	if (nvmq_regs_broken(csts)) {
		nvmq_warn(ctrl, "%s: stopped without a word\n", nvmq_regs_broken(csts));
		return;
	}
	nvmq_blkmq_quiesce_io(ctrl);
	idle = nvmq_blkmq_wait_idle(ctrl, ms);
	nvmq_budget_limit(ctrl, ms);
	if (idle)
		nvmq_ioq_delete_all(ctrl);
	nvmq_hmb_take_back(ctrl);
	nvmq_budget_end(ctrl);
	if (test_bit(NVMQ_CF_STOPPED, &ctrl->flags))
		return;
	if (!nvmq_cc_shutdown(ctrl))
		nvmq_info(ctrl, "shut down in %llu ms\n",
			  div_u64(ktime_get_ns() - start, NSEC_PER_MSEC));
}

/**
 * nvmq_reset_resume - the end of a suspend: on with the state that was kept, else a reset
 * @ctrl: controller that was suspended
 *
 * Context: resume, may sleep.
 */
void nvmq_reset_resume(struct nvmq_ctrl *ctrl)
{
	/* it was dead when the machine went to sleep */
	if (nvmq_state(ctrl) != NVMQ_RESETTING)
		return;
	if (nvmq_power_wake(ctrl) || !nvmq_state_set(ctrl, NVMQ_CONNECTING)) {
		set_bit(NVMQ_CF_WOKEN, &ctrl->flags);
		nvmq_state_resume_reset(ctrl, "resume from suspend");
		return;
	}
	if (!nvmq_state_set(ctrl, NVMQ_LIVE))
		return;
	nvmq_info(ctrl, "resumed from power state %u\n", ctrl->npss);
	nvmq_blkmq_unquiesce(ctrl);
	nvmq_admin_post_aen(ctrl);
	nvmq_state_request_scan(ctrl);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The one sequence that brings a controller up. Probe, a user's reset, a fault, resume, FLR and
 * PCIe errors all end here: stop what may still run, then the numbered steps, then live. A step
 * that fails makes the controller dead: its I/O fails at once, its character device stays for
 * diagnosis, and a reset asked for by a user tries again.
 */
#include <linux/ktime.h>

#include "admin.h"
#include "blkmq.h"
#include "cc.h"
#include "chrdev.h"
#include "cmb.h"
#include "coalesce.h"
#include "ctrl.h"
#include "dma.h"
#include "down.h"
#include "event.h"
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
#include "reset.h"
#include "state.h"
#include "subsys.h"
#include "trace.h"

/* 1. The PCI function answers and may do DMA; one vector, for the admin queue. */
static int nvmq_reset_function(struct nvmq_ctrl *ctrl)
{
	int ret;

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
	return nvmq_blkmq_add_io(ctrl);
}

static const struct nvmq_reset_step {
	const char *name;
	int (*run)(struct nvmq_ctrl *ctrl);
} nvmq_reset_steps[] = {
	{ "the PCI function", nvmq_reset_function },
	{ "the admin queue", nvmq_reset_admin_queue },
	{ "enabling", nvmq_reset_enable },
	{ "identify", nvmq_reset_identify },
	{ "the I/O queues", nvmq_reset_io_queues },
};

/* The first step that sends commands. */
#define NVMQ_RESET_COMMANDS 3

/* Runs the steps from @i to @end. Returns 0, or -errno with @failed naming the step. */
static int nvmq_reset_run(struct nvmq_ctrl *ctrl, unsigned int i, unsigned int end,
			  const char **failed)
{
	int ret;

	for (; i < end; i++) {
		*failed = nvmq_reset_steps[i].name;
		ret = nvmq_inject_step(ctrl, i + 1);
		if (!ret)
			ret = nvmq_reset_steps[i].run(ctrl);
		if (!ret && test_bit(NVMQ_CF_STOPPED, &ctrl->flags) && i >= 2)
			ret = -EIO;
		nvmq_trace_step(ctrl, *failed, ret);
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * Until commands are sent nobody can be waiting for one, so nobody has to be able to stop us: the
 * lock keeps remove() of a device that is gone from taking vectors away under our hands.
 */
static int nvmq_reset_up(struct nvmq_ctrl *ctrl, const char **failed)
{
	int ret;

	mutex_lock(&ctrl->down_lock);
	ret = nvmq_reset_run(ctrl, 0, NVMQ_RESET_COMMANDS, failed);
	mutex_unlock(&ctrl->down_lock);
	if (ret)
		return ret;
	return nvmq_reset_run(ctrl, NVMQ_RESET_COMMANDS, ARRAY_SIZE(nvmq_reset_steps), failed);
}

static void nvmq_reset_live(struct nvmq_ctrl *ctrl, ktime_t start)
{
	bool again = test_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags);

	nvmq_blkmq_gate(ctrl, NVMQ_GATE_OPEN, NVMQ_GATE_OPEN);
	set_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags);
	if (!nvmq_state_set(ctrl, NVMQ_LIVE))
		return; /* remove() is waiting for us */
	nvmq_info(ctrl, "%u/%u/%u default/read/poll queues%s\n", ctrl->kinds[NVMQ_KIND_DEFAULT],
		  ctrl->kinds[NVMQ_KIND_READ], ctrl->kinds[NVMQ_KIND_POLL],
		  ctrl->shadow_mem ? ", shadow doorbells" : "");
	if (again)
		nvmq_info(ctrl, "live again after %lld ms\n", ktime_ms_delta(ktime_get(), start));
	nvmq_blkmq_unquiesce(ctrl);
	nvmq_admin_post_aen(ctrl);
	nvmq_event_connected(ctrl);
	nvmq_state_request_scan(ctrl);
}

static void nvmq_reset_dead(struct nvmq_ctrl *ctrl, const char *step, int error)
{
	char why[80];

	nvmq_err(ctrl, "dead: %s failed with error %d; I/O fails, a reset by the user tries again\n",
		 step, error);
	if (ctrl->pdev->is_virtfn && !test_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags))
		nvmq_err(ctrl, "a virtual function: is it online? (Virtualization Management)\n");
	snprintf(why, sizeof(why), "the bring-up failed with error %d, at %s", error, step);
	nvmq_record_report(ctrl, why);
	nvmq_state_set(ctrl, NVMQ_DEAD);
	nvmq_down_for_good(ctrl);
	nvmq_reset_announce(ctrl);
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
	ktime_t start = ktime_get();
	const char *step;
	int ret;

	if (nvmq_state(ctrl) != NVMQ_RESETTING)
		return;
	if (test_bit(NVMQ_CF_ANNOUNCED, &ctrl->flags)) {
		nvmq_warn(ctrl, "resetting: %s\n", ctrl->reset_why);
		ctrl->nr_resets++;
	}
	nvmq_down(ctrl);
	nvmq_hmb_stopped(ctrl);
	nvmq_trace_step(ctrl, "stopped", 0);
	if (test_and_clear_bit(NVMQ_CF_SILENT, &ctrl->flags))
		nvmq_power_dropout(ctrl);
	if (!nvmq_state_set(ctrl, NVMQ_CONNECTING))
		return;
	ret = nvmq_reset_up(ctrl, &step);
	if (ret)
		nvmq_reset_dead(ctrl, step, ret);
	else
		nvmq_reset_live(ctrl, start);
}

/**
 * nvmq_reset_power_off - the orderly way down: drain, delete the queues, notify the controller
 * @ctrl: controller that answers; its state keeps others from resetting it
 *
 * I/O that does not end within shutdown_timeout is left to the one who stops the controller.
 *
 * Context: may sleep.
 */
void nvmq_reset_power_off(struct nvmq_ctrl *ctrl)
{
	unsigned int ms = nvmq_shutdown_timeout * 1000;
	u64 start = ktime_get_ns();

	nvmq_blkmq_quiesce_io(ctrl);
	if (nvmq_blkmq_wait_idle(ctrl, ms))
		nvmq_ioq_delete_all(ctrl);
	nvmq_hmb_take_back(ctrl);
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

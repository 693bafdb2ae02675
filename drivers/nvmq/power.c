// SPDX-License-Identifier: GPL-2.0
/*
 * Autonomous power state transitions (APST, NVMe Base 5.27.1.9, 8.15.2): after which idle time a
 * controller goes to which state by itself. The parameters divide the non-operational states in
 * two kinds by latency; of each kind the deepest one is used. What users bear bounds both (PM QoS:
 * power/pm_qos_latency_tolerance_us of /dev/nvmeX).
 *
 * Some controllers do not come back from their deepest state: all their registers read as ones, or
 * they answer nothing. When one drops out while it may have been there, that state is left out
 * until the driver gives the controller back, and the log names the parameter that leaves it out
 * for good.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/pm_qos.h>
#include <linux/slab.h>

#include <nvme/feature.h>

#include "admin.h"
#include "blkmq.h"
#include "hmb.h"
#include "power.h"
#include "regs.h"
#include "state.h"

/* How long a device that left the bus in its sleep may take to come back. */
#define NVMQ_POWER_BACK_MS 5000

/* Idle milliseconds before state @ps; 0: it is never entered. */
static u32 nvmq_power_idle_ms(const struct nvmq_power *power, unsigned int ps)
{
	u32 latency = power->ps[ps].latency;
	u32 ms;

	if (latency <= nvmq_apst_primary_latency_tol_us)
		ms = nvmq_apst_primary_timeout_ms;
	else if (latency <= nvmq_apst_secondary_latency_tol_us)
		ms = nvmq_apst_secondary_timeout_ms;
	else
		return 0;
	/* so that at most 2 % of the time go into transitions */
	return ms ?: clamp_t(u32, latency / 20, 1, NVM_GET(NVM_APST_ITPT, U64_MAX));
}

static bool nvmq_power_usable(const struct nvmq_ctrl *ctrl, unsigned int ps)
{
	const struct nvmq_power *power = &ctrl->power;

	if (ps == ctrl->npss && (ctrl->quirks & NVMQ_QUIRK_NO_DEEPEST_PS))
		return false;
	return power->ps[ps].nops && ps < power->limit &&
	       power->ps[ps].latency <= power->tolerance;
}

/*
 * From each state to the next deeper one that is used; a controller may come to rest in several
 * steps. Of those with the same idle time only the deepest is. Returns the deepest of all, 0: none.
 */
static u8 nvmq_power_table(const struct nvmq_ctrl *ctrl, struct nvm_feat_auto_pst *table)
{
	const struct nvmq_power *power = &ctrl->power;
	u32 last_ms = 0;
	u8 deepest = 0;
	u64 target = 0;
	int ps;

	for (ps = ctrl->npss; ps >= 0; ps--) {
		u32 ms;

		table->entries[ps] = cpu_to_le64(target);
		if (!ps || !nvmq_power_usable(ctrl, ps))
			continue;
		ms = nvmq_power_idle_ms(power, ps);
		if (!ms || ms == last_ms)
			continue;
		last_ms = ms;
		target = NVM_PREP(NVM_APST_ITPS, (u64)ps) | NVM_PREP(NVM_APST_ITPT, (u64)ms);
		deepest = max_t(u8, deepest, ps);
	}
	return deepest;
}

/* Tells the controller. One that refuses stays awake. */
static int nvmq_power_set(struct nvmq_ctrl *ctrl)
{
	struct nvm_feat_auto_pst *table = kzalloc_obj(*table);
	u8 deepest;
	int ret;

	if (!table)
		return -ENOMEM;
	deepest = nvmq_power_table(ctrl, table);
	/* before it can happen: a drop-out must find what was in use */
	WRITE_ONCE(ctrl->power.deepest, max(ctrl->power.deepest, deepest));
	ret = nvmq_admin_set_feature(ctrl, NVM_FEAT_AUTO_PST, 0, deepest ? NVM_FEAT_APSTE : 0,
				     table, sizeof(*table), NULL);
	if (!ret)
		WRITE_ONCE(ctrl->power.deepest, deepest);
	else if (ret > 0)
		nvmq_warn(ctrl, "refuses autonomous power states, status %#x\n", ret);
	kfree(table);
	return ret > 0 ? -EIO : ret;
}

/* PM QoS: somebody bears more latency than before, or less. */
static void nvmq_power_tolerate(struct device *dev, s32 value)
{
	struct nvmq_ctrl *ctrl = container_of(dev, struct nvmq_ctrl, device);
	u64 tolerance;

	switch (value) {
	case PM_QOS_LATENCY_TOLERANCE_NO_CONSTRAINT:
	case PM_QOS_LATENCY_ANY:
		tolerance = U64_MAX;
		break;
	default:
		tolerance = value;
		break;
	}
	if (tolerance == ctrl->power.tolerance)
		return;
	ctrl->power.tolerance = tolerance;
	/* otherwise its next bring-up does it */
	if (nvmq_state(ctrl) == NVMQ_LIVE)
		nvmq_power_set(ctrl);
}

/**
 * nvmq_power_init - what is assumed of a controller that is new
 * @ctrl: controller, not known to anybody else yet
 *
 * Context: probe.
 */
void nvmq_power_init(struct nvmq_ctrl *ctrl)
{
	ctrl->power.limit = NVMQ_NR_PS;
	ctrl->power.tolerance = nvmq_default_ps_max_latency_us;
}

/**
 * nvmq_power_configure - let a controller save power when it is idle
 * @ctrl: controller that was identified and announced
 *
 * Context: bring-up, may sleep.
 */
void nvmq_power_configure(struct nvmq_ctrl *ctrl)
{
	struct nvmq_power *power = &ctrl->power;
	struct device *dev = &ctrl->device;

	WRITE_ONCE(power->deepest, 0);
	if (!power->apst || ((ctrl->quirks & NVMQ_QUIRK_NO_APST) && !nvmq_force_apst))
		return;
	nvmq_power_set(ctrl);
	/* the first time only: attributes that wait for a reset hold locks that this takes */
	if (power->exposed || !test_bit(NVMQ_CF_ANNOUNCED, &ctrl->flags))
		return;
	dev->power.set_latency_tolerance = nvmq_power_tolerate;
	dev_pm_qos_update_user_latency_tolerance(dev, min_t(u64, power->tolerance, S32_MAX));
	dev_pm_qos_expose_latency_tolerance(dev);
	power->exposed = true;
}

/**
 * nvmq_power_remove - undo nvmq_power_configure()
 * @ctrl: controller, in state NVMQ_DELETING, its admin commands reclaimed
 *
 * Context: remove(), may sleep.
 */
void nvmq_power_remove(struct nvmq_ctrl *ctrl)
{
	if (!ctrl->power.exposed)
		return;
	ctrl->power.exposed = false;
	dev_pm_qos_hide_latency_tolerance(&ctrl->device);
}

/* The most that the parameter may be for @ps, and what is deeper, not to be used. */
static u32 nvmq_power_below(const struct nvmq_power *power, u8 ps)
{
	u32 latency = power->ps[ps].latency;

	return latency ? latency - 1 : 0;
}

/*
 * Waits until a device that left the bus is there again, with its configuration space as we had it
 * set up. Gives up when the device is being removed, or its slot says that it is gone for good.
 */
static void nvmq_power_await(struct nvmq_ctrl *ctrl)
{
	ktime_t end = ktime_add_ms(ktime_get(), NVMQ_POWER_BACK_MS);
	ktime_t start = ktime_get();
	bool restored = false;
	u32 csts;

	while (nvmq_state(ctrl) != NVMQ_DELETING &&
	       ctrl->pdev->error_state != pci_channel_io_perm_failure) {
		if (!restored && pci_device_is_present(ctrl->pdev)) {
			pci_restore_state(ctrl->pdev);
			/* it is good for one time only */
			pci_save_state(ctrl->pdev);
			restored = true;
		}
		if (restored && nvmq_regs_status(ctrl, &csts)) {
			nvmq_info(ctrl, "back on the bus after %lld ms\n",
				  ktime_ms_delta(ktime_get(), start));
			return;
		}
		if (ktime_after(ktime_get(), end))
			return;
		msleep(20);
	}
}

/**
 * nvmq_power_dropout - a controller left the bus, or did not answer: was it asleep?
 * @ctrl: controller that was stopped, in the course of a reset
 *
 * If it may have been: leaves out its deepest power state from now on, and waits a moment for one
 * that is not on the bus.
 *
 * Context: reset work, may sleep.
 */
void nvmq_power_dropout(struct nvmq_ctrl *ctrl)
{
	struct nvmq_power *power = &ctrl->power;
	u8 ps = power->deepest;

	if (!ps)
		return;
	power->limit = ps;
	WRITE_ONCE(power->deepest, 0);
	nvmq_warn(ctrl, "dropped out with power state %u in use: it is left out from now on; nvmq.default_ps_max_latency_us=%u makes that permanent\n",
		  ps, nvmq_power_below(power, ps));
	if (test_bit(NVMQ_CF_GONE, &ctrl->flags))
		nvmq_power_await(ctrl);
}

/* ---- suspend --------------------------------------------------------------------------------- */

/*
 * Would it keep its power and what it knows in a suspend? Without ASPM the link stays awake, and
 * with it the platform: a controller that is shut down saves more then.
 */
static bool nvmq_power_keeps(const struct nvmq_ctrl *ctrl)
{
	int how = READ_ONCE(nvmq_suspend);

	if (!ctrl->npss || how == NVMQ_SUSPEND_SHUTDOWN)
		return false;
	if (how == NVMQ_SUSPEND_AUTO && (ctrl->quirks & NVMQ_QUIRK_SIMPLE_SUSPEND))
		return false;
	if (how == NVMQ_SUSPEND_AUTO && (ctrl->quirks & NVMQ_QUIRK_FORCE_NO_SIMPLE_SUSPEND))
		return true;
	if (!pci_suspend_retains_context(ctrl->pdev))
		return false;
	return how == NVMQ_SUSPEND_STATE || pcie_aspm_enabled(ctrl->pdev);
}

static int nvmq_power_set_state(struct nvmq_ctrl *ctrl, u8 ps)
{
	int ret = nvmq_admin_set_feature(ctrl, NVM_FEAT_POWER_MGMT, 0, NVM_PREP(NVM_FEAT_PS, ps),
					 NULL, 0, NULL);

	return ret > 0 ? -EIO : ret;
}

/* The state that a user chose, but for those where it came by itself when it was idle. */
static void nvmq_power_remember(struct nvmq_ctrl *ctrl)
{
	struct nvmq_power *power = &ctrl->power;
	u32 ps = 0;

	if (nvmq_admin_get_feature(ctrl, NVM_FEAT_POWER_MGMT, 0, 0, NULL, 0, &ps))
		ps = 0;
	ps &= NVM_FEAT_PS;
	power->awake_ps = power->ps[ps].nops ? 0 : ps;
}

/**
 * nvmq_power_doze - suspend a controller by its lowest power state, if that is right for it
 * @ctrl: controller that answers, kept from being reset
 *
 * I/O is drained and held back, host memory is taken back; queues and interrupts stay. The PCI core
 * sees that the configuration space is saved, and leaves the function awake.
 *
 * Context: suspend, may sleep.
 * Return: 0; -errno if it has to be shut down.
 */
int nvmq_power_doze(struct nvmq_ctrl *ctrl)
{
	int ret;

	if (!nvmq_power_keeps(ctrl))
		return -EOPNOTSUPP;
	nvmq_blkmq_quiesce_io(ctrl);
	if (!nvmq_blkmq_wait_idle(ctrl, nvmq_shutdown_timeout * 1000))
		return -ETIMEDOUT;
	ret = nvmq_hmb_take_back(ctrl);
	if (ret)
		return ret;
	nvmq_power_remember(ctrl);
	/* configuration accesses wake some of them: not after they went to sleep */
	pci_save_state(ctrl->pdev);
	ret = nvmq_power_set_state(ctrl, ctrl->npss);
	if (ret) {
		/* otherwise the PCI core would leave it awake */
		pci_load_saved_state(ctrl->pdev, NULL);
		return ret;
	}
	ctrl->power.dozing = true;
	return 0;
}

/**
 * nvmq_power_wake - wake up a controller that was suspended by nvmq_power_doze()
 * @ctrl: controller
 *
 * Context: resume, may sleep.
 * Return: 0 if it is as it was before; -errno if it has to be reset.
 */
int nvmq_power_wake(struct nvmq_ctrl *ctrl)
{
	u32 csts;
	int ret;

	if (!ctrl->power.dozing)
		return -EOPNOTSUPP;
	ctrl->power.dozing = false;
	if (test_bit(NVMQ_CF_STOPPED, &ctrl->flags) || !nvmq_regs_status(ctrl, &csts) ||
	    (csts & (NVM_CSTS_RDY | NVM_CSTS_CFS)) != NVM_CSTS_RDY)
		ret = -ENODEV;
	else
		ret = nvmq_power_set_state(ctrl, ctrl->power.awake_ps);
	if (ret) {
		nvmq_warn(ctrl, "did not keep its state in the suspend, error %d\n", ret);
		return ret;
	}
	nvmq_hmb_configure(ctrl);
	return 0;
}

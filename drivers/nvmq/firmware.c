// SPDX-License-Identifier: GPL-2.0
/*
 * Firmware that is activated without a reset (NVMe Base 3.11): an event says that it begins, from
 * then on CSTS.PP is 1 and the controller does nothing. I/O that would only wait there, with its
 * time running, waits in the block layer instead.
 */
#include <linux/ktime.h>
#include <linux/slab.h>

#include <nvme/log.h>

#include "admin.h"
#include "blkmq.h"
#include "ctrl.h"
#include "firmware.h"
#include "regs.h"
#include "state.h"

/* How often CSTS.PP is looked at. */
#define NVMQ_FIRMWARE_LOOK msecs_to_jiffies(20)

/*
 * Who resets, suspends or removes the controller meanwhile has quiesced it for himself, and ends
 * that himself; down_lock keeps us from undoing what is his.
 */
static bool nvmq_firmware_is_ours(struct nvmq_ctrl *ctrl)
{
	lockdep_assert_held(&ctrl->down_lock);
	return nvmq_state(ctrl) == NVMQ_LIVE && !test_bit(NVMQ_CF_STOPPED, &ctrl->flags);
}

static void nvmq_firmware_hold(struct nvmq_ctrl *ctrl, bool hold)
{
	mutex_lock(&ctrl->down_lock);
	if (!nvmq_firmware_is_ours(ctrl))
		goto unlock;
	if (hold)
		nvmq_blkmq_quiesce_io(ctrl);
	else
		nvmq_blkmq_unquiesce(ctrl);
unlock:
	mutex_unlock(&ctrl->down_lock);
}

/* Returns 0 when the pause is over, -EINTR if somebody takes the controller away meanwhile. */
static int nvmq_firmware_wait(struct nvmq_ctrl *ctrl, unsigned int ms)
{
	ktime_t end = ktime_add_ms(ktime_get(), ms);
	u32 csts;

	for (;;) {
		bool late = ktime_after(ktime_get(), end);

		if (nvmq_state(ctrl) != NVMQ_LIVE)
			return -EINTR;
		if (!nvmq_regs_status(ctrl, &csts))
			return -ENODEV;
		if (csts & NVM_CSTS_CFS)
			return -EIO;
		if (!(csts & NVM_CSTS_PP))
			return 0;
		if (late)
			return -ETIMEDOUT;
		wait_event_timeout(ctrl->state_wait, nvmq_state(ctrl) != NVMQ_LIVE,
				   NVMQ_FIRMWARE_LOOK);
	}
}

/* The log page arms the event again, and says what runs now. */
static void nvmq_firmware_tell(struct nvmq_ctrl *ctrl, s64 ms)
{
	struct nvm_fw_slot_log *log = kzalloc_obj(*log);
	char now[sizeof(ctrl->firmware)];
	unsigned int slot;

	if (!log)
		return;
	if (nvmq_admin_get_log(ctrl, NVM_NSID_ALL, NVM_LOG_FW_SLOT, 0, 0, log, sizeof(*log), 0))
		goto free;
	slot = NVM_GET(NVM_FW_AFI_ACTIVE, log->afi);
	if (!slot) {
		nvmq_warn(ctrl, "firmware: paused for %lld ms, no slot is active\n", ms);
		goto free;
	}
	nvmq_ctrl_string(now, log->frs[slot - 1], sizeof(log->frs[0]));
	nvmq_info(ctrl, "firmware: paused for %lld ms, %s was active, %s in slot %u is now\n", ms,
		  ctrl->firmware, now, slot);
	strscpy(ctrl->firmware, now, sizeof(ctrl->firmware));
free:
	kfree(log);
}

/**
 * nvmq_firmware_activating - the controller says that it activates firmware: wait for it
 * @ctrl: controller
 *
 * I/O is held back while CSTS.PP is set, for at most the time that the controller says it needs
 * (MTFA), or the admin timeout where it says none. One that takes longer, or breaks, is reset.
 *
 * Context: may sleep; takes down_lock.
 */
void nvmq_firmware_activating(struct nvmq_ctrl *ctrl)
{
	unsigned int ms = ctrl->mtfa ? ctrl->mtfa * 100 : jiffies_to_msecs(ctrl->admin_timeout);
	ktime_t start = ktime_get();
	int ret;

	nvmq_info(ctrl, "firmware: activation begins, I/O waits for it %u ms at most\n", ms);
	nvmq_firmware_hold(ctrl, true);
	ret = nvmq_firmware_wait(ctrl, ms);
	/* first the reset: I/O must not be let go into a controller that does nothing */
	if (ret && ret != -EINTR) {
		nvmq_err(ctrl, "firmware: activation failed with error %d\n", ret);
		nvmq_state_request_reset(ctrl, "firmware activation did not end well");
	}
	nvmq_firmware_hold(ctrl, false);
	if (!ret)
		nvmq_firmware_tell(ctrl, ktime_ms_delta(ktime_get(), start));
}

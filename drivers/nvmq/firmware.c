// SPDX-License-Identifier: GPL-2.0
/*
 * Firmware that is activated without a reset (NVMe Base 3.11): an event says that it begins, from
 * then on CSTS.PP is 1 and the controller does nothing. I/O that would only wait there, with its
 * time running, waits in the block layer instead; what is there already has its time again while
 * the pause lasts (NVMQ_CF_PAUSED, timeout.c).
 *
 * The pause has an end, whatever the controller does: MTFA, or the admin time-out. Who removes the
 * controller meanwhile waits for that, too, though not for longer than a minute.
 */
#include <linux/ktime.h>
#include <linux/slab.h>

#include <nvme/log.h>

#include "admin.h"
#include "blkmq.h"
#include "ctrl.h"
#include "down.h"
#include "firmware.h"
#include "regs.h"
#include "state.h"

/* How often CSTS.PP is looked at. */
#define NVMQ_FIRMWARE_LOOK msecs_to_jiffies(20)

/* Who takes the controller away waits no longer than this, whatever MTFA says. */
#define NVMQ_FIRMWARE_LEAVE_MS 60000

static void nvmq_firmware_hold(struct nvmq_ctrl *ctrl)
{
	mutex_lock(&ctrl->down_lock);
	if (nvmq_state(ctrl) == NVMQ_LIVE && !test_bit(NVMQ_CF_STOPPED, &ctrl->flags)) {
		set_bit(NVMQ_CF_PAUSED, &ctrl->flags);
		nvmq_blkmq_quiesce_io(ctrl);
	}
	mutex_unlock(&ctrl->down_lock);
}

/*
 * Who resets or suspends the controller meanwhile has quiesced it for himself, and ends that
 * himself; down_lock keeps us from undoing what is his. One that is being removed is still ours:
 * its I/O is served.
 */
static void nvmq_firmware_release(struct nvmq_ctrl *ctrl)
{
	enum nvmq_state state;

	mutex_lock(&ctrl->down_lock);
	clear_bit(NVMQ_CF_PAUSED, &ctrl->flags);
	state = nvmq_state(ctrl);
	if ((state == NVMQ_LIVE || state == NVMQ_DELETING) &&
	    !test_bit(NVMQ_CF_STOPPED, &ctrl->flags))
		nvmq_blkmq_unquiesce(ctrl);
	mutex_unlock(&ctrl->down_lock);
}

/*
 * Returns 0 when the pause is over, -EINTR if somebody resets or suspends the controller meanwhile.
 * @seen: the moment that it began; if the controller is being removed, the moment of that.
 */
static int nvmq_firmware_wait(struct nvmq_ctrl *ctrl, unsigned int ms, struct nvmq_moment *seen)
{
	ktime_t end = ktime_add_ms(ktime_get(), ms), leave;
	struct nvmq_moment now;
	u32 csts;

	for (;;) {
		bool late = ktime_after(ktime_get(), end);

		now = nvmq_state_look(ctrl);
		if (now.moves != seen->moves) {
			if (now.state != NVMQ_DELETING || now.moves != seen->moves + 1)
				return -EINTR;
			*seen = now;
			leave = ktime_add_ms(ktime_get(), NVMQ_FIRMWARE_LEAVE_MS);
			end = min(end, leave);
		}
		if (!nvmq_regs_status(ctrl, &csts))
			return -ENODEV;
		if (csts & NVM_CSTS_CFS)
			return -EIO;
		if (!(csts & NVM_CSTS_PP))
			return 0;
		if (late)
			return -ETIMEDOUT;
		wait_event_timeout(ctrl->state_wait, !nvmq_state_unmoved(ctrl, seen),
				   NVMQ_FIRMWARE_LOOK);
	}
}

/* It takes too long, or it broke. I/O must not be let go into a controller that does nothing. */
static void nvmq_firmware_failed(struct nvmq_ctrl *ctrl, const struct nvmq_moment *seen, int error)
{
	nvmq_err(ctrl, "firmware: activation failed with error %d\n", error);
	if (seen->state == NVMQ_DELETING)
		nvmq_down_for_good(ctrl);
	else
		nvmq_state_request_recovery(ctrl, "firmware activation did not end well", 0, seen);
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
 * (MTFA), or the admin timeout where it says none. One that takes longer, or breaks, is reset; if
 * it is being removed, it is stopped and what waits fails.
 *
 * Context: may sleep; takes down_lock.
 */
void nvmq_firmware_activating(struct nvmq_ctrl *ctrl)
{
	unsigned int ms = ctrl->mtfa ? ctrl->mtfa * 100 : jiffies_to_msecs(ctrl->admin_timeout);
	struct nvmq_moment seen = nvmq_state_look(ctrl);
	ktime_t start = ktime_get();
	int ret;

	nvmq_info(ctrl, "firmware: activation begins, I/O waits for it %u ms at most\n", ms);
	nvmq_firmware_hold(ctrl);
	ret = nvmq_firmware_wait(ctrl, ms, &seen);
	if (ret && ret != -EINTR)
		nvmq_firmware_failed(ctrl, &seen, ret);
	nvmq_firmware_release(ctrl);
	if (!ret && seen.state == NVMQ_LIVE)
		nvmq_firmware_tell(ctrl, ktime_ms_delta(ktime_get(), start));
}

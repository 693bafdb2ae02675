// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous events (NVMe Base 5.2), and what follows from them. An event is not sent again
 * before the log page that belongs to it was read; then the next request is posted.
 *
 * Log pages that lose something by being read (telemetry, reservations, sanitize, a vendor's) are
 * read by whoever hears the uevent, not here.
 */
#include <linux/kobject.h>
#include <linux/slab.h>

#include <nvme/event.h>

#include "admin.h"
#include "cmd.h"
#include "event.h"
#include "firmware.h"
#include "state.h"

/* Events in a second from which on they are heard one in a second. */
#define NVMQ_EVENT_BURST 16

static void nvmq_event_uevent(struct nvmq_ctrl *ctrl, const char *text)
{
	char *envp[2] = { (char *)text, NULL };

	kobject_uevent_env(&ctrl->device.kobj, KOBJ_CHANGE, envp);
}

/**
 * nvmq_event_connected - tell user space that a controller is there (again)
 * @ctrl: controller that is live
 *
 * Context: may sleep.
 */
void nvmq_event_connected(struct nvmq_ctrl *ctrl)
{
	nvmq_event_uevent(ctrl, "NVME_EVENT=connected");
}

/* Reads a log page, also for its side effect: the event that points to it is armed again. */
static int nvmq_event_read_log(struct nvmq_ctrl *ctrl, u8 lid, void *buf, u32 len)
{
	return nvmq_admin_get_log(ctrl, NVM_NSID_ALL, lid, 0, 0, buf, len, 0);
}

static const char *const nvmq_event_errors[] = {
	[NVM_AER_ERROR_INVALID_DB_REG] = "a doorbell that is not there was written",
	[NVM_AER_ERROR_INVALID_DB_VALUE] = "a doorbell got a value that it cannot have",
	[NVM_AER_ERROR_DIAG_FAILURE] = "diagnostic failure",
	[NVM_AER_ERROR_PERSIST_INT_ERR] = "persistent internal error",
	[NVM_AER_ERROR_TRANS_INT_ERR] = "transient internal error",
	[NVM_AER_ERROR_FW_IMAGE_LOAD_ERR] = "firmware image could not be loaded",
};

static void nvmq_event_error(struct nvmq_ctrl *ctrl, u8 info, void *buf)
{
	const struct nvm_error_log_entry *entry = buf;
	u16 status;

	nvmq_warn_limited(ctrl, "error event %#x: %s\n", info,
			  info < ARRAY_SIZE(nvmq_event_errors) ? nvmq_event_errors[info] :
								 "unknown");
	if (info == NVM_AER_ERROR_PERSIST_INT_ERR) {
		nvmq_state_request_reset(ctrl, "persistent internal error (event)");
		return;
	}
	if (nvmq_event_read_log(ctrl, NVM_LOG_ERROR, buf, sizeof(*entry)) || !entry->error_count)
		return;
	/* the entry has the status as the completion had it, with the phase */
	status = le16_to_cpu(entry->status) >> 1;
	nvmq_warn_limited(ctrl, "error log %llu: queue %u command %#x nsid %u LBA %llu: %s (%#x)\n",
			  le64_to_cpu(entry->error_count), le16_to_cpu(entry->sqid),
			  le16_to_cpu(entry->cid), le32_to_cpu(entry->nsid),
			  le64_to_cpu(entry->lba), nvmq_cmd_status_text(status), status);
}

static void nvmq_event_health(struct nvmq_ctrl *ctrl, u8 info, void *buf)
{
	static const char *const words[] = { "spare below threshold", "temperature",
					     "reliability degraded", "read-only",
					     "volatile memory backup failed", "PMR read-only" };
	const struct nvm_smart_log *smart = buf;
	char text[128] = "none";
	unsigned int i, n = 0;

	if (nvmq_event_read_log(ctrl, NVM_LOG_SMART, buf, sizeof(*smart)))
		return;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (smart->critical_warning & BIT(i))
			n += scnprintf(text + n, sizeof(text) - n, "%s%s", n ? ", " : "", words[i]);
	nvmq_warn_limited(ctrl, "health: critical warning: %s; %d C, spare %u %%, used %u %%\n",
			  text, (smart->temperature[0] | smart->temperature[1] << 8) - 273,
			  smart->avail_spare, smart->percent_used);
}

static void nvmq_event_notice(struct nvmq_ctrl *ctrl, u8 info, void *buf)
{
	switch (info) {
	case NVM_AER_NOTICE_NS_CHANGED:
		nvmq_event_read_log(ctrl, NVM_LOG_CHANGED_NS, buf, 4096);
		nvmq_state_request_scan(ctrl);
		break;
	case NVM_AER_NOTICE_FW_ACT_STARTING:
		nvmq_firmware_activating(ctrl);
		break;
	case NVM_AER_NOTICE_TELEMETRY:
		nvmq_info(ctrl, "has telemetry of its own: no other notice comes before log page 08h was read\n");
		break;
	default:
		nvmq_info(ctrl, "notice %#x\n", info);
		break;
	}
}

static const struct {
	void (*handle)(struct nvmq_ctrl *ctrl, u8 info, void *buf);
} nvmq_event_types[] = {
	[NVM_AER_ERROR] = { nvmq_event_error },
	[NVM_AER_SMART] = { nvmq_event_health },
	[NVM_AER_NOTICE] = { nvmq_event_notice },
};

static void nvmq_event_handle(struct nvmq_ctrl *ctrl, u32 result, void *buf)
{
	unsigned int type = NVM_GET(NVM_AER_TYPE, result);
	u8 info = NVM_GET(NVM_AER_INFO, result);
	char text[24];

	snprintf(text, sizeof(text), "NVME_AEN=%#08x", result);
	nvmq_event_uevent(ctrl, text);
	if (type < ARRAY_SIZE(nvmq_event_types))
		nvmq_event_types[type].handle(ctrl, info, buf);
	else
		nvmq_info(ctrl, "event of type %u, information %#x; see log page %02xh\n", type,
			  info, (u8)NVM_GET(NVM_AER_LID, result));
}

/* A controller that has something to say without end must not keep a CPU busy with listening. */
static void nvmq_event_pace(struct nvmq_ctrl *ctrl)
{
	if (time_after(jiffies, ctrl->aen_since + HZ)) {
		ctrl->aen_since = jiffies;
		ctrl->aen_burst = 0;
	}
	if (++ctrl->aen_burst < NVMQ_EVENT_BURST)
		return;
	nvmq_warn_limited(ctrl, "more than %u events in a second: waits before it hears the next\n",
			  NVMQ_EVENT_BURST);
	wait_event_timeout(ctrl->state_wait, nvmq_state(ctrl) != NVMQ_LIVE, HZ);
}

/**
 * nvmq_event_work - deal with the event in ctrl->aen_result and ask for the next one
 * @work: ctrl->event_work
 *
 * Context: work queue, may sleep.
 */
void nvmq_event_work(struct work_struct *work)
{
	struct nvmq_ctrl *ctrl = container_of(work, struct nvmq_ctrl, event_work);
	u32 result = READ_ONCE(ctrl->aen_result);
	void *buf = kzalloc(4096, GFP_KERNEL);

	if (buf && nvmq_state(ctrl) == NVMQ_LIVE) {
		nvmq_event_handle(ctrl, result, buf);
		nvmq_event_pace(ctrl);
	}
	kfree(buf);
	if (nvmq_state(ctrl) == NVMQ_LIVE)
		nvmq_admin_post_aen(ctrl);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Asynchronous events (NVMe Base 5.2), and what follows from them. An event is not sent again
 * before the log page that belongs to it was read; then the next request is posted.
 */
#include <linux/kobject.h>
#include <linux/slab.h>

#include <nvme/event.h>

#include "admin.h"
#include "event.h"
#include "state.h"

static void nvmq_event_uevent(struct nvmq_ctrl *ctrl, u32 result)
{
	char *envp[2] = { kasprintf(GFP_KERNEL, "NVME_AEN=%#08x", result), NULL };

	if (envp[0])
		kobject_uevent_env(&ctrl->device.kobj, KOBJ_CHANGE, envp);
	kfree(envp[0]);
}

/* Reads a log page for its side effect: the event that points to it is armed again. */
static int nvmq_event_read_log(struct nvmq_ctrl *ctrl, u8 lid, void *buf, u32 len)
{
	return nvmq_admin_get_log(ctrl, NVM_NSID_ALL, lid, 0, 0, buf, len, 0);
}

static void nvmq_event_health(struct nvmq_ctrl *ctrl, struct nvm_smart_log *smart)
{
	static const char *const words[] = { "spare below threshold", "temperature",
					     "reliability degraded", "read-only",
					     "volatile memory backup failed", "PMR read-only" };
	unsigned int i;

	if (nvmq_event_read_log(ctrl, NVM_LOG_SMART, smart, sizeof(*smart)))
		return;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (smart->critical_warning & BIT(i))
			nvmq_warn(ctrl, "health: critical warning: %s\n", words[i]);
}

static void nvmq_event_notice(struct nvmq_ctrl *ctrl, u8 info, void *buf)
{
	switch (info) {
	case NVM_AER_NOTICE_NS_CHANGED:
		nvmq_event_read_log(ctrl, NVM_LOG_CHANGED_NS, buf, 4096);
		nvmq_state_request_scan(ctrl);
		break;
	case NVM_AER_NOTICE_FW_ACT_STARTING:
		nvmq_info(ctrl, "activates new firmware\n");
		nvmq_event_read_log(ctrl, NVM_LOG_FW_SLOT, buf, 512);
		break;
	default:
		nvmq_info(ctrl, "notice %#x\n", info);
		break;
	}
}

static void nvmq_event_error(struct nvmq_ctrl *ctrl, u8 info, void *buf)
{
	nvmq_err(ctrl, "reports error event %#x\n", info);
	if (info == NVM_AER_ERROR_PERSIST_INT_ERR)
		nvmq_state_request_reset(ctrl, "persistent internal error (event)");
	else
		nvmq_event_read_log(ctrl, NVM_LOG_ERROR, buf, 64);
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
	u8 info = NVM_GET(NVM_AER_INFO, result);
	void *buf = kzalloc(4096, GFP_KERNEL);

	if (!buf || nvmq_state(ctrl) != NVMQ_LIVE)
		goto out;
	switch (NVM_GET(NVM_AER_TYPE, result)) {
	case NVM_AER_ERROR:
		nvmq_event_error(ctrl, info, buf);
		break;
	case NVM_AER_SMART:
		nvmq_event_health(ctrl, buf);
		break;
	case NVM_AER_NOTICE:
		nvmq_event_notice(ctrl, info, buf);
		break;
	default:
		nvmq_info(ctrl, "event %#x\n", result);
		break;
	}
	nvmq_event_uevent(ctrl, result);
out:
	kfree(buf);
	if (nvmq_state(ctrl) == NVMQ_LIVE)
		nvmq_admin_post_aen(ctrl);
}

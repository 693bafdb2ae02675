// SPDX-License-Identifier: GPL-2.0
/*
 * What a controller is told about its host, and forgets when it is reset: which behaviour the host
 * knows, what time it is, who the host is, of which events it wants to hear. A controller that
 * refuses one of them works without it, so none is worth failing for.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include <nvme/feature.h>

#include "admin.h"
#include "host.h"

/*
 * Host Behavior Support (Base 5.27.1.18). No field of identify says whether the feature is there,
 * and a controller without it enters the question into its error log; so only those are told that
 * have something to be allowed: delays before a retry, or extended LBA formats.
 *
 * A status that names a delay although nobody allowed it does not delay anything.
 */
static void nvmq_host_behavior(struct nvmq_ctrl *ctrl)
{
	bool delays = ctrl->crdt[0] || ctrl->crdt[1] || ctrl->crdt[2];
	bool formats = ctrl->ctratt & NVM_CTRL_CTRATT_ELBAS;
	struct nvm_feat_host_behavior *behavior;
	int ret = -ENOMEM;

	if (!delays && !formats)
		return;
	behavior = kzalloc_obj(*behavior);
	if (behavior) {
		behavior->acre = delays ? NVM_ENABLE_ACRE : 0;
		behavior->lbafee = formats ? NVM_ENABLE_LBAFEE : 0;
		ret = nvmq_admin_set_feature(ctrl, NVM_FEAT_HOST_BEHAVIOR, 0, 0, behavior,
					     sizeof(*behavior), NULL);
		kfree(behavior);
	}
	if (!ret)
		return;
	memset(ctrl->crdt, 0, sizeof(ctrl->crdt));
	nvmq_warn(ctrl, "does not take the host's behaviour, status %#x: retries do not wait%s\n",
		  ret, formats ? ", no extended LBA formats" : "");
}

/* Timestamp (Base 5.27.1.11): milliseconds since 1970, in what it logs for itself. */
static void nvmq_host_time(struct nvmq_ctrl *ctrl)
{
	__le64 ms = cpu_to_le64(ktime_to_ms(ktime_get_real()));
	struct nvm_feat_timestamp *stamp;
	int ret = -ENOMEM;

	if (!(ctrl->oncs & NVM_CTRL_ONCS_TIMESTAMP))
		return;
	stamp = kzalloc_obj(*stamp);
	if (stamp) {
		memcpy(stamp->timestamp, &ms, sizeof(stamp->timestamp));
		ret = nvmq_admin_set_feature(ctrl, NVM_FEAT_TIMESTAMP, 0, 0, stamp, sizeof(*stamp),
					     NULL);
		kfree(stamp);
	}
	if (ret)
		nvmq_warn(ctrl, "cannot be told the time, status %#x\n", ret);
}

/*
 * Host identifier (Base 5.27.1.25): reservations are the host's that has it, by whatever controller
 * and after whatever reset. Without one each controller takes its host for another one.
 */
static void nvmq_host_id(struct nvmq_ctrl *ctrl)
{
	int ret = -ENOMEM;
	void *id;

	if (!memchr_inv(nvmq_hostid, 0, sizeof(nvmq_hostid)))
		return;
	if (!(ctrl->ctratt & NVM_CTRL_CTRATT_128_ID)) {
		if (ctrl->oncs & NVM_CTRL_ONCS_RESERVATIONS)
			nvmq_warn(ctrl, "knows no host identifiers of 128 bits: its reservations go without (parameter hostid)\n");
		return;
	}
	id = kmemdup(nvmq_hostid, sizeof(nvmq_hostid), GFP_KERNEL);
	if (id)
		ret = nvmq_admin_set_feature(ctrl, NVM_FEAT_HOST_ID, 0, NVM_FEAT_HOST_ID_EXHID, id,
					     sizeof(nvmq_hostid), NULL);
	kfree(id);
	if (ret)
		nvmq_warn(ctrl, "cannot be told the host identifier, status %#x\n", ret);
}

/*
 * Asynchronous events (Base 5.27.1.8). Bits 7:0 are health warnings, wanted always; of the notices
 * those that this driver does something about. Not telemetry's: the notice would hold back all
 * others until somebody has read the log, which is for a user to do; who wants it can ask for it.
 */
static void nvmq_host_events(struct nvmq_ctrl *ctrl)
{
	const u32 notices = NVM_CTRL_OAES_NS_ATTR | NVM_CTRL_OAES_FW_ACT;
	int ret;

	ret = nvmq_admin_set_feature(ctrl, NVM_FEAT_ASYNC_EVENT, 0,
				     NVM_AEN_CFG_SMART | (ctrl->oaes & notices), NULL, 0, NULL);
	if (ret < 0)
		nvmq_warn(ctrl, "cannot choose asynchronous events, error %d\n", ret);
	else if (ret)
		nvmq_warn(ctrl, "cannot choose asynchronous events, status %#x\n", ret);
}

/**
 * nvmq_host_introduce - tell a controller what it should know about its host
 * @ctrl: controller that was identified
 *
 * Context: bring-up, may sleep.
 */
void nvmq_host_introduce(struct nvmq_ctrl *ctrl)
{
	nvmq_host_behavior(ctrl);
	nvmq_host_time(ctrl);
	nvmq_host_id(ctrl);
	nvmq_host_events(ctrl);
}

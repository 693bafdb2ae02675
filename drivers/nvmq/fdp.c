// SPDX-License-Identifier: GPL-2.0
/*
 * Flexible data placement: a namespace has placement handles, and a write may say to which one it
 * belongs, so that data that dies together is kept together (NVMe Base 8.1.10, 2.1).
 *
 * Each handle, in each reclaim group, is a stream of the block layer; a write without stream goes
 * where the controller puts all others. Placement is switched on for an endurance group without
 * namespaces, and the handles are chosen when a namespace is created: both are an administrator's,
 * and nothing of it changes while the namespace is there. So they are asked for once.
 *
 * Where the block layer has no streams nothing is asked, and placement is by passthrough.
 */
#include <linux/slab.h>

#include <nvmq-stream.h>
#include <nvme/feature.h>

#include "admin.h"
#include "cmd.h"
#include "fdp.h"
#include "iocmd.h"

/* One page of answer: 127 placements. */
#define NVMQ_FDP_BYTES 4096
#define NVMQ_FDP_MAX ((NVMQ_FDP_BYTES - sizeof(struct nvm_fdp_ruh_status)) / \
		      sizeof(struct nvm_fdp_ruh_status_desc))

/* Is placement on, and by which of the configurations? */
static bool nvmq_fdp_enabled(struct nvmq_ctrl *ctrl, u16 endgid, unsigned int *index)
{
	u32 dw0;

	if (nvmq_admin_get_feature(ctrl, NVM_FEAT_FDP, 0, endgid, NULL, 0, &dw0))
		return false;
	*index = NVM_GET(NVM_FEAT_FDP_FDPCIDX, dw0);
	return dw0 & NVM_FEAT_FDP_FDPE;
}

/* The configuration in a page of them, or NULL: they are of different lengths. */
static const struct nvm_fdp_config_desc *nvmq_fdp_config(const void *page, unsigned int index)
{
	const struct nvm_fdp_config_log *log = page;
	const struct nvm_fdp_config_desc *desc;
	size_t pos = sizeof(*log);

	if (index > le16_to_cpu(log->numfdpc))
		return NULL;
	while (pos + sizeof(*desc) <= NVMQ_FDP_BYTES) {
		desc = page + pos;
		if (!index--)
			return desc;
		if (le16_to_cpu(desc->dsze) < sizeof(*desc))
			break;
		pos += le16_to_cpu(desc->dsze);
	}
	return NULL;
}

/* Bytes of a reclaim unit, what is erased together; 0 if it is not said. */
static u64 nvmq_fdp_unit(struct nvmq_ctrl *ctrl, u16 endgid, unsigned int index, void *buf)
{
	const struct nvm_fdp_config_desc *desc;
	struct nvm_sqe cmd;

	nvmq_cmd_simple(&cmd, NVM_ADMIN_GET_LOG_PAGE, 0);
	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_LOG_LID, NVM_LOG_FDP_CONFIGS) |
				NVM_PREP(NVM_LOG_NUMDL, NVMQ_FDP_BYTES / 4 - 1));
	cmd.cdw11 = cpu_to_le32(NVM_PREP(NVM_LOG_LSI, endgid));
	memset(buf, 0, NVMQ_FDP_BYTES);
	if (nvmq_admin_cmd(ctrl, &cmd, buf, NVMQ_FDP_BYTES, NULL))
		return 0;
	desc = nvmq_fdp_config(buf, index);
	return desc ? le64_to_cpu(desc->runs) : 0;
}

/* Reclaim unit handle status: each entry is a place that this namespace may write to. */
static int nvmq_fdp_places(struct nvmq_ns *ns, struct nvm_fdp_ruh_status *status)
{
	struct nvm_sqe cmd = { .opcode = NVM_CMD_IO_MGMT_RECV };
	unsigned int i, nr;
	int ret;

	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_IO_MGMT_MO, NVM_IO_MGMT_MO_RUH));
	cmd.cdw11 = cpu_to_le32(NVMQ_FDP_BYTES / 4 - 1);
	memset(status, 0, NVMQ_FDP_BYTES);
	ret = nvmq_iocmd_run(ns, &cmd, status, NVMQ_FDP_BYTES);
	if (ret < 0)
		return ret;
	nr = min_t(unsigned int, le16_to_cpu(status->nruhsd), NVMQ_FDP_MAX);
	/* where there is one place only, all goes there anyway */
	if (ret || nr < 2)
		return 0;
	ns->places = kcalloc(nr, sizeof(*ns->places), GFP_KERNEL);
	if (!ns->places)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		ns->places[i] = le16_to_cpu(status->ruhsd[i].pid);
	ns->nr_places = nr;
	return 0;
}

/**
 * nvmq_fdp_read - ask where the writes of a new namespace may be placed
 * @ns: namespace whose disk is not registered yet
 * @endgid: its endurance group
 *
 * Context: may sleep.
 * Return: 0, also where there is no placement; -errno if the controller could not be asked.
 */
int nvmq_fdp_read(struct nvmq_ns *ns, u16 endgid)
{
	struct nvmq_ctrl *ctrl = ns->ctrl;
	unsigned int index;
	void *buf;
	u64 unit;
	int ret;

	if (!nvmq_stream_known() || !(ctrl->ctratt & NVM_CTRL_CTRATT_FDPS) || !endgid ||
	    !ns->usable || !nvmq_fdp_enabled(ctrl, endgid, &index))
		return 0;
	buf = kmalloc(NVMQ_FDP_BYTES, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	unit = nvmq_fdp_unit(ctrl, endgid, index, buf);
	ret = nvmq_fdp_places(ns, buf);
	kfree(buf);
	if (ret) {
		nvmq_err(ctrl, "namespace %u: cannot ask where writes may go, error %d\n",
			 ns->nsid, ret);
		return ret;
	}
	ns->place_bytes = min_t(u64, unit, U32_MAX);
	if (ns->nr_places)
		nvmq_info(ctrl, "namespace %u: %u write streams, reclaim units of %llu KiB\n",
			  ns->nsid, ns->nr_places, unit >> 10);
	return 0;
}

/**
 * nvmq_fdp_set_limits - add what nvmq_fdp_read() has found to what identify says
 * @ns: namespace
 * @info: what identify says of it now
 *
 * Context: any.
 */
void nvmq_fdp_set_limits(const struct nvmq_ns *ns, struct nvmq_ns_info *info)
{
	if (!ns->nr_places)
		return;
	info->rich = true;
	info->lim.max_write_streams = ns->nr_places;
	info->lim.write_stream_granularity = ns->place_bytes;
}

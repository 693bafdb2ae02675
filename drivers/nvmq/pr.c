// SPDX-License-Identifier: GPL-2.0
/*
 * Persistent reservations: the block layer's words for those of NVMe (Base 7.2 to 7.5, 8.19).
 *
 * Hosts that share a namespace register a key each, and one of them, or all that are registered,
 * may then hold it. What is refused to the others ends with BLK_STS_RESV_CONFLICT. The types of
 * reservations have the same numbers there and here.
 *
 * A key means something to the controller together with the host's identifier (feature 81h); who
 * wants registrations to outlive a reset sets that one.
 */
#include <linux/blkdev.h>
#include <linux/pr.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include <nvme/identify.h>
#include <nvme/identify_ns.h>
#include <nvme/log.h>

#include <nvmq-adapt.h>

#include "cmd.h"
#include "iocmd.h"
#include "pr.h"

/* Registrants that a page has room for, and the longest report: two thousand of them. */
#define NVMQ_PR_FEW 62
#define NVMQ_PR_REPORT_BYTES SZ_128K

/* The types are handed through. */
static_assert((int)PR_WRITE_EXCLUSIVE == (int)NVM_PR_WRITE_EXCLUSIVE);
static_assert((int)PR_EXCLUSIVE_ACCESS == (int)NVM_PR_EXCLUSIVE_ACCESS);
static_assert((int)PR_WRITE_EXCLUSIVE_REG_ONLY == (int)NVM_PR_WRITE_EXCLUSIVE_REG_ONLY);
static_assert((int)PR_EXCLUSIVE_ACCESS_REG_ONLY == (int)NVM_PR_EXCLUSIVE_ACCESS_REG_ONLY);
static_assert((int)PR_WRITE_EXCLUSIVE_ALL_REGS == (int)NVM_PR_WRITE_EXCLUSIVE_ALL_REGS);
static_assert((int)PR_EXCLUSIVE_ACCESS_ALL_REGS == (int)NVM_PR_EXCLUSIVE_ACCESS_ALL_REGS);

/* What users of the ioctls are told; statuses that are not listed are PR_STS_IOERR. */
static const struct {
	u16 status;
	int verdict;
} nvmq_pr_verdicts[] = {
	{ NVM_SC_SUCCESS, PR_STS_SUCCESS },
	{ NVM_SC_RESERVATION_CONFLICT, PR_STS_RESERVATION_CONFLICT },
	{ NVM_SC_INVALID_OPCODE, -EOPNOTSUPP },
	{ NVM_SC_INVALID_FIELD, -EINVAL },
	{ NVM_SC_INVALID_NS, -EINVAL },
	{ NVM_SC_BAD_ATTRIBUTES, -EINVAL },
	{ NVM_SC_INTERNAL_PATH_ERROR, PR_STS_PATH_FAILED },
	{ NVM_SC_CTRL_PATH_ERROR, PR_STS_PATH_FAILED },
	{ NVM_SC_HOST_PATH_ERROR, PR_STS_PATH_FAILED },
};

static int nvmq_pr_verdict(int ret)
{
	unsigned int i;

	if (ret < 0)
		return ret;
	for (i = 0; i < ARRAY_SIZE(nvmq_pr_verdicts); i++)
		if (nvmq_pr_verdicts[i].status == (ret & NVM_SCT_SC_MASK))
			return nvmq_pr_verdicts[i].verdict;
	return PR_STS_IOERR;
}

static struct nvmq_ns *nvmq_pr_ns(struct block_device *bdev)
{
	return bdev->bd_disk->private_data;
}

/* Sends one of the commands that have two keys as data. */
static int nvmq_pr_send(struct block_device *bdev, u8 opcode, u32 cdw10, u64 key, u64 other)
{
	struct nvmq_ns *ns = nvmq_pr_ns(bdev);
	struct nvm_sqe cmd = { .opcode = opcode, .cdw10 = cpu_to_le32(cdw10) };
	struct nvm_resv_keys *keys;
	int ret;

	if (!(ns->ctrl->oncs & NVM_CTRL_ONCS_RESERVATIONS))
		return -EOPNOTSUPP;
	keys = kzalloc_obj(*keys);
	if (!keys)
		return -ENOMEM;
	keys->crkey = cpu_to_le64(key);
	keys->nrkey = cpu_to_le64(other);
	ret = nvmq_iocmd_run(ns, &cmd, keys,
			     opcode == NVM_CMD_RESV_RELEASE ? sizeof(keys->crkey) : sizeof(*keys));
	kfree(keys);
	return nvmq_pr_verdict(ret);
}

static u32 nvmq_pr_cdw10(u32 action, u32 type)
{
	return NVM_PREP(NVM_RESV_ACTION, action) | NVM_PREP(NVM_RESV_RTYPE, type);
}

/* A new key of 0 takes the registration back. */
static int nvmq_pr_register(struct block_device *bdev, u64 old_key, u64 new_key, u32 flags)
{
	u32 cdw10 = NVM_RESV_REGISTER_KEY;

	if (flags & ~PR_FL_IGNORE_KEY)
		return -EOPNOTSUPP;
	/* a replacement that ignores the key is the one that need not be one (Base 8.19.3) */
	if (!new_key)
		cdw10 = NVM_RESV_UNREGISTER_KEY;
	else if (old_key || flags & PR_FL_IGNORE_KEY)
		cdw10 = NVM_RESV_REPLACE_KEY;
	if (flags & PR_FL_IGNORE_KEY)
		cdw10 |= NVM_RESV_IEKEY;
	if (nvmq_pr_ns(bdev)->rescap & NVM_NS_RESCAP_PTPL)
		cdw10 |= NVM_RESV_CPTPL_ON;
	return nvmq_pr_send(bdev, NVM_CMD_RESV_REGISTER, cdw10, old_key, new_key);
}

static int nvmq_pr_reserve(struct block_device *bdev, u64 key, enum pr_type type, u32 flags)
{
	if (flags)
		return -EOPNOTSUPP;
	return nvmq_pr_send(bdev, NVM_CMD_RESV_ACQUIRE, nvmq_pr_cdw10(NVM_RESV_ACQUIRE, type),
			    key, 0);
}

/* The first key is the caller's own, the second is that of who has to go. */
static int nvmq_pr_preempt(struct block_device *bdev, u64 key, u64 other, enum pr_type type,
			   bool abort)
{
	u32 action = abort ? NVM_RESV_PREEMPT_ABORT : NVM_RESV_PREEMPT;

	return nvmq_pr_send(bdev, NVM_CMD_RESV_ACQUIRE, nvmq_pr_cdw10(action, type), key, other);
}

static int nvmq_pr_release(struct block_device *bdev, u64 key, enum pr_type type)
{
	return nvmq_pr_send(bdev, NVM_CMD_RESV_RELEASE, nvmq_pr_cdw10(NVM_RESV_RELEASE, type),
			    key, 0);
}

static int nvmq_pr_clear(struct block_device *bdev, u64 key)
{
	return nvmq_pr_send(bdev, NVM_CMD_RESV_RELEASE, nvmq_pr_cdw10(NVM_RESV_CLEAR, 0), key, 0);
}

/**
 * struct nvmq_pr_report - a reservation report, of either form
 * @ext: its entries are the long ones
 * @room: entries that it had room for
 * @total: registrants that there are
 * @buf: the report
 * @s: the same, with short entries
 * @e: the same, with long ones
 */
struct nvmq_pr_report {
	bool ext;
	u32 room;
	u32 total;
	union {
		void *buf;
		struct nvm_reservation_status *s;
		struct nvm_reservation_status_ext *e;
	};
};

static int nvmq_pr_receive(struct nvmq_ns *ns, struct nvmq_pr_report *r, u32 len)
{
	struct nvm_sqe cmd = {
		.opcode = NVM_CMD_RESV_REPORT,
		.cdw10 = cpu_to_le32(len / 4 - 1),
		.cdw11 = cpu_to_le32(r->ext ? NVM_RESV_REPORT_EDS : 0),
	};

	memset(r->buf, 0, len);
	return nvmq_iocmd_run(ns, &cmd, r->buf, len);
}

/* Asks for a report that has room for @entries registrants, if one may be that long. */
static int nvmq_pr_ask(struct nvmq_ns *ns, struct nvmq_pr_report *r, u32 entries)
{
	u32 most = min_t(u32, NVMQ_PR_REPORT_BYTES, ns->ctrl->max_hw_sectors << SECTOR_SHIFT);
	u32 len;
	int ret;

	/* the long entries and their header are the larger ones: room for them is room for both */
	len = min_t(u64, most, struct_size(r->e, regctl_eds, (u64)entries));
	r->buf = kmalloc(len, GFP_KERNEL);
	if (!r->buf)
		return -ENOMEM;
	/* which of them a controller gives depends on the width of the host's identifier */
	r->ext = ns->ctrl->ctratt & NVM_CTRL_CTRATT_128_ID;
	ret = nvmq_pr_receive(ns, r, len);
	if (ret > 0 && (ret & NVM_SCT_SC_MASK) == NVM_SC_HOST_ID_INCONSIST) {
		r->ext = !r->ext;
		ret = nvmq_pr_receive(ns, r, len);
	}
	if (ret) {
		kfree(r->buf);
		return nvmq_pr_verdict(ret);
	}
	r->total = get_unaligned_le16(r->s->regctl);
	r->room = r->ext ? (len - sizeof(*r->e)) / sizeof(r->e->regctl_eds[0]) :
			   (len - sizeof(*r->s)) / sizeof(r->s->regctl_ds[0]);
	r->room = min(r->room, r->total);
	return 0;
}

/* A report that tells of the first @want registrants; most have few, and are asked once. */
static int nvmq_pr_report(struct block_device *bdev, struct nvmq_pr_report *r, u32 want)
{
	struct nvmq_ns *ns = nvmq_pr_ns(bdev);
	int ret;

	if (!(ns->ctrl->oncs & NVM_CTRL_ONCS_RESERVATIONS))
		return -EOPNOTSUPP;
	ret = nvmq_pr_ask(ns, r, min_t(u32, want, NVMQ_PR_FEW));
	if (ret || r->room >= min(r->total, want))
		return ret;
	want = min(r->total, want);
	kfree(r->buf);
	return nvmq_pr_ask(ns, r, want);
}

static u64 nvmq_pr_key(const struct nvmq_pr_report *r, u32 i)
{
	return le64_to_cpu(r->ext ? r->e->regctl_eds[i].rkey : r->s->regctl_ds[i].rkey);
}

static bool nvmq_pr_holds(const struct nvmq_pr_report *r, u32 i)
{
	return (r->ext ? r->e->regctl_eds[i].rcsts : r->s->regctl_ds[i].rcsts) &
	       NVM_REGCTL_RCSTS_HOLDER;
}

/* The first ones, as many as there is room for, and how many there are. */
static int nvmq_pr_read_keys(struct block_device *bdev, struct pr_keys *keys)
{
	struct nvmq_pr_report r;
	u32 i, want = keys->num_keys;
	int ret;

	ret = nvmq_pr_report(bdev, &r, want);
	if (ret)
		return ret;
	keys->generation = le32_to_cpu(r.s->gen);
	keys->num_keys = r.total;
	for (i = 0; i < min(r.room, want); i++)
		keys->keys[i] = nvmq_pr_key(&r, i);
	/* the rest would be taken for keys, too */
	if (i < min(r.total, want))
		ret = -E2BIG;
	kfree(r.buf);
	return ret;
}

/* Where all registrants hold it, the first one's key stands for them. */
static int nvmq_pr_read_reservation(struct block_device *bdev, struct pr_held_reservation *held)
{
	struct nvmq_pr_report r;
	int ret;
	u32 i;

	ret = nvmq_pr_report(bdev, &r, U16_MAX);
	if (ret)
		return ret;
	held->generation = le32_to_cpu(r.s->gen);
	held->type = r.s->rtype;
	held->key = 0;
	for (i = 0; held->type && i < r.room; i++) {
		if (nvmq_pr_holds(&r, i)) {
			held->key = nvmq_pr_key(&r, i);
			break;
		}
	}
	kfree(r.buf);
	return 0;
}

NVMQ_ADAPT_PR_READ(nvmq_pr_read_keys, nvmq_pr_read_reservation);

const struct pr_ops nvmq_pr_ops = {
	.pr_register = nvmq_pr_register,
	.pr_reserve = nvmq_pr_reserve,
	.pr_release = nvmq_pr_release,
	.pr_preempt = nvmq_pr_preempt,
	.pr_clear = nvmq_pr_clear,
	nvmq_adapted_pr_read(nvmq_pr_read_keys, nvmq_pr_read_reservation)
};

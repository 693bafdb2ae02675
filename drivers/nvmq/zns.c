// SPDX-License-Identifier: GPL-2.0
/*
 * Zoned namespaces: what identify says of them, and the report of their zones. What a zone is told
 * (reset, open, close, finish, append) goes the way of other requests, in submit.c.
 */
#include <linux/log2.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <nvme/identify_ns.h>

#include "admin.h"
#include "iocmd.h"
#include "zns.h"

/* Memory for a report: a thousand zones. */
#define NVMQ_ZNS_REPORT_BYTES SZ_64K

/* MAR and MOR are zero-based; all ones comes to 0, which is no limit to the block layer, too. */
static u32 nvmq_zns_resources(__le32 zero_based)
{
	return le32_to_cpu(zero_based) + 1;
}

/* The largest append: ZASL counts as MDTS does, 0 is MDTS itself (ZNS 4.1.5.2). */
static int nvmq_zns_read_append(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, void *buf)
{
	const struct nvm_id_ctrl_zns *id = buf;
	u32 shift;
	int ret;

	ret = nvmq_admin_identify(ctrl, NVM_ID_CNS_CS_CTRL, NVM_CSI_ZNS, 0, buf,
				  NVM_IDENTIFY_DATA_SIZE);
	if (ret)
		return ret;
	info->lim.max_zone_append_sectors = info->lim.max_hw_sectors;
	shift = id->zasl + NVM_GET(NVM_CAP_MPSMIN, ctrl->cap) + NVM_PAGE_SHIFT_MIN - SECTOR_SHIFT;
	if (id->zasl && shift < 32)
		info->lim.max_zone_append_sectors = min(info->lim.max_hw_sectors, 1U << shift);
	return 0;
}

static const char *nvmq_zns_unfit(const struct nvm_id_ns_zns *id, u64 zone_sectors)
{
	if (!IS_ENABLED(CONFIG_BLK_DEV_ZONED))
		return "this kernel has no zones";
	if (!zone_sectors || !is_power_of_2(zone_sectors) || zone_sectors > UINT_MAX)
		return "the size of its zones is not a power of two";
	if (le16_to_cpu(id->zoc) & NVM_ZNS_ZOC_VARIABLE_CAPACITY)
		return "the capacity of its zones changes";
	return NULL;
}

/**
 * nvmq_zns_identify - what a zoned namespace says of its zones
 * @ctrl: live controller
 * @info: what is known of the namespace; its limits become those of zones
 * @buf: kmalloc()ed page for identify data
 *
 * One whose zones the block layer cannot have is hidden, after a line in the log.
 *
 * Context: may sleep.
 * Return: 0 or -errno.
 */
int nvmq_zns_identify(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, void *buf)
{
	const struct nvm_id_ns_zns *id = buf;
	struct nvmq_limits *lim = &info->lim;
	const char *why;
	u64 zone;
	int ret;

	ret = nvmq_zns_read_append(ctrl, info, buf);
	if (!ret)
		ret = nvmq_admin_identify(ctrl, NVM_ID_CNS_CS_NS, NVM_CSI_ZNS, info->nsid, buf,
					  NVM_IDENTIFY_DATA_SIZE);
	if (ret)
		return ret < 0 ? ret : -EIO;
	zone = le64_to_cpu(id->lbafe[info->format].zsze) << (info->lba_shift - SECTOR_SHIFT);
	why = nvmq_zns_unfit(id, zone);
	if (why) {
		nvmq_warn(ctrl, "namespace %u: %s: through its character device only\n",
			  info->nsid, why);
		info->hidden = true;
		return 0;
	}
	lim->zoned = true;
	lim->chunk_sectors = zone;
	lim->max_open_zones = nvmq_zns_resources(id->mor);
	lim->max_active_zones = nvmq_zns_resources(id->mar);
	/* a zone is emptied by its reset */
	lim->max_discard_sectors = 0;
	return 0;
}

static int nvmq_zns_entry(struct nvmq_ns *ns, const struct nvm_zone_descriptor *desc,
			  unsigned int idx, struct blk_report_zones_args *args)
{
	unsigned int shift = ns->lba_shift - SECTOR_SHIFT;
	struct blk_zone zone = {};

	if ((desc->zt & 0xf) != NVM_ZONE_TYPE_SEQWRITE_REQ) {
		nvmq_err(ns->ctrl, "%s: a zone of type %#x\n", ns->disk->disk_name, desc->zt);
		return -EINVAL;
	}
	zone.type = BLK_ZONE_TYPE_SEQWRITE_REQ;
	/* the states of NVMe have the numbers of the block layer's conditions */
	zone.cond = NVM_GET(NVM_ZONE_STATE, desc->zs);
	zone.len = ns->lim.chunk_sectors;
	zone.capacity = le64_to_cpu(desc->zcap) << shift;
	zone.start = le64_to_cpu(desc->zslba) << shift;
	/* that of a full zone means nothing */
	if (zone.cond == BLK_ZONE_COND_FULL)
		zone.wp = zone.start + zone.len;
	else
		zone.wp = le64_to_cpu(desc->wp) << shift;
	return disk_report_zone(ns->disk, &zone, idx, args);
}

/* One command. Returns how many zones it told of, or -errno. */
static int nvmq_zns_receive(struct nvmq_ns *ns, u64 lba, void *buf, u32 len)
{
	const struct nvm_zone_report *report = buf;
	u32 room = (len - sizeof(*report)) / sizeof(report->entries[0]);
	struct nvm_sqe cmd = { .opcode = NVM_CMD_ZONE_MGMT_RECV };
	int ret;

	cmd.cdw10 = cpu_to_le32(lower_32_bits(lba));
	cmd.cdw11 = cpu_to_le32(upper_32_bits(lba));
	cmd.cdw12 = cpu_to_le32(len / 4 - 1);
	cmd.cdw13 = cpu_to_le32(NVM_ZRA_ZONE_REPORT | NVM_ZONE_PARTIAL);
	memset(buf, 0, len);
	ret = nvmq_iocmd_run(ns, &cmd, buf, len);
	if (ret)
		return ret < 0 ? ret : -EIO;
	return min_t(u64, le64_to_cpu(report->nr_zones), room);
}

/**
 * nvmq_zns_report - the block layer's report_zones
 * @disk: disk of a zoned namespace
 * @sector: where to begin
 * @nr_zones: how many at most
 * @args: for disk_report_zone()
 *
 * Context: may sleep.
 * Return: how many zones there were, or -errno.
 */
int nvmq_zns_report(struct gendisk *disk, sector_t sector, unsigned int nr_zones,
		    struct blk_report_zones_args *args)
{
	struct nvmq_ns *ns = disk->private_data;
	u32 len = min_t(u32, NVMQ_ZNS_REPORT_BYTES, ns->lim.max_hw_sectors << SECTOR_SHIFT);
	u32 zone = ns->lim.chunk_sectors;
	struct nvm_zone_report *report;
	unsigned int done = 0;
	int ret = 0, found, i;

	if (!ns->lim.zoned)
		return -EOPNOTSUPP;
	if (nr_zones < len / sizeof(report->entries[0]))
		len = struct_size(report, entries, nr_zones);
	report = kmalloc(len, GFP_KERNEL);
	if (!report)
		return -ENOMEM;
	sector &= ~((sector_t)zone - 1);
	while (done < nr_zones && sector < get_capacity(disk)) {
		found = nvmq_zns_receive(ns, sector >> (ns->lba_shift - SECTOR_SHIFT), report, len);
		if (found <= 0)
			ret = found;
		for (i = 0; i < found && done < nr_zones && !ret; i++, done++)
			ret = nvmq_zns_entry(ns, &report->entries[i], done, args);
		if (ret || found <= 0)
			break;
		sector += (sector_t)found * zone;
	}
	kfree(report);
	return ret ? ret : done;
}

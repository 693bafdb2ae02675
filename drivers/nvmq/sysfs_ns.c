// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of namespaces; the device is the gendisk's. Names and formats are the in-tree
 * driver's: udev makes /dev/disk/by-id of them. What a namespace does not have is not shown.
 */
#include <linux/blkdev.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "admin.h"
#include "sysfs.h"

/* NUSE is identified again when what is known is older than this. */
#define NVMQ_SYSFS_NUSE_AGE (5 * HZ)

static struct nvmq_ns *nvmq_sysfs_ns(struct device *dev)
{
	return dev_to_disk(dev)->private_data;
}

static bool nvmq_sysfs_is_null(const u8 *id, size_t len)
{
	return !memchr_inv(id, 0, len);
}

/* Length of a string of identify without the blanks behind it. */
static int nvmq_sysfs_trimmed(const char *s)
{
	int len = strlen(s);

	while (len && s[len - 1] == ' ')
		len--;
	return len;
}

/*
 * The first identifier that there is. UUID, NGUID, EUI64, or what is made of serial and model
 * number: udev's /dev/disk/by-id/nvme-* are called after it.
 */
static ssize_t wwid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct nvmq_ns *ns = nvmq_sysfs_ns(dev);
	const struct nvmq_ctrl *ctrl = ns->ctrl;
	const struct nvmq_ids *ids = &ns->ids;

	if (!nvmq_sysfs_is_null(ids->uuid, sizeof(ids->uuid)))
		return sysfs_emit(buf, "uuid.%pU\n", ids->uuid);
	if (!nvmq_sysfs_is_null(ids->nguid, sizeof(ids->nguid)))
		return sysfs_emit(buf, "eui.%16phN\n", ids->nguid);
	if (!nvmq_sysfs_is_null(ids->eui64, sizeof(ids->eui64)))
		return sysfs_emit(buf, "eui.%8phN\n", ids->eui64);
	return sysfs_emit(buf, "nvme.%04x-%*phN-%*phN-%08x\n", ctrl->vid,
			  nvmq_sysfs_trimmed(ctrl->serial), ctrl->serial,
			  nvmq_sysfs_trimmed(ctrl->model), ctrl->model, ns->nsid);
}
static DEVICE_ATTR_RO(wwid);

/* Before there were UUIDs this attribute had the NGUID, and tools still expect it. */
static ssize_t uuid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const struct nvmq_ids *ids = &nvmq_sysfs_ns(dev)->ids;

	if (nvmq_sysfs_is_null(ids->uuid, sizeof(ids->uuid)))
		return sysfs_emit(buf, "%pU\n", ids->nguid);
	return sysfs_emit(buf, "%pU\n", ids->uuid);
}
static DEVICE_ATTR_RO(uuid);

static ssize_t nguid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pU\n", nvmq_sysfs_ns(dev)->ids.nguid);
}
static DEVICE_ATTR_RO(nguid);

static ssize_t eui_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%8ph\n", nvmq_sysfs_ns(dev)->ids.eui64);
}
static DEVICE_ATTR_RO(eui);

static ssize_t nsid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvmq_sysfs_ns(dev)->nsid);
}
static DEVICE_ATTR_RO(nsid);

static ssize_t csi_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvmq_sysfs_ns(dev)->ids.csi);
}
static DEVICE_ATTR_RO(csi);

static ssize_t metadata_bytes_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvmq_sysfs_ns(dev)->ms);
}
static DEVICE_ATTR_RO(metadata_bytes);

/* Returns 0, -errno or the NVMe status. */
static int nvmq_sysfs_read_nuse(struct nvmq_ns *ns)
{
	struct nvm_id_ns *id;
	int ret;

	if (nvmq_state(ns->ctrl) != NVMQ_LIVE)
		return 0;
	id = kmalloc_obj(*id);
	if (!id)
		return -ENOMEM;
	ret = nvmq_admin_identify(ns->ctrl, NVM_ID_CNS_NS, 0, ns->nsid, id, sizeof(*id));
	if (!ret) {
		WRITE_ONCE(ns->nuse, le64_to_cpu(id->nuse));
		WRITE_ONCE(ns->nuse_at, jiffies);
	}
	kfree(id);
	return ret;
}

static ssize_t nuse_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ns *ns = nvmq_sysfs_ns(dev);
	int ret = 0;

	/* monitors read this often; a controller has better things to do */
	if (!ns->nuse_at || time_after(jiffies, READ_ONCE(ns->nuse_at) + NVMQ_SYSFS_NUSE_AGE))
		ret = nvmq_sysfs_read_nuse(ns);
	if (ret)
		return ret < 0 ? ret : -EIO;
	return sysfs_emit(buf, "%llu\n", READ_ONCE(ns->nuse));
}
static DEVICE_ATTR_RO(nuse);

static struct attribute *nvmq_sysfs_ns_attrs[] = {
	&dev_attr_wwid.attr,
	&dev_attr_uuid.attr,
	&dev_attr_nguid.attr,
	&dev_attr_eui.attr,
	&dev_attr_nsid.attr,
	&dev_attr_csi.attr,
	&dev_attr_metadata_bytes.attr,
	&dev_attr_nuse.attr,
	&nvmq_sysfs_passthru_err_log_enabled.attr,
	NULL
};

static umode_t nvmq_sysfs_ns_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	const struct nvmq_ids *ids = &nvmq_sysfs_ns(kobj_to_dev(kobj))->ids;
	bool nguid = !nvmq_sysfs_is_null(ids->nguid, sizeof(ids->nguid));
	bool uuid = !nvmq_sysfs_is_null(ids->uuid, sizeof(ids->uuid));

	if (attr == &dev_attr_uuid.attr && !uuid && !nguid)
		return 0;
	if (attr == &dev_attr_nguid.attr && !nguid)
		return 0;
	if (attr == &dev_attr_eui.attr && nvmq_sysfs_is_null(ids->eui64, sizeof(ids->eui64)))
		return 0;
	return attr->mode;
}

static const struct attribute_group nvmq_sysfs_ns_group = {
	.attrs = nvmq_sysfs_ns_attrs,
	.is_visible = nvmq_sysfs_ns_visible,
};

static struct attribute *nvmq_sysfs_ns_diag_attrs[] = {
	&nvmq_sysfs_command_error_count.attr,
	&nvmq_sysfs_command_retries_count.attr,
	NULL
};

static const struct attribute_group nvmq_sysfs_ns_diag_group = {
	.name = "diag",
	.attrs = nvmq_sysfs_ns_diag_attrs,
};

const struct attribute_group *nvmq_sysfs_ns_groups[] = {
	&nvmq_sysfs_ns_group,
	&nvmq_sysfs_ns_diag_group,
	NULL
};

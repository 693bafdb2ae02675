// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of controllers, namespaces and subsystems. Names, formats and units are the in-tree
 * driver's: nvme-cli, udev and lsblk read them. What is nvmq's own is in the group nvmq.
 *
 * Strings of identify are padded with blanks, as on the wire: scripts compare them.
 */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/uuid.h>

#include "admin.h"
#include "scan.h"
#include "state.h"
#include "subsys.h"
#include "sysfs.h"

#define NVMQ_SYSFS_MODEL "%-40s\n"
#define NVMQ_SYSFS_SERIAL "%-20s\n"
#define NVMQ_SYSFS_FIRMWARE "%-8s\n"

/* NUSE is identified again when what is known is older than this. */
#define NVMQ_SYSFS_NUSE_AGE (5 * HZ)

/* Controllers. */

static struct nvmq_ctrl *nvmq_sysfs_ctrl(struct device *dev)
{
	return container_of(dev, struct nvmq_ctrl, device);
}

static ssize_t model_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_MODEL, nvmq_sysfs_ctrl(dev)->model);
}
static DEVICE_ATTR_RO(model);

static ssize_t serial_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_SERIAL, nvmq_sysfs_ctrl(dev)->serial);
}
static DEVICE_ATTR_RO(serial);

static ssize_t firmware_rev_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_FIRMWARE, nvmq_sysfs_ctrl(dev)->firmware);
}
static DEVICE_ATTR_RO(firmware_rev);

static ssize_t subsysnqn_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", nvmq_sysfs_ctrl(dev)->subnqn);
}
static DEVICE_ATTR_RO(subsysnqn);

static ssize_t cntlid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvmq_sysfs_ctrl(dev)->cntlid);
}
static DEVICE_ATTR_RO(cntlid);

static ssize_t cntrltype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const char *const types[] = {
		[NVM_CTRL_IO] = "io",
		[NVM_CTRL_DISC] = "discovery",
		[NVM_CTRL_ADMIN] = "admin",
	};
	u8 type = nvmq_sysfs_ctrl(dev)->cntrltype;

	return sysfs_emit(buf, "%s\n",
			  type < ARRAY_SIZE(types) && types[type] ? types[type] : "reserved");
}
static DEVICE_ATTR_RO(cntrltype);

/* Discovery controllers are a matter of fabrics. */
static ssize_t dctype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "none\n");
}
static DEVICE_ATTR_RO(dctype);

static ssize_t address_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", dev_name(nvmq_sysfs_ctrl(dev)->dev));
}
static DEVICE_ATTR_RO(address);

static ssize_t transport_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "pcie\n");
}
static DEVICE_ATTR_RO(transport);

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", nvmq_state_name(nvmq_state(nvmq_sysfs_ctrl(dev))));
}
static DEVICE_ATTR_RO(state);

static ssize_t numa_node_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", dev_to_node(nvmq_sysfs_ctrl(dev)->dev));
}
static DEVICE_ATTR_RO(numa_node);

/* Queue pairs, the admin queue too. */
static ssize_t queue_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvmq_sysfs_ctrl(dev)->nr_queues);
}
static DEVICE_ATTR_RO(queue_count);

/* Entries of an I/O queue, zero-based. */
static ssize_t sqsize_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u16 depth = nvmq_sysfs_ctrl(dev)->depth;

	return sysfs_emit(buf, "%u\n", depth ? depth - 1 : 0);
}
static DEVICE_ATTR_RO(sqsize);

/* Keep alive is a matter of fabrics. */
static ssize_t kato_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "0\n");
}
static DEVICE_ATTR_RO(kato);

static ssize_t reset_controller_store(struct device *dev, struct device_attribute *attr,
				      const char *buf, size_t count)
{
	int ret = nvmq_state_reset_sync(nvmq_sysfs_ctrl(dev), "reset by user");

	return ret ? ret : count;
}
static DEVICE_ATTR_WO(reset_controller);

static ssize_t rescan_controller_store(struct device *dev, struct device_attribute *attr,
				       const char *buf, size_t count)
{
	nvmq_scan_queue(nvmq_sysfs_ctrl(dev));
	return count;
}
static DEVICE_ATTR_WO(rescan_controller);

/* Milliseconds, as in kernels that have these attributes for their own driver (7.1). */
static int nvmq_sysfs_parse_timeout(const char *buf, unsigned int *timeout)
{
	unsigned int ms;
	int ret;

	ret = kstrtouint(buf, 10, &ms);
	if (ret)
		return ret;
	if (!ms || ms > INT_MAX)
		return -EINVAL;
	*timeout = msecs_to_jiffies(ms);
	return 0;
}

static ssize_t admin_timeout_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", jiffies_to_msecs(nvmq_sysfs_ctrl(dev)->admin_timeout));
}

static ssize_t admin_timeout_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	unsigned int timeout;
	int ret;

	if (!test_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags))
		return -EBUSY;
	ret = nvmq_sysfs_parse_timeout(buf, &timeout);
	if (ret)
		return ret;
	WRITE_ONCE(ctrl->admin_timeout, timeout);
	blk_queue_rq_timeout(ctrl->admin_q, timeout);
	return count;
}
static DEVICE_ATTR_RW(admin_timeout);

static ssize_t io_timeout_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", jiffies_to_msecs(nvmq_sysfs_ctrl(dev)->io_timeout));
}

static ssize_t io_timeout_store(struct device *dev, struct device_attribute *attr,
				const char *buf, size_t count)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	struct nvmq_ns *ns;
	unsigned int timeout;
	int ret;

	if (!test_bit(NVMQ_CF_WAS_LIVE, &ctrl->flags))
		return -EBUSY;
	ret = nvmq_sysfs_parse_timeout(buf, &timeout);
	if (ret)
		return ret;

	down_read(&ctrl->ns_lock);
	WRITE_ONCE(ctrl->io_timeout, timeout);
	/* namespaces to come take it from the tag set */
	ctrl->io_set.timeout = timeout;
	list_for_each_entry(ns, &ctrl->namespaces, entry)
		blk_queue_rq_timeout(ns->disk->queue, timeout);
	up_read(&ctrl->ns_lock);
	return count;
}
static DEVICE_ATTR_RW(io_timeout);

static struct attribute *nvmq_sysfs_ctrl_attrs[] = {
	&dev_attr_model.attr,
	&dev_attr_serial.attr,
	&dev_attr_firmware_rev.attr,
	&dev_attr_subsysnqn.attr,
	&dev_attr_cntlid.attr,
	&dev_attr_cntrltype.attr,
	&dev_attr_dctype.attr,
	&dev_attr_address.attr,
	&dev_attr_transport.attr,
	&dev_attr_state.attr,
	&dev_attr_numa_node.attr,
	&dev_attr_queue_count.attr,
	&dev_attr_sqsize.attr,
	&dev_attr_kato.attr,
	&dev_attr_reset_controller.attr,
	&dev_attr_rescan_controller.attr,
	&dev_attr_admin_timeout.attr,
	&dev_attr_io_timeout.attr,
	NULL
};

static const struct attribute_group nvmq_sysfs_ctrl_group = {
	.attrs = nvmq_sysfs_ctrl_attrs,
};

static ssize_t reset_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(nvmq_sysfs_ctrl(dev)->nr_resets));
}
static DEVICE_ATTR_RO(reset_count);

static struct attribute *nvmq_sysfs_diag_attrs[] = {
	&dev_attr_reset_count.attr,
	NULL
};

static const struct attribute_group nvmq_sysfs_diag_group = {
	.name = "diag",
	.attrs = nvmq_sysfs_diag_attrs,
};

static const char *nvmq_sysfs_kind(const struct nvmq_ctrl *ctrl, unsigned int qid)
{
	unsigned int end = 1 + ctrl->kinds[NVMQ_KIND_DEFAULT];

	if (!qid)
		return "admin";
	if (qid < end)
		return "default";
	end += ctrl->kinds[NVMQ_KIND_READ];
	return qid < end ? "read" : "poll";
}

/*
 * One line for each queue. A page holds about 60 of them; what does not fit is said to be missing,
 * never cut in the middle.
 */
static ssize_t queues_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	unsigned int i, nr = READ_ONCE(ctrl->nr_queues);
	char line[256];
	int len, n;

	len = sysfs_emit(buf,
			 "qid kind submitted completed doorbells shadowed interrupts spurious polled foreign\n");
	for (i = 0; i < nr; i++) {
		const struct nvmq_sq *sq = &ctrl->queues[i].sq;
		const struct nvmq_cq *cq = &ctrl->queues[i].cq;

		n = scnprintf(line, sizeof(line), "%u %s %llu %llu %llu %llu %llu %llu %llu %llu\n",
			      i, nvmq_sysfs_kind(ctrl, i), READ_ONCE(sq->submitted),
			      READ_ONCE(cq->completed),
			      READ_ONCE(sq->doorbells) + READ_ONCE(cq->doorbells),
			      READ_ONCE(sq->shadowed), READ_ONCE(cq->interrupts),
			      READ_ONCE(cq->spurious), READ_ONCE(cq->polled),
			      READ_ONCE(cq->foreign));
		if (len + n > (int)PAGE_SIZE - 32)
			return len + sysfs_emit_at(buf, len, "and %u more\n", nr - i);
		len += sysfs_emit_at(buf, len, "%s", line);
	}
	return len;
}
static DEVICE_ATTR_RO(queues);

static struct attribute *nvmq_sysfs_own_attrs[] = {
	&dev_attr_queues.attr,
	NULL
};

static const struct attribute_group nvmq_sysfs_own_group = {
	.name = "nvmq",
	.attrs = nvmq_sysfs_own_attrs,
};

const struct attribute_group *nvmq_sysfs_ctrl_groups[] = {
	&nvmq_sysfs_ctrl_group,
	&nvmq_sysfs_diag_group,
	&nvmq_sysfs_own_group,
	NULL
};

/* Namespaces: the device is the gendisk's. */

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

const struct attribute_group *nvmq_sysfs_ns_groups[] = {
	&nvmq_sysfs_ns_group,
	NULL
};

/* Subsystems. Their attributes have the names of the controllers', and their own functions. */

static struct nvmq_subsys *nvmq_sysfs_subsys(struct device *dev)
{
	return container_of(dev, struct nvmq_subsys, dev);
}

static ssize_t nvmq_sysfs_subsys_model_show(struct device *dev, struct device_attribute *attr,
					    char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_MODEL, nvmq_sysfs_subsys(dev)->model);
}

static ssize_t nvmq_sysfs_subsys_serial_show(struct device *dev, struct device_attribute *attr,
					     char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_SERIAL, nvmq_sysfs_subsys(dev)->serial);
}

static ssize_t nvmq_sysfs_subsys_firmware_show(struct device *dev, struct device_attribute *attr,
					       char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_FIRMWARE, nvmq_sysfs_subsys(dev)->firmware);
}

static ssize_t nvmq_sysfs_subsys_nqn_show(struct device *dev, struct device_attribute *attr,
					  char *buf)
{
	return sysfs_emit(buf, "%s\n", nvmq_sysfs_subsys(dev)->subnqn);
}

static ssize_t nvmq_sysfs_subsys_type_show(struct device *dev, struct device_attribute *attr,
					   char *buf)
{
	return sysfs_emit(buf, "nvm\n");
}

#define NVMQ_SYSFS_SUBSYS_ATTR(name, what)					\
static struct device_attribute nvmq_sysfs_subsys_##what =			\
	__ATTR(name, 0444, nvmq_sysfs_subsys_##what##_show, NULL)

NVMQ_SYSFS_SUBSYS_ATTR(model, model);
NVMQ_SYSFS_SUBSYS_ATTR(serial, serial);
NVMQ_SYSFS_SUBSYS_ATTR(firmware_rev, firmware);
NVMQ_SYSFS_SUBSYS_ATTR(subsysnqn, nqn);
NVMQ_SYSFS_SUBSYS_ATTR(subsystype, type);

static struct attribute *nvmq_sysfs_subsys_attrs[] = {
	&nvmq_sysfs_subsys_model.attr,
	&nvmq_sysfs_subsys_serial.attr,
	&nvmq_sysfs_subsys_firmware.attr,
	&nvmq_sysfs_subsys_nqn.attr,
	&nvmq_sysfs_subsys_type.attr,
	NULL
};

static const struct attribute_group nvmq_sysfs_subsys_group = {
	.attrs = nvmq_sysfs_subsys_attrs,
};

const struct attribute_group *nvmq_sysfs_subsys_groups[] = {
	&nvmq_sysfs_subsys_group,
	NULL
};

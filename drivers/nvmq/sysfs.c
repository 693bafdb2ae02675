// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes of controllers. Names, formats and units are the in-tree driver's: nvme-cli, udev and
 * lsblk read them. What is nvmq's own is in the group nvmq.
 */
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/sysfs.h>

#include "ioq.h"
#include "state.h"
#include "sysfs.h"

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
	return sysfs_emit(buf, "%u\n", nvmq_sysfs_ctrl(dev)->nr_queues + 1);
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
	int ret = nvmq_ioq_reset(nvmq_sysfs_ctrl(dev));

	return ret ? ret : count;
}
static DEVICE_ATTR_WO(reset_controller);

static ssize_t rescan_controller_store(struct device *dev, struct device_attribute *attr,
				       const char *buf, size_t count)
{
	nvmq_state_request_scan(nvmq_sysfs_ctrl(dev));
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

/* One a line, under the names that the parameter takes. */
static ssize_t quirks_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int n = nvmq_quirks_print(nvmq_sysfs_ctrl(dev)->quirks, "\n", buf, PAGE_SIZE - 1);

	return n + sysfs_emit_at(buf, n, "\n");
}
static DEVICE_ATTR_RO(quirks);

/* The longest data that a command passed through can have, on the controller's own file. */
static ssize_t max_passthru_bytes_show(struct device *dev, struct device_attribute *attr,
				       char *buf)
{
	struct request_queue *q = nvmq_sysfs_ctrl(dev)->admin_q;

	return sysfs_emit(buf, "%u\n", q ? queue_max_hw_sectors(q) << SECTOR_SHIFT : 0);
}
static DEVICE_ATTR_RO(max_passthru_bytes);

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
	&dev_attr_quirks.attr,
	&nvmq_sysfs_passthru_err_log_enabled.attr,
	NULL
};

static const struct attribute_group nvmq_sysfs_ctrl_group = {
	.attrs = nvmq_sysfs_ctrl_attrs,
};

static ssize_t reset_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(nvmq_sysfs_ctrl(dev)->nr_resets));
}

static ssize_t reset_count_store(struct device *dev, struct device_attribute *attr,
				 const char *buf, size_t count)
{
	unsigned int value;
	int ret = kstrtouint(buf, 0, &value);

	if (ret)
		return ret;
	WRITE_ONCE(nvmq_sysfs_ctrl(dev)->nr_resets, value);
	return count;
}
static DEVICE_ATTR_RW(reset_count);

static struct attribute *nvmq_sysfs_diag_attrs[] = {
	&dev_attr_reset_count.attr,
	&nvmq_sysfs_command_error_count.attr,
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

static const char nvmq_sysfs_queues_head[] =
	"qid kind submitted completed doorbells shadowed interrupts spurious polled foreign missed";

/*
 * One line for each queue. A page holds about 60 of them; what does not fit is said to be missing,
 * never cut in the middle.
 */
static ssize_t queues_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	unsigned int i, nr = READ_ONCE(ctrl->nr_queues) + 1;
	char line[256];
	int len, n;

	len = sysfs_emit(buf, "%s\n", nvmq_sysfs_queues_head);
	for (i = 0; i < nr; i++) {
		const struct nvmq_sq *sq = &ctrl->queues[i].sq;
		const struct nvmq_cq *cq = &ctrl->queues[i].cq;

		n = scnprintf(line, sizeof(line), "%u %s %llu %llu %llu %llu %llu %llu %llu %llu",
			      i, nvmq_sysfs_kind(ctrl, i), READ_ONCE(sq->submitted),
			      READ_ONCE(cq->completed),
			      READ_ONCE(sq->doorbells) + READ_ONCE(cq->doorbells),
			      READ_ONCE(sq->shadowed), READ_ONCE(cq->interrupts),
			      READ_ONCE(cq->spurious), READ_ONCE(cq->polled),
			      READ_ONCE(cq->foreign));
		n += scnprintf(line + n, sizeof(line) - n, " %llu\n", READ_ONCE(cq->missed));
		if (len + n > (int)PAGE_SIZE - 32)
			return len + sysfs_emit_at(buf, len, "and %u more\n", nr - i);
		len += sysfs_emit_at(buf, len, "%s", line);
	}
	return len;
}
static DEVICE_ATTR_RO(queues);

static ssize_t queue_counts_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	const unsigned int *kinds = nvmq_sysfs_ctrl(dev)->kinds;

	return sysfs_emit(buf, "%u/%u/%u\n", kinds[NVMQ_KIND_DEFAULT], kinds[NVMQ_KIND_READ],
			  kinds[NVMQ_KIND_POLL]);
}

/* DEFAULT/READ/POLL for this controller, or auto: as the parameters say. */
static ssize_t queue_counts_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	u16 shape[NVMQ_NR_KINDS] = {};
	unsigned int most = num_possible_cpus();
	int end = 0, ret;

	if (!sysfs_streq(buf, "auto")) {
		if (sscanf(buf, "%hu/%hu/%hu%n", &shape[NVMQ_KIND_DEFAULT], &shape[NVMQ_KIND_READ],
			   &shape[NVMQ_KIND_POLL], &end) != NVMQ_NR_KINDS ||
		    !sysfs_streq(buf + end, "") || !shape[NVMQ_KIND_DEFAULT] ||
		    max3(shape[0], shape[1], shape[2]) > most) {
			nvmq_err(ctrl, "queue_counts=%.*s refused: it takes default/read/poll, 1 to %u, 0 to %u and 0 to %u queues, or auto\n",
				 (int)strcspn(buf, "\n"), buf, most, most, most);
			return -EINVAL;
		}
	}
	ret = nvmq_ioq_set_counts(ctrl, shape);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(queue_counts);

static struct attribute *nvmq_sysfs_own_attrs[] = {
	&dev_attr_queues.attr,
	&dev_attr_queue_counts.attr,
	&dev_attr_max_passthru_bytes.attr,
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
	&nvmq_sysfs_moderation_group,
	&nvmq_sysfs_hmb_group,
	&nvmq_sysfs_cmb_group,
	&nvmq_sysfs_thermal_group,
	NULL
};

// SPDX-License-Identifier: GPL-2.0
/*
 * The controller memory buffer (NVMe Base 8.2.1): memory in a BAR of the controller. Submission
 * queues there spare it the fetch of each command; what is left is for other devices, which can
 * read and write it without a copy in this machine's memory (peer to peer DMA).
 *
 * The kernel's PCI peer to peer code maps it, cuts it up, and knows who may reach it (dma_p2p.c is
 * for requests that do). Without
 * (CONFIG_PCI_P2PDMA) the buffer is not used: its mapping would have to be of another kind than
 * that of all other queues.
 */
#include <linux/pci-p2pdma.h>

#include "cmb.h"
#include "regs.h"
#include "sysfs.h"

/* Where the buffer is: bytes of the BAR, cut to what is there. Returns its length, 0: none. */
static u64 nvmq_cmb_place(struct nvmq_ctrl *ctrl, int *bar, u64 *offset)
{
	u64 unit = (u64)SZ_4K << (4 * NVM_GET(NVM_CMBSZ_SZU, ctrl->cmbsz));
	u64 len, bar_len;

	*bar = NVM_GET(NVM_CMBLOC_BIR, ctrl->cmbloc);
	*offset = unit * NVM_GET(NVM_CMBLOC_OFST, ctrl->cmbloc);
	len = unit * NVM_GET(NVM_CMBSZ_SZ, ctrl->cmbsz);
	if (*bar >= PCI_STD_NUM_BARS || !(pci_resource_flags(ctrl->pdev, *bar) & IORESOURCE_MEM))
		return 0;
	bar_len = pci_resource_len(ctrl->pdev, *bar);
	return *offset < bar_len ? min(len, bar_len - *offset) : 0;
}

/* Since 1.4 it does not say what it has, and decodes nothing, unless that is asked for. */
static void nvmq_cmb_read(struct nvmq_ctrl *ctrl)
{
	if (ctrl->cap & NVM_CAP_CMBS)
		nvmq_regs_write64(ctrl, NVM_REG_CMBMSC, NVM_CMBMSC_CRE);
	ctrl->cmbsz = nvmq_regs_read(ctrl, NVM_REG_CMBSZ);
	ctrl->cmbloc = ctrl->cmbsz ? nvmq_regs_read(ctrl, NVM_REG_CMBLOC) : 0;
}

static bool nvmq_cmb_enable(struct nvmq_ctrl *ctrl, int bar, u64 offset)
{
	u64 address = pci_bus_address(ctrl->pdev, bar) + offset;

	if (!(ctrl->cap & NVM_CAP_CMBS))
		return true;
	nvmq_regs_write64(ctrl, NVM_REG_CMBMSC,
			  NVM_CMBMSC_CRE | NVM_CMBMSC_CMSE | (address & NVM_CMBMSC_CBA));
	if (!(nvmq_regs_read(ctrl, NVM_REG_CMBSTS) & NVM_CMBSTS_CBAI))
		return true;
	nvmq_warn(ctrl, "cannot have its memory buffer at %#llx: goes without\n", address);
	return false;
}

/* Once for each probe: it is undone when the driver gives the function back. */
static bool nvmq_cmb_export(struct nvmq_ctrl *ctrl, int bar, u64 offset, u64 len)
{
	u32 data = NVM_CMBSZ_RDS | NVM_CMBSZ_WDS;
	int ret;

	if (ctrl->cmb_len)
		return true;
	ret = pci_p2pdma_add_resource(ctrl->pdev, bar, len, offset);
	if (ret) {
		if (ret != -EOPNOTSUPP)
			nvmq_warn(ctrl, "cannot map its memory buffer, error %d\n", ret);
		return false;
	}
	ctrl->cmb_len = len;
	if ((ctrl->cmbsz & data) == data)
		pci_p2pmem_publish(ctrl->pdev, true);
	return true;
}

/**
 * nvmq_cmb_configure - use the controller's memory buffer, if it has one
 * @ctrl: controller that is enabled, before it has I/O queues
 *
 * Context: bring-up, may sleep.
 */
void nvmq_cmb_configure(struct nvmq_ctrl *ctrl)
{
	u64 offset, len;
	int bar;

	nvmq_cmb_read(ctrl);
	ctrl->cmb_sqs = false;
	if (!ctrl->cmbsz || !IS_ENABLED(CONFIG_PCI_P2PDMA))
		return;
	len = nvmq_cmb_place(ctrl, &bar, &offset);
	if (!len || !nvmq_cmb_enable(ctrl, bar, offset) ||
	    !nvmq_cmb_export(ctrl, bar, offset, len))
		return;
	ctrl->cmb_sqs = nvmq_use_cmb_sqes && (ctrl->cmbsz & NVM_CMBSZ_SQS);
	nvmq_info(ctrl, "memory buffer of %llu KiB%s\n", len >> 10,
		  ctrl->cmb_sqs ? ", with the submission queues" : "");
}

/* ---- sysfs ----------------------------------------------------------------------------------- */

static ssize_t cmb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);

	return sysfs_emit(buf, "cmbloc : 0x%08x\ncmbsz  : 0x%08x\n", ctrl->cmbloc, ctrl->cmbsz);
}
static DEVICE_ATTR_RO(cmb);

static ssize_t cmbloc_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvmq_sysfs_ctrl(dev)->cmbloc);
}
static DEVICE_ATTR_RO(cmbloc);

static ssize_t cmbsz_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", nvmq_sysfs_ctrl(dev)->cmbsz);
}
static DEVICE_ATTR_RO(cmbsz);

static struct attribute *nvmq_cmb_attrs[] = {
	&dev_attr_cmb.attr,
	&dev_attr_cmbloc.attr,
	&dev_attr_cmbsz.attr,
	NULL
};

static umode_t nvmq_cmb_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	return nvmq_sysfs_ctrl(kobj_to_dev(kobj))->cmbsz ? attr->mode : 0;
}

const struct attribute_group nvmq_sysfs_cmb_group = {
	.attrs = nvmq_cmb_attrs,
	.is_visible = nvmq_cmb_visible,
};

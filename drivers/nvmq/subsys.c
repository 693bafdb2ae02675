// SPDX-License-Identifier: GPL-2.0
/*
 * NVM subsystems. A controller joins the one that its SUBNQN names, or makes it; the last one to
 * leave removes it. Tools find controllers by way of their subsystem: the directory of
 * nvme-subsysX has a link to each.
 *
 * There is no multipath: a namespace that two controllers share is two disks.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "names.h"
#include "subsys.h"
#include "sysfs.h"

static struct nvmq_subsys *nvmq_subsys_of(struct device *dev)
{
	return container_of(dev, struct nvmq_subsys, dev);
}

static ssize_t model_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_MODEL, nvmq_subsys_of(dev)->model);
}
static DEVICE_ATTR_RO(model);

static ssize_t serial_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_SERIAL, nvmq_subsys_of(dev)->serial);
}
static DEVICE_ATTR_RO(serial);

static ssize_t firmware_rev_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, NVMQ_SYSFS_FIRMWARE, nvmq_subsys_of(dev)->firmware);
}
static DEVICE_ATTR_RO(firmware_rev);

static ssize_t subsysnqn_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", nvmq_subsys_of(dev)->subnqn);
}
static DEVICE_ATTR_RO(subsysnqn);

static ssize_t subsystype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "nvm\n");
}
static DEVICE_ATTR_RO(subsystype);

/* By which a path is chosen; there is nothing to choose. Without it tools say "(null)". */
static ssize_t iopolicy_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "none\n");
}
static DEVICE_ATTR_RO(iopolicy);

static struct attribute *nvmq_subsys_attrs[] = {
	&dev_attr_model.attr,
	&dev_attr_serial.attr,
	&dev_attr_firmware_rev.attr,
	&dev_attr_subsysnqn.attr,
	&dev_attr_subsystype.attr,
	&dev_attr_iopolicy.attr,
	NULL
};

static const struct attribute_group nvmq_subsys_group = {
	.attrs = nvmq_subsys_attrs,
};

static const struct attribute_group *nvmq_subsys_groups[] = {
	&nvmq_subsys_group,
	NULL
};

static LIST_HEAD(nvmq_subsys_list);
/* All subsystems, their controllers, and nvmq_ctrl.subsys. */
static DEFINE_MUTEX(nvmq_subsys_lock);

static void nvmq_subsys_release(struct device *dev)
{
	struct nvmq_subsys *subsys = nvmq_subsys_of(dev);
	int instance = subsys->instance;

	kfree(subsys);
	nvmq_names_drop(instance);
}

/*
 * Controllers older than NVMe 1.2.1, and broken ones, have no SUBNQN. The name made up for them is
 * the one of the kernel's own driver, so that tools find a subsystem again whichever driver has
 * it: Base 4.5, but serial and model number as they are on the wire, with blanks.
 */
static void nvmq_subsys_make_nqn(struct nvmq_ctrl *ctrl)
{
	snprintf(ctrl->subnqn, sizeof(ctrl->subnqn),
		 "nqn.2014.08.org.nvmexpress:%04x%04x%-20s%-40s", ctrl->vid, ctrl->ssvid,
		 ctrl->serial, ctrl->model);
}

static struct nvmq_subsys *nvmq_subsys_find(const char *subnqn)
{
	struct nvmq_subsys *subsys;

	list_for_each_entry(subsys, &nvmq_subsys_list, entry)
		if (!strcmp(subsys->subnqn, subnqn))
			return subsys;
	return NULL;
}

/* Two of the same id are one controller seen twice, or names that are not unique. */
static bool nvmq_subsys_admits(struct nvmq_subsys *subsys, struct nvmq_ctrl *ctrl)
{
	struct nvmq_ctrl *other;

	list_for_each_entry(other, &subsys->ctrls, subsys_entry) {
		if (nvmq_state(other) == NVMQ_DEAD || nvmq_state(other) == NVMQ_DELETING)
			continue;
		if (other->cntlid == ctrl->cntlid) {
			nvmq_err(ctrl, "controller id %u is nvme%d's already in subsystem %s; refused\n",
				 ctrl->cntlid, other->instance, subsys->subnqn);
			return false;
		}
	}
	return true;
}

static struct nvmq_subsys *nvmq_subsys_make(struct nvmq_ctrl *ctrl)
{
	struct nvmq_subsys *subsys;
	int ret;

	subsys = kzalloc_obj(*subsys);
	if (!subsys)
		return ERR_PTR(-ENOMEM);
	INIT_LIST_HEAD(&subsys->ctrls);
	strscpy(subsys->subnqn, ctrl->subnqn, sizeof(subsys->subnqn));
	strscpy(subsys->serial, ctrl->serial, sizeof(subsys->serial));
	strscpy(subsys->model, ctrl->model, sizeof(subsys->model));
	strscpy(subsys->firmware, ctrl->firmware, sizeof(subsys->firmware));
	subsys->instance = ctrl->instance;
	nvmq_names_hold(subsys->instance);

	device_initialize(&subsys->dev);
	subsys->dev.class = &nvmq_names_subsys;
	subsys->dev.groups = nvmq_subsys_groups;
	subsys->dev.release = nvmq_subsys_release;
	ret = dev_set_name(&subsys->dev, "nvme-subsys%d", subsys->instance);
	if (!ret)
		ret = device_add(&subsys->dev);
	if (ret) {
		put_device(&subsys->dev);
		return ERR_PTR(ret);
	}
	list_add_tail(&subsys->entry, &nvmq_subsys_list);
	return subsys;
}

static void nvmq_subsys_end_if_empty(struct nvmq_subsys *subsys)
{
	if (!list_empty(&subsys->ctrls))
		return;
	list_del(&subsys->entry);
	device_del(&subsys->dev);
	put_device(&subsys->dev);
}

static int nvmq_subsys_make_link(struct nvmq_ctrl *ctrl)
{
	/* one of the two comes first: membership, or the device */
	if (!ctrl->subsys || !device_is_registered(&ctrl->device))
		return 0;
	return sysfs_create_link(&ctrl->subsys->dev.kobj, &ctrl->device.kobj,
				 dev_name(&ctrl->device));
}

static int nvmq_subsys_enter(struct nvmq_ctrl *ctrl)
{
	struct nvmq_subsys *subsys;
	int ret;

	subsys = nvmq_subsys_find(ctrl->subnqn);
	if (!subsys)
		subsys = nvmq_subsys_make(ctrl);
	else if (!nvmq_subsys_admits(subsys, ctrl))
		return -EEXIST;
	if (IS_ERR(subsys))
		return PTR_ERR(subsys);

	ctrl->subsys = subsys;
	ret = nvmq_subsys_make_link(ctrl);
	if (ret) {
		ctrl->subsys = NULL;
		nvmq_subsys_end_if_empty(subsys);
		return ret;
	}
	list_add_tail(&ctrl->subsys_entry, &subsys->ctrls);
	return 0;
}

/**
 * nvmq_subsys_join - join the subsystem that identify named, or make it
 * @ctrl: controller that was identified; if SUBNQN is empty it is made up of the other names
 *
 * To be called at each bring-up: a controller that is a member already only tells its firmware
 * revision, which an activation may have changed.
 *
 * Context: bring-up, may sleep.
 * Return: 0; -EEXIST if the subsystem has a living controller of the same id; other -errno.
 */
int nvmq_subsys_join(struct nvmq_ctrl *ctrl)
{
	int ret = 0;

	if (!ctrl->subnqn[0])
		nvmq_subsys_make_nqn(ctrl);

	mutex_lock(&nvmq_subsys_lock);
	if (!ctrl->subsys)
		ret = nvmq_subsys_enter(ctrl);
	if (!ret)
		strscpy(ctrl->subsys->firmware, ctrl->firmware, sizeof(ctrl->subsys->firmware));
	mutex_unlock(&nvmq_subsys_lock);
	return ret;
}

/**
 * nvmq_subsys_link - have the subsystem's directory link to a controller's device
 * @ctrl: controller whose device was just registered; nothing happens if it is no member yet
 *
 * Context: may sleep.
 * Return: 0 or -errno.
 */
int nvmq_subsys_link(struct nvmq_ctrl *ctrl)
{
	int ret;

	mutex_lock(&nvmq_subsys_lock);
	ret = nvmq_subsys_make_link(ctrl);
	mutex_unlock(&nvmq_subsys_lock);
	return ret;
}

/**
 * nvmq_subsys_leave - undo nvmq_subsys_join()
 * @ctrl: controller; nothing happens if it is no member
 *
 * Context: remove(), may sleep.
 */
void nvmq_subsys_leave(struct nvmq_ctrl *ctrl)
{
	struct nvmq_subsys *subsys;

	mutex_lock(&nvmq_subsys_lock);
	subsys = ctrl->subsys;
	if (subsys) {
		ctrl->subsys = NULL;
		list_del_init(&ctrl->subsys_entry);
		sysfs_remove_link(&subsys->dev.kobj, dev_name(&ctrl->device));
		nvmq_subsys_end_if_empty(subsys);
	}
	mutex_unlock(&nvmq_subsys_lock);
}

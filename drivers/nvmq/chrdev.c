// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/nvmeX, one for each controller, and /dev/ngXnY, one for each namespace.
 *
 * - an open file holds the module, and its controller or its namespace
 * - remove() unregisters the device; files that are open stay, and get -ENODEV
 * - the structure goes with the last of its references, whoever has that
 *
 * A controller that is dead can be opened: its registers, its state and a reset are what somebody
 * who wants to know why needs.
 */
#include <linux/fs.h>
#include <linux/io_uring/cmd.h>
#include <linux/module.h>

#include "chrdev.h"
#include "ioctl.h"
#include "names.h"
#include "ns.h"
#include "passthru.h"
#include "subsys.h"
#include "sysfs.h"
#include "uring.h"

static dev_t nvmq_chrdev_ctrl_base;
static dev_t nvmq_chrdev_ns_base;
static DEFINE_IDA(nvmq_chrdev_ns_minors);

static unsigned int nvmq_chrdev_flags(const struct file *file)
{
	return file->f_mode & FMODE_WRITE ? NVMQ_PT_WRITABLE : 0;
}

static int nvmq_chrdev_open_ctrl(struct inode *inode, struct file *file)
{
	struct nvmq_ctrl *ctrl = container_of(inode->i_cdev, struct nvmq_ctrl, cdev);

	switch (nvmq_state(ctrl)) {
	case NVMQ_NEW:
		return -EWOULDBLOCK;
	case NVMQ_DELETING:
		return -ENODEV;
	default:
		break;
	}
	get_device(&ctrl->device);
	file->private_data = ctrl;
	return 0;
}

static int nvmq_chrdev_release_ctrl(struct inode *inode, struct file *file)
{
	struct nvmq_ctrl *ctrl = file->private_data;

	put_device(&ctrl->device);
	return 0;
}

static long nvmq_chrdev_ioctl_ctrl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return nvmq_ioctl_ctrl(file->private_data, cmd, (void __user *)arg,
			       nvmq_chrdev_flags(file));
}

static int nvmq_chrdev_uring_ctrl(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	return nvmq_uring_ctrl(ioucmd->file->private_data, ioucmd, issue_flags);
}

static const struct file_operations nvmq_chrdev_ctrl_fops = {
	.owner = THIS_MODULE,
	.open = nvmq_chrdev_open_ctrl,
	.release = nvmq_chrdev_release_ctrl,
	.unlocked_ioctl = nvmq_chrdev_ioctl_ctrl,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = nvmq_chrdev_uring_ctrl,
};

static int nvmq_chrdev_open_ns(struct inode *inode, struct file *file)
{
	struct nvmq_ns *ns = container_of(inode->i_cdev, struct nvmq_ns, cdev);

	if (test_bit(NVMQ_NF_REMOVING, &ns->flags) || !nvmq_ns_get(ns))
		return -ENXIO;
	file->private_data = ns;
	return 0;
}

static int nvmq_chrdev_release_ns(struct inode *inode, struct file *file)
{
	nvmq_ns_put(file->private_data);
	return 0;
}

static long nvmq_chrdev_ioctl_ns(struct file *file, unsigned int cmd, unsigned long arg)
{
	return nvmq_ioctl_ns(file->private_data, cmd, (void __user *)arg,
			     nvmq_chrdev_flags(file));
}

static int nvmq_chrdev_uring_ns(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	return nvmq_uring_ns(ioucmd->file->private_data, ioucmd, issue_flags);
}

static int nvmq_chrdev_uring_poll(struct io_uring_cmd *ioucmd, struct io_comp_batch *iob,
				  unsigned int poll_flags)
{
	return nvmq_uring_poll(ioucmd->file->private_data, ioucmd, iob);
}

static const struct file_operations nvmq_chrdev_ns_fops = {
	.owner = THIS_MODULE,
	.open = nvmq_chrdev_open_ns,
	.release = nvmq_chrdev_release_ns,
	.unlocked_ioctl = nvmq_chrdev_ioctl_ns,
	.compat_ioctl = compat_ptr_ioctl,
	.uring_cmd = nvmq_chrdev_uring_ns,
	.uring_cmd_iopoll = nvmq_chrdev_uring_poll,
};

/**
 * nvmq_chrdev_init - classes and device numbers
 *
 * Context: module init, may sleep.
 * Return: 0; -EEXIST if the class names that the user insists on are taken; other -errno.
 */
int nvmq_chrdev_init(void)
{
	int ret;

	ret = nvmq_names_init();
	if (ret)
		return ret;
	ret = alloc_chrdev_region(&nvmq_chrdev_ctrl_base, 0, NVMQ_CHRDEV_MINORS, "nvmq");
	if (ret)
		goto exit_names;
	ret = alloc_chrdev_region(&nvmq_chrdev_ns_base, 0, NVMQ_CHRDEV_MINORS, "nvmq-generic");
	if (ret)
		goto unregister_ctrl;
	return 0;

unregister_ctrl:
	unregister_chrdev_region(nvmq_chrdev_ctrl_base, NVMQ_CHRDEV_MINORS);
exit_names:
	nvmq_names_exit();
	return ret;
}

/**
 * nvmq_chrdev_exit - undo nvmq_chrdev_init()
 *
 * Context: module exit, all controllers removed; sleeps until their last references are gone.
 */
void nvmq_chrdev_exit(void)
{
	nvmq_names_exit();
	unregister_chrdev_region(nvmq_chrdev_ns_base, NVMQ_CHRDEV_MINORS);
	unregister_chrdev_region(nvmq_chrdev_ctrl_base, NVMQ_CHRDEV_MINORS);
	ida_destroy(&nvmq_chrdev_ns_minors);
}

static void nvmq_chrdev_free_ctrl(struct device *dev)
{
	struct nvmq_ctrl *ctrl = container_of(dev, struct nvmq_ctrl, device);
	int instance = ctrl->instance;

	ctrl->release(ctrl);
	nvmq_names_drop(instance);
}

/**
 * nvmq_chrdev_init_ctrl - give a controller its number and its device
 * @ctrl: controller; ctrl->dev is set
 * @release: called when the last reference to ctrl->device is gone; frees @ctrl
 *
 * After an error nothing is held and @release is not called. After success put_device() on
 * ctrl->device is the only way to free @ctrl.
 *
 * Context: probe, may sleep.
 * Return: 0 or -errno.
 */
int nvmq_chrdev_init_ctrl(struct nvmq_ctrl *ctrl, void (*release)(struct nvmq_ctrl *ctrl))
{
	struct device *dev = &ctrl->device;
	int ret;

	ret = nvmq_names_take();
	if (ret < 0)
		return ret;
	ctrl->instance = ret;
	ret = dev_set_name(dev, "nvme%d", ctrl->instance);
	if (ret) {
		nvmq_names_drop(ctrl->instance);
		return ret;
	}
	ctrl->release = release;
	device_initialize(dev);
	dev->class = &nvmq_names_ctrl;
	dev->parent = ctrl->dev;
	dev->groups = nvmq_sysfs_ctrl_groups;
	dev->release = nvmq_chrdev_free_ctrl;
	dev->devt = MKDEV(MAJOR(nvmq_chrdev_ctrl_base), ctrl->instance);
	dev_set_drvdata(dev, ctrl);
	return 0;
}

/**
 * nvmq_chrdev_add_ctrl - make /dev/nvmeX and its sysfs directory
 * @ctrl: controller, after nvmq_chrdev_init_ctrl()
 *
 * What identify tells may still be missing: attributes show it as soon as it is there.
 *
 * Context: probe or bring-up, may sleep.
 * Return: 0 or -errno.
 */
int nvmq_chrdev_add_ctrl(struct nvmq_ctrl *ctrl)
{
	int ret;

	cdev_init(&ctrl->cdev, &nvmq_chrdev_ctrl_fops);
	ctrl->cdev.owner = THIS_MODULE;
	ret = cdev_device_add(&ctrl->cdev, &ctrl->device);
	if (ret)
		return ret;
	ret = nvmq_subsys_link(ctrl);
	if (ret)
		cdev_device_del(&ctrl->cdev, &ctrl->device);
	return ret;
}

/**
 * nvmq_chrdev_remove_ctrl - undo nvmq_chrdev_add_ctrl()
 * @ctrl: controller, in state NVMQ_DELETING, without namespaces
 *
 * Waits for attributes that are being read or written, not for open files.
 *
 * Context: remove(), may sleep.
 */
void nvmq_chrdev_remove_ctrl(struct nvmq_ctrl *ctrl)
{
	cdev_device_del(&ctrl->cdev, &ctrl->device);
}

static void nvmq_chrdev_free_ns(struct device *dev)
{
	struct nvmq_ns *ns = container_of(dev, struct nvmq_ns, cdev_device);

	ida_free(&nvmq_chrdev_ns_minors, MINOR(dev->devt));
	/* the device is a part of the namespace: nothing of it may be touched after this */
	nvmq_ns_put(ns);
}

/**
 * nvmq_chrdev_add_ns - make /dev/ngXnY
 * @ns: namespace; its number is set and ctrl->device is registered
 *
 * The device holds a reference to @ns until it is released.
 *
 * Context: scan work, may sleep.
 * Return: 0 or -errno; nothing is there after an error.
 */
int nvmq_chrdev_add_ns(struct nvmq_ns *ns)
{
	struct device *dev = &ns->cdev_device;
	int minor, ret;

	if (!nvmq_ns_get(ns))
		return -ENODEV;
	minor = ida_alloc_max(&nvmq_chrdev_ns_minors, NVMQ_CHRDEV_MINORS - 1, GFP_KERNEL);
	if (minor < 0) {
		nvmq_ns_put(ns);
		return minor;
	}
	device_initialize(dev);
	dev->class = &nvmq_names_generic;
	dev->parent = &ns->ctrl->device;
	dev->release = nvmq_chrdev_free_ns;
	dev->devt = MKDEV(MAJOR(nvmq_chrdev_ns_base), minor);
	ret = dev_set_name(dev, "ng%dn%u", ns->ctrl->instance, ns->instance);
	if (!ret) {
		cdev_init(&ns->cdev, &nvmq_chrdev_ns_fops);
		ns->cdev.owner = THIS_MODULE;
		ret = cdev_device_add(&ns->cdev, dev);
	}
	if (ret) {
		put_device(dev);
		return ret;
	}
	set_bit(NVMQ_NF_CDEV, &ns->flags);
	return 0;
}

/**
 * nvmq_chrdev_remove_ns - undo nvmq_chrdev_add_ns()
 * @ns: namespace; nothing happens if it has no character device
 *
 * Context: may sleep. Files that are open stay.
 */
void nvmq_chrdev_remove_ns(struct nvmq_ns *ns)
{
	if (!test_and_clear_bit(NVMQ_NF_CDEV, &ns->flags))
		return;
	cdev_device_del(&ns->cdev, &ns->cdev_device);
	put_device(&ns->cdev_device);
}

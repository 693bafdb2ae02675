// SPDX-License-Identifier: GPL-2.0
/*
 * What became of commands: of a namespace's, with the device of its disk; of admin commands, with
 * the controller's. Names and formats are the in-tree driver's (6.12, 7.2).
 */
#include <linux/blkdev.h>
#include <linux/kstrtox.h>

#include "names.h"
#include "sysfs.h"

static struct nvmq_tally *nvmq_sysfs_tally(struct device *dev)
{
	struct nvmq_ns *ns;

	if (dev->class == &nvmq_names_ctrl)
		return &nvmq_sysfs_ctrl(dev)->tally;
	ns = dev_to_disk(dev)->private_data;
	return &ns->tally;
}

static ssize_t nvmq_sysfs_verbose_show(struct device *dev, struct device_attribute *attr,
				       char *buf)
{
	return sysfs_emit(buf, "%s\n", nvmq_sysfs_tally(dev)->verbose ? "on" : "off");
}

static ssize_t nvmq_sysfs_verbose_store(struct device *dev, struct device_attribute *attr,
					const char *buf, size_t count)
{
	bool on;
	int ret = kstrtobool(buf, &on);

	if (ret)
		return ret;
	WRITE_ONCE(nvmq_sysfs_tally(dev)->verbose, on);
	return count;
}

/* Which of the two an attribute is about. */
static atomic_long_t *nvmq_sysfs_counter(struct device *dev, struct device_attribute *attr)
{
	struct nvmq_tally *tally = nvmq_sysfs_tally(dev);

	return attr == &nvmq_sysfs_command_error_count ? &tally->errors : &tally->retries;
}

static ssize_t nvmq_sysfs_counter_show(struct device *dev, struct device_attribute *attr,
				       char *buf)
{
	return sysfs_emit(buf, "%lu\n",
			  (unsigned long)atomic_long_read(nvmq_sysfs_counter(dev, attr)));
}

/* Mostly 0, to count from now on. */
static ssize_t nvmq_sysfs_counter_store(struct device *dev, struct device_attribute *attr,
					const char *buf, size_t count)
{
	unsigned long value;
	int ret = kstrtoul(buf, 0, &value);

	if (ret)
		return ret;
	atomic_long_set(nvmq_sysfs_counter(dev, attr), value);
	return count;
}

struct device_attribute nvmq_sysfs_passthru_err_log_enabled =
	__ATTR(passthru_err_log_enabled, 0644, nvmq_sysfs_verbose_show, nvmq_sysfs_verbose_store);
struct device_attribute nvmq_sysfs_command_error_count =
	__ATTR(command_error_count, 0644, nvmq_sysfs_counter_show, nvmq_sysfs_counter_store);
struct device_attribute nvmq_sysfs_command_retries_count =
	__ATTR(command_retries_count, 0644, nvmq_sysfs_counter_show, nvmq_sysfs_counter_store);

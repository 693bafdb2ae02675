/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Attributes of controllers (sysfs.c, sysfs_moderation.c), of namespaces (sysfs_ns.c), of both
 * (sysfs_errors.c).
 */
#ifndef _NVMQ_SYSFS_H
#define _NVMQ_SYSFS_H

#include <linux/device.h>
#include <linux/sysfs.h>

#include "nvmq.h"

/* Strings of identify are padded with blanks, as on the wire: scripts compare them. */
#define NVMQ_SYSFS_MODEL "%-40s\n"
#define NVMQ_SYSFS_SERIAL "%-20s\n"
#define NVMQ_SYSFS_FIRMWARE "%-8s\n"

/* The controller that an attribute of nvmeX is about. */
static inline struct nvmq_ctrl *nvmq_sysfs_ctrl(struct device *dev)
{
	return container_of(dev, struct nvmq_ctrl, device);
}

/* Of controllers and of namespaces (sysfs_errors.c). */
extern struct device_attribute nvmq_sysfs_passthru_err_log_enabled;
extern struct device_attribute nvmq_sysfs_command_error_count;
extern struct device_attribute nvmq_sysfs_command_retries_count;

extern const struct attribute_group *nvmq_sysfs_ctrl_groups[];
extern const struct attribute_group *nvmq_sysfs_ns_groups[];
extern const struct attribute_group nvmq_sysfs_moderation_group;
extern const struct attribute_group nvmq_sysfs_hmb_group;
extern const struct attribute_group nvmq_sysfs_cmb_group;
extern const struct attribute_group nvmq_sysfs_thermal_group;

#endif /* _NVMQ_SYSFS_H */

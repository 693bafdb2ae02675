/* SPDX-License-Identifier: GPL-2.0 */
/* Attributes of controllers, namespaces and subsystems. */
#ifndef _NVMQ_SYSFS_H
#define _NVMQ_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group *nvmq_sysfs_ctrl_groups[];
extern const struct attribute_group *nvmq_sysfs_ns_groups[];
extern const struct attribute_group *nvmq_sysfs_subsys_groups[];

#endif /* _NVMQ_SYSFS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Temperatures and their thresholds in hwmon. */
#ifndef _NVMQ_HWMON_H
#define _NVMQ_HWMON_H

#include "nvmq.h"

void nvmq_hwmon_add(struct nvmq_ctrl *ctrl);
void nvmq_hwmon_remove(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_HWMON_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Host controlled thermal management: temperatures at which a controller slows down. */
#ifndef _NVMQ_THERMAL_H
#define _NVMQ_THERMAL_H

#include "nvmq.h"

void nvmq_thermal_configure(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_THERMAL_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Power states that a controller enters by itself; those that it never leaves. */
#ifndef _NVMQ_POWER_H
#define _NVMQ_POWER_H

#include "nvmq.h"

void nvmq_power_init(struct nvmq_ctrl *ctrl);
void nvmq_power_configure(struct nvmq_ctrl *ctrl);
void nvmq_power_remove(struct nvmq_ctrl *ctrl);
void nvmq_power_dropout(struct nvmq_ctrl *ctrl);
int nvmq_power_doze(struct nvmq_ctrl *ctrl);
int nvmq_power_wake(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_POWER_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* NVM subsystems: which controllers share one, and /sys/class/nvme-subsystem. */
#ifndef _NVMQ_SUBSYS_H
#define _NVMQ_SUBSYS_H

#include "nvmq.h"

/* Joins or makes the subsystem of ctrl->subnqn; refuses a second controller of the same cntlid. */
int nvmq_subsys_join(struct nvmq_ctrl *ctrl);
void nvmq_subsys_leave(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_SUBSYS_H */

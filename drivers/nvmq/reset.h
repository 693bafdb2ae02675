/* SPDX-License-Identifier: GPL-2.0 */
/* The one sequence that brings a controller up, and the orderly way down. */
#ifndef _NVMQ_RESET_H
#define _NVMQ_RESET_H

#include "nvmq.h"

void nvmq_reset_work(struct work_struct *work);
void nvmq_reset_power_off(struct nvmq_ctrl *ctrl);
void nvmq_reset_resume(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_RESET_H */

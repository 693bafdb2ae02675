/* SPDX-License-Identifier: GPL-2.0 */
/* The host memory buffer: memory of this machine that a controller works with. */
#ifndef _NVMQ_HMB_H
#define _NVMQ_HMB_H

#include "nvmq.h"

void nvmq_hmb_init(struct nvmq_ctrl *ctrl);
void nvmq_hmb_configure(struct nvmq_ctrl *ctrl);
int nvmq_hmb_take_back(struct nvmq_ctrl *ctrl);
void nvmq_hmb_stopped(struct nvmq_ctrl *ctrl);
void nvmq_hmb_free(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_HMB_H */

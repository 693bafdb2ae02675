/* SPDX-License-Identifier: GPL-2.0 */
/* Stop a controller and take back what it had. */
#ifndef _NVMQ_DOWN_H
#define _NVMQ_DOWN_H

#include "nvmq.h"

void nvmq_down(struct nvmq_ctrl *ctrl);
void nvmq_down_for(struct nvmq_ctrl *ctrl, struct request *req);
void nvmq_down_broken(struct nvmq_ctrl *ctrl, const char *why);
void nvmq_down_for_good(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_DOWN_H */

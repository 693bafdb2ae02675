/* SPDX-License-Identifier: GPL-2.0 */
/* Function level reset: for a controller that does not obey its own registers. */
#ifndef _NVMQ_FLR_H
#define _NVMQ_FLR_H

#include "nvmq.h"

bool nvmq_flr_can(struct nvmq_ctrl *ctrl);
int nvmq_flr_do(struct nvmq_ctrl *ctrl, const char *why);

#endif /* _NVMQ_FLR_H */

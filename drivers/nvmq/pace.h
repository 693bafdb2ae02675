/* SPDX-License-Identifier: GPL-2.0 */
/* Discards let other I/O pass. */
#ifndef _NVMQ_PACE_H
#define _NVMQ_PACE_H

#include <linux/blk-mq.h>

#include "nvmq.h"

/* Discards that a controller may have while there is other I/O, by default. */
#define NVMQ_PACE_LIMIT 1

void nvmq_pace_init(struct nvmq_ctrl *ctrl);
bool nvmq_pace_enter(struct nvmq_ctrl *ctrl, struct request *req);
void nvmq_pace_leave(struct nvmq_ctrl *ctrl);
void nvmq_pace_release(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_PACE_H */

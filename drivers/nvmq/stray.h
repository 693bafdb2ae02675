/* SPDX-License-Identifier: GPL-2.0 */
/* Requests for I/O queues that a reset did not bring back. */
#ifndef _NVMQ_STRAY_H
#define _NVMQ_STRAY_H

#include <linux/blk-mq.h>

#include "nvmq.h"

void nvmq_stray_init(struct nvmq_ctrl *ctrl);
blk_status_t nvmq_stray_take(struct nvmq_queue *q, struct request *req);
void nvmq_stray_send(struct nvmq_ctrl *ctrl);
void nvmq_stray_give_up(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_STRAY_H */

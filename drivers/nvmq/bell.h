/* SPDX-License-Identifier: GPL-2.0 */
/* Doorbell moderation: a doorbell may wait for the next completion. */
#ifndef _NVMQ_BELL_H
#define _NVMQ_BELL_H

#include "nvmq.h"

void nvmq_bell_init(struct nvmq_queue *q);
bool nvmq_bell_is_dear(const struct nvmq_queue *q);
void nvmq_bell_restart(struct nvmq_queue *q);
void nvmq_bell_stop(struct nvmq_queue *q);
void nvmq_bell_submitted(struct nvmq_sq *sq);
void nvmq_bell_completed(struct nvmq_queue *q, unsigned int found);

#endif /* _NVMQ_BELL_H */

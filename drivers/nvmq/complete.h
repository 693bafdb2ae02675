/* SPDX-License-Identifier: GPL-2.0 */
/* Completions on their way up. */
#ifndef _NVMQ_COMPLETE_H
#define _NVMQ_COMPLETE_H

#include <linux/blk-mq.h>
#include <linux/interrupt.h>

#include "nvmq.h"

unsigned int nvmq_complete_drain(struct nvmq_queue *q, struct io_comp_batch *iob);
unsigned int nvmq_complete_poll(struct nvmq_queue *q, struct io_comp_batch *iob);
irqreturn_t nvmq_complete_irq(int irq, void *data);
void nvmq_complete_reap(struct nvmq_queue *q);
void nvmq_complete_rq(struct request *req);
bool nvmq_complete_reclaimed(struct request *req, u16 status);

#endif /* _NVMQ_COMPLETE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Vectors, their affinity, handlers, and polling. */
#ifndef _NVMQ_IRQ_H
#define _NVMQ_IRQ_H

#include <linux/blk-mq.h>

#include "nvmq.h"

int nvmq_irq_alloc_one(struct nvmq_ctrl *ctrl);
int nvmq_irq_alloc(struct nvmq_ctrl *ctrl, unsigned int queues, unsigned int polled,
		   unsigned int writes);
void nvmq_irq_free(struct nvmq_ctrl *ctrl);
int nvmq_irq_request(struct nvmq_queue *q);
void nvmq_irq_release(struct nvmq_queue *q);
void nvmq_irq_sync(struct nvmq_queue *q);

void nvmq_irq_end_polling(struct nvmq_queue *q);
int nvmq_irq_poll_queue(struct nvmq_queue *q, struct io_comp_batch *iob);
int nvmq_irq_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob);
unsigned int nvmq_irq_look(struct nvmq_queue *q);

#endif /* _NVMQ_IRQ_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* How long a recovery may take, and what is left of that. */
#ifndef _NVMQ_BUDGET_H
#define _NVMQ_BUDGET_H

#include "nvmq.h"

/* Shares of the whole (parameter recovery_budget_ms): an answer to an abort, and stopping. */
#define NVMQ_BUDGET_ABORT 4
#define NVMQ_BUDGET_STOP 3
/* With less than this left a bring-up is not tried again. */
#define NVMQ_BUDGET_AGAIN 8

unsigned int nvmq_budget_share(unsigned int part);
void nvmq_budget_begin(struct nvmq_ctrl *ctrl, ktime_t since);
void nvmq_budget_limit(struct nvmq_ctrl *ctrl, unsigned int ms);
void nvmq_budget_end(struct nvmq_ctrl *ctrl);
unsigned int nvmq_budget_left(struct nvmq_ctrl *ctrl);
unsigned int nvmq_budget_timeout(struct nvmq_ctrl *ctrl, unsigned int timeout);
unsigned int nvmq_budget_stop_ms(struct nvmq_ctrl *ctrl, unsigned int declared);
unsigned int nvmq_budget_ready_ms(struct nvmq_ctrl *ctrl, unsigned int declared);
void nvmq_budget_was_ready(struct nvmq_ctrl *ctrl, unsigned int declared);

#endif /* _NVMQ_BUDGET_H */

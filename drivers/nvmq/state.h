/* SPDX-License-Identifier: GPL-2.0 */
/* The controller's state: one table, one writer, waits, "please reset" and "please scan". */
#ifndef _NVMQ_STATE_H
#define _NVMQ_STATE_H

#include "nvmq.h"

bool nvmq_state_legal(enum nvmq_state from, enum nvmq_state to);
const char *nvmq_state_name(enum nvmq_state state);
int nvmq_state_module_init(void);
void nvmq_state_module_exit(void);
void nvmq_state_init(struct nvmq_ctrl *ctrl);
bool nvmq_state_set(struct nvmq_ctrl *ctrl, enum nvmq_state to);
bool nvmq_state_wait_settled(struct nvmq_ctrl *ctrl, unsigned long timeout);
int nvmq_state_request_reset(struct nvmq_ctrl *ctrl, const char *why);
int nvmq_state_request_recovery(struct nvmq_ctrl *ctrl, const char *why, unsigned long ago);
void nvmq_state_resume_reset(struct nvmq_ctrl *ctrl, const char *why);
bool nvmq_state_park(struct nvmq_ctrl *ctrl);
int nvmq_state_reset_sync(struct nvmq_ctrl *ctrl, const char *why);
void nvmq_state_request_scan(struct nvmq_ctrl *ctrl);
void nvmq_state_request_watch(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_STATE_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The controller's state: one table, one writer, waits, "please reset" and "please scan". */
#ifndef _NVMQ_STATE_H
#define _NVMQ_STATE_H

#include "nvmq.h"

/**
 * enum nvmq_by - who wants a transition
 * @NVMQ_BY_DRIVER: the driver, for something that it has noticed, or that the kernel tells it
 * @NVMQ_BY_USER: a person, who may try a controller that is dead, or the platform, which has just
 *	reset its slot
 */
enum nvmq_by {
	NVMQ_BY_DRIVER,
	NVMQ_BY_USER,
};

/**
 * struct nvmq_moment - a state, and which of its times it was
 * @state: what the controller was doing
 * @moves: transitions before that
 */
struct nvmq_moment {
	enum nvmq_state state;
	u32 moves;
};

bool nvmq_state_legal(enum nvmq_state from, enum nvmq_state to, enum nvmq_by by);
const char *nvmq_state_name(enum nvmq_state state);
int nvmq_state_module_init(void);
void nvmq_state_module_exit(void);
void nvmq_state_init(struct nvmq_ctrl *ctrl);
bool nvmq_state_set(struct nvmq_ctrl *ctrl, enum nvmq_state to);
struct nvmq_moment nvmq_state_look(struct nvmq_ctrl *ctrl);
bool nvmq_state_unmoved(const struct nvmq_ctrl *ctrl, const struct nvmq_moment *seen);
bool nvmq_state_wait_settled(struct nvmq_ctrl *ctrl, unsigned long timeout);
int nvmq_state_request_reset(struct nvmq_ctrl *ctrl, const char *why);
int nvmq_state_request_reset_by(struct nvmq_ctrl *ctrl, const char *why, enum nvmq_by by);
int nvmq_state_request_recovery(struct nvmq_ctrl *ctrl, const char *why, unsigned long ago,
				const struct nvmq_moment *seen);
void nvmq_state_resume_reset(struct nvmq_ctrl *ctrl, const char *why);
bool nvmq_state_park(struct nvmq_ctrl *ctrl, enum nvmq_by by);
int nvmq_state_reset_sync(struct nvmq_ctrl *ctrl, const char *why, enum nvmq_by by);
void nvmq_state_request_scan(struct nvmq_ctrl *ctrl);
void nvmq_state_request_watch(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_STATE_H */

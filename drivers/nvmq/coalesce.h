/* SPDX-License-Identifier: GPL-2.0 */
/* Interrupt moderation by the controller, and the switch for both kinds of it. */
#ifndef _NVMQ_COALESCE_H
#define _NVMQ_COALESCE_H

#include "nvmq.h"

void nvmq_coalesce_init(struct nvmq_ctrl *ctrl);
void nvmq_coalesce_setup(struct nvmq_ctrl *ctrl);
void nvmq_coalesce_cancel(struct nvmq_ctrl *ctrl);
int nvmq_coalesce_set(struct nvmq_ctrl *ctrl, enum nvmq_bell_mode mode);

#endif /* _NVMQ_COALESCE_H */

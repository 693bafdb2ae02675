/* SPDX-License-Identifier: GPL-2.0 */
/* How many I/O queues of which kind; create and delete them all. */
#ifndef _NVMQ_IOQ_H
#define _NVMQ_IOQ_H

#include "nvmq.h"

unsigned int nvmq_ioq_max(void);
int nvmq_ioq_create_all(struct nvmq_ctrl *ctrl);
void nvmq_ioq_delete_all(struct nvmq_ctrl *ctrl);
void nvmq_ioq_free_shadow(struct nvmq_ctrl *ctrl);
int nvmq_ioq_set_counts(struct nvmq_ctrl *ctrl, const u16 shape[NVMQ_NR_KINDS]);
int nvmq_ioq_reset(struct nvmq_ctrl *ctrl);
void nvmq_ioq_fit(struct nvmq_ctrl *ctrl);
int nvmq_ioq_set_bells(struct nvmq_ctrl *ctrl, enum nvmq_bell_mode mode);

#endif /* _NVMQ_IOQ_H */

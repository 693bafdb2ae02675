/* SPDX-License-Identifier: GPL-2.0 */
/* Commands that a user passes through by io_uring. */
#ifndef _NVMQ_URING_H
#define _NVMQ_URING_H

#include "nvmq.h"

struct io_comp_batch;
struct io_uring_cmd;

int nvmq_uring_ctrl(struct nvmq_ctrl *ctrl, struct io_uring_cmd *ioucmd, unsigned int issue_flags);
int nvmq_uring_ns(struct nvmq_ns *ns, struct io_uring_cmd *ioucmd, unsigned int issue_flags);
int nvmq_uring_poll(struct nvmq_ns *ns, struct io_uring_cmd *ioucmd, struct io_comp_batch *iob);

#endif /* _NVMQ_URING_H */

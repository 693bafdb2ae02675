/* SPDX-License-Identifier: GPL-2.0 */
/* The handshake of CC and CSTS: enable, disable, shut down, and stop for sure. */
#ifndef _NVMQ_CC_H
#define _NVMQ_CC_H

#include "nvmq.h"

int nvmq_cc_read_caps(struct nvmq_ctrl *ctrl);
int nvmq_cc_enable(struct nvmq_ctrl *ctrl);
int nvmq_cc_fit_entries(struct nvmq_ctrl *ctrl, u8 sqes);
int nvmq_cc_disable(struct nvmq_ctrl *ctrl);
int nvmq_cc_shutdown(struct nvmq_ctrl *ctrl);
void nvmq_cc_stop(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_CC_H */

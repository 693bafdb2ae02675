/* SPDX-License-Identifier: GPL-2.0 */
/* What identify says of a controller. */
#ifndef _NVMQ_CTRL_H
#define _NVMQ_CTRL_H

#include "nvmq.h"

void nvmq_ctrl_string(char *to, const char *from, size_t len);
void nvmq_ctrl_read_effects(struct nvmq_ctrl *ctrl, u8 csi);
int nvmq_ctrl_identify(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_CTRL_H */

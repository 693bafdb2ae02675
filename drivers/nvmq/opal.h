/* SPDX-License-Identifier: GPL-2.0 */
/* Self-encrypting drives: the kernel's sed-opal, and how its messages reach the controller. */
#ifndef _NVMQ_OPAL_H
#define _NVMQ_OPAL_H

#include "nvmq.h"

void nvmq_opal_configure(struct nvmq_ctrl *ctrl);
void nvmq_opal_free(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_OPAL_H */

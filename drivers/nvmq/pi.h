/* SPDX-License-Identifier: GPL-2.0 */
/* Metadata of a format: who makes it, who checks it, or why it cannot be used. */
#ifndef _NVMQ_PI_H
#define _NVMQ_PI_H

#include "ns_info.h"

void nvmq_pi_choose(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info, bool first, void *buf);

#endif /* _NVMQ_PI_H */

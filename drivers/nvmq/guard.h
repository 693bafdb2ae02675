/* SPDX-License-Identifier: GPL-2.0 */
/* After a reset, before I/O passes: are the disks what they were? */
#ifndef _NVMQ_GUARD_H
#define _NVMQ_GUARD_H

#include "nvmq.h"

void nvmq_guard_disks(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_GUARD_H */

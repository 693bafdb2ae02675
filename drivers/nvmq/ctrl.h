/* SPDX-License-Identifier: GPL-2.0 */
/* What identify says of a controller. */
#ifndef _NVMQ_CTRL_H
#define _NVMQ_CTRL_H

#include "nvmq.h"

int nvmq_ctrl_identify(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_CTRL_H */

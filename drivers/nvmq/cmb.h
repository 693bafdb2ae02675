/* SPDX-License-Identifier: GPL-2.0 */
/* The controller memory buffer: memory of the controller in a BAR of its. */
#ifndef _NVMQ_CMB_H
#define _NVMQ_CMB_H

#include "nvmq.h"

void nvmq_cmb_configure(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_CMB_H */

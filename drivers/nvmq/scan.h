/* SPDX-License-Identifier: GPL-2.0 */
/* The controller's list of namespaces against ours. */
#ifndef _NVMQ_SCAN_H
#define _NVMQ_SCAN_H

#include "nvmq.h"

void nvmq_scan_work(struct work_struct *work);
void nvmq_scan_remove_all(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_SCAN_H */

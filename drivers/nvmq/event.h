/* SPDX-License-Identifier: GPL-2.0 */
/* Asynchronous events, and what follows from them; what user space is told. */
#ifndef _NVMQ_EVENT_H
#define _NVMQ_EVENT_H

#include "nvmq.h"

void nvmq_event_work(struct work_struct *work);
void nvmq_event_connected(struct nvmq_ctrl *ctrl);

#endif /* _NVMQ_EVENT_H */

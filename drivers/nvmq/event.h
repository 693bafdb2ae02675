/* SPDX-License-Identifier: GPL-2.0 */
/* Asynchronous events, and what follows from them. */
#ifndef _NVMQ_EVENT_H
#define _NVMQ_EVENT_H

#include "nvmq.h"

void nvmq_event_work(struct work_struct *work);

#endif /* _NVMQ_EVENT_H */

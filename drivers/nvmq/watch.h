/* SPDX-License-Identifier: GPL-2.0 */
/* The soft deadline: completions that are there although no interrupt came. */
#ifndef _NVMQ_WATCH_H
#define _NVMQ_WATCH_H

#include "nvmq.h"

void nvmq_watch_work(struct work_struct *work);

#endif /* _NVMQ_WATCH_H */

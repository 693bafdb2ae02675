/* SPDX-License-Identifier: GPL-2.0 */
/* Persistent reservations: the block layer's words for those of NVMe. */
#ifndef _NVMQ_PR_H
#define _NVMQ_PR_H

#include "nvmq.h"

struct pr_ops;

extern const struct pr_ops nvmq_pr_ops;

#endif /* _NVMQ_PR_H */

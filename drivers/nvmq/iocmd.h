/* SPDX-License-Identifier: GPL-2.0 */
/* I/O commands of the driver's own that somebody waits for. */
#ifndef _NVMQ_IOCMD_H
#define _NVMQ_IOCMD_H

#include "nvmq.h"

int nvmq_iocmd_run(struct nvmq_ns *ns, const struct nvm_sqe *cmd, void *buf, u32 len);

#endif /* _NVMQ_IOCMD_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* Flexible data placement: where writes may go, and the streams that lead there. */
#ifndef _NVMQ_FDP_H
#define _NVMQ_FDP_H

#include "ns_info.h"

int nvmq_fdp_read(struct nvmq_ns *ns, u16 endgid);
void nvmq_fdp_set_limits(const struct nvmq_ns *ns, struct nvmq_ns_info *info);

#endif /* _NVMQ_FDP_H */

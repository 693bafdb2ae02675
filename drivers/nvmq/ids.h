/* SPDX-License-Identifier: GPL-2.0 */
/* Which namespace has an identifier: one at a time, whatever the controller. */
#ifndef _NVMQ_IDS_H
#define _NVMQ_IDS_H

#include "nvmq.h"

void nvmq_ids_claim(struct nvmq_ns *ns);
void nvmq_ids_release(struct nvmq_ns *ns);
void nvmq_ids_forget(struct nvmq_ids *ids);

#endif /* _NVMQ_IDS_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* One namespace is one gendisk: limits, capacity, revalidation. */
#ifndef _NVMQ_NS_H
#define _NVMQ_NS_H

#include "nvmq.h"

struct nvmq_ns_info;

struct nvmq_ns *nvmq_ns_make(struct nvmq_ctrl *ctrl, struct nvmq_ns_info *info);
int nvmq_ns_register(struct nvmq_ns *ns, struct nvmq_ns_info *info);
bool nvmq_ns_is_same(const struct nvmq_ns *ns, struct nvmq_ns_info *info);
bool nvmq_ns_same_format(const struct nvmq_ns *ns, const struct nvmq_ns_info *info);
int nvmq_ns_refresh(struct nvmq_ns *ns, struct nvmq_ns_info *info);
int nvmq_ns_revalidate(struct nvmq_ns *ns);
void nvmq_ns_remove(struct nvmq_ns *ns);
struct nvmq_ns *nvmq_ns_find_get(struct nvmq_ctrl *ctrl, u32 nsid);
struct nvmq_ns *nvmq_ns_next_get(struct nvmq_ctrl *ctrl, u32 after);
bool nvmq_ns_get(struct nvmq_ns *ns);
void nvmq_ns_put(struct nvmq_ns *ns);
int nvmq_ns_settle(struct nvmq_ns *ns);

#endif /* _NVMQ_NS_H */

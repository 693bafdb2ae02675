/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The nouns of the driver: controller, queue, namespace, request, each in a header of its name.
 * Every room includes this header and nothing above its own layer (Documentation/overview.md has
 * the map).
 */
#ifndef _NVMQ_H
#define _NVMQ_H

#include <nvme/cmd.h>
#include <nvme/identify.h>
#include <nvme/log.h>
#include <nvme/regs.h>
#include <nvme/status.h>

#include "nvmq_ctrl.h"
#include "nvmq_ns.h"
#include "nvmq_queue.h"
#include "nvmq_req.h"
#include "params.h"
#include "quirks.h"

/*
 * Log lines name the controller first. nvmeX is the name before there is a device, too.
 */
#define nvmq_log(level, ctrl, fmt, ...) \
	level("nvmq nvme%d: " fmt, (ctrl)->instance, ##__VA_ARGS__)
#define nvmq_err(ctrl, fmt, ...) nvmq_log(pr_err, ctrl, fmt, ##__VA_ARGS__)
#define nvmq_warn(ctrl, fmt, ...) nvmq_log(pr_warn, ctrl, fmt, ##__VA_ARGS__)
#define nvmq_info(ctrl, fmt, ...) nvmq_log(pr_info, ctrl, fmt, ##__VA_ARGS__)
#define nvmq_warn_limited(ctrl, fmt, ...) nvmq_log(pr_warn_ratelimited, ctrl, fmt, ##__VA_ARGS__)

#endif /* _NVMQ_H */

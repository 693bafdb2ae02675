/* SPDX-License-Identifier: GPL-2.0 */
/* A request took too long: the ordered questions. */
#ifndef _NVMQ_TIMEOUT_H
#define _NVMQ_TIMEOUT_H

#include <linux/blk-mq.h>

enum blk_eh_timer_return nvmq_timeout(struct request *req);

#endif /* _NVMQ_TIMEOUT_H */

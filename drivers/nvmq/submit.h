/* SPDX-License-Identifier: GPL-2.0 */
/* Requests on their way down: prepare, push, ring. */
#ifndef _NVMQ_SUBMIT_H
#define _NVMQ_SUBMIT_H

#include <linux/blk-mq.h>

#include "nvmq.h"

blk_status_t nvmq_submit_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd);
blk_status_t nvmq_submit_rich_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd);
blk_status_t nvmq_submit_narrow_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd);
blk_status_t nvmq_submit_closed_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd);
blk_status_t nvmq_submit_odd_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd);
void nvmq_submit_rqs(struct rq_list *list);
void nvmq_submit_no_rqs(struct rq_list *list);
void nvmq_submit_commit(struct blk_mq_hw_ctx *hctx);

#endif /* _NVMQ_SUBMIT_H */

/* SPDX-License-Identifier: GPL-2.0 */
/* The events themselves; trace.h is for those who report. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM nvmq

#if !defined(_NVMQ_TRACEPOINTS_H) || defined(TRACE_HEADER_MULTI_READ)
#define _NVMQ_TRACEPOINTS_H

#include <linux/trace_seq.h>
#include <linux/tracepoint.h>

#include "cmd.h"
#include "state.h"
#include "trace.h"

TRACE_EVENT(nvmq_setup_cmd,
	TP_PROTO(const struct nvmq_queue *q, struct request *req, const struct nvm_sqe *sqe),
	TP_ARGS(q, req, sqe),
	TP_STRUCT__entry(
		__array(char, disk, DISK_NAME_LEN)
		__field(int, instance)
		__field(u16, qid)
		__field(u16, cid)
		__field(u8, opcode)
		__field(u8, flags)
		__field(u32, nsid)
		__field(u64, mptr)
		__array(u32, words, NVMQ_TRACE_WORDS)
	),
	TP_fast_assign(
		nvmq_trace_name(__entry->disk, req);
		nvmq_trace_words(__entry->words, sqe);
		__entry->instance = q->ctrl->instance;
		__entry->qid = q->qid;
		__entry->cid = sqe->cid;
		__entry->opcode = sqe->opcode;
		__entry->flags = sqe->flags;
		__entry->nsid = le32_to_cpu(sqe->nsid);
		__entry->mptr = le64_to_cpu(sqe->mptr);
	),
	TP_printk("nvme%d: %sqid=%u, cmdid=%u, nsid=%u, flags=%#x, meta=%#llx, cmd=(%s)",
		  __entry->instance, nvmq_trace_disk(p, __entry->disk), __entry->qid, __entry->cid,
		  __entry->nsid, __entry->flags, __entry->mptr,
		  nvmq_trace_command(p, !__entry->qid, __entry->opcode, __entry->words))
);

TRACE_EVENT(nvmq_complete_rq,
	TP_PROTO(const struct nvmq_queue *q, struct request *req, u16 cid),
	TP_ARGS(q, req, cid),
	TP_STRUCT__entry(
		__array(char, disk, DISK_NAME_LEN)
		__field(int, instance)
		__field(u16, qid)
		__field(u16, cid)
		__field(u16, status)
		__field(u8, retries)
		__field(u8, flags)
		__field(u64, result)
	),
	TP_fast_assign(
		nvmq_trace_name(__entry->disk, req);
		__entry->instance = q->ctrl->instance;
		__entry->qid = q->qid;
		__entry->cid = cid;
		__entry->status = nvmq_req(req)->status;
		__entry->retries = nvmq_req(req)->retries;
		__entry->flags = nvmq_req(req)->flags;
		__entry->result = nvmq_req(req)->result;
	),
	TP_printk("nvme%d: %sqid=%u, cmdid=%u, res=%#llx, retries=%u, flags=%#x, status=%#x (%s)",
		  __entry->instance, nvmq_trace_disk(p, __entry->disk), __entry->qid, __entry->cid,
		  __entry->result, __entry->retries, __entry->flags, __entry->status,
		  nvmq_cmd_status_text(__entry->status))
);

TRACE_EVENT(nvmq_sq,
	TP_PROTO(const struct nvmq_queue *q, u16 sq_head, unsigned int found),
	TP_ARGS(q, sq_head, found),
	TP_STRUCT__entry(
		__field(int, instance)
		__field(u16, qid)
		__field(u16, sq_head)
		__field(u16, sq_tail)
		__field(unsigned int, found)
	),
	TP_fast_assign(
		__entry->instance = q->ctrl->instance;
		__entry->qid = q->qid;
		__entry->sq_head = sq_head;
		__entry->sq_tail = q->sq.tail;
		__entry->found = found;
	),
	TP_printk("nvme%d: qid=%u, head=%u, tail=%u, completions=%u", __entry->instance,
		  __entry->qid, __entry->sq_head, __entry->sq_tail, __entry->found)
);

TRACE_EVENT(nvmq_state,
	TP_PROTO(const struct nvmq_ctrl *ctrl, enum nvmq_state from, enum nvmq_state to),
	TP_ARGS(ctrl, from, to),
	TP_STRUCT__entry(
		__field(int, instance)
		__field(u8, from)
		__field(u8, to)
	),
	TP_fast_assign(
		__entry->instance = ctrl->instance;
		__entry->from = from;
		__entry->to = to;
	),
	TP_printk("nvme%d: %s -> %s", __entry->instance, nvmq_state_name(__entry->from),
		  nvmq_state_name(__entry->to))
);

TRACE_EVENT(nvmq_step,
	TP_PROTO(const struct nvmq_ctrl *ctrl, const char *step, int error, u64 us),
	TP_ARGS(ctrl, step, error, us),
	TP_STRUCT__entry(
		__field(int, instance)
		__field(int, error)
		__field(u64, us)
		__array(char, step, 32)
	),
	TP_fast_assign(
		__entry->instance = ctrl->instance;
		__entry->error = error;
		__entry->us = us;
		strscpy(__entry->step, step, sizeof(__entry->step));
	),
	TP_printk("nvme%d: %s: %d, %llu us", __entry->instance, __entry->step, __entry->error,
		  __entry->us)
);

#endif /* _NVMQ_TRACEPOINTS_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE tracepoints
#include <trace/define_trace.h>

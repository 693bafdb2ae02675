/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints, /sys/kernel/tracing/events/nvmq: commands and completions by name, states, and the
 * steps of a bring-up.
 *
 * Whoever reports calls one of the functions below. They cost a jump that is not taken while the
 * event is off; what it takes to fill one in stands out of line.
 */
#ifndef _NVMQ_TRACE_H
#define _NVMQ_TRACE_H

#include <linux/tracepoint-defs.h>

#include "nvmq.h"

struct trace_seq;

/* Dwords 10 to 15 of a command. */
#define NVMQ_TRACE_WORDS 6

/* what the events of tracepoints.h are filled and printed with */
void nvmq_trace_name(char *name, struct request *req);
void nvmq_trace_words(u32 *words, const struct nvm_sqe *sqe);
const char *nvmq_trace_disk(struct trace_seq *p, const char *name);
const char *nvmq_trace_command(struct trace_seq *p, bool admin, u8 opcode, const u32 *words);

DECLARE_TRACEPOINT(nvmq_setup_cmd);
DECLARE_TRACEPOINT(nvmq_complete_rq);
DECLARE_TRACEPOINT(nvmq_sq);
DECLARE_TRACEPOINT(nvmq_state);
DECLARE_TRACEPOINT(nvmq_step);

void nvmq_trace_do_setup(const struct nvmq_queue *q, struct request *req,
			 const struct nvm_sqe *sqe);
void nvmq_trace_do_complete(const struct nvmq_queue *q, struct request *req, u16 cid);
void nvmq_trace_do_sq(const struct nvmq_queue *q, unsigned int found);
void nvmq_trace_do_state(const struct nvmq_ctrl *ctrl, enum nvmq_state from, enum nvmq_state to);
void nvmq_trace_do_step(const struct nvmq_ctrl *ctrl, const char *step, int error, u64 us);

/**
 * nvmq_trace_setup - a command stands in the ring
 * @q: queue
 * @req: request that it is for
 * @sqe: the command
 */
static __always_inline void nvmq_trace_setup(const struct nvmq_queue *q, struct request *req,
					     const struct nvm_sqe *sqe)
{
	if (tracepoint_enabled(nvmq_setup_cmd))
		nvmq_trace_do_setup(q, req, sqe);
}

/**
 * nvmq_trace_complete - a completion was taken
 * @q: queue
 * @req: request that it is for; status and result are filled in
 * @cid: command id in the completion
 */
static __always_inline void nvmq_trace_complete(const struct nvmq_queue *q, struct request *req,
						u16 cid)
{
	if (tracepoint_enabled(nvmq_complete_rq))
		nvmq_trace_do_complete(q, req, cid);
}

/**
 * nvmq_trace_sq - completions were taken; how full is the submission queue?
 * @q: queue, its head moved on
 * @found: how many
 */
static __always_inline void nvmq_trace_sq(const struct nvmq_queue *q, unsigned int found)
{
	if (tracepoint_enabled(nvmq_sq))
		nvmq_trace_do_sq(q, found);
}

/**
 * nvmq_trace_state - a controller was moved to another state
 * @ctrl: controller
 * @from: state that it had
 * @to: state that it has
 */
static inline void nvmq_trace_state(const struct nvmq_ctrl *ctrl, enum nvmq_state from,
				    enum nvmq_state to)
{
	if (tracepoint_enabled(nvmq_state))
		nvmq_trace_do_state(ctrl, from, to);
}

/**
 * nvmq_trace_step - a step of a recovery or a bring-up is over
 * @ctrl: controller
 * @step: its name
 * @error: 0 or -errno
 * @us: microseconds that it took
 */
static inline void nvmq_trace_step(const struct nvmq_ctrl *ctrl, const char *step, int error,
				   u64 us)
{
	if (tracepoint_enabled(nvmq_step))
		nvmq_trace_do_step(ctrl, step, error, us);
}

#endif /* _NVMQ_TRACE_H */

/* SPDX-License-Identifier: GPL-2.0 */
#include <compat-config.h>

#ifdef COMPAT_HAS_URING_CMD_HEADER
#include_next <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif

#ifndef COMPAT_LINUX_IO_URING_CMD_H
#define COMPAT_LINUX_IO_URING_CMD_H

/**
 * nvmq_uring_payload() - what follows the fixed part of a 128-byte SQE
 * @ioucmd: struct io_uring_cmd *
 * @type: what the payload is; its size is checked
 *
 * The memory is shared with the user: read every field once.
 * Before 6.6 the command pointed to the payload, since then to the SQE.
 */
#ifndef COMPAT_HAS_URING_CMD_HEADER
#define nvmq_uring_payload(ioucmd, type)				\
({									\
	BUILD_BUG_ON(sizeof(type) > 80);				\
	(const type *)(ioucmd)->cmd;					\
})

#define io_uring_cmd_to_pdu(cmd, pdu_type)				\
({									\
	BUILD_BUG_ON(sizeof(pdu_type) >					\
		     sizeof_field(struct io_uring_cmd, pdu));		\
	(pdu_type *)&(cmd)->pdu;					\
})

#define io_uring_cmd_do_in_task_lazy(cmd, fn) \
	io_uring_cmd_complete_in_task(cmd, fn)
#else
#define nvmq_uring_payload(ioucmd, type)				\
({									\
	BUILD_BUG_ON(sizeof(type) > 80);				\
	(const type *)(ioucmd)->sqe->cmd;				\
})
#endif

/*
 * 6.18: two calls instead of one.  In a ring of 16-byte completions the older
 * one drops the second result.
 */
#ifndef COMPAT_HAS_URING_DONE32
static inline void io_uring_cmd_done32(struct io_uring_cmd *cmd, s32 ret,
				       u64 res2, unsigned int issue_flags)
{
	io_uring_cmd_done(cmd, ret, res2, issue_flags);
}

#define io_uring_cmd_done(cmd, ret, issue_flags) \
	io_uring_cmd_done(cmd, ret, 0, issue_flags)
#endif

#ifndef COMPAT_HAS_URING_IMPORT_FIXED_FLAGS
#define io_uring_cmd_import_fixed(ubuf, len, rw, iter, ioucmd, issue_flags) \
	io_uring_cmd_import_fixed(ubuf, len, rw, iter, ioucmd)
#endif

#ifndef COMPAT_HAS_URING_IMPORT_FIXED_VEC
static inline int
io_uring_cmd_import_fixed_vec(struct io_uring_cmd *ioucmd,
			      const struct iovec __user *uvec, size_t uvec_segs,
			      int ddir, struct iov_iter *iter,
			      unsigned int issue_flags)
{
	return -EOPNOTSUPP;
}
#endif

/*
 * Is the one who polls this batch the ring that the command came from?  Only then
 * may the command be completed on the spot: its user's memory is at hand.  Older
 * kernels do not tell.
 */
#ifdef COMPAT_HAS_IOB_POLL_CTX
static inline bool nvmq_uring_polled_by_own(struct io_uring_cmd *cmd,
					    const struct io_comp_batch *iob)
{
	return iob && iob->poll_ctx == io_uring_cmd_ctx_handle(cmd);
}
#else
static inline bool nvmq_uring_polled_by_own(struct io_uring_cmd *cmd,
					    const struct io_comp_batch *iob)
{
	return false;
}
#endif

/*
 * Work that io_uring does for us in the task that submitted.  Ours is
 *	void fn(struct io_uring_cmd *cmd, unsigned int issue_flags)
 * on every kernel, for the flags differ: before 6.10 only the caller knew them.
 *
 *	NVMQ_ADAPT_TASK_WORK(fn);		at file scope
 *	io_uring_cmd_do_in_task_lazy(cmd, nvmq_adapted_task_work(fn));
 */
#ifdef COMPAT_HAS_URING_TW_REQ
#define NVMQ_ADAPT_TASK_WORK(fn)					\
static void fn##_task_work(struct io_tw_req tw_req, io_tw_token_t tw)	\
{									\
	fn(io_uring_cmd_from_tw(tw_req),				\
	   IO_URING_CMD_TASK_WORK_ISSUE_FLAGS);				\
}									\
struct nvmq_semicolon
#define nvmq_adapted_task_work(fn) fn##_task_work
#else
#define NVMQ_ADAPT_TASK_WORK(fn) struct nvmq_semicolon
#define nvmq_adapted_task_work(fn) fn
#endif

#endif

// SPDX-License-Identifier: GPL-2.0
/*
 * The tracepoints' bodies, and commands in words: each has its fields in a table, by the names
 * of the specification.
 */
#include <linux/blkdev.h>

#include "trace.h"

#define CREATE_TRACE_POINTS
#include "tracepoints.h"

/**
 * struct nvmq_trace_field - some bits of a command
 * @name: what the specification calls them
 * @word: dword that they begin in, counted from cdw10
 * @high: highest bit; from 32 on it is in the next dword
 * @low: lowest bit
 */
struct nvmq_trace_field {
	const char *name;
	u8 word;
	u8 high;
	u8 low;
};

/** struct nvmq_trace_layout - the fields of a command; a name that is NULL ends them */
struct nvmq_trace_layout {
	u8 opcode;
	struct nvmq_trace_field fields[8];
};

#define F(text, cdw, high, low) { text, (cdw) - 10, high, low }
#define SLBA F("slba", 10, 63, 0)
#define NLB F("nlb", 12, 15, 0)
#define CONTROL F("ctrl", 12, 31, 16)
#define REFTAG F("reftag", 14, 31, 0)

static const struct nvmq_trace_layout nvmq_trace_io[] = {
	{ NVM_CMD_WRITE, { SLBA, NLB, CONTROL, F("dsmgmt", 13, 31, 0), REFTAG } },
	{ NVM_CMD_READ, { SLBA, NLB, CONTROL, F("dsmgmt", 13, 31, 0), REFTAG } },
	{ NVM_CMD_WRITE_UNCOR, { SLBA, NLB } },
	{ NVM_CMD_COMPARE, { SLBA, NLB, CONTROL, REFTAG } },
	{ NVM_CMD_WRITE_ZEROES, { SLBA, NLB, CONTROL, REFTAG } },
	{ NVM_CMD_DSM, { F("nr", 10, 7, 0), F("attributes", 11, 31, 0) } },
	{ NVM_CMD_VERIFY, { SLBA, NLB, CONTROL, REFTAG } },
	{ NVM_CMD_RESV_REGISTER, { F("rrega", 10, 2, 0), F("iekey", 10, 3, 3),
				   F("cptpl", 10, 31, 30) } },
	{ NVM_CMD_RESV_REPORT, { F("numd", 10, 31, 0), F("eds", 11, 0, 0) } },
	{ NVM_CMD_RESV_ACQUIRE, { F("racqa", 10, 2, 0), F("iekey", 10, 3, 3),
				  F("rtype", 10, 15, 8) } },
	{ NVM_CMD_IO_MGMT_RECV, { F("mo", 10, 7, 0), F("mos", 10, 31, 16), F("numd", 11, 31, 0) } },
	{ NVM_CMD_RESV_RELEASE, { F("rrela", 10, 2, 0), F("iekey", 10, 3, 3),
				  F("rtype", 10, 15, 8) } },
	{ NVM_CMD_COPY, { F("sdlba", 10, 63, 0), F("nr", 12, 7, 0), F("desfmt", 12, 11, 8),
			  CONTROL } },
	{ NVM_CMD_ZONE_MGMT_SEND, { SLBA, F("zsa", 13, 7, 0), F("all", 13, 8, 8) } },
	{ NVM_CMD_ZONE_MGMT_RECV, { SLBA, F("numd", 12, 31, 0), F("zra", 13, 7, 0),
				    F("zrasf", 13, 15, 8), F("partial", 13, 16, 16) } },
	{ NVM_CMD_ZONE_APPEND, { F("zslba", 10, 63, 0), NLB, CONTROL, REFTAG } },
};

static const struct nvmq_trace_layout nvmq_trace_admin[] = {
	{ NVM_ADMIN_DELETE_SQ, { F("sqid", 10, 15, 0) } },
	{ NVM_ADMIN_CREATE_SQ, { F("sqid", 10, 15, 0), F("qsize", 10, 31, 16),
				 F("sq_flags", 11, 15, 0), F("cqid", 11, 31, 16) } },
	{ NVM_ADMIN_GET_LOG_PAGE, { F("lid", 10, 7, 0), F("lsp", 10, 14, 8), F("rae", 10, 15, 15),
				    F("numd", 10, 47, 16), F("lpo", 12, 63, 0),
				    F("csi", 14, 31, 24) } },
	{ NVM_ADMIN_DELETE_CQ, { F("cqid", 10, 15, 0) } },
	{ NVM_ADMIN_CREATE_CQ, { F("cqid", 10, 15, 0), F("qsize", 10, 31, 16),
				 F("cq_flags", 11, 15, 0), F("irq_vector", 11, 31, 16) } },
	{ NVM_ADMIN_IDENTIFY, { F("cns", 10, 7, 0), F("ctrlid", 10, 31, 16),
				F("csi", 11, 31, 24) } },
	{ NVM_ADMIN_ABORT_CMD, { F("sqid", 10, 15, 0), F("cid", 10, 31, 16) } },
	{ NVM_ADMIN_SET_FEATURES, { F("fid", 10, 7, 0), F("sv", 10, 31, 31), F("cdw11", 11, 31, 0),
				    F("cdw12", 12, 31, 0) } },
	{ NVM_ADMIN_GET_FEATURES, { F("fid", 10, 7, 0), F("sel", 10, 10, 8),
				    F("cdw11", 11, 31, 0) } },
	{ NVM_ADMIN_NS_MGMT, { F("sel", 10, 3, 0), F("csi", 11, 31, 24) } },
	{ NVM_ADMIN_ACTIVATE_FW, { F("fs", 10, 2, 0), F("ca", 10, 5, 3) } },
	{ NVM_ADMIN_DOWNLOAD_FW, { F("numd", 10, 31, 0), F("ofst", 11, 31, 0) } },
	{ NVM_ADMIN_DEV_SELF_TEST, { F("stc", 10, 3, 0) } },
	{ NVM_ADMIN_NS_ATTACH, { F("sel", 10, 3, 0) } },
	{ NVM_ADMIN_VIRTUAL_MGMT, { F("act", 10, 3, 0), F("rt", 10, 10, 8), F("cntlid", 10, 31, 16),
				    F("nr", 11, 15, 0) } },
	{ NVM_ADMIN_FORMAT_NVM, { F("lbaf", 10, 3, 0), F("mset", 10, 4, 4), F("pi", 10, 7, 5),
				  F("pil", 10, 8, 8), F("ses", 10, 11, 9) } },
	{ NVM_ADMIN_SECURITY_SEND, { F("nssf", 10, 7, 0), F("spsp", 10, 23, 8),
				     F("secp", 10, 31, 24), F("tl", 11, 31, 0) } },
	{ NVM_ADMIN_SECURITY_RECV, { F("nssf", 10, 7, 0), F("spsp", 10, 23, 8),
				     F("secp", 10, 31, 24), F("al", 11, 31, 0) } },
	{ NVM_ADMIN_SANITIZE_NVM, { F("sanact", 10, 2, 0), F("ause", 10, 3, 3),
				    F("owpass", 10, 7, 4), F("ovrpat", 11, 31, 0) } },
};

#undef F
#undef SLBA
#undef NLB
#undef CONTROL
#undef REFTAG

/**
 * nvmq_trace_name - the disk that a request is for
 * @name: DISK_NAME_LEN bytes, filled with its name; empty for an admin command
 * @req: request
 *
 * Context: any.
 */
void nvmq_trace_name(char *name, struct request *req)
{
	const struct nvmq_ns *ns = req->q->queuedata;

	strscpy(name, ns ? ns->disk->disk_name : "", DISK_NAME_LEN);
}

/**
 * nvmq_trace_words - dwords 10 to 15 of a command
 * @words: filled with them
 * @sqe: the command
 *
 * Context: any.
 */
void nvmq_trace_words(u32 *words, const struct nvm_sqe *sqe)
{
	const __le32 *cdw10 = &sqe->cdw10;
	unsigned int i;

	for (i = 0; i < NVMQ_TRACE_WORDS; i++)
		words[i] = le32_to_cpu(cdw10[i]);
}

/**
 * nvmq_trace_disk - print a disk's name
 * @p: where to
 * @name: name; empty for none
 *
 * Context: a reader of the trace.
 * Return: what was printed.
 */
const char *nvmq_trace_disk(struct trace_seq *p, const char *name)
{
	const char *text = trace_seq_buffer_ptr(p);

	if (*name)
		trace_seq_printf(p, "disk=%s, ", name);
	trace_seq_putc(p, '\0');
	return text;
}

static u64 nvmq_trace_value(const struct nvmq_trace_field *f, const u32 *words)
{
	u64 value = words[f->word];

	if (f->high >= 32)
		value |= (u64)words[f->word + 1] << 32;
	return (value & GENMASK_ULL(f->high, f->low)) >> f->low;
}

static const struct nvmq_trace_layout *nvmq_trace_layout(bool admin, u8 opcode)
{
	const struct nvmq_trace_layout *l = admin ? nvmq_trace_admin : nvmq_trace_io;
	unsigned int nr = admin ? ARRAY_SIZE(nvmq_trace_admin) : ARRAY_SIZE(nvmq_trace_io);

	for (; nr; nr--, l++)
		if (l->opcode == opcode)
			return l;
	return NULL;
}

/**
 * nvmq_trace_command - print a command: its name and its fields
 * @p: where to
 * @admin: it is an admin command
 * @opcode: opcode
 * @words: dwords 10 to 15; printed as they are where the command has no fields in the tables
 *
 * Context: a reader of the trace.
 * Return: what was printed.
 */
const char *nvmq_trace_command(struct trace_seq *p, bool admin, u8 opcode, const u32 *words)
{
	const struct nvmq_trace_layout *layout = nvmq_trace_layout(admin, opcode);
	const char *text = trace_seq_buffer_ptr(p);
	const struct nvmq_trace_field *f;

	trace_seq_printf(p, "%s", nvmq_cmd_opcode_text(admin, opcode));
	if (!layout)
		trace_seq_printf(p, " %#x cdw10=%*ph", opcode, 4 * NVMQ_TRACE_WORDS, words);
	else
		for (f = layout->fields; f < layout->fields + ARRAY_SIZE(layout->fields); f++)
			if (f->name)
				trace_seq_printf(p, " %s=%llu", f->name,
						 nvmq_trace_value(f, words));
	trace_seq_putc(p, '\0');
	return text;
}

/**
 * nvmq_trace_do_setup - nvmq_trace_setup() while somebody looks
 * @q: queue
 * @req: request
 * @sqe: the command
 *
 * Context: the submitter's, the queue's lock held.
 */
void nvmq_trace_do_setup(const struct nvmq_queue *q, struct request *req,
			 const struct nvm_sqe *sqe)
{
	trace_nvmq_setup_cmd(q, req, sqe);
}

/**
 * nvmq_trace_do_complete - nvmq_trace_complete() while somebody looks
 * @q: queue
 * @req: request
 * @cid: command id
 *
 * Context: the one who drains @q.
 */
void nvmq_trace_do_complete(const struct nvmq_queue *q, struct request *req, u16 cid)
{
	trace_nvmq_complete_rq(q, req, cid);
}

/**
 * nvmq_trace_do_sq - nvmq_trace_sq() while somebody looks
 * @q: queue
 * @found: completions
 *
 * Context: the one who drains @q.
 */
void nvmq_trace_do_sq(const struct nvmq_queue *q, unsigned int found)
{
	u16 last = (q->cq.head ? q->cq.head : q->cq.depth) - 1;

	trace_nvmq_sq(q, le16_to_cpu(q->cq.ring[last].sq_head), found);
}

/**
 * nvmq_trace_do_state - nvmq_trace_state() while somebody looks
 * @ctrl: controller
 * @from: state that it had
 * @to: state that it has
 *
 * Context: any.
 */
void nvmq_trace_do_state(const struct nvmq_ctrl *ctrl, enum nvmq_state from, enum nvmq_state to)
{
	trace_nvmq_state(ctrl, from, to);
}

/**
 * nvmq_trace_do_step - nvmq_trace_step() while somebody looks
 * @ctrl: controller
 * @step: its name
 * @error: 0 or -errno
 * @us: microseconds that it took
 *
 * Context: may sleep.
 */
void nvmq_trace_do_step(const struct nvmq_ctrl *ctrl, const char *step, int error, u64 us)
{
	trace_nvmq_step(ctrl, step, error, us);
}

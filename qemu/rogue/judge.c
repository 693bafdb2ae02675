// SPDX-License-Identifier: GPL-2.0
/*
 * What the host did wrong. A breach is remembered by its name: how often, and how it was
 * the first time.
 */
#include "rogue.h"

#include <stdarg.h>

void breach(struct rogue *r, const char *what, const char *detail, ...)
{
	struct breach *b = NULL;
	va_list ap;
	u32 i;

	for (i = 0; i < r->nr_breaches && !b; i++) {
		if (!strcmp(r->breaches[i].what, what))
			b = &r->breaches[i];
	}
	if (!b) {
		if (r->nr_breaches == ARRAY_SIZE(r->breaches))
			return;
		b = &r->breaches[r->nr_breaches++];
		b->what = what;
		b->times = 0;
		va_start(ap, detail);
		vsnprintf(b->first, sizeof(b->first), detail, ap);
		va_end(ap);
		if (r->verbose)
			fprintf(stderr, "breach: %s: %s\n", what, b->first);
	}
	b->times++;
}

void judge_forget(struct rogue *r)
{
	r->nr_breaches = 0;
}

/* Dwords of a command that may say something: the others are reserved. */
enum {
	D2 = 1 << 0, D3 = 1 << 1, MPTR = 1 << 2, DPTR = 1 << 3,
	D10 = 1 << 4, D11 = 1 << 5, D12 = 1 << 6, D13 = 1 << 7, D14 = 1 << 8, D15 = 1 << 9,
	NSID = 1 << 10,
	KNOWN = 1 << 15,
	D1011 = D10 | D11,
	ALL = NSID | D2 | D3 | MPTR | DPTR | D1011 | D12 | D13 | D14 | D15,
};

static const u16 admin_uses[256] = {
	[NVM_ADMIN_DELETE_SQ]		= KNOWN | D10,
	[NVM_ADMIN_CREATE_SQ]		= KNOWN | DPTR | D1011 | D12,
	[NVM_ADMIN_GET_LOG_PAGE]	= KNOWN | NSID | DPTR | D1011 | D12 | D13 | D14,
	[NVM_ADMIN_DELETE_CQ]		= KNOWN | D10,
	[NVM_ADMIN_CREATE_CQ]		= KNOWN | DPTR | D1011,
	[NVM_ADMIN_IDENTIFY]		= KNOWN | NSID | DPTR | D1011 | D14,
	[NVM_ADMIN_ABORT_CMD]		= KNOWN | D10,
	[NVM_ADMIN_SET_FEATURES]	= KNOWN | NSID | DPTR | D1011 | D12 | D13 | D14 | D15,
	[NVM_ADMIN_GET_FEATURES]	= KNOWN | NSID | DPTR | D1011 | D14,
	[NVM_ADMIN_ASYNC_EVENT]		= KNOWN,
	[NVM_ADMIN_KEEP_ALIVE]		= KNOWN,
	[NVM_ADMIN_NS_MGMT]		= KNOWN | NSID | DPTR | D1011,
	[NVM_ADMIN_NS_ATTACH]		= KNOWN | NSID | DPTR | D10,
	[NVM_ADMIN_DBBUF]		= KNOWN | DPTR,
	[NVM_ADMIN_FORMAT_NVM]		= KNOWN | NSID | D10,
	[NVM_ADMIN_SECURITY_SEND]	= KNOWN | NSID | DPTR | D1011,
	[NVM_ADMIN_SECURITY_RECV]	= KNOWN | NSID | DPTR | D1011,
	[NVM_ADMIN_SANITIZE_NVM]	= KNOWN | NSID | D1011,
};

static const u16 io_uses[256] = {
	[NVM_CMD_FLUSH]			= KNOWN | NSID,
	[NVM_CMD_WRITE]			= KNOWN | ALL,
	[NVM_CMD_READ]			= KNOWN | ALL,
	[NVM_CMD_WRITE_UNCOR]		= KNOWN | NSID | D1011 | D12,
	[NVM_CMD_COMPARE]		= KNOWN | ALL,
	[NVM_CMD_WRITE_ZEROES]		= KNOWN | NSID | D2 | D3 | D1011 | D12 | D13 | D14 | D15,
	[NVM_CMD_DSM]			= KNOWN | NSID | DPTR | D1011,
	[NVM_CMD_COPY]			= KNOWN | NSID | D3 | DPTR | D1011 | D12 | D13 | D14 | D15,
	[NVM_CMD_VERIFY]		= KNOWN | NSID | D2 | D3 | D1011 | D12 | D14 | D15,
};

/* Of dwords that say something, the bits that do not. */
static const struct {
	bool admin;
	u8 opcode, dword;
	u32 reserved;
} reserved_bits[] = {
	{ true, NVM_ADMIN_DELETE_SQ, 10, 0xffff0000 },
	{ true, NVM_ADMIN_DELETE_CQ, 10, 0xffff0000 },
	{ true, NVM_ADMIN_CREATE_SQ, 11, 0x0000fff8 },
	{ true, NVM_ADMIN_CREATE_SQ, 12, 0xffff0000 },
	{ true, NVM_ADMIN_CREATE_CQ, 11, 0x0000fffc },
	{ true, NVM_ADMIN_IDENTIFY, 10, 0x0000ff00 },
	{ true, NVM_ADMIN_IDENTIFY, 14, 0xffffff80 },
	{ true, NVM_ADMIN_GET_LOG_PAGE, 14, 0x007fff80 },
	{ true, NVM_ADMIN_SET_FEATURES, 10, 0x7fffff00 },
	{ true, NVM_ADMIN_GET_FEATURES, 10, 0xfffff800 },
	{ true, NVM_ADMIN_FORMAT_NVM, 10, 0xffffc000 },
	{ false, NVM_CMD_READ, 12, 0x020f0000 },
	{ false, NVM_CMD_WRITE, 12, 0x020f0000 },
	{ false, NVM_CMD_COMPARE, 12, 0x02ff0000 },
	{ false, NVM_CMD_READ, 13, 0xffffff00 },
	{ false, NVM_CMD_DSM, 10, 0xffffff00 },
	{ false, NVM_CMD_DSM, 11, 0xfffffff8 },
};

static void judge_bits(struct rogue *r, const struct cmd *c)
{
	const u32 *dw = &c->sqe.cdw10;

	for (u32 i = 0; i < ARRAY_SIZE(reserved_bits); i++) {
		u32 v = dw[reserved_bits[i].dword - 10];

		if (reserved_bits[i].admin == !c->sq->qid &&
		    reserved_bits[i].opcode == c->opcode && v & reserved_bits[i].reserved)
			breach(r, "reserved bits of a command are not zero",
			       "queue %u opcode %02x dword %u: %08x", c->sq->qid, c->opcode,
			       reserved_bits[i].dword, v);
	}
}

/* Of ids that some controllers keep by their number, in one table for all queues. */
static void judge_id(struct rogue *r, const struct cmd *c)
{
	u16 cid = c->sqe.cid;

	if (bit_test(c->sq->busy, cid))
		breach(r, "command id in use twice", "queue %u opcode %02x id %04x", c->sq->qid,
		       c->opcode, cid);
	if (r->knobs.small_ids && cid >= c->sq->size)
		breach(r, "command id that is not below the size of its queue",
		       "queue %u opcode %02x id %04x", c->sq->qid, c->opcode, cid);
	for (u32 i = 0; r->knobs.shared_ids && i < r->end_of_queues; i++) {
		if (&r->sq[i] != c->sq && r->sq[i].live && bit_test(r->sq[i].busy, cid))
			breach(r, "command id in use in another queue",
			       "queue %u opcode %02x id %04x, queue %u", c->sq->qid, c->opcode,
			       cid, i);
	}
}

/* What follows the command in an entry that is larger. */
void judge_rest(struct rogue *r, const struct cmd *c, const u8 *rest, u32 len)
{
	for (u32 i = 0; i < len; i++) {
		if (!rest[i])
			continue;
		breach(r, "what follows a command in its entry is not zero",
		       "queue %u id %04x byte %u", c->sq->qid, c->sqe.cid,
		       i + (u32)sizeof(c->sqe));
		return;
	}
}

void judge_sqe(struct rogue *r, const struct cmd *c)
{
	const struct nvm_sqe *s = &c->sqe;
	u16 uses = c->sq->qid ? io_uses[s->opcode] : admin_uses[s->opcode];
	u16 set = 0;

	if (s->flags & ~(NVM_CMD_PSDT | NVM_CMD_FUSE_FIRST | NVM_CMD_FUSE_SECOND))
		breach(r, "reserved bits in a command's flags", "queue %u opcode %02x flags %02x",
		       c->sq->qid, s->opcode, s->flags);
	judge_id(r, c);
	if (!c->sq->qid && s->flags & NVM_CMD_PSDT)
		breach(r, "SGL in an admin command", "opcode %02x", s->opcode);
	if (!(uses & KNOWN))
		return;
	set |= s->nsid ? NSID : 0;
	set |= s->cdw2 ? D2 : 0;
	set |= s->cdw3 ? D3 : 0;
	set |= s->mptr ? MPTR : 0;
	set |= s->prp1 || s->prp2 ? DPTR : 0;
	set |= s->cdw10 ? D10 : 0;
	set |= s->cdw11 ? D11 : 0;
	set |= s->cdw12 ? D12 : 0;
	set |= s->cdw13 ? D13 : 0;
	set |= s->cdw14 ? D14 : 0;
	set |= s->cdw15 ? D15 : 0;
	if (set & ~uses)
		breach(r, "reserved dwords of a command are not zero",
		       "queue %u opcode %02x fields %03x", c->sq->qid, s->opcode, set & ~uses);
	judge_bits(r, c);
}

// SPDX-License-Identifier: GPL-2.0
/* I/O commands. */
#include "rogue.h"

static bool any_bad(const struct ns *n, const struct range *g)
{
	for (u64 b = g->block; b < g->block + g->nr; b++) {
		if (bit_test(n->bad, b))
			return true;
	}
	return false;
}

/* For its performance, a command should not cross a boundary. Not wrong: only counted. */
static void count_crossing(struct rogue *r, const struct ns *n, const struct range *g)
{
	if (n->noiob && g->block / n->noiob != (g->block + g->nr - 1) / n->noiob)
		r->stats.crossings++;
}

/* The blocks that a command is about: to be read, or to be written. */
static int get_range(struct rogue *r, struct ns *n, struct cmd *c, bool read, struct range *g)
{
	g->block = (u64)c->sqe.cdw11 << 32 | c->sqe.cdw10;
	g->nr = NVM_GET(NVM_RW_NLB, c->sqe.cdw12) + 1ULL;
	if (g->block >= n->blocks || g->nr > n->blocks - g->block)
		return NVM_SC_LBA_RANGE | NVM_STATUS_DNR;
	g->data = n->data + (g->block << n->shift);
	g->bytes = g->nr << n->shift;
	c->bytes = g->bytes;
	count_crossing(r, n, g);
	if (opal_denies(r, n, g->block, g->nr, !read))
		return NVM_SC_ACCESS_DENIED | NVM_STATUS_DNR;
	if (read && any_bad(n, g))
		return NVM_SC_READ_ERROR | NVM_STATUS_DNR;
	return 0;
}

static int io_read(struct rogue *r, struct ns *n, struct cmd *c)
{
	struct range g;
	int status = get_range(r, n, c, true, &g);
	u8 *p;

	if (!status && n->ms)
		return meta_read(r, n, c, &g);
	if (!status)
		status = data_map(r, c, g.bytes, true, &r->segs);
	if (status)
		return status;
	p = g.data;
	for (u32 i = 0; i < r->segs.nr; i++) {
		memcpy(r->segs.v[i].p, p, r->segs.v[i].len);
		p += r->segs.v[i].len;
	}
	if (c->corrupt && r->segs.nr)
		r->segs.v[0].p[0] ^= 0xff;
	r->stats.bytes_read += g.bytes;
	return 0;
}

static int io_write(struct rogue *r, struct ns *n, struct cmd *c)
{
	struct range g;
	int status = get_range(r, n, c, false, &g);
	u8 *p;

	if (!status && n->ms)
		return meta_write(r, n, c, &g);
	if (!status)
		status = data_map(r, c, g.bytes, false, &r->segs);
	if (status)
		return status;
	ns_touch(r, n, g.block, g.nr, c->sqe.cdw12 & NVM_RW_FUA);
	p = g.data;
	for (u32 i = 0; i < r->segs.nr; i++) {
		memcpy(p, r->segs.v[i].p, r->segs.v[i].len);
		p += r->segs.v[i].len;
	}
	if (c->corrupt)
		g.data[0] ^= 0xff;
	ns_clear_bad(n, g.block, g.nr);
	r->stats.bytes_written += g.bytes;
	return 0;
}

static int io_compare(struct rogue *r, struct ns *n, struct cmd *c)
{
	struct range g;
	int status = get_range(r, n, c, true, &g);
	u8 *p;

	if (!status && n->ms)
		return meta_compare(r, n, c, &g);
	if (!status)
		status = data_map(r, c, g.bytes, false, &r->segs);
	if (status)
		return status;
	p = g.data;
	for (u32 i = 0; i < r->segs.nr; i++) {
		if (memcmp(p, r->segs.v[i].p, r->segs.v[i].len))
			return NVM_SC_COMPARE_FAILED | NVM_STATUS_DNR;
		p += r->segs.v[i].len;
	}
	return 0;
}

static int io_write_zeroes(struct rogue *r, struct ns *n, struct cmd *c)
{
	struct range g;
	int status = get_range(r, n, c, false, &g);

	if (status)
		return status;
	if (n->ms)
		return meta_zero(r, n, c, &g);
	ns_touch(r, n, g.block, g.nr, c->sqe.cdw12 & NVM_RW_FUA);
	memset(g.data, 0, g.bytes);
	ns_clear_bad(n, g.block, g.nr);
	return 0;
}

static int io_write_uncor(struct rogue *r, struct ns *n, struct cmd *c)
{
	struct range g;
	int status = get_range(r, n, c, false, &g);

	if (status)
		return status;
	ns_touch(r, n, g.block, g.nr, true);
	for (u64 b = g.block; b < g.block + g.nr; b++)
		bit_set(n->bad, b);
	return 0;
}

static int io_verify(struct rogue *r, struct ns *n, struct cmd *c)
{
	struct range g;
	int status = get_range(r, n, c, true, &g);

	return status || !n->ms ? status : meta_verify(r, n, c, &g);
}

/* A discard, against what the host was told of the largest one. */
static bool dsm_too_long(struct rogue *r, const struct nvm_dsm_range *v, u32 nr)
{
	const struct nvm_id_ctrl_nvm *l = &r->seen_limits;
	u64 all = 0, one = 0;

	for (u32 i = 0; i < nr; i++) {
		one = MAX(one, v[i].nlb);
		all += v[i].nlb;
	}
	r->stats.dsm_ranges = MAX(r->stats.dsm_ranges, nr);
	r->stats.dsm_range = MAX(r->stats.dsm_range, one);
	r->stats.dsm_blocks = MAX(r->stats.dsm_blocks, all);
	if ((!l->dmrl || nr <= l->dmrl) && (!l->dmrsl || one <= l->dmrsl) &&
	    (!l->dmsl || all <= l->dmsl))
		return false;
	breach(r, "a discard beyond its limits", "%u ranges, %llu blocks in one, %llu in all", nr,
	       (unsigned long long)one, (unsigned long long)all);
	return true;
}

static int io_dsm(struct rogue *r, struct ns *n, struct cmd *c)
{
	struct nvm_dsm_range v[NVM_DSM_MAX_RANGES];
	u32 nr = NVM_GET(NVM_DSM_NR, c->sqe.cdw10) + 1;
	int status = data_in(r, c, v, nr * sizeof(*v));

	if (status)
		return status;
	if (dsm_too_long(r, v, nr))
		return NVM_SC_CMD_SIZE_LIM_EXCEEDED | NVM_STATUS_DNR;
	for (u32 i = 0; i < nr; i++) {
		if (v[i].slba > n->blocks || v[i].nlb > n->blocks - v[i].slba)
			return NVM_SC_LBA_RANGE | NVM_STATUS_DNR;
		if (opal_denies(r, n, v[i].slba, v[i].nlb, true))
			return NVM_SC_ACCESS_DENIED | NVM_STATUS_DNR;
	}
	if (!(c->sqe.cdw11 & NVM_DSMGMT_AD))
		return 0;
	c->ranges = nr;
	for (u32 i = 0; i < nr; i++) {
		if (v[i].nlb)
			ns_clear(r, n, v[i].slba, v[i].nlb);
		c->bytes += (u64)v[i].nlb << n->shift;
	}
	return 0;
}

static int io_flush(struct rogue *r, struct ns *n, struct cmd *c)
{
	(void)c;
	for (u32 i = 0; i < MAX_NS && r->ns[i]; i++) {
		if (!n || r->ns[i] == n)
			ns_flush(r->ns[i]);
	}
	return 0;
}

/* Reservations and write protection ask which it does. */
enum { READS = 1, WRITES = 2 };

static const struct {
	int (*exec)(struct rogue *r, struct ns *n, struct cmd *c);
	u8 access;
} commands[256] = {
	[NVM_CMD_FLUSH]		= { io_flush, 0 },
	[NVM_CMD_WRITE]		= { io_write, WRITES },
	[NVM_CMD_READ]		= { io_read, READS },
	[NVM_CMD_WRITE_UNCOR]	= { io_write_uncor, WRITES },
	[NVM_CMD_COMPARE]	= { io_compare, READS },
	[NVM_CMD_WRITE_ZEROES]	= { io_write_zeroes, WRITES },
	[NVM_CMD_DSM]		= { io_dsm, WRITES },
	[NVM_CMD_VERIFY]	= { io_verify, READS },
	[NVM_CMD_COPY]		= { copy_exec, WRITES },
	[NVM_CMD_RESV_REGISTER]	= { resv_exec, 0 },
	[NVM_CMD_RESV_REPORT]	= { resv_exec, 0 },
	[NVM_CMD_RESV_ACQUIRE]	= { resv_exec, 0 },
	[NVM_CMD_RESV_RELEASE]	= { resv_exec, 0 },
};

int io_exec(struct rogue *r, struct cmd *c)
{
	u8 access = commands[c->opcode].access;
	struct ns *n = ns_attached(r, c->nsid);

	r->stats.io[c->opcode]++;
	if (r->service.sanitize == SANITIZE_RUNNING)
		return NVM_SC_SANITIZE_IN_PROGRESS;
	if (r->service.sanitize == SANITIZE_FAILED)
		return NVM_SC_SANITIZE_FAILED | NVM_STATUS_DNR;
	if (!commands[c->opcode].exec)
		return NVM_SC_INVALID_OPCODE | NVM_STATUS_DNR;
	if (!n && (c->nsid != NVM_NSID_ALL || c->opcode != NVM_CMD_FLUSH))
		return NVM_SC_INVALID_NS | NVM_STATUS_DNR;
	if (!r->media)
		return NVM_SC_NS_NOT_READY;
	if (r->knobs.use_hmb)
		hmb_use(r);
	if (access && resv_forbids(r, n, access & WRITES))
		return NVM_SC_RESERVATION_CONFLICT | NVM_STATUS_DNR;
	if (access & WRITES && n->wp)
		return NVM_SC_NS_WRITE_PROTECTED | NVM_STATUS_DNR;
	return commands[c->opcode].exec(r, n, c);
}

// SPDX-License-Identifier: GPL-2.0
/* Copy: ranges of a namespace, one behind the other, to another place in it. */
#include "rogue.h"

struct source {
	u64 block, nr;
};

/* What the host sent, in one of two formats, whose beginnings are the same. */
static int sources_of(struct rogue *r, const struct ns *n, struct cmd *c, struct source *v, u32 nr)
{
	static u8 ranges[256 * sizeof(struct nvm_copy_range_f1)] __attribute__((aligned(8)));
	u32 size = sizeof(struct nvm_copy_range);
	int status;

	if (NVM_GET(NVM_COPY_DESFMT, c->sqe.cdw12) != n->guard64)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (n->guard64)
		size = sizeof(struct nvm_copy_range_f1);
	if (nr > COPY_MSRC + 1)
		return NVM_SC_CMD_SIZE_LIM_EXCEEDED | NVM_STATUS_DNR;
	status = data_in(r, c, ranges, nr * size);
	for (u32 i = 0; !status && i < nr; i++) {
		const struct nvm_copy_range *g = (void *)(ranges + i * size);

		v[i] = (struct source){ g->slba, g->nlb + 1 };
	}
	return status;
}

static int readable(const struct rogue *r, const struct ns *n, const struct source *s)
{
	if (s->nr > COPY_MSSRL)
		return NVM_SC_CMD_SIZE_LIM_EXCEEDED | NVM_STATUS_DNR;
	if (s->block >= n->blocks || s->nr > n->blocks - s->block)
		return NVM_SC_LBA_RANGE | NVM_STATUS_DNR;
	if (opal_denies(r, n, s->block, s->nr, false))
		return NVM_SC_ACCESS_DENIED | NVM_STATUS_DNR;
	for (u64 b = s->block; b < s->block + s->nr; b++) {
		if (bit_test(n->bad, b))
			return NVM_SC_READ_ERROR | NVM_STATUS_DNR;
	}
	return 0;
}

static void move(struct rogue *r, struct ns *n, struct cmd *c, const struct source *v, u32 nr,
		 u64 to, u64 total)
{
	u8 *data = r->stage, *meta = data + (total << n->shift);
	u64 at = 0;

	for (u32 i = 0; i < nr; i++) {
		memcpy(data + (at << n->shift), n->data + (v[i].block << n->shift),
		       v[i].nr << n->shift);
		if (n->ms)
			ns_meta_get(n, v[i].block, v[i].nr, meta + at * n->ms);
		at += v[i].nr;
	}
	/* at another place with other tags */
	if (n->pi)
		pi_generate(n, &c->sqe, data, meta, total);
	ns_touch(r, n, to, total, c->sqe.cdw12 & NVM_RW_FUA);
	memcpy(n->data + (to << n->shift), data, total << n->shift);
	if (n->ms)
		ns_meta_put(n, to, total, meta);
	ns_clear_bad(n, to, total);
}

int copy_exec(struct rogue *r, struct ns *n, struct cmd *c)
{
	u64 to = (u64)c->sqe.cdw11 << 32 | c->sqe.cdw10, total = 0;
	u32 nr = NVM_GET(NVM_COPY_NR, c->sqe.cdw12) + 1;
	struct source v[256];
	int status = sources_of(r, n, c, v, nr);

	for (u32 i = 0; !status && i < nr; i++) {
		status = readable(r, n, &v[i]);
		total += v[i].nr;
	}
	if (status)
		return status;
	if (total > COPY_MCL)
		return NVM_SC_CMD_SIZE_LIM_EXCEEDED | NVM_STATUS_DNR;
	if (to >= n->blocks || total > n->blocks - to)
		return NVM_SC_LBA_RANGE | NVM_STATUS_DNR;
	if (opal_denies(r, n, to, total, true))
		return NVM_SC_ACCESS_DENIED | NVM_STATUS_DNR;
	if (!stage_room(r, total * ((1ULL << n->shift) + n->ms)))
		return NVM_SC_INTERNAL;
	c->ranges = nr;
	c->bytes = total << n->shift;
	move(r, n, c, v, nr, to, total);
	return 0;
}

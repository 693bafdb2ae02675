// SPDX-License-Identifier: GPL-2.0
/*
 * Reads and writes of namespaces with metadata: beside the data or between them, with or
 * without protection information. All goes through memory of our own: what was checked is
 * what is stored.
 */
#include "rogue.h"

/* Data, metadata, and both as the host has them, of one command. */
struct staged {
	u8 *data, *meta, *both;
};

/* r->stage has at least @need bytes then. */
bool stage_room(struct rogue *r, u64 need)
{
	void *v;

	if (need > r->stage_room) {
		v = realloc(r->stage, need);
		if (!v)
			return false;
		r->stage = v;
		r->stage_room = need;
	}
	return true;
}

static bool stage(struct rogue *r, const struct ns *n, const struct range *g, struct staged *s)
{
	u64 meta = g->nr * n->ms;

	if (!stage_room(r, 2 * (g->bytes + meta)))
		return false;
	s->data = r->stage;
	s->meta = s->data + g->bytes;
	s->both = s->meta + meta;
	return true;
}

/* The controller makes the metadata, or keeps it for itself. */
static bool unseen(const struct ns *n, const struct cmd *c)
{
	return n->pi && c->sqe.cdw12 & NVM_RW_PRINFO_PRACT && n->ms == ns_pi_size(n);
}

static void weave(const struct ns *n, struct staged *s, u64 nr, bool apart)
{
	u64 block = 1ULL << n->shift;

	for (u64 i = 0; i < nr; i++) {
		u8 *at = s->both + i * (block + n->ms);

		if (apart) {
			memcpy(s->data + i * block, at, block);
			memcpy(s->meta + i * n->ms, at + block, n->ms);
		} else {
			memcpy(at, s->data + i * block, block);
			memcpy(at + block, s->meta + i * n->ms, n->ms);
		}
	}
}

static int from_host(struct rogue *r, struct ns *n, struct cmd *c, struct range *g,
		     struct staged *s)
{
	u64 len = g->nr * n->ms;
	int status;

	if (n->extended && !unseen(n, c)) {
		status = data_in(r, c, s->both, g->bytes + len);
		if (!status)
			weave(n, s, g->nr, true);
		return status;
	}
	status = data_in(r, c, s->data, g->bytes);
	if (status)
		return status;
	if (unseen(n, c))
		memset(s->meta, 0, len);
	else
		status = meta_in(r, c, s->meta, len);
	return status;
}

static int to_host(struct rogue *r, struct ns *n, struct cmd *c, struct range *g,
		   struct staged *s)
{
	u64 len = g->nr * n->ms;
	int status;

	if (c->corrupt)
		s->data[0] ^= 0xff;
	if (n->extended && !unseen(n, c)) {
		weave(n, s, g->nr, false);
		return data_out(r, c, s->both, g->bytes + len);
	}
	status = data_out(r, c, s->data, g->bytes);
	if (!status && !unseen(n, c))
		status = meta_out(r, c, s->meta, len);
	return status;
}

static void load(const struct ns *n, const struct range *g, struct staged *s)
{
	memcpy(s->data, g->data, g->bytes);
	ns_meta_get(n, g->block, g->nr, s->meta);
}

static void store(struct rogue *r, struct ns *n, struct cmd *c, const struct range *g,
		  const struct staged *s)
{
	ns_touch(r, n, g->block, g->nr, c->sqe.cdw12 & NVM_RW_FUA);
	memcpy(g->data, s->data, g->bytes);
	ns_meta_put(n, g->block, g->nr, s->meta);
	ns_clear_bad(n, g->block, g->nr);
	if (c->corrupt)
		g->data[0] ^= 0xff;
}

static int check(const struct ns *n, const struct cmd *c, const struct range *g,
		 const struct staged *s)
{
	return n->pi ? pi_check(n, &c->sqe, s->data, s->meta, g->nr) : 0;
}

static int begin(struct rogue *r, struct ns *n, struct cmd *c, const struct range *g,
		 struct staged *s)
{
	if (g->bytes + g->nr * n->ms > MAX_TRANSFER)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (!stage(r, n, g, s))
		return NVM_SC_INTERNAL;
	return n->pi ? pi_sane(n, &c->sqe, g->block) : 0;
}

int meta_read(struct rogue *r, struct ns *n, struct cmd *c, struct range *g)
{
	struct staged s;
	int status = begin(r, n, c, g, &s);

	if (status)
		return status;
	load(n, g, &s);
	status = check(n, c, g, &s);
	return status ? status : to_host(r, n, c, g, &s);
}

int meta_write(struct rogue *r, struct ns *n, struct cmd *c, struct range *g)
{
	struct staged s;
	int status = begin(r, n, c, g, &s);

	if (!status)
		status = from_host(r, n, c, g, &s);
	if (status)
		return status;
	if (n->pi && c->sqe.cdw12 & NVM_RW_PRINFO_PRACT)
		pi_generate(n, &c->sqe, s.data, s.meta, g->nr);
	else
		status = check(n, c, g, &s);
	if (!status)
		store(r, n, c, g, &s);
	return status;
}

int meta_compare(struct rogue *r, struct ns *n, struct cmd *c, struct range *g)
{
	u32 tuple = n->pi ? ns_pi_size(n) : 0;
	struct staged s;
	int status = begin(r, n, c, g, &s);
	u8 *theirs;

	if (!status)
		status = from_host(r, n, c, g, &s);
	if (status)
		return status;
	/* what is compared is not the protection information: that is checked */
	if (memcmp(s.data, g->data, g->bytes))
		return NVM_SC_COMPARE_FAILED | NVM_STATUS_DNR;
	theirs = s.both;
	memcpy(theirs, s.meta, g->nr * n->ms);
	load(n, g, &s);
	for (u64 i = 0; i < g->nr; i++) {
		u64 at = i * n->ms + (n->pi_first ? tuple : 0);

		if (memcmp(theirs + at, s.meta + at, n->ms - tuple))
			return NVM_SC_COMPARE_FAILED | NVM_STATUS_DNR;
	}
	return check(n, c, g, &s);
}

int meta_verify(struct rogue *r, struct ns *n, struct cmd *c, struct range *g)
{
	struct staged s;
	int status = begin(r, n, c, g, &s);

	if (status)
		return status;
	load(n, g, &s);
	return check(n, c, g, &s);
}

/* Zeroes; without PRACT, protection information that nobody checks. */
int meta_zero(struct rogue *r, struct ns *n, struct cmd *c, struct range *g)
{
	struct staged s;
	int status = begin(r, n, c, g, &s);

	if (status)
		return status;
	memset(s.data, 0, g->bytes);
	memset(s.meta, 0, g->nr * n->ms);
	if (n->pi && c->sqe.cdw12 & NVM_RW_PRINFO_PRACT)
		pi_generate(n, &c->sqe, s.data, s.meta, g->nr);
	else if (n->pi)
		memset(s.meta, 0xff, g->nr * n->ms);
	store(r, n, c, g, &s);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * What commands cost: each takes a lane of the device for a while, and those that find no
 * lane free wait for one. Commands are done when they are fetched; what takes its time is
 * the completion.
 */
#include "rogue.h"

static u64 cost(const struct rogue *r, const struct cmd *c)
{
	const struct slow *s = &r->slow;
	const struct price *p = c->sq->qid ? &s->io[c->opcode] : &s->admin[c->opcode];

	return p->us + (u64)p->range_us * c->ranges + (c->bytes * p->mib_us >> 20);
}

/* True: the completion comes later. */
bool slow_hold(struct rogue *r, struct cmd *c, u16 status)
{
	struct slow *s = &r->slow;
	u64 now, due, *lane = s->lane;
	struct held *h;

	if (!s->on)
		return false;
	now = now_us();
	due = cost(r, c);
	if (c->sq->qid) {
		for (u32 i = 1; i < s->lanes; i++)
			lane = s->lane[i] < *lane ? &s->lane[i] : lane;
		due += *lane > now ? *lane : now;
		*lane = due;
	} else {
		due += now;
	}
	if (due <= now)
		return false;
	h = queue_hold(r, c);
	if (!h)
		return false;
	h->status = status;
	h->done = true;
	h->due = due;
	return true;
}

void slow_forget(struct rogue *r)
{
	r->slow = (struct slow){ .lanes = 1 };
}

/* {"do":"slow","on":"dsm","us":100,"range":50,"mib":10}, {"do":"slow","lanes":4} */
const char *slow_order(struct rogue *r, const struct json *o)
{
	struct slow *s = &r->slow;
	struct price p = { 0 };
	struct which w;
	const char *error;
	u64 n;

	if (json_number(o, "lanes", &n)) {
		if (!n || n > MAX_LANES)
			return "one lane at least, and not as many";
		s->lanes = n;
	}
	if (!json_get(o, "on")) {
		if (!json_get(o, "lanes"))
			slow_forget(r);
		return NULL;
	}
	if (json_number(o, "us", &n))
		p.us = MIN(n, UINT32_MAX);
	if (json_number(o, "range", &n))
		p.range_us = MIN(n, UINT32_MAX);
	if (json_number(o, "mib", &n))
		p.mib_us = MIN(n, UINT32_MAX);
	error = which_command(o, &w);
	if (error)
		return error;
	for (u32 i = 0; i < 256; i++) {
		if (w.opcode != ANY_OPCODE && w.opcode != i)
			continue;
		if (w.io)
			s->io[i] = p;
		if (w.admin)
			s->admin[i] = p;
	}
	s->on = true;
	return NULL;
}

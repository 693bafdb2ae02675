// SPDX-License-Identifier: GPL-2.0
/*
 * Security send and receive: level 0 discovery, and the packets and tokens in which a host
 * and a security provider (opal.c) talk.
 */
#include "rogue.h"

#define COMID		0x07fe
#define COMID_DISCOVERY	0x0001
#define PROTOCOL_TCG	1
#define TOKENS_AT	56	/* behind the headers of ComPacket, packet and subpacket */
#define MAX_SECURITY	65536

/* ---- tokens ------------------------------------------------------------------------------ */

/* One atom of @kind, of @header bytes and @len more. */
static bool atom(struct tcg_tokens *t, bool bytes, const u8 *p, u32 len)
{
	struct tcg_token *k = &t->v[t->nr];

	if (!bytes && len > 8)
		return false;
	k->kind = bytes ? TCG_BYTES : TCG_NUMBER;
	k->bytes = p;
	k->len = len;
	k->number = bytes ? 0 : big(p, len);
	return true;
}

/* False: this is no stream of tokens. */
static bool parse(struct tcg_tokens *t, const u8 *p, u32 len)
{
	for (t->nr = 0; len; t->nr++) {
		u32 header = 1, n = 0;
		u8 b = *p;

		if (t->nr == ARRAY_SIZE(t->v))
			return false;
		if (b >= 0xc0 && b < 0xe0)
			header = 2;
		else if (b >= 0xe0 && b < 0xe4)
			header = 4;
		if (len < header)
			return false;
		if (b < 0x40) {
			t->v[t->nr] = (struct tcg_token){ .kind = TCG_NUMBER, .number = b };
		} else if (b >= 0x80 && b < 0xe4) {
			n = header == 1 ? b & 0xf : header == 2 ? big(p, 2) & 0x7ff : big(p + 1, 3);
			if (n > len - header ||
			    !atom(t, b & (header == 1 ? 0x20 : header == 2 ? 0x10 : 2), p + header,
				  n))
				return false;
		} else if (b >= 0xf0) {
			t->v[t->nr] = (struct tcg_token){ .kind = TCG_CONTROL, .number = b };
		} else {
			return false;
		}
		p += header + n;
		len -= header + n;
	}
	return true;
}

bool tcg_is(const struct tcg_tokens *t, u32 i, u8 control)
{
	return i < t->nr && t->v[i].kind == TCG_CONTROL && t->v[i].number == control;
}

/* "name = value" at token @i, where the value is an atom. */
bool tcg_named(const struct tcg_tokens *t, u32 i, u64 *name, const struct tcg_token **value)
{
	if (!tcg_is(t, i, TCG_STARTNAME) || !tcg_is(t, i + 3, TCG_ENDNAME) ||
	    t->v[i + 1].kind != TCG_NUMBER || t->v[i + 2].kind == TCG_CONTROL)
		return false;
	*name = t->v[i + 1].number;
	*value = &t->v[i + 2];
	return true;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void put(struct tcg *g, const void *p, u32 len)
{
	if (len > sizeof(g->answer) - 4 - g->len)
		return;
	memcpy(g->answer + g->len, p, len);
	g->len += len;
}

void tcg_control(struct tcg *g, u8 control)
{
	put(g, &control, 1);
}

void tcg_number(struct tcg *g, u64 v)
{
	u8 b[9], n = 0;

	if (v < 0x40) {
		tcg_control(g, v);
		return;
	}
	while (v >> 8 * n && ++n < 8)
		;
	b[0] = 0x80 | n;
	put_big(b + 1, n, v);
	put(g, b, n + 1);
}

void tcg_bytes(struct tcg *g, const void *p, u32 len)
{
	u8 b[2] = { 0xd0 | len >> 8, len };

	if (len < 16)
		b[0] = 0xa0 | len;
	put(g, b, len < 16 ? 1 : 2);
	put(g, p, len);
}

u64 tcg_uid_of(const struct tcg_token *t)
{
	u64 v = 0;

	if (t->kind != TCG_BYTES || t->len != 8)
		return 0;
	for (u32 i = 0; i < 8; i++)
		v = v << 8 | t->bytes[i];
	return v;
}

void tcg_uid(struct tcg *g, u64 uid)
{
	u8 b[8];

	for (u32 i = 0; i < 8; i++)
		b[i] = uid >> (56 - 8 * i);
	tcg_bytes(g, b, 8);
}

void tcg_status(struct tcg *g, u8 status)
{
	const u8 b[] = { TCG_ENDOFDATA, TCG_STARTLIST, status, 0, 0, TCG_ENDLIST };

	put(g, b, sizeof(b));
}

static void answer_begin(struct tcg *g)
{
	memset(g->answer, 0, sizeof(g->answer));
	g->len = TOKENS_AT;
}

/* Headers, each with the length of what follows it. */
static void answer_end(struct tcg *g, u32 tsn, u32 hsn)
{
	u32 tokens = g->len - TOKENS_AT, padded = (tokens + 3) & ~3U;
	u8 *p = g->answer;

	put_big(p + 4, 2, COMID);
	put_big(p + 16, 4, 24 + 12 + padded);
	put_big(p + 20, 4, tsn);
	put_big(p + 24, 4, hsn);
	put_big(p + 40, 4, 12 + padded);
	put_big(p + 52, 4, tokens);
	g->len = TOKENS_AT + padded;
}

/* ---- discovery --------------------------------------------------------------------------- */

static u8 *feature(u8 *p, u16 code, u8 len)
{
	put_big(p, 2, code);
	p[2] = 0x10;
	p[3] = len;
	return p + 4;
}

static u32 discover(struct rogue *r, u8 *page)
{
	u8 *p = page + 48;

	p = feature(p, 0x0001, 12);		/* TPer: sync, streaming */
	p[0] = 0x11;
	p = feature(p + 12, 0x0002, 12);	/* locking */
	p[0] = opal_locking_flags(r);
	p = feature(p + 12, 0x0203, 16);	/* Opal v2 */
	put_big(p, 2, COMID);
	put_big(p + 2, 2, 1);
	p[5] = 0;
	p[6] = 1;				/* admins, users */
	p[8] = OPAL_USERS;
	p += 16;
	put_big(page, 4, p - page - 4);
	put_big(page + 4, 4, 1);
	return p - page;
}

/* ---- commands ---------------------------------------------------------------------------- */

static void talk(struct rogue *r, const u8 *p, u32 len)
{
	struct tcg *g = &r->tcg;
	struct tcg_tokens t;
	u32 tokens;

	g->len = 0;
	if (len < TOKENS_AT || big(p + 4, 2) != COMID)
		return;
	tokens = big(p + 52, 4);
	if (!tokens || tokens > len - TOKENS_AT || !parse(&t, p + TOKENS_AT, tokens))
		return;
	answer_begin(g);
	if (opal_talk(r, big(p + 20, 4), big(p + 24, 4), &t))
		answer_end(g, g->tsn, g->hsn);
	else
		g->len = 0;
}

static bool protocol_of(const struct cmd *c, u32 *protocol, u32 *specific)
{
	*protocol = NVM_GET(NVM_SEC_SECP, c->sqe.cdw10);
	*specific = NVM_GET(NVM_SEC_SPSP, c->sqe.cdw10);
	return c->sqe.cdw11 <= MAX_SECURITY;
}

int tcg_send(struct rogue *r, struct cmd *c)
{
	static u8 data[MAX_SECURITY];
	u32 protocol, specific, len = c->sqe.cdw11;
	int status;

	if (!r->opal.there)
		return NVM_SC_INVALID_OPCODE | NVM_STATUS_DNR;
	if (!protocol_of(c, &protocol, &specific) || protocol != PROTOCOL_TCG || specific != COMID)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	status = data_in(r, c, data, len);
	if (!status)
		talk(r, data, len);
	return status;
}

int tcg_receive(struct rogue *r, struct cmd *c)
{
	static const u8 protocols[] = { 0, 0, 0, 0, 0, 0, 0, 2, 0, PROTOCOL_TCG };
	static u8 data[MAX_SECURITY];
	u32 protocol, specific, len = c->sqe.cdw11;

	if (!r->opal.there)
		return NVM_SC_INVALID_OPCODE | NVM_STATUS_DNR;
	if (!protocol_of(c, &protocol, &specific))
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	memset(data, 0, len);
	if (!protocol) {
		memcpy(data, protocols, MIN(len, sizeof(protocols)));
	} else if (protocol != PROTOCOL_TCG) {
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	} else if (specific == COMID_DISCOVERY) {
		u8 page[512] = { 0 };
		u32 all = discover(r, page);

		memcpy(data, page, MIN(len, all));
	} else if (specific == COMID) {
		memcpy(data, r->tcg.answer, MIN(len, r->tcg.len));
		r->tcg.len = 0;
	} else {
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	return data_out(r, c, data, len);
}

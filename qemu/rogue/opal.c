// SPDX-License-Identifier: GPL-2.0
/*
 * A small Opal: an admin SP that can be owned, a locking SP that can be activated, ranges
 * of blocks that can be locked (locking.c). One session at a time.
 */
#include "rogue.h"

#define MSID			"rogue-msid"
#define PSID			"rogue-psid"

static void set_pin(struct opal_pin *p, const void *bytes, u32 len)
{
	p->len = MIN(len, sizeof(p->bytes));
	memcpy(p->bytes, bytes, p->len);
}

static void factory_locking(struct opal *o)
{
	o->active = false;
	o->mbr_enabled = false;
	o->mbr_done = false;
	o->users_enabled = 0;
	memset(o->ranges, 0, sizeof(o->ranges));
	memset(o->user, 0, sizeof(o->user));
}

/* As it was made: owned by nobody. */
void opal_init(struct rogue *r, bool there)
{
	memset(&r->opal, 0, sizeof(r->opal));
	memset(&r->tcg, 0, sizeof(r->tcg));
	r->opal.there = there;
	set_pin(&r->opal.sid, MSID, strlen(MSID));
}

void opal_reset(struct rogue *r)
{
	r->opal.session = false;
	r->tcg.len = 0;
}

/* ---- objects ---------------------------------------------------------------------------- */

static struct opal_pin *pin_of(struct opal *o, u64 uid, u64 sid, u64 admin1, u64 user)
{
	u32 i = opal_index(uid, user, OPAL_USERS);

	if (o->sp == ADMIN_SP)
		return uid == sid ? &o->sid : NULL;
	if (uid == admin1)
		return &o->admin1;
	return i ? &o->user[i - 1] : NULL;
}

static bool put_column(struct rogue *r, u64 uid, u64 column)
{
	struct opal *o = &r->opal;

	if (uid == PIN_MSID && column == 3) {
		tcg_bytes(&r->tcg, MSID, strlen(MSID));
		return true;
	}
	if (uid == LOCKING_SP && column == 6 && o->sp == ADMIN_SP) {
		tcg_number(&r->tcg, o->active ? 9 : 8);
		return true;
	}
	return o->sp == LOCKING_SP && locking_get(r, uid, column);
}

static u8 get(struct rogue *r, u64 uid, const struct tcg_tokens *t)
{
	u64 name, first = 0, last = 0;
	const struct tcg_token *v;
	u32 begin = r->tcg.len;
	bool any = false;

	for (u32 i = 3; i < t->nr; i++) {
		if (!tcg_named(t, i, &name, &v) || v->kind != TCG_NUMBER)
			continue;
		if (name == 3)
			first = v->number;
		else if (name == 4)
			last = v->number;
	}
	tcg_control(&r->tcg, TCG_STARTLIST);
	tcg_control(&r->tcg, TCG_STARTLIST);
	for (u64 column = first; column <= last && column < 32; column++) {
		u32 before = r->tcg.len;

		tcg_control(&r->tcg, TCG_STARTNAME);
		tcg_number(&r->tcg, column);
		if (put_column(r, uid, column)) {
			any = true;
			tcg_control(&r->tcg, TCG_ENDNAME);
		} else {
			r->tcg.len = before;
		}
	}
	tcg_control(&r->tcg, TCG_ENDLIST);
	tcg_control(&r->tcg, TCG_ENDLIST);
	if (any)
		return OK;
	r->tcg.len = begin;
	return INVALID_PARAMETER;
}

/* ---- set ---------------------------------------------------------------------------------- */

static u8 set_column(struct rogue *r, u64 uid, u64 column, const struct tcg_token *v)
{
	struct opal *o = &r->opal;
	struct opal_pin *pin = pin_of(o, uid, PIN_SID, PIN_ADMIN1, PIN_USER);
	u32 i = opal_index(uid, AUTH_USER, OPAL_USERS), own;

	if (pin) {
		own = opal_index(o->authority, AUTH_USER, OPAL_USERS);
		if (o->authority != AUTH_SID && !opal_is_admin(o) && (!own || pin != &o->user[own - 1]))
			return NOT_AUTHORIZED;
		if (column != 3 || v->kind != TCG_BYTES || v->len > sizeof(pin->bytes))
			return INVALID_PARAMETER;
		set_pin(pin, v->bytes, v->len);
		return OK;
	}
	if (o->sp != LOCKING_SP)
		return NOT_AUTHORIZED;
	if (locking_range_of(uid, RANGE_GLOBAL, RANGE, &own))
		return v->kind == TCG_NUMBER ? locking_set(r, own, column, v->number) :
					       (column == 9 ? OK : INVALID_PARAMETER);
	if (!opal_is_admin(o))
		return NOT_AUTHORIZED;
	if (i && column == 5) {
		o->users_enabled = (o->users_enabled & ~(1U << i)) | (v->number & 1) << i;
		return OK;
	}
	if (uid == MBR_CONTROL && (column == 1 || column == 2)) {
		*(column == 1 ? &o->mbr_enabled : &o->mbr_done) = v->number;
		return OK;
	}
	return INVALID_PARAMETER;
}

static u8 set(struct rogue *r, u64 uid, const struct tcg_tokens *t)
{
	u32 range = opal_index(uid, ACE_READ_LOCKED, OPAL_RANGES - 1);
	const struct tcg_token *v;
	u64 name;

	if (!range)
		range = opal_index(uid, ACE_WRITE_LOCKED, OPAL_RANGES - 1);
	if (range || uid == ACE_READ_LOCKED || uid == ACE_WRITE_LOCKED)
		return locking_access(r, range, t);
	for (u32 i = 3; i < t->nr; i++) {
		u8 status = tcg_named(t, i, &name, &v) ? set_column(r, uid, name, v) : OK;

		if (status)
			return status;
	}
	return OK;
}

/* ---- methods ------------------------------------------------------------------------------- */

static u8 activate(struct opal *o, u64 uid)
{
	if (o->authority != AUTH_SID)
		return NOT_AUTHORIZED;
	if (uid != LOCKING_SP)
		return INVALID_PARAMETER;
	if (!o->active)
		o->admin1 = o->sid;
	o->active = true;
	return OK;
}

/* All data goes, and what was set with it; the session, too. */
static u8 revert(struct rogue *r, u64 uid)
{
	struct opal *o = &r->opal;

	if (uid == THIS_SP ? !opal_is_admin(o) : o->authority != AUTH_SID && o->authority != AUTH_PSID)
		return NOT_AUTHORIZED;
	if (uid != THIS_SP && uid != ADMIN_SP && uid != LOCKING_SP)
		return INVALID_PARAMETER;
	if (o->active)
		locking_erase(r, 0);
	factory_locking(o);
	if (uid == ADMIN_SP)
		set_pin(&o->sid, MSID, strlen(MSID));
	o->session = false;
	return OK;
}

static bool proves(struct opal *o, u64 authority, const struct tcg_token *proof)
{
	static const struct opal_pin psid = { strlen(PSID), PSID };
	u32 user = opal_index(authority, AUTH_USER, OPAL_USERS);
	const struct opal_pin *pin = pin_of(o, authority, AUTH_SID, AUTH_ADMIN1, AUTH_USER);

	if (authority == AUTH_PSID && o->sp == ADMIN_SP)
		pin = &psid;
	if (!pin || !proof || (user && !(o->users_enabled >> user & 1)))
		return false;
	return proof->kind == TCG_BYTES && proof->len == pin->len &&
	       !memcmp(proof->bytes, pin->bytes, pin->len);
}

static u8 start_session(struct rogue *r, const struct tcg_tokens *t)
{
	const struct tcg_token *v, *proof = NULL;
	struct opal *o = &r->opal;
	u64 authority = 0, name;

	if (o->session)
		return NO_SESSIONS;
	if (t->nr < 7 || t->v[4].kind != TCG_NUMBER)
		return INVALID_PARAMETER;
	o->sp = tcg_uid_of(&t->v[5]);
	if (o->sp != ADMIN_SP && (o->sp != LOCKING_SP || !o->active))
		return INVALID_PARAMETER;
	for (u32 i = 7; i < t->nr; i++) {
		if (!tcg_named(t, i, &name, &v))
			continue;
		if (name == 0)
			proof = v;
		else if (name == 3)
			authority = tcg_uid_of(v);
	}
	if (authority && !proves(o, authority, proof))
		return NOT_AUTHORIZED;
	o->authority = authority;
	o->session = true;
	r->tcg.hsn = t->v[4].number;
	r->tcg.tsn = 0x1000 + (++o->sessions & 0xfff);
	return OK;
}

static void sync_session(struct rogue *r, const struct tcg_tokens *t)
{
	u8 status = start_session(r, t);

	tcg_control(&r->tcg, TCG_CALL);
	tcg_uid(&r->tcg, SESSION_MANAGER);
	tcg_uid(&r->tcg, SYNC_SESSION);
	tcg_control(&r->tcg, TCG_STARTLIST);
	if (!status) {
		tcg_number(&r->tcg, r->tcg.hsn);
		tcg_number(&r->tcg, r->tcg.tsn);
	}
	tcg_control(&r->tcg, TCG_ENDLIST);
	tcg_status(&r->tcg, status);
}

static u8 method(struct rogue *r, u64 uid, u64 what, const struct tcg_tokens *t)
{
	switch (what) {
	case GET:
		return get(r, uid, t);
	case SET:
		return set(r, uid, t);
	case ACTIVATE:
		return activate(&r->opal, uid);
	case REVERT:
	case REVERT_SP:
		return revert(r, uid);
	case GENKEY:
		return locking_new_key(r, uid, false);
	case ERASE:
		return locking_new_key(r, uid, true);
	}
	return INVALID_PARAMETER;
}

/* One call, and its answer in r->tcg. False: none. */
bool opal_talk(struct rogue *r, u32 tsn, u32 hsn, const struct tcg_tokens *t)
{
	struct opal *o = &r->opal;
	struct tcg *g = &r->tcg;
	u64 uid, what;
	u32 before;
	u8 status;

	if (tcg_is(t, 0, TCG_ENDOFSESSION)) {
		o->session = false;
		tcg_control(g, TCG_ENDOFSESSION);
		return true;
	}
	if (!tcg_is(t, 0, TCG_CALL) || t->nr < 4)
		return false;
	uid = tcg_uid_of(&t->v[1]);
	what = tcg_uid_of(&t->v[2]);
	if (uid == SESSION_MANAGER && what == START_SESSION) {
		sync_session(r, t);
		return true;
	}
	if (!o->session || tsn != g->tsn || hsn != g->hsn)
		return false;
	before = g->len;
	status = method(r, uid, what, t);
	if (g->len == before) {
		tcg_control(g, TCG_STARTLIST);
		tcg_control(g, TCG_ENDLIST);
	}
	tcg_status(g, status);
	return true;
}

/* ---- orders -------------------------------------------------------------------------------- */

/* {"do":"opal"}, {"do":"opal","there":false}, {"do":"opal","lock":1}, {"do":"opal","unlock":1} */
const char *opal_order(struct rogue *r, const struct json *order)
{
	struct opal *o = &r->opal;
	u64 range;

	if (json_number(order, "lock", &range) || json_number(order, "unlock", &range)) {
		if (!o->active)
			return "nobody activated the locking SP";
		if (range >= OPAL_RANGES)
			return "no such range";
		memset(o->ranges[range].locked, json_get(order, "lock") ? 1 : 0, 2);
		return NULL;
	}
	opal_init(r, !json_get(order, "there") || json_true(order, "there"));
	return NULL;
}

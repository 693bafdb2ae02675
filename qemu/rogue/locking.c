// SPDX-License-Identifier: GPL-2.0
/*
 * The ranges of the locking SP: what they keep from whom. The global range is all that no
 * other one is; the others are of namespace 1.
 */
#include "rogue.h"

/* What is enabled for locking is locked when the power comes back. */
void opal_powerfail(struct rogue *r)
{
	for (u32 i = 0; i < OPAL_RANGES; i++) {
		r->opal.ranges[i].locked[0] = r->opal.ranges[i].enabled[0];
		r->opal.ranges[i].locked[1] = r->opal.ranges[i].enabled[1];
	}
	r->opal.mbr_done = false;
}

u8 opal_locking_flags(const struct rogue *r)
{
	const struct opal *o = &r->opal;
	u8 flags = 1 | o->active << 1 | 1 << 3 | o->mbr_enabled << 4 | o->mbr_done << 5;

	for (u32 i = 0; o->active && i < OPAL_RANGES; i++) {
		if (o->ranges[i].locked[0] || o->ranges[i].locked[1])
			flags |= 1 << 2;
	}
	return flags;
}

bool opal_denies(const struct rogue *r, const struct ns *n, u64 block, u64 nr, bool write)
{
	const struct opal *o = &r->opal;
	u64 end = block + nr, next;

	for (; o->active && block < end; block = next) {
		const struct opal_range *in = &o->ranges[0];

		next = end;
		for (u32 i = 1; n->nsid == 1 && i < OPAL_RANGES; i++) {
			const struct opal_range *g = &o->ranges[i];

			if (block >= g->start && block - g->start < g->len) {
				in = g;
				next = MIN(end, g->start + g->len);
				break;
			}
			if (g->len && g->start > block)
				next = MIN(next, g->start);
		}
		if (in->enabled[write] && in->locked[write])
			return true;
	}
	return false;
}

/* Its key is another one: what was there cannot be read any more. */
void locking_erase(struct rogue *r, u32 range)
{
	const struct opal_range *g = &r->opal.ranges[range];
	struct ns *n = ns_find(r, 1);

	if (!range) {
		for (u32 i = 0; i < MAX_NS && r->ns[i]; i++)
			ns_wipe(r->ns[i]);
	} else if (n && g->start < n->blocks) {
		ns_clear(r, n, g->start, MIN(g->len, n->blocks - g->start));
	}
}

bool locking_range_of(u64 uid, u64 global, u64 kind, u32 *i)
{
	*i = opal_index(uid, kind, OPAL_RANGES - 1);
	return *i || uid == global;
}

/* Columns of a range: 3 and 4 where it is, 5 to 8 what is enabled and locked, 10 its key. */
bool locking_get(struct rogue *r, u64 uid, u64 column)
{
	const struct opal_range *g;
	u32 i;

	if (!locking_range_of(uid, RANGE_GLOBAL, RANGE, &i))
		return false;
	g = &r->opal.ranges[i];
	switch (column) {
	case 3:
		tcg_number(&r->tcg, g->start);
		return true;
	case 4:
		tcg_number(&r->tcg, g->len);
		return true;
	case 5:
	case 6:
		tcg_number(&r->tcg, g->enabled[column - 5]);
		return true;
	case 7:
	case 8:
		tcg_number(&r->tcg, g->locked[column - 7]);
		return true;
	case 10:
		tcg_uid(&r->tcg, i ? KEY + i : KEY_GLOBAL);
		return true;
	}
	return false;
}

u8 locking_set(struct rogue *r, u32 i, u64 column, u64 v)
{
	struct opal_range *g = &r->opal.ranges[i];
	u32 user = opal_index(r->opal.authority, AUTH_USER, OPAL_USERS);
	bool mine = user && g->users >> user & 1 && (column == 7 || column == 8);

	if (!opal_is_admin(&r->opal) && !mine)
		return NOT_AUTHORIZED;
	switch (column) {
	case 3:
	case 4:
		if (!i)
			return INVALID_PARAMETER;
		*(column == 3 ? &g->start : &g->len) = v;
		return g->start + g->len < g->start ? INVALID_PARAMETER : OK;
	case 5:
	case 6:
		g->enabled[column - 5] = v;
		return OK;
	case 7:
	case 8:
		g->locked[column - 7] = v;
		return OK;
	case 9:				/* what locks it again: a power cycle, always */
		return OK;
	}
	return INVALID_PARAMETER;
}

/* Who may lock and unlock: an expression, of which only the users are looked at. */
u8 locking_access(struct rogue *r, u32 range, const struct tcg_tokens *t)
{
	struct opal_range *g = &r->opal.ranges[range];

	if (!opal_is_admin(&r->opal))
		return NOT_AUTHORIZED;
	for (u32 i = 3; i < t->nr; i++) {
		u32 user = opal_index(tcg_uid_of(&t->v[i]), AUTH_USER, OPAL_USERS);

		if (user)
			g->users |= 1U << user;
	}
	return OK;
}

u8 locking_new_key(struct rogue *r, u64 uid, bool unlock)
{
	u32 i;

	if (!opal_is_admin(&r->opal))
		return NOT_AUTHORIZED;
	if (!locking_range_of(uid, unlock ? RANGE_GLOBAL : KEY_GLOBAL, unlock ? RANGE : KEY, &i))
		return INVALID_PARAMETER;
	locking_erase(r, i);
	if (unlock)
		memset(r->opal.ranges[i].locked, 0, sizeof(r->opal.ranges[i].locked));
	return OK;
}

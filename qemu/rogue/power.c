// SPDX-License-Identifier: GPL-2.0
/*
 * Power states, and their autonomous transitions: an idle controller goes where the host
 * said, an I/O command brings it back, and waits for as long as the state's exit takes.
 */
#include "rogue.h"

const struct power_state power_states[NR_POWER_STATES] = {
	{ 900, 0, 0, 0 },
	{ 460, 0, 0, 0 },
	{ 380, 0, 0, 0 },
	{ 450, NVM_PS_MXPS | NVM_PS_NOPS, 2000, 2000 },
	{ 40, NVM_PS_MXPS | NVM_PS_NOPS, 15000, 15000 },
};

static bool sleeps(const struct rogue *r)
{
	return power_states[r->ps].flags & NVM_PS_NOPS;
}

static void enter(struct rogue *r, u8 ps)
{
	if (!(power_states[ps].flags & NVM_PS_NOPS))
		r->operational_ps = ps;
	if (ps != r->ps)
		r->stats.power_transitions++;
	r->ps = ps;
}

int power_set(struct rogue *r, u32 dw)
{
	u32 ps = dw & NVM_FEAT_PS;

	if (ps >= NR_POWER_STATES)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	enter(r, ps);
	r->idle_since = now_ms();
	return 0;
}

void power_reset(struct rogue *r)
{
	r->ps = 0;
	r->operational_ps = 0;
	r->awake_at = 0;
	r->idle_since = now_ms();
}

/* An I/O command is there. False: not before r->awake_at. */
bool power_wake(struct rogue *r, u64 now)
{
	r->idle_since = now;
	if (sleeps(r)) {
		r->awake_at = now + (power_states[r->ps].exit + 999) / 1000;
		enter(r, r->operational_ps);
	}
	return now >= r->awake_at;
}

/* When the idle controller moves on by itself. */
static u64 moves_at(const struct rogue *r)
{
	u64 e = r->feat.apst.entries[r->ps], ms = NVM_GET(NVM_APST_ITPT, e);

	if (!(r->feat.dw[NVM_FEAT_AUTO_PST] & NVM_FEAT_APSTE) || !ms || r->nr_held)
		return NEVER;
	if (NVM_GET(NVM_APST_ITPS, e) >= NR_POWER_STATES || NVM_GET(NVM_APST_ITPS, e) == r->ps)
		return NEVER;
	return r->idle_since + ms;
}

void power_time(struct rogue *r, u64 now)
{
	if (working(r) && moves_at(r) <= now) {
		enter(r, NVM_GET(NVM_APST_ITPS, r->feat.apst.entries[r->ps]));
		r->idle_since = now;
	}
}

u64 power_next(struct rogue *r, u64 now)
{
	if (r->awake_at > now)
		return r->awake_at;
	return working(r) ? moves_at(r) : NEVER;
}

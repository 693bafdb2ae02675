// SPDX-License-Identifier: GPL-2.0
/*
 * Power states, and their autonomous transitions: an idle controller goes where the host
 * said, an I/O command brings it back, and waits for as long as the state's exit takes.
 * Unless it never wakes up.
 */
#include "rogue.h"

static const struct power_state states[] = {
	{ 900, 0, 0, 0 },
	{ 460, 0, 0, 0 },
	{ 380, 0, 0, 0 },
	{ 450, NVM_PS_MXPS | NVM_PS_NOPS, 2000, 2000 },
	{ 40, NVM_PS_MXPS | NVM_PS_NOPS, 15000, 15000 },
};

static bool sleeps(const struct power *p)
{
	return p->states[p->ps].flags & NVM_PS_NOPS;
}

static void enter(struct rogue *r, u8 ps)
{
	struct power *p = &r->power;

	if (!(p->states[ps].flags & NVM_PS_NOPS))
		p->operational_ps = ps;
	if (ps != p->ps)
		r->stats.power_transitions++;
	if (ps > p->deepest)
		p->deepest = ps;
	p->ps = ps;
}

/* The table and the drop-outs, too. */
void power_init(struct rogue *r)
{
	struct power *p = &r->power;
	u8 ps = p->ps < ARRAY_SIZE(states) ? p->ps : 0;

	*p = (struct power){
		.nr = ARRAY_SIZE(states), .ps = ps, .deepest = ps, .idle_since = now_ms(),
		.back_at = NEVER,
	};
	memcpy(p->states, states, sizeof(states));
}

int power_set(struct rogue *r, u32 dw)
{
	u32 ps = dw & NVM_FEAT_PS;

	if (ps >= r->power.nr)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	enter(r, ps);
	r->power.idle_since = now_ms();
	return 0;
}

void power_reset(struct rogue *r)
{
	r->power.ps = 0;
	r->power.operational_ps = 0;
	r->power.awake_at = 0;
	r->power.stuck = false;
	r->power.idle_since = now_ms();
}

static bool drops_out(struct rogue *r, u64 now)
{
	struct power *p = &r->power;

	if (p->death == SLEEP_WAKES || p->ps != p->fatal_ps || (p->times && p->fired == p->times))
		return false;
	p->fired++;
	switch (p->death) {
	case SLEEP_GONE:
		r->gone = true;
		if (p->back_ms)
			p->back_at = now + p->back_ms;
		break;
	case SLEEP_STUCK:
		p->stuck = true;
		break;
	default:
		regs_fatal(r);
		break;
	}
	return true;
}

/* An I/O command is there. False: not before it is awake, or never. */
bool power_wake(struct rogue *r, u64 now)
{
	struct power *p = &r->power;

	p->idle_since = now;
	if (sleeps(p)) {
		if (drops_out(r, now))
			return false;
		p->awake_at = now + (p->states[p->ps].exit + 999) / 1000;
		enter(r, p->operational_ps);
	}
	return now >= p->awake_at;
}

/* When the idle controller moves on by itself. */
static u64 moves_at(const struct rogue *r)
{
	const struct power *p = &r->power;
	u64 e = r->feat.apst.entries[p->ps], ms = NVM_GET(NVM_APST_ITPT, e);

	if (!(r->feat.dw[NVM_FEAT_AUTO_PST] & NVM_FEAT_APSTE) || !ms || r->nr_held)
		return NEVER;
	if (NVM_GET(NVM_APST_ITPS, e) >= p->nr || NVM_GET(NVM_APST_ITPS, e) == p->ps)
		return NEVER;
	return p->idle_since + ms;
}

void power_time(struct rogue *r, u64 now)
{
	struct power *p = &r->power;

	if (p->back_at <= now) {
		p->back_at = NEVER;
		controller_back(r);
	}
	if (working(r) && moves_at(r) <= now) {
		enter(r, NVM_GET(NVM_APST_ITPS, r->feat.apst.entries[p->ps]));
		p->idle_since = now;
	}
}

u64 power_next(struct rogue *r, u64 now)
{
	if (r->power.awake_at > now)
		return r->power.awake_at;
	return MIN(r->power.back_at, working(r) ? moves_at(r) : NEVER);
}

/* ---- orders -------------------------------------------------------------------------------- */

/* {"do":"power","state":3,"power":450,"entry":2000,"exit":2000,"nops":true}, {...,"states":4} */
const char *power_order(struct rogue *r, const struct json *o)
{
	struct power *p = &r->power;
	struct power_state *s;
	u64 n;

	if (json_number(o, "states", &n)) {
		if (!n || n > MAX_POWER_STATES)
			return "from 1 to 32 states";
		p->nr = n;
		if (p->ps >= n)
			power_reset(r);
	}
	if (!json_get(o, "state"))
		return json_get(o, "states") ? NULL : "which state, or how many states?";
	if (!json_number(o, "state", &n) || n >= p->nr)
		return "no such state";
	s = &p->states[n];
	if (json_number(o, "power", &n))
		s->power = n;
	if (json_number(o, "entry", &n))
		s->entry = n;
	if (json_number(o, "exit", &n))
		s->exit = n;
	if (json_get(o, "nops"))
		s->flags = json_true(o, "nops") ? NVM_PS_MXPS | NVM_PS_NOPS : 0;
	return NULL;
}

/* {"do":"dropout","ps":4,"how":"gone","times":1,"back":500} */
const char *power_dropout(struct rogue *r, const struct json *o)
{
	static const char * const ways[] = { "never", "gone", "stuck", "fatal" };
	const char *how = json_string(o, "how");
	struct power *p = &r->power;
	u64 n;

	if (!json_number(o, "ps", &n) || n >= p->nr)
		return "in which power state?";
	p->fatal_ps = n;
	p->times = 1;
	p->back_ms = 0;
	p->fired = 0;
	json_number(o, "times", &p->times);
	json_number(o, "back", &p->back_ms);
	p->death = SLEEP_GONE;
	for (u32 i = 0; how && i < ARRAY_SIZE(ways); i++) {
		if (!strcmp(how, ways[i])) {
			p->death = i;
			return NULL;
		}
	}
	return how ? "how: never, gone, stuck or fatal" : NULL;
}

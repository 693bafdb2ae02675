// SPDX-License-Identifier: GPL-2.0
/*
 * Orders: one JSON object on a line, one object as the answer. "do" is the verb; with "on"
 * it is a fault that waits for a command (faults.c), without it is done at once.
 */
#include "rogue.h"

/* "64M" */
bool size_of(const char *t, u64 *bytes)
{
	char *end;
	u64 v = strtoull(t, &end, 0);
	u32 shift = 0;

	switch (*end) {
	case 'T':
		shift = 40;
		break;
	case 'G':
		shift = 30;
		break;
	case 'M':
		shift = 20;
		break;
	case 'K':
		shift = 10;
		break;
	}
	if (end == t || (shift ? end[1] : *end) || v > UINT64_MAX >> shift)
		return false;
	*bytes = v << shift;
	return true;
}

/* ---- what is reported --------------------------------------------------------------------- */

static void breaches(struct rogue *r, struct out *o)
{
	out(o, ",\"breaches\":[");
	for (u32 i = 0; i < r->nr_breaches; i++) {
		const struct breach *b = &r->breaches[i];

		out(o, "%s{\"what\":", i ? "," : "");
		out_string(o, b->what);
		out(o, ",\"times\":%llu,\"first\":", (unsigned long long)b->times);
		out_string(o, b->first);
		out(o, "}");
	}
	out(o, "]");
}

static void counts(struct out *o, const char *name, const u64 *v)
{
	bool first = true;

	out(o, ",\"%s\":{", name);
	for (u32 i = 0; i < 256; i++) {
		if (!v[i])
			continue;
		out(o, "%s\"0x%02x\":%llu", first ? "" : ",", i, (unsigned long long)v[i]);
		first = false;
	}
	out(o, "}");
}

static void status(struct rogue *r, struct out *o)
{
	u32 queues = 0;
	u64 dirty = 0;

	for (u32 i = 1; i < MAX_QUEUES; i++)
		queues += r->sq[i].live;
	for (u32 i = 0; i < MAX_NS && r->ns[i]; i++)
		dirty += r->ns[i]->nr_dirty;
	out(o, ",\"cap\":%llu,\"cc\":%u,\"csts\":%u,\"gone\":%s,\"queues\":%u,\"held\":%u,\"armed\":%u",
	    (unsigned long long)r->cap, r->cc, r->csts, r->gone ? "true" : "false", queues, r->nr_held, fault_armed(r));
	out(o, ",\"aer\":%u,\"dirty\":%llu,\"windows\":%u,\"hmb\":%u,\"ps\":%u", r->nr_aer,
	    (unsigned long long)dirty, r->dma.nr, r->feat.hmb_nr,
	    r->power.ps);
	out(o, ",\"power_transitions\":%llu,\"deepest_ps\":%u,\"dropouts\":%llu",
	    (unsigned long long)r->stats.power_transitions, r->power.deepest,
	    (unsigned long long)r->power.fired);
	out(o, ",\"commands\":%llu,\"sq_doorbells\":%llu,\"cq_doorbells\":%llu,\"irqs\":%llu",
	    (unsigned long long)r->stats.commands, (unsigned long long)r->stats.sq_doorbells,
	    (unsigned long long)r->stats.cq_doorbells, (unsigned long long)r->stats.irqs);
	out(o, ",\"crossings\":%llu", (unsigned long long)r->stats.crossings);
	out(o, ",\"dsm_ranges\":%llu,\"dsm_range\":%llu,\"dsm_blocks\":%llu",
	    (unsigned long long)r->stats.dsm_ranges, (unsigned long long)r->stats.dsm_range,
	    (unsigned long long)r->stats.dsm_blocks);
	out(o, ",\"enables\":%llu,\"resets\":%llu,\"flrs\":%llu", (unsigned long long)r->stats.enables,
	    (unsigned long long)r->stats.resets, (unsigned long long)r->stats.flrs);
	out(o, ",\"shutdown_began\":%llu,\"shutdown_ended\":%llu",
	    (unsigned long long)r->stats.shutdown_began,
	    (unsigned long long)r->stats.shutdown_ended);
	counts(o, "admin", r->stats.admin);
	counts(o, "io", r->stats.io);
}

/* ---- what is set --------------------------------------------------------------------------- */

/* A duration in ms, "never" or null. */
static bool duration(const struct json *o, const char *name, u64 *ms)
{
	const struct json *v = json_get(o, name);

	if (!v)
		return true;
	if (v->kind == JSON_NUMBER && !v->negative)
		*ms = v->number;
	else if (v->kind == JSON_STRING && !strcmp(v->string, "never"))
		*ms = NEVER;
	else
		return false;
	return true;
}

static bool flag(const struct json *o, const char *name, bool *to)
{
	const struct json *v = json_get(o, name);

	if (!v)
		return true;
	*to = v->number;
	return v->kind == JSON_BOOL;
}

static const char *set(struct rogue *r, const struct json *o)
{
	struct knobs *k = &r->knobs;
	u64 n;

	if (!duration(o, "ready", &k->ready_ms) || !duration(o, "disable", &k->disable_ms) ||
	    !duration(o, "shutdown", &k->shutdown_ms) ||
	    !duration(o, "abort_ends_after", &k->abort_after_ms) ||
	    !duration(o, "sanitize", &r->service.sanitize_ms) ||
	    !duration(o, "selftest", &r->service.selftest_ms) ||
	    !duration(o, "media", &k->media_ms) || !duration(o, "flr", &k->flr_ms) ||
	    !duration(o, "activation", &k->activation_ms))
		return "a number of milliseconds, or \"never\"";
	if (!flag(o, "fatal_at_ready", &k->fatal_at_ready) || !flag(o, "deaf", &k->deaf) ||
	    !flag(o, "mute", &k->mute) || !flag(o, "abort_stuck", &k->abort_stuck) ||
	    !flag(o, "until_flr", &k->until_flr) || !flag(o, "ones", &k->ones) ||
	    !flag(o, "use_hmb", &k->use_hmb) ||
	    !flag(o, "shared_ids", &k->shared_ids) || !flag(o, "small_ids", &k->small_ids) ||
	    !flag(o, "sanitize_fails", &r->service.sanitize_fails) ||
	    !flag(o, "selftest_fails", &r->service.selftest_fails))
		return "true or false";
	if (json_number(o, "grant", &n)) {
		if (!n)
			return "at least one queue";
		k->grant = MIN(n, 65536);
	}
	if (json_number(o, "queues", &n))
		k->queues = n;
	return NULL;
}

static void knobs_defaults(struct rogue *r)
{
	r->knobs = (struct knobs){
		.abort_after_ms = NEVER, .activation_ms = 100,
		.grant = MAX_QUEUES - 1, .queues = MAX_QUEUES,
	};
}

static const char *reg(struct rogue *r, const struct json *o)
{
	const char *name = json_string(o, "name");
	u64 v, mask = ~0ULL;

	if (!name || !json_number(o, "value", &v))
		return "a name and a value";
	json_number(o, "mask", &mask);
	if (!strcmp(name, "cap"))
		r->cap = (r->cap & ~mask) | (v & mask);
	else if (!strcmp(name, "vs"))
		r->version = v;
	else if (!strcmp(name, "csts"))
		r->csts = v;
	else if (!strcmp(name, "crto"))
		r->crto = v;
	else
		return "no such register: cap, vs, csts, crto";
	return NULL;
}

/* An event for each warning that is new and that the host wants to hear of. */
static void warn(struct rogue *r, u8 new)
{
	static const u8 info[8] = {
		NVM_AER_SMART_SPARE_THRESH, NVM_AER_SMART_TEMP_THRESH,
	};

	for (u32 i = 0; i < ARRAY_SIZE(info); i++) {
		if (new & r->feat.dw[NVM_FEAT_ASYNC_EVENT] & 1 << i)
			event_post(r, NVM_AER_SMART, info[i], NVM_LOG_SMART);
	}
}

static const char *smart(struct rogue *r, const struct json *o)
{
	struct nvm_smart_log *s = &r->smart;
	u8 was = s->critical_warning;
	u64 v;

	if (json_number(o, "critical_warning", &v))
		s->critical_warning = v;
	if (json_number(o, "spare", &v)) {
		s->avail_spare = v;
		if (v < s->spare_thresh)
			s->critical_warning |= NVM_AEN_CFG_SMART_SPARE;
	}
	if (json_number(o, "temperature", &v)) {
		s->temperature[0] = v;
		s->temperature[1] = v >> 8;
		s->critical_warning &= ~NVM_AEN_CFG_SMART_TEMPERATURE;
		if (v >= r->feat.temp_over[0] || v <= r->feat.temp_under[0])
			s->critical_warning |= NVM_AEN_CFG_SMART_TEMPERATURE;
	}
	warn(r, s->critical_warning & ~was);
	return NULL;
}

/* ---- the controller as a whole --------------------------------------------------------- */

/* FLR, a reset of QEMU: all registers, too. */
void controller_reset(struct rogue *r)
{
	r->cc = 0;
	regs_reset(r);
	r->csts = 0;
	r->aqa = 0;
	r->asq = 0;
	r->acq = 0;
}

/* The host resets the function; what it was ordered to be stuck in may end with that. */
void controller_flr(struct rogue *r)
{
	struct knobs *k = &r->knobs;

	r->stats.flrs++;
	if (k->until_flr) {
		k->ready_ms = 0;
		k->disable_ms = 0;
		k->shutdown_ms = 0;
		k->fatal_at_ready = false;
		k->deaf = false;
		k->ones = false;
	}
	controller_reset(r);
	if (k->flr_ms) {
		r->gone = true;
		r->flr_done_at = regs_after(k->flr_ms);
	}
}

/* On the bus again, as after power-on. */
void controller_back(struct rogue *r)
{
	if (r->gone) {
		r->surprised = enabled(r);
		controller_reset(r);
		/* as after power-on: what was written meanwhile has not arrived */
		pcie_init(r);
	}
	r->gone = false;
	r->flr_done_at = NEVER;
}

u32 random_below(struct rogue *r, u32 n)
{
	r->random ^= r->random >> 12;
	r->random ^= r->random << 25;
	r->random ^= r->random >> 27;
	return (r->random * 0x2545f4914f6cdd1dULL >> 32) % n;
}

void controller_powerfail(struct rogue *r, u32 keep, u64 seed)
{
	r->random = seed ? seed : 1;
	for (u32 i = 0; i < MAX_NS && r->ns[i]; i++) {
		ns_powerfail(r, r->ns[i], keep);
		resv_powerfail(r->ns[i]);
		if (r->ns[i]->wp == NVM_NS_WRITE_PROTECT_POWER)
			r->ns[i]->wp = NVM_NS_NO_WRITE_PROTECT;
	}
	opal_powerfail(r);
	r->surprised = enabled(r);
	controller_reset(r);
	r->smart.unsafe_shutdowns[0]++;
	r->smart.power_cycles[0]++;
}

static const char *forget(struct rogue *r, const struct json *o)
{
	(void)o;
	fault_forget(r);
	identify_forget_lies(r);
	judge_forget(r);
	knobs_defaults(r);
	regs_truth(r);
	regs_unstick(r);
	slow_forget(r);
	power_init(r);
	opal_init(r, false);
	service_init(r);
	for (u32 i = 0; i < MAX_NS && r->ns[i]; i++)
		memset(&r->ns[i]->resv, 0, sizeof(r->ns[i]->resv));
	memset(&r->stats, 0, sizeof(r->stats));
	memset(&r->seen_limits, 0, sizeof(r->seen_limits));
	return NULL;
}

/* ---- orders ------------------------------------------------------------------------------- */

static const char *back(struct rogue *r, const struct json *j)
{
	(void)j;
	controller_back(r);
	return NULL;
}

static const char *quit(struct rogue *r, const struct json *j)
{
	(void)j;
	r->quit = true;
	return NULL;
}

static const struct {
	const char *verb;
	const char *(*obey)(struct rogue *r, const struct json *j);
	void (*tell)(struct rogue *r, struct out *o);
	bool on;		/* may name commands */
} orders[] = {
	{ "report", NULL, breaches, false },
	{ "state", NULL, status, false },
	{ "set", set, NULL, false },
	{ "slow", slow_order, NULL, true },
	{ "identify", identify_lie, NULL, false },
	{ "log", identify_lie, NULL, false },
	{ "register", reg, NULL, false },
	{ "ns", ns_order, NULL, false },
	{ "stable", ns_stable, NULL, false },
	{ "hmb", hmb_order, NULL, false },
	{ "smart", smart, NULL, false },
	{ "reserve", resv_order, NULL, false },
	{ "opal", opal_order, NULL, false },
	{ "telemetry", service_telemetry, NULL, false },
	{ "power", power_order, NULL, false },
	{ "dropout", power_dropout, NULL, false },
	{ "back", back, NULL, false },
	{ "clear", forget, NULL, false },
	{ "quit", quit, NULL, false },
};

static const char *obey(struct rogue *r, const struct json *j, struct out *o)
{
	const char *verb = json_string(j, "do"), *error;
	bool known;

	if (!verb)
		return "\"do\" what?";
	error = fault_order(r, j, &known);
	if (known)
		return error;
	for (u32 i = 0; i < ARRAY_SIZE(orders); i++) {
		if (strcmp(orders[i].verb, verb) || (json_get(j, "on") && !orders[i].on))
			continue;
		if (orders[i].obey)
			return orders[i].obey(r, j);
		orders[i].tell(r, o);
		return NULL;
	}
	return json_get(j, "on") ? "no such fault" : "no such order";
}

/* The answer is a line, too. False: the order was not obeyed. */
bool order_line(struct rogue *r, const char *line, struct out *o)
{
	const char *error = NULL;
	struct json *j = json_parse(line, &error);
	struct out more = { 0 };

	if (!error)
		error = j->kind == JSON_OBJECT ? obey(r, j, &more) : "an order is an object";
	json_free(j);
	if (error) {
		out(o, "{\"ok\":false,\"error\":");
		out_string(o, error);
		out(o, "}\n");
	} else {
		out(o, "{\"ok\":true%s}\n", more.s ? more.s : "");
	}
	if (r->verbose)
		fprintf(stderr, "order: %s: %s\n", line, error ? error : "ok");
	free(more.s);
	return !error;
}

void orders_init(struct rogue *r)
{
	knobs_defaults(r);
	slow_forget(r);
	power_init(r);
	opal_init(r, false);
	service_init(r);
}

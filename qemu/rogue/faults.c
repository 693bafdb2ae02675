// SPDX-License-Identifier: GPL-2.0
/*
 * Faults: which command goes wrong, and how.
 *
 *	{"on":"read","qid":1,"nth":3,"do":"double"}
 *
 * "on" names commands, qid, nsid, lba, cns, lid and fid narrow it, nth counts those that
 * match from now on, times says how often from then on (0: for ever).
 */
#include "rogue.h"

enum action {
	/* in place of doing it */
	DO_STATUS, DO_STUCK, DO_LATE, DO_CFS, DO_GONE, DO_POWERFAIL, DO_STOP,
	/* before doing it */
	DO_CORRUPT, DO_EVENT, DO_IRQ, DO_INVENT,
	/* when it is done */
	DO_DROP, DO_DOUBLE, DO_WRONG_ID, DO_WRONG_QID, DO_WRONG_PHASE, DO_WRONG_HEAD, DO_NO_IRQ,
	DO_WRONG_VECTOR,
};

static const struct {
	const char *name;
	enum action action;
} verbs[] = {
	{ "status", DO_STATUS }, { "stuck", DO_STUCK }, { "late", DO_LATE }, { "cfs", DO_CFS },
	{ "gone", DO_GONE }, { "powerfail", DO_POWERFAIL }, { "stop", DO_STOP },
	{ "corrupt", DO_CORRUPT }, { "event", DO_EVENT }, { "irq", DO_IRQ },
	{ "invent", DO_INVENT }, { "drop", DO_DROP }, { "double", DO_DOUBLE },
	{ "wrong-id", DO_WRONG_ID }, { "wrong-qid", DO_WRONG_QID },
	{ "wrong-phase", DO_WRONG_PHASE }, { "wrong-head", DO_WRONG_HEAD },
	{ "no-irq", DO_NO_IRQ }, { "wrong-vector", DO_WRONG_VECTOR },
};

static const struct {
	const char *name;
	u16 opcode;
	bool admin;
} commands[] = {
	{ "admin", ANY_OPCODE, true }, { "io", ANY_OPCODE, false },
	{ "flush", NVM_CMD_FLUSH, false }, { "write", NVM_CMD_WRITE, false },
	{ "read", NVM_CMD_READ, false }, { "write-uncor", NVM_CMD_WRITE_UNCOR, false },
	{ "compare", NVM_CMD_COMPARE, false }, { "write-zeroes", NVM_CMD_WRITE_ZEROES, false },
	{ "dsm", NVM_CMD_DSM, false }, { "verify", NVM_CMD_VERIFY, false },
	{ "copy", NVM_CMD_COPY, false },
	{ "delete-sq", NVM_ADMIN_DELETE_SQ, true }, { "create-sq", NVM_ADMIN_CREATE_SQ, true },
	{ "get-log", NVM_ADMIN_GET_LOG_PAGE, true }, { "delete-cq", NVM_ADMIN_DELETE_CQ, true },
	{ "create-cq", NVM_ADMIN_CREATE_CQ, true }, { "identify", NVM_ADMIN_IDENTIFY, true },
	{ "abort", NVM_ADMIN_ABORT_CMD, true }, { "set-features", NVM_ADMIN_SET_FEATURES, true },
	{ "get-features", NVM_ADMIN_GET_FEATURES, true }, { "aer", NVM_ADMIN_ASYNC_EVENT, true },
	{ "ns-mgmt", NVM_ADMIN_NS_MGMT, true }, { "ns-attach", NVM_ADMIN_NS_ATTACH, true },
	{ "format", NVM_ADMIN_FORMAT_NVM, true },
	{ "sanitize", NVM_ADMIN_SANITIZE_NVM, true },
	{ "security-send", NVM_ADMIN_SECURITY_SEND, true },
	{ "security-recv", NVM_ADMIN_SECURITY_RECV, true },
	{ "resv-register", NVM_CMD_RESV_REGISTER, false },
	{ "resv-report", NVM_CMD_RESV_REPORT, false },
	{ "resv-acquire", NVM_CMD_RESV_ACQUIRE, false },
	{ "resv-release", NVM_CMD_RESV_RELEASE, false },
};

#define MAX_FAULTS	256

struct fault {
	struct fault *next;
	enum action action;
	struct which which;
	bool has_qid, has_nsid, has_lba, has_sub;
	u16 qid;
	u32 nsid, sub;		/* cns, lid or fid */
	u64 lba;
	u64 nth, times, seen, fired;

	u16 status;
	bool after;		/* the status: the command is done nevertheless */
	u64 ms, after_abort, keep, seed;
	struct twist twist;
	struct event event;
	u16 vector, id;
};

static bool matches(const struct fault *f, const struct cmd *c)
{
	const struct nvm_sqe *s = &c->sqe;

	if (!(c->sq->qid ? f->which.io : f->which.admin))
		return false;
	if (f->which.opcode != ANY_OPCODE && f->which.opcode != c->opcode)
		return false;
	if (f->has_qid && f->qid != c->sq->qid)
		return false;
	if (f->has_nsid && f->nsid != c->nsid)
		return false;
	/* cns, lid and fid stand at the same place */
	if (f->has_sub && f->sub != (s->cdw10 & 0xff))
		return false;
	if (f->has_lba) {
		u64 first = (u64)s->cdw11 << 32 | s->cdw10;

		if (f->lba < first || f->lba - first > NVM_GET(NVM_RW_NLB, s->cdw12))
			return false;
	}
	return true;
}

/* The first fault whose turn it is; all others that match count it, too. */
struct fault *fault_take(struct rogue *r, const struct cmd *c)
{
	struct fault *f, *hit = NULL;

	for (f = r->faults; f; f = f->next) {
		if ((f->times && f->fired == f->times) || !matches(f, c))
			continue;
		if (++f->seen < f->nth || hit)
			continue;
		f->fired++;
		hit = f;
	}
	if (hit && r->verbose)
		fprintf(stderr, "fault: queue %u opcode %02x id %04x\n", c->sq->qid, c->opcode,
			c->sqe.cid);
	return hit;
}

static void act(struct rogue *r, const struct fault *f)
{
	switch (f->action) {
	case DO_CFS:
		regs_fatal(r);
		break;
	case DO_GONE:
		r->gone = true;
		break;
	case DO_POWERFAIL:
		controller_powerfail(r, f->keep, f->seed);
		break;
	case DO_EVENT:
		event_post(r, f->event.type, f->event.info, f->event.lid);
		break;
	case DO_IRQ:
		queue_irq(r, f->vector);
		break;
	case DO_INVENT:
		queue_complete(r, f->qid, f->id, 0, f->status, NULL, false);
		break;
	default:
		break;
	}
}

/* Before the command is done. *answered: it is not, the return value is what becomes of it. */
int fault_before(struct rogue *r, struct fault *f, struct cmd *c, bool *answered)
{
	struct held *h;

	*answered = true;
	switch (f->action) {
	case DO_STATUS:
		*answered = !f->after;
		return f->status;
	case DO_STUCK:
	case DO_LATE:
		h = queue_hold(r, c);
		if (!h)
			return NVM_SC_INTERNAL;
		h->after_abort = f->after_abort;
		if (f->action == DO_LATE) {
			h->execute = true;
			h->due = now_us() + f->ms * 1000;
		}
		return PENDING;
	case DO_STOP:
		c->sq->stopped = true;
		return PENDING;
	case DO_CFS:
	case DO_GONE:
	case DO_POWERFAIL:
		act(r, f);
		return PENDING;
	case DO_CORRUPT:
		c->corrupt = true;
		break;
	case DO_EVENT:
	case DO_IRQ:
		act(r, f);
		break;
	case DO_INVENT:
		queue_complete(r, c->sq->qid, f->id, 0, f->status, NULL, false);
		break;
	default:
		break;
	}
	*answered = false;
	return 0;
}

void fault_complete(struct rogue *r, struct fault *f, struct cmd *c, u16 status)
{
	struct twist t = f->twist;
	u16 qid = c->sq->qid, cid = c->sqe.cid;
	struct held *h;

	switch (f->action) {
	case DO_STATUS:
		status = f->status;
		break;
	case DO_DROP:
		h = queue_hold(r, c);
		if (h) {
			h->status = status;
			h->done = true;
			h->after_abort = f->after_abort;
		}
		return;
	case DO_DOUBLE:
		queue_complete(r, qid, cid, c->result, status, NULL, true);
		h = f->ms ? queue_hold(r, c) : NULL;
		if (h) {
			h->status = status;
			h->second = true;
			h->due = now_us() + f->ms * 1000;
		} else {
			queue_complete(r, qid, cid, c->result, status, NULL, false);
		}
		return;
	case DO_WRONG_ID:
		t.set_cid = true;
		if (!f->twist.set_cid)
			t.cid = ~cid;
		break;
	case DO_WRONG_QID:
		t.set_qid = true;
		if (!f->twist.set_qid)
			t.qid = qid + 1;
		break;
	case DO_WRONG_HEAD:
		t.set_head = true;
		if (!f->twist.set_head)
			t.head = 0xffff;
		break;
	case DO_WRONG_PHASE:
		t.flip_phase = true;
		break;
	case DO_NO_IRQ:
		t.no_irq = true;
		break;
	case DO_WRONG_VECTOR:
		t.other_vector = true;
		t.vector = f->vector;
		break;
	default:
		break;
	}
	queue_complete(r, qid, cid, c->result, status, &t, true);
}

/* ---- orders -------------------------------------------------------------------------------- */

static void number16(const struct json *o, const char *name, bool *has, u16 *v)
{
	u64 n;

	if (!json_number(o, name, &n))
		return;
	*has = true;
	*v = n;
}

/* "on": a name or an opcode; "any" is both admin and I/O commands. */
const char *which_command(const struct json *o, struct which *w)
{
	const struct json *on = json_get(o, "on");
	u32 i;

	if (on->kind == JSON_NUMBER && on->number < 256) {
		w->opcode = on->number;
		w->admin = json_true(o, "admin");
		w->io = !w->admin;
		return NULL;
	}
	if (on->kind != JSON_STRING)
		return "\"on\" is the name or the opcode of a command";
	if (!strcmp(on->string, "any")) {
		*w = (struct which){ true, true, ANY_OPCODE };
		return NULL;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(commands[i].name, on->string))
			break;
	}
	if (i == ARRAY_SIZE(commands))
		return "no such command";
	w->opcode = commands[i].opcode;
	w->admin = commands[i].admin;
	w->io = !w->admin;
	return NULL;
}

static const char *match_of(struct fault *f, const struct json *o)
{
	const char *error = which_command(o, &f->which), *verb = json_string(o, "do");
	/* of an event, lid is what it points to */
	bool event = verb && !strcmp(verb, "event");
	bool any;
	u64 n;

	if (error)
		return error;
	number16(o, "qid", &f->has_qid, &f->qid);
	if (json_number(o, "nsid", &n)) {
		f->has_nsid = true;
		f->nsid = n;
	}
	if (json_number(o, "lba", &f->lba))
		f->has_lba = true;
	any = json_number(o, "cns", &n) || (!event && json_number(o, "lid", &n)) ||
	      json_number(o, "fid", &n);
	if (any) {
		f->has_sub = true;
		f->sub = n;
	}
	return NULL;
}

static void parameters_of(struct fault *f, const struct json *o)
{
	bool ignored;
	u64 n;

	f->nth = 1;
	f->times = 1;
	f->after_abort = NEVER;
	json_number(o, "nth", &f->nth);
	json_number(o, "times", &f->times);
	json_number(o, "ms", &f->ms);
	json_number(o, "keep", &f->keep);
	json_number(o, "seed", &f->seed);
	json_number(o, "after_abort", &f->after_abort);
	f->after = json_true(o, "after");
	number16(o, "status", &ignored, &f->status);
	f->status &= 0x7fff;
	if (json_true(o, "dnr"))
		f->status |= NVM_STATUS_DNR;
	if (json_true(o, "more"))
		f->status |= NVM_STATUS_MORE;
	if (json_number(o, "crd", &n))
		f->status |= n << NVM_STATUS_CRD_SHIFT & NVM_STATUS_CRD;
	number16(o, "vector", &ignored, &f->vector);
	number16(o, "id", &f->twist.set_cid, &f->twist.cid);
	f->id = f->twist.cid;
	number16(o, "as", &f->twist.set_qid, &f->twist.qid);
	number16(o, "head", &f->twist.set_head, &f->twist.head);
	if (json_number(o, "type", &n))
		f->event.type = n;
	if (json_number(o, "info", &n))
		f->event.info = n;
	if (json_number(o, "lid", &n))
		f->event.lid = n;
}

/* Arms a fault, or does at once what needs no command. *known: the verb is one of ours. */
const char *fault_order(struct rogue *r, const struct json *o, bool *known)
{
	const char *verb = json_string(o, "do"), *error;
	struct fault new = { 0 }, *f, **tail = &r->faults;
	bool ignored;
	u32 i, nr = 0;

	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(verbs[i].name, verb))
			break;
	}
	*known = i < ARRAY_SIZE(verbs);
	if (!*known)
		return NULL;
	new.action = verbs[i].action;
	parameters_of(&new, o);
	if (new.action != DO_WRONG_ID && new.action != DO_WRONG_QID && new.action != DO_WRONG_HEAD)
		memset(&new.twist, 0, sizeof(new.twist));
	if (new.action == DO_STATUS && !new.status && !json_get(o, "status"))
		return "which status?";
	if (!json_get(o, "on")) {
		number16(o, "qid", &ignored, &new.qid);
		switch (new.action) {
		case DO_CFS:
		case DO_GONE:
		case DO_POWERFAIL:
		case DO_EVENT:
		case DO_IRQ:
			act(r, &new);
			return NULL;
		case DO_INVENT:
			if (new.qid >= MAX_QUEUES || !r->sq[new.qid].live)
				return "no such queue";
			act(r, &new);
			return NULL;
		default:
			return "\"on\" which command?";
		}
	}
	error = match_of(&new, o);
	if (error)
		return error;
	for (; *tail; tail = &(*tail)->next)
		nr++;
	if (nr == MAX_FAULTS)
		return "too many faults";
	f = malloc(sizeof(*f));
	if (!f)
		return "no memory";
	*f = new;
	*tail = f;
	return NULL;
}

u32 fault_armed(struct rogue *r)
{
	u32 n = 0;

	for (struct fault *f = r->faults; f; f = f->next)
		n += !f->times || f->fired < f->times;
	return n;
}

void fault_forget(struct rogue *r)
{
	while (r->faults) {
		struct fault *f = r->faults;

		r->faults = f->next;
		free(f);
	}
}

// SPDX-License-Identifier: GPL-2.0
/* The persistent event log: what happened to the controller, the newest event first. */
#include "rogue.h"

#include <time.h>

#define HEADER		24	/* of an event */

/* Get log page's LSP */
enum { PEL_READ, PEL_OPEN, PEL_CLOSE };

void pel_add(struct rogue *r, u8 type, const void *data, u8 len)
{
	struct pel_event *e = &r->pel.v[r->pel.nr++ % PEL_EVENTS];
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	*e = (struct pel_event){
		.type = type, .len = len,
		.at = t.tv_sec * 1000ULL + t.tv_nsec / 1000000,
	};
	memcpy(e->data, data, e->len);
}

/* Firmware, and the controller: 36 bytes, most of which nobody knows. */
void pel_reset(struct rogue *r)
{
	u8 data[44] = { 0 };

	memcpy(data, r->service.fw[r->service.fw_active - 1], 8);
	data[8] = 1;
	data[24] = r->smart.power_cycles[0];
	pel_add(r, PEL_RESET, data, sizeof(data));
}

void pel_ns_change(struct rogue *r, u32 cdw10, const struct ns *n)
{
	u8 data[48] = { 0 };

	memcpy(data, &cdw10, 4);
	memcpy(data + 8, &n->blocks, 8);
	memcpy(data + 24, &n->blocks, 8);
	memcpy(data + 44, &n->nsid, 4);
	pel_add(r, PEL_NS_CHANGE, data, sizeof(data));
}

static u32 put_event(const struct pel_event *e, u8 *p)
{
	u16 len = e->len, cntlid = 1;

	p[0] = e->type;
	p[1] = 1;
	p[2] = HEADER - 3;
	memcpy(p + 4, &cntlid, 2);
	memcpy(p + 6, &e->at, 8);
	memcpy(p + 22, &len, 2);
	memcpy(p + HEADER, e->data, e->len);
	return HEADER + e->len;
}

/* What was there when the host opened it. */
static u32 fill(struct rogue *r, u8 *p)
{
	struct nvm_persistent_event_log *l = (void *)p;
	struct pel *log = &r->pel;
	u32 at = sizeof(*l);

	l->lid = NVM_LOG_PERSISTENT_EVENT;
	l->tnev = log->shown;
	l->rv = 3;
	l->lhl = sizeof(*l) - 20;
	l->pcc[0] = r->smart.power_cycles[0];
	l->vid = 0x1b36;
	l->ssvid = 0x1b36;
	l->gen_number = log->generation;
	memset(l->sn, ' ', sizeof(l->sn));
	memcpy(l->sn, r->name, strnlen(r->name, sizeof(l->sn)));
	l->seb[0] = 1 << PEL_RESET | 1 << PEL_NS_CHANGE | 1 << PEL_FORMAT_START;
	l->seb[1] = 1 << (PEL_FORMAT_END - 8) | 1 << (PEL_SANITIZE_START - 8) |
		    1 << (PEL_SANITIZE_END - 8);
	for (u32 i = 1; i <= log->shown; i++)
		at += put_event(&log->v[(log->end - i) % PEL_EVENTS], p + at);
	l->tll = at;
	return at;
}

/* Read in a context that the host opens and closes. */
int pel_log(struct rogue *r, struct cmd *c, u8 *p, u32 *size)
{
	struct pel *log = &r->pel;

	switch (NVM_GET(NVM_LOG_LSP, c->sqe.cdw10) & 3) {
	case PEL_OPEN:
		if (log->open)
			return NVM_SC_CMD_SEQ_ERROR | NVM_STATUS_DNR;
		log->open = true;
		log->end = log->nr;
		log->shown = MIN(log->nr, PEL_EVENTS);
		log->generation++;
		break;
	case PEL_CLOSE:
		log->open = false;
		break;
	case PEL_READ:
		if (!log->open)
			return NVM_SC_CMD_SEQ_ERROR | NVM_STATUS_DNR;
		break;
	default:
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	*size = fill(r, p);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Controller properties: what BAR 0 says, and enable, disable, shut down and reset.
 */
#include "rogue.h"

/* What a reset of the controller leaves alone, and a test may have changed. */
void regs_truth(struct rogue *r)
{
	r->version = r->first_version;
	r->crto = 0;
	r->cap = NVM_PREP(NVM_CAP_MQES, (u64)r->mqes - 1) | NVM_CAP_CQR |
		 NVM_PREP(NVM_CAP_TO, 10ULL) | NVM_CAP_CSS_NVM | NVM_CAP_NSSRS | NVM_CAP_BPS |
		 NVM_PREP(NVM_CAP_MPSMAX, 4ULL);
	if (r->version >= NVM_VS(2, 0, 0)) {
		r->cap |= NVM_CAP_CRMS_CRWMS | NVM_CAP_CRMS_CRIMS;
		r->crto = NVM_PREP(NVM_CRTO_CRWMT, 10) | NVM_PREP(NVM_CRTO_CRIMT, 10);
	}
}

void regs_init(struct rogue *r)
{
	regs_truth(r);
	r->ready_at = NEVER;
	r->disabled_at = NEVER;
	r->shutdown_at = NEVER;
	r->media_at = NEVER;
	r->paused_until = NEVER;
	r->flr_done_at = NEVER;
	r->page = 4096;
}

void regs_fatal(struct rogue *r)
{
	r->fatal = true;
	r->csts |= NVM_CSTS_CFS;
}

/* Controller level reset: everything but AQA, ASQ and ACQ. */
void regs_reset(struct rogue *r)
{
	queue_reset_all(r);
	r->stats.resets++;
	r->fatal = false;
	r->csts &= NVM_CSTS_NSSRO;
	r->ready_at = NEVER;
	r->disabled_at = NEVER;
	r->shutdown_at = NEVER;
	r->media_at = NEVER;
	r->paused_until = NEVER;
	r->media = false;
	r->shadow = 0;
	r->eventidx = 0;
	r->queues_set = false;
	/* a host that never asks is wrong, and gets what there is */
	r->granted = r->knobs.grant;
	r->nr_aer = 0;
	r->nr_events = 0;
	r->masked = 0;
	r->intms = 0;
	power_reset(r);
	opal_reset(r);
	service_reset(r);
	hmb_forget(r);
	feature_defaults(r);
}

/* A moment; never stays never. */
u64 regs_after(u64 ms)
{
	return ms == NEVER ? NEVER : now_ms() + ms;
}

static bool command_set_fits(const struct rogue *r)
{
	switch (r->cc & NVM_CC_CSS) {
	case NVM_CC_CSS_NVM:
		return r->cap & NVM_CAP_CSS_NVM;
	case NVM_CC_CSS_ADMIN:
		return r->cap & NVM_CAP_CSS_ADMIN;
	}
	return false;
}

static bool admin_queue_fits(struct rogue *r)
{
	u32 page = 4096U << NVM_GET(NVM_CC_MPS, r->cc);

	if (NVM_GET(NVM_CC_MPS, r->cc) < NVM_GET(NVM_CAP_MPSMIN, r->cap) ||
	    NVM_GET(NVM_CC_MPS, r->cc) > NVM_GET(NVM_CAP_MPSMAX, r->cap)) {
		breach(r, "enabled with a page size that is not supported", "CC %08x", r->cc);
		return false;
	}
	if (!command_set_fits(r) || NVM_GET(NVM_CC_AMS, r->cc)) {
		breach(r, "enabled with a command set or an arbitration that is not supported",
		       "CC %08x", r->cc);
		return false;
	}
	if (!NVM_GET(NVM_AQA_ASQS, r->aqa) || !NVM_GET(NVM_AQA_ACQS, r->aqa)) {
		breach(r, "enabled with an admin queue of less than two entries", "AQA %08x",
		       r->aqa);
		return false;
	}
	if (r->asq & (page - 1) || r->acq & (page - 1)) {
		breach(r, "enabled with an admin queue that is not page aligned",
		       "ASQ %llx ACQ %llx", (unsigned long long)r->asq,
		       (unsigned long long)r->acq);
		return false;
	}
	return true;
}

static void enable(struct rogue *r)
{
	struct sq *sq = &r->sq[0];
	struct cq *cq = &r->cq[0];

	r->stats.enables++;
	pel_reset(r);
	if (!admin_queue_fits(r)) {
		regs_fatal(r);
		return;
	}
	r->page = 4096U << NVM_GET(NVM_CC_MPS, r->cc);
	sq->live = true;
	sq->base = r->asq;
	sq->size = NVM_GET(NVM_AQA_ASQS, r->aqa) + 1;
	sq->shift = NVM_IOSQES;
	cq->live = true;
	cq->irq = true;
	cq->phase = 1;
	cq->base = r->acq;
	cq->size = NVM_GET(NVM_AQA_ACQS, r->aqa) + 1;
	cq->nr_sqs = 1;
	/* independent of media, or with it */
	r->ready_at = regs_after(r->knobs.ready_ms);
	r->media_at = regs_after(r->knobs.media_ms);
	if (!(r->cc & NVM_CC_CRIME) && r->media_at > r->ready_at)
		r->ready_at = r->media_at;
}

/* While firmware is activated, no command is fetched. */
void regs_pause(struct rogue *r, u64 ms)
{
	if (!ms)
		return;
	r->csts |= NVM_CSTS_PP;
	r->paused_until = regs_after(ms);
}

static void media_ready(struct rogue *r)
{
	r->media_at = NEVER;
	r->media = true;
	for (u32 i = 0; r->csts & NVM_CSTS_RDY && i < MAX_NS && r->ns[i]; i++)
		ns_changed(r, r->ns[i]->nsid);
}

static bool has_io_queues(const struct rogue *r)
{
	for (u32 i = 1; i < r->end_of_queues; i++) {
		if (r->sq[i].live || r->cq[i].live)
			return true;
	}
	return false;
}

static void write_cc(struct rogue *r, u32 value)
{
	u32 was = r->cc, changed = was ^ value;
	u32 fixed = NVM_CC_CSS | NVM_CC_MPS | NVM_CC_AMS;

	/* the size of entries may be told late, but not when there are some */
	if (has_io_queues(r))
		fixed |= NVM_CC_IOSQES | NVM_CC_IOCQES;

	if (value & 0xfe00000e ||
	    (value & NVM_CC_CRIME && !(r->cap & NVM_CAP_CRMS_CRIMS)))
		breach(r, "reserved bits of CC are not zero", "CC %08x", value);
	if (was & value & NVM_CC_EN && changed & fixed)
		breach(r, "CC changed while enabled", "CC %08x to %08x", was, value);
	r->surprised = false;
	r->cc = value;
	if (value & NVM_CC_EN && !(was & NVM_CC_EN)) {
		if (r->csts & NVM_CSTS_RDY)
			breach(r, "enabled while CSTS.RDY was still 1", "CC %08x", value);
		enable(r);
	} else if (was & NVM_CC_EN && !(value & NVM_CC_EN)) {
		u32 rdy = r->csts & NVM_CSTS_RDY;

		if (!rdy && !(r->csts & NVM_CSTS_CFS) && r->ready_at == NEVER &&
		    r->knobs.ready_ms != NEVER)
			breach(r, "disabled while CSTS.RDY was 0", "CC %08x", value);
		regs_reset(r);
		if (rdy && r->knobs.disable_ms) {
			r->csts |= rdy;
			r->disabled_at = regs_after(r->knobs.disable_ms);
		}
	}
	if (value & NVM_CC_SHN && (value & NVM_CC_SHN) != (was & NVM_CC_SHN)) {
		r->csts = (r->csts & ~NVM_CSTS_SHST) | NVM_CSTS_SHST_OCCURRING;
		r->shutdown_at = regs_after(r->knobs.shutdown_ms);
		r->stats.shutdown_began = now_ms();
		r->stats.shutdown_ended = 0;
	}
	regs_time(r, now_ms());
}

/* What happens when its time has come. */
void regs_time(struct rogue *r, u64 now)
{
	if (r->flr_done_at <= now) {
		r->flr_done_at = NEVER;
		r->gone = false;
	}
	/* media first: that it is ready with the controller is no event */
	if (r->media_at <= now)
		media_ready(r);
	if (r->ready_at <= now) {
		r->ready_at = NEVER;
		r->csts |= NVM_CSTS_RDY;
		if (r->knobs.fatal_at_ready)
			regs_fatal(r);
	}
	if (r->paused_until <= now) {
		r->paused_until = NEVER;
		r->csts &= ~NVM_CSTS_PP;
	}
	power_time(r, now);
	service_time(r, now);
	if (r->disabled_at <= now) {
		r->disabled_at = NEVER;
		r->csts &= ~NVM_CSTS_RDY;
	}
	if (r->shutdown_at <= now) {
		r->shutdown_at = NEVER;
		r->csts = (r->csts & ~NVM_CSTS_SHST) | NVM_CSTS_SHST_COMPLETE;
		r->stats.shutdown_ended = now_ms();
		for (u32 i = 0; i < MAX_NS; i++) {
			if (r->ns[i])
				ns_flush(r->ns[i]);
		}
	}
}

/* The knobs are what they should be: what they held back for ever happens now. */
void regs_unstick(struct rogue *r)
{
	if (!enabled(r) && r->csts & NVM_CSTS_RDY)
		r->disabled_at = 0;
	if (enabled(r) && !(r->csts & NVM_CSTS_RDY) && !r->fatal)
		r->ready_at = 0;
	if ((r->csts & NVM_CSTS_SHST) == NVM_CSTS_SHST_OCCURRING)
		r->shutdown_at = 0;
	regs_time(r, now_ms());
}

u64 regs_next(struct rogue *r, u64 now)
{
	u64 next = MIN(power_next(r, now), service_next(r));

	next = MIN(next, r->flr_done_at);
	next = MIN(next, r->ready_at);
	next = MIN(next, r->disabled_at);
	next = MIN(next, r->media_at);
	next = MIN(next, r->paused_until);
	return MIN(next, r->shutdown_at);
}

static u64 read32(struct rogue *r, u32 offset)
{
	switch (offset) {
	case NVM_REG_CAP:
		return (u32)r->cap;
	case NVM_REG_CAP + 4:
		return r->cap >> 32;
	case NVM_REG_VS:
		return r->version;
	case NVM_REG_INTMS:
	case NVM_REG_INTMC:
		return r->intms;
	case NVM_REG_CC:
		return r->cc;
	case NVM_REG_CSTS:
		return r->csts;
	case NVM_REG_AQA:
		return r->aqa;
	case NVM_REG_ASQ:
		return (u32)r->asq;
	case NVM_REG_ASQ + 4:
		return r->asq >> 32;
	case NVM_REG_ACQ:
		return (u32)r->acq;
	case NVM_REG_ACQ + 4:
		return r->acq >> 32;
	case NVM_REG_CRTO:
		return r->crto;
	case NVM_REG_BPINFO:
		return r->cap & NVM_CAP_BPS ? service_boot_info(r) : 0;
	}
	return 0;
}

u64 regs_read(struct rogue *r, u32 offset, u32 len)
{
	u64 v;

	regs_time(r, now_ms());
	if (r->gone || r->knobs.ones)
		return ~0ULL;
	if (offset >= NVM_REG_DBS) {
		if (offset < BAR_MSIX_TABLE)
			breach(r, "a doorbell was read", "offset %x", offset);
		return 0;
	}
	v = read32(r, offset & ~3U) >> (8 * (offset & 3));
	if (len == 8)
		v |= read32(r, (offset & ~3U) + 4) << 32;
	return v;
}

/* 64 bits, or a half of them. */
static void write_address(u64 *base, u32 shift, u64 value, u32 len)
{
	if (len == 8)
		*base = value;
	else
		*base = (*base & ~(0xffffffffULL << shift)) | (value & 0xffffffff) << shift;
}

static void write_queue_address(struct rogue *r, u64 *base, u32 shift, u64 value, u32 len)
{
	if (enabled(r))
		breach(r, "admin queue moved while enabled", "to %llx", (unsigned long long)value);
	write_address(base, shift, value, len);
}

static void subsystem_reset(struct rogue *r)
{
	r->cc = 0;
	regs_reset(r);
	r->csts |= NVM_CSTS_NSSRO;
}

static void write_mask(struct rogue *r, u32 offset, u32 value)
{
	if (!r->msi)
		breach(r, "an interrupt mask was written with MSI-X", "offset %x", offset);
	else if (offset == NVM_REG_INTMS)
		r->intms |= value;
	else
		queue_unmask(r, value);
}

void regs_write(struct rogue *r, u32 offset, u32 len, u64 value)
{
	if (r->gone || r->knobs.deaf)
		return;
	regs_time(r, now_ms());
	if (offset >= NVM_REG_DBS) {
		if (offset >= BAR_MSIX_TABLE)
			return;
		if (len != 4)
			breach(r, "a doorbell was not written as four bytes", "offset %x len %u",
			       offset, len);
		else
			queue_doorbell(r, offset - NVM_REG_DBS, value);
		return;
	}
	if (offset & (len - 1) || len < 4) {
		breach(r, "a register was not written as a whole", "offset %x len %u", offset, len);
		return;
	}
	switch (offset) {
	case NVM_REG_INTMS:
	case NVM_REG_INTMC:
		write_mask(r, offset, value);
		break;
	case NVM_REG_CC:
		write_cc(r, value);
		break;
	case NVM_REG_CSTS:
		if (value & NVM_CSTS_NSSRO)
			r->csts &= ~NVM_CSTS_NSSRO;
		break;
	case NVM_REG_NSSR:
		if (value == NVM_NSSR_RESET && r->cap & NVM_CAP_NSSRS)
			subsystem_reset(r);
		break;
	case NVM_REG_AQA:
		if (enabled(r))
			breach(r, "AQA written while enabled", "%08llx", (unsigned long long)value);
		r->aqa = value;
		break;
	case NVM_REG_ASQ:
	case NVM_REG_ASQ + 4:
		write_queue_address(r, &r->asq, (offset & 4) * 8, value, len);
		break;
	case NVM_REG_ACQ:
	case NVM_REG_ACQ + 4:
		write_queue_address(r, &r->acq, (offset & 4) * 8, value, len);
		break;
	case NVM_REG_BPRSEL:
		service_boot_read(r, value);
		break;
	case NVM_REG_BPMBL:
	case NVM_REG_BPMBL + 4:
		write_address(&r->service.boot_buffer, (offset & 4) * 8, value, len);
		break;
	default:
		breach(r, "a register that cannot be written was", "offset %x value %llx", offset,
		       (unsigned long long)value);
		break;
	}
}

// SPDX-License-Identifier: GPL-2.0
/*
 * The host memory buffer: rogue has no need of it, but can fill it, use it for each I/O
 * command, and see whether it is still what it wrote. A host that takes the memory back too
 * early loses data of its own.
 */
#include "rogue.h"

/* Whether all that was written is still there. */
static bool marks_hold(struct rogue *r)
{
	for (u32 i = 0; i < ARRAY_SIZE(r->hmb_marks); i++) {
		u64 v;

		if (r->hmb_marks[i].addr && (!dma_read(r, r->hmb_marks[i].addr, &v, sizeof(v)) ||
					     v != r->hmb_marks[i].value))
			return false;
	}
	return true;
}

static bool returned_as_it_was(struct rogue *r, bool returned)
{
	if (returned)
		return marks_hold(r);
	memset(r->hmb_marks, 0, sizeof(r->hmb_marks));
	return true;
}

/* An I/O command writes somewhere, and reads what another one wrote. */
void hmb_use(struct rogue *r)
{
	u32 slot = random_below(r, ARRAY_SIZE(r->hmb_marks)), i;
	u64 at;

	if (!r->hmb || !pcie_bus_master(r))
		return;
	if (!marks_hold(r)) {
		breach(r, "host memory buffer was changed by the host", "while it was in use");
		memset(r->hmb_marks, 0, sizeof(r->hmb_marks));
	}
	i = random_below(r, r->nr_hmb);
	at = r->hmb[i].addr + (u64)random_below(r, r->hmb[i].size) * r->page + 8 * slot;
	r->hmb_marks[slot].addr = at;
	r->hmb_marks[slot].value = r->random;
	if (!dma_write(r, at, &r->random, sizeof(r->random))) {
		breach(r, "host memory buffer was unmapped while enabled", "at %llx",
		       (unsigned long long)at);
		r->hmb_marks[slot].addr = 0;
	}
}

static int enable(struct rogue *r, struct cmd *c)
{
	u64 list = (u64)c->sqe.cdw14 << 32 | c->sqe.cdw13, sum = 0;
	u32 nr = c->sqe.cdw15;

	if (r->hmb) {
		breach(r, "host memory buffer enabled twice", "%u descriptors", nr);
		return NVM_SC_CMD_SEQ_ERROR | NVM_STATUS_DNR;
	}
	if (!nr || nr > 65536 || list & 15)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	r->hmb = calloc(nr, sizeof(*r->hmb));
	if (!r->hmb)
		return NVM_SC_INTERNAL;
	r->nr_hmb = nr;
	if (!dma_read(r, list, r->hmb, nr * sizeof(*r->hmb))) {
		breach(r, "host memory buffer's list outside of mapped memory", "at %llx",
		       (unsigned long long)list);
		hmb_forget(r);
		return NVM_SC_DATA_XFER_ERROR;
	}
	for (u32 i = 0; i < nr; i++) {
		const struct nvm_host_mem_buf_desc *d = &r->hmb[i];
		u32 one = 1;

		if (d->addr & (r->page - 1) || !d->size || !dma_span(r, d->addr, &one, true)) {
			breach(r, "host memory buffer that is not there", "at %llx, %u pages",
			       (unsigned long long)d->addr, d->size);
			hmb_forget(r);
			return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
		}
		sum += d->size;
	}
	if (sum != c->sqe.cdw12)
		breach(r, "host memory buffer's size is not that of its parts", "%u, %llu",
		       c->sqe.cdw12, (unsigned long long)sum);
	if (!returned_as_it_was(r, c->sqe.cdw11 & NVM_HOST_MEM_RETURN))
		breach(r, "host memory buffer returned with other content", "at %llx",
		       (unsigned long long)list);
	r->feat.hmb_size = c->sqe.cdw12;
	r->feat.hmb_list = list;
	r->feat.hmb_nr = nr;
	return 0;
}

int hmb_set(struct rogue *r, struct cmd *c)
{
	u32 on = c->sqe.cdw11 & NVM_HOST_MEM_ENABLE;
	int status = 0;

	if (on)
		status = enable(r, c);
	else
		hmb_forget(r);
	if (!status)
		r->feat.dw[NVM_FEAT_HOST_MEM_BUF] = on;
	return status;
}

void hmb_forget(struct rogue *r)
{
	free(r->hmb);
	r->hmb = NULL;
	r->nr_hmb = 0;
	r->feat.hmb_nr = 0;
}

/* One piece: fill it, or compare it. */
static bool piece(struct rogue *r, u64 at, u64 len, u8 value, bool fill)
{
	while (len) {
		u32 n = MIN(len, 1U << 30);
		u8 *p = dma_span(r, at, &n, true);

		if (!p) {
			breach(r, "host memory buffer was unmapped while enabled", "at %llx",
			       (unsigned long long)at);
			return false;
		}
		if (fill) {
			memset(p, value, n);
		} else if (*p != value || memcmp(p, p + 1, n - 1)) {
			breach(r, "host memory buffer was changed by the host", "at %llx",
			       (unsigned long long)at);
			return false;
		}
		at += n;
		len -= n;
	}
	return true;
}

/* {"do":"hmb","fill":165}, {"do":"hmb","check":165} */
const char *hmb_order(struct rogue *r, const struct json *order)
{
	bool fill = json_get(order, "fill");
	u64 value;

	if (!json_number(order, fill ? "fill" : "check", &value) || value > 255)
		return "fill or check, with a byte";
	if (!r->hmb)
		return "the host gave no memory";
	if (fill)
		memset(r->hmb_marks, 0, sizeof(r->hmb_marks));
	if (!pcie_bus_master(r))
		return "the host lets nobody write";
	for (u32 i = 0; i < r->nr_hmb; i++) {
		if (!piece(r, r->hmb[i].addr, (u64)r->hmb[i].size * r->page, value, fill))
			break;
	}
	return NULL;
}

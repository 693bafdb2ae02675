// SPDX-License-Identifier: GPL-2.0
/*
 * Data pointers: PRP entries and lists, SGL descriptors and segments, to pieces of our
 * own memory; each address is checked for its alignment and for being mapped.
 */
#include "rogue.h"

#define MAX_DESCRIPTORS	65536

static int add(struct rogue *r, struct cmd *c, u64 at, u32 len, bool to_host, struct segs *s)
{
	while (len) {
		u32 n = len;
		u8 *p = dma_span(r, at, &n, to_host);

		if (!p) {
			breach(r, "data outside of mapped memory",
			       "queue %u opcode %02x at %llx, %u bytes", c->sq->qid, c->opcode,
			       (unsigned long long)at, len);
			return NVM_SC_DATA_XFER_ERROR;
		}
		if (s->nr == s->room) {
			u32 room = s->room ? 2 * s->room : 256;
			void *v = realloc(s->v, room * sizeof(*s->v));

			if (!v)
				return NVM_SC_INTERNAL;
			s->v = v;
			s->room = room;
		}
		s->v[s->nr++] = (struct seg){ p, n };
		at += n;
		len -= n;
	}
	return 0;
}

static int misaligned(struct rogue *r, struct cmd *c, const char *what, u64 at)
{
	breach(r, what, "queue %u opcode %02x: %llx", c->sq->qid, c->opcode,
	       (unsigned long long)at);
	return NVM_SC_PRP_INVALID_OFFSET | NVM_STATUS_DNR;
}

static int map_prp(struct rogue *r, struct cmd *c, u32 len, bool to_host, struct segs *s)
{
	u32 page = r->page, n;
	u64 list = c->sqe.prp2, entry;
	int status;

	if (c->sqe.prp1 & 3)
		return misaligned(r, c, "PRP1 is not dword aligned", c->sqe.prp1);
	n = MIN(len, page - (u32)(c->sqe.prp1 & (page - 1)));
	status = add(r, c, c->sqe.prp1, n, to_host, s);
	if (status)
		return status;
	len -= n;
	if (!len) {
		if (c->sqe.prp2)
			breach(r, "PRP2 is set though one page is enough", "queue %u opcode %02x",
			       c->sq->qid, c->opcode);
		return 0;
	}
	if (len <= page) {
		if (list & (page - 1))
			return misaligned(r, c, "PRP2 is not page aligned", list);
		return add(r, c, list, len, to_host, s);
	}
	if (list & 7)
		return misaligned(r, c, "PRP list is not qword aligned", list);
	while (len) {
		if (!dma_read(r, list, &entry, sizeof(entry))) {
			breach(r, "PRP list outside of mapped memory", "at %llx",
			       (unsigned long long)list);
			return NVM_SC_DATA_XFER_ERROR;
		}
		/* the last entry of a page leads on, if there is more than it could hold */
		if ((list & (page - 1)) == page - 8 && len > page) {
			if (entry & (page - 1))
				return misaligned(r, c, "next PRP list is not page aligned",
						  entry);
			list = entry;
			continue;
		}
		if (entry & (page - 1))
			return misaligned(r, c, "PRP entry is not page aligned", entry);
		n = MIN(len, page);
		status = add(r, c, entry, n, to_host, s);
		if (status)
			return status;
		len -= n;
		list += 8;
	}
	return 0;
}

static int bad_sgl(struct rogue *r, struct cmd *c, const char *what, u16 status)
{
	breach(r, what, "queue %u opcode %02x", c->sq->qid, c->opcode);
	return status | NVM_STATUS_DNR;
}

static int map_sgl(struct rogue *r, struct cmd *c, struct nvm_sgl_desc d, u32 len, bool to_host,
		   struct segs *s)
{
	u64 at = 0;
	u32 left = 1, seen = 0;
	bool last = false, first = true;
	int status;

	while (left) {
		u8 fmt = d.type & NVM_SGL_TYPE;

		if (++seen > MAX_DESCRIPTORS)
			return bad_sgl(r, c, "too many SGL descriptors", NVM_SC_SGL_INVALID_COUNT);
		if (d.type & NVM_SGL_SUBTYPE)
			return bad_sgl(r, c, "SGL descriptor of an unknown subtype",
				       NVM_SC_SGL_INVALID_TYPE);
		if (fmt == NVM_SGL_FMT_SEG_DESC || fmt == NVM_SGL_FMT_LAST_SEG_DESC) {
			if (left != 1 || last || !d.length || d.length % sizeof(d) || d.addr & 3)
				return bad_sgl(r, c, "SGL segment that cannot be",
					       NVM_SC_SGL_INVALID_LAST);
			at = d.addr;
			left = d.length / sizeof(d);
			last = fmt == NVM_SGL_FMT_LAST_SEG_DESC;
		} else if (fmt == NVM_SGL_FMT_DATA_DESC) {
			if (!first && !last && left == 1)
				return bad_sgl(r, c, "SGL segment without a last one",
					       NVM_SC_SGL_INVALID_LAST);
			if (d.length > len)
				return bad_sgl(r, c, "SGL longer than the data",
					       NVM_SC_SGL_INVALID_DATA);
			status = add(r, c, d.addr, d.length, to_host, s);
			if (status)
				return status;
			len -= d.length;
			left--;
		} else {
			return bad_sgl(r, c, "SGL descriptor of an unknown type",
				       NVM_SC_SGL_INVALID_TYPE);
		}
		if (!left)
			break;
		first = false;
		if (!dma_read(r, at, &d, sizeof(d))) {
			breach(r, "SGL segment outside of mapped memory", "at %llx",
			       (unsigned long long)at);
			return NVM_SC_DATA_XFER_ERROR;
		}
		at += sizeof(d);
	}
	if (len)
		return bad_sgl(r, c, "SGL shorter than the data", NVM_SC_SGL_INVALID_DATA);
	return 0;
}

/* The pieces of @len bytes in @s, which is emptied before. 0, or a status. */
int data_map(struct rogue *r, struct cmd *c, u32 len, bool to_host, struct segs *s)
{
	s->nr = 0;
	if (len > MAX_TRANSFER)
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	if (r->seen_mdts && len > 4096ULL << MIN(r->seen_mdts, 20)) {
		breach(r, "transfer larger than MDTS", "queue %u opcode %02x, %u bytes",
		       c->sq->qid, c->opcode, len);
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	if (!len)
		return 0;
	if (c->sqe.flags & NVM_CMD_PSDT)
		return map_sgl(r, c, c->sqe.sgl, len, to_host, s);
	return map_prp(r, c, len, to_host, s);
}

/* The same for metadata beside the data: one buffer, or what a descriptor says. */
static int meta_map(struct rogue *r, struct cmd *c, u32 len, bool to_host, struct segs *s)
{
	struct nvm_sgl_desc d;

	s->nr = 0;
	if (!(c->sqe.flags & NVM_CMD_PSDT) && c->sqe.mptr & 3) {
		breach(r, "MPTR is not dword aligned", "queue %u opcode %02x: %llx", c->sq->qid,
		       c->opcode, (unsigned long long)c->sqe.mptr);
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
	if ((c->sqe.flags & NVM_CMD_PSDT) != NVM_CMD_SGL_METASEG)
		return add(r, c, c->sqe.mptr, len, to_host, s);
	if (c->sqe.mptr & 7 || !dma_read(r, c->sqe.mptr, &d, sizeof(d))) {
		breach(r, "SGL segment outside of mapped memory", "at %llx",
		       (unsigned long long)c->sqe.mptr);
		return NVM_SC_DATA_XFER_ERROR;
	}
	return map_sgl(r, c, d, len, to_host, s);
}

static void scatter(const struct segs *s, const u8 *from)
{
	for (u32 i = 0; i < s->nr; i++) {
		memcpy(s->v[i].p, from, s->v[i].len);
		from += s->v[i].len;
	}
}

static void gather(const struct segs *s, u8 *to)
{
	for (u32 i = 0; i < s->nr; i++) {
		memcpy(to, s->v[i].p, s->v[i].len);
		to += s->v[i].len;
	}
}

/* To the host. */
int data_out(struct rogue *r, struct cmd *c, const void *from, u32 len)
{
	int status = data_map(r, c, len, true, &r->segs);

	if (!status)
		scatter(&r->segs, from);
	return status;
}

int meta_out(struct rogue *r, struct cmd *c, const void *from, u32 len)
{
	int status = meta_map(r, c, len, true, &r->segs);

	if (!status)
		scatter(&r->segs, from);
	return status;
}

/* From the host. */
int data_in(struct rogue *r, struct cmd *c, void *to, u32 len)
{
	int status = data_map(r, c, len, false, &r->segs);

	if (!status)
		gather(&r->segs, to);
	return status;
}

int meta_in(struct rogue *r, struct cmd *c, void *to, u32 len)
{
	int status = meta_map(r, c, len, false, &r->segs);

	if (!status)
		gather(&r->segs, to);
	return status;
}

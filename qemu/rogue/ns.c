// SPDX-License-Identifier: GPL-2.0
/*
 * Namespaces: their memory, their volatile write cache, and how they come and go.
 *
 * The cache keeps what a block held before it was written. A flush forgets it, a power
 * cut puts it back: what is lost then is exactly what was neither flushed nor FUA.
 */
#define _GNU_SOURCE
#include "rogue.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CACHE_BLOCKS	(1U << 20)	/* a full cache is destaged */

struct ns *ns_find(struct rogue *r, u32 nsid)
{
	for (u32 i = 0; i < MAX_NS; i++) {
		if (r->ns[i] && r->ns[i]->nsid == nsid)
			return r->ns[i];
	}
	return NULL;
}

struct ns *ns_attached(struct rogue *r, u32 nsid)
{
	struct ns *n = ns_find(r, nsid);

	return n && n->attached ? n : NULL;
}

static void *reserve(u64 bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static u64 whole_pages(u64 bytes)
{
	return (bytes + 4095) & ~4095ULL;
}

/* One byte each 8 blocks, for the smallest blocks that there are. */
static u64 map_bytes(u64 bytes)
{
	return whole_pages(bytes / 512 / 8 + 1);
}

static void *file_memory(const char *file, u64 *bytes)
{
	int fd = open(file, O_RDWR | O_CLOEXEC);
	struct stat st;
	void *p;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) || st.st_size < 4096) {
		close(fd);
		return NULL;
	}
	*bytes = st.st_size & ~4095ULL;
	p = mmap(NULL, *bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return p == MAP_FAILED ? NULL : p;
}

/* ---- formats ------------------------------------------------------------------------------ */

const struct format ns_formats[NR_FORMATS] = {
	{ 9, 0, false }, { 12, 0, false }, { 9, 8, false }, { 12, 8, false }, { 12, 64, false },
	/* with guards of 64 bits, from version 2.0 on */
	{ 12, 16, true }, { 9, 16, true },
};

u32 ns_nr_formats(const struct rogue *r)
{
	return r->version >= NVM_VS(2, 0, 0) ? NR_FORMATS : NR_FORMATS - 2;
}

static u64 meta_bytes(const struct ns *n)
{
	return whole_pages((n->bytes >> n->shift) * n->ms);
}

static void meta_free(struct ns *n)
{
	if (n->meta)
		munmap(n->meta, meta_bytes(n));
	if (n->meta_before)
		munmap(n->meta_before, meta_bytes(n));
	n->meta = NULL;
	n->meta_before = NULL;
}

/* All data is gone then. False: there is no memory for the metadata, and none of it. */
bool ns_set_format(struct ns *n, u8 index, u8 pi, bool pi_first, bool extended)
{
	const struct format *f = &ns_formats[index];

	ns_wipe(n);
	meta_free(n);
	n->format = index;
	n->shift = f->shift;
	n->ms = f->ms;
	n->guard64 = f->guard64;
	n->pi = pi;
	n->pi_first = pi_first;
	n->extended = extended && f->ms;
	n->blocks = n->bytes >> n->shift;
	if (!n->ms)
		return true;
	n->meta = reserve(meta_bytes(n));
	n->meta_before = reserve(meta_bytes(n));
	if (n->meta && n->meta_before)
		return true;
	meta_free(n);
	n->ms = 0;
	n->pi = 0;
	return false;
}

/*
 * Protection information that was never written is all ones, which nobody checks: it is
 * kept the other way round, so that memory that is all zeroes says so.
 */
static void meta_copy(const struct ns *n, u8 *to, const u8 *from, u64 len)
{
	for (u64 i = 0; i < len; i++)
		to[i] = n->pi ? ~from[i] : from[i];
}

void ns_meta_get(const struct ns *n, u64 block, u64 nr, u8 *to)
{
	meta_copy(n, to, n->meta + block * n->ms, nr * n->ms);
}

void ns_meta_put(struct ns *n, u64 block, u64 nr, const u8 *from)
{
	meta_copy(n, n->meta + block * n->ms, from, nr * n->ms);
}

static void ns_free(struct ns *n)
{
	meta_free(n);
	if (n->data)
		munmap(n->data, whole_pages(n->bytes));
	if (n->before)
		munmap(n->before, whole_pages(n->bytes));
	if (n->dirty)
		munmap(n->dirty, map_bytes(n->bytes));
	if (n->bad)
		munmap(n->bad, map_bytes(n->bytes));
	free(n->dirty_list);
	free(n);
}

/* @file: what it holds, and its size; else memory. NULL: no room, or no such file. */
struct ns *ns_add(struct rogue *r, u32 nsid, u64 bytes, u8 shift, const char *file)
{
	struct ns *n;
	u32 at = 0;

	bytes &= ~4095ULL;
	if (!nsid || nsid > r->nn || ns_find(r, nsid) || (!file && !bytes) || bytes > NS_BYTES_MAX)
		return NULL;
	while (at < MAX_NS && r->ns[at] && r->ns[at]->nsid < nsid)
		at++;
	if (r->ns[MAX_NS - 1])
		return NULL;
	n = calloc(1, sizeof(*n));
	if (!n)
		return NULL;
	n->data = file ? file_memory(file, &bytes) : reserve(bytes);
	n->bytes = bytes;
	n->file = file;
	if (n->data) {
		n->before = reserve(bytes);
		n->dirty = reserve(map_bytes(bytes));
		n->bad = reserve(map_bytes(bytes));
	}
	if (!n->data || !n->before || !n->dirty || !n->bad) {
		ns_free(n);
		return NULL;
	}
	n->nsid = nsid;
	n->format = shift == 12;
	n->shift = shift;
	n->blocks = bytes >> shift;
	memcpy(n->nguid, "\x6e\x76\x6d\x71rogue-ns", 12);
	memcpy(n->nguid + 4, r->name, strnlen(r->name, 8));
	memcpy(n->nguid + 12, &nsid, 4);
	memcpy(n->eui64, "\x02\x72\x6f\x67", 4);
	memcpy(n->eui64 + 1, r->name, strnlen(r->name, 3));
	memcpy(n->eui64 + 4, &nsid, 4);
	memcpy(n->uuid, n->nguid, 16);
	n->uuid[6] = 0x40;
	n->uuid[8] = 0x80;
	memmove(r->ns + at + 1, r->ns + at, (MAX_NS - at - 1) * sizeof(*r->ns));
	r->ns[at] = n;
	return n;
}

void ns_remove(struct rogue *r, struct ns *n)
{
	for (u32 i = 0; i < MAX_NS; i++) {
		if (r->ns[i] != n)
			continue;
		memmove(r->ns + i, r->ns + i + 1, (MAX_NS - i - 1) * sizeof(*r->ns));
		r->ns[MAX_NS - 1] = NULL;
		ns_free(n);
		return;
	}
}

static bool grow(void *p, u64 was, u64 is)
{
	void *new = mremap(*(void **)p, was, is, MREMAP_MAYMOVE);

	if (new == MAP_FAILED)
		return false;
	*(void **)p = new;
	return true;
}

/* What is cut off is gone. What is in a file does not grow. */
bool ns_resize(struct ns *n, u64 bytes)
{
	u64 was = n->bytes, meta;

	bytes &= ~4095ULL;
	if (!bytes || bytes > NS_BYTES_MAX || (n->file && bytes > was))
		return false;
	ns_flush(n);
	if (!grow(&n->data, was, bytes) || !grow(&n->before, was, bytes) ||
	    !grow(&n->dirty, map_bytes(was), map_bytes(bytes)) ||
	    !grow(&n->bad, map_bytes(was), map_bytes(bytes)))
		exit(1);
	meta = meta_bytes(n);
	n->bytes = bytes;
	if (n->ms && (!grow(&n->meta, meta, meta_bytes(n)) ||
		      !grow(&n->meta_before, meta, meta_bytes(n))))
		exit(1);
	n->blocks = bytes >> n->shift;
	return true;
}

/* Tells the host, and remembers it for the log page. */
void ns_changed(struct rogue *r, u32 nsid)
{
	u32 i;

	for (i = 0; i < r->nr_changed_ns; i++) {
		if (r->changed_ns[i] >= nsid)
			break;
	}
	if (i == r->nr_changed_ns || r->changed_ns[i] != nsid) {
		if (r->nr_changed_ns == NVM_CHANGED_NS_MAX)
			return;
		memmove(r->changed_ns + i + 1, r->changed_ns + i,
			(r->nr_changed_ns++ - i) * sizeof(u32));
		r->changed_ns[i] = nsid;
	}
	if (r->feat.dw[NVM_FEAT_ASYNC_EVENT] & NVM_AEN_CFG_NS_ATTR)
		event_post(r, NVM_AER_NOTICE, NVM_AER_NOTICE_NS_CHANGED, NVM_LOG_CHANGED_NS);
}

/* ---- volatile write cache -------------------------------------------------------------- */

/* Before blocks are written. @stable: past the cache (FUA), or there is none in use. */
void ns_touch(struct rogue *r, struct ns *n, u64 block, u64 nr, bool stable)
{
	if (!r->vwc || !(r->feat.dw[NVM_FEAT_VOLATILE_WC] & NVM_FEAT_VWC_WCE))
		stable = true;
	for (u64 b = block; b < block + nr; b++) {
		if (stable) {
			if (n->nr_dirty)
				bit_clear(n->dirty, b);
			continue;
		}
		if (bit_test(n->dirty, b))
			continue;
		if (n->nr_dirty == n->dirty_room) {
			u64 room = n->dirty_room ? 2 * n->dirty_room : 1024;
			void *v = room <= CACHE_BLOCKS ?
				  realloc(n->dirty_list, room * sizeof(u64)) : NULL;

			if (!v) {
				ns_flush(n);
				if (!n->dirty_room)
					continue;
			} else {
				n->dirty_list = v;
				n->dirty_room = room;
			}
		}
		memcpy(n->before + (b << n->shift), n->data + (b << n->shift), 1ULL << n->shift);
		if (n->ms)
			memcpy(n->meta_before + b * n->ms, n->meta + b * n->ms, n->ms);
		bit_set(n->dirty, b);
		n->dirty_list[n->nr_dirty++] = b;
	}
}

void ns_flush(struct ns *n)
{
	for (u64 i = 0; i < n->nr_dirty; i++)
		bit_clear(n->dirty, n->dirty_list[i]);
	n->nr_dirty = 0;
}

/*
 * Puts back what was not stable; says how many blocks that were. The cache may have written
 * some of it out already: a block stays with a probability of @keep percent.
 */
u64 ns_powerfail(struct rogue *r, struct ns *n, u32 keep)
{
	u64 lost = 0;

	for (u64 i = 0; i < n->nr_dirty; i++) {
		u64 b = n->dirty_list[i];

		if (!bit_test(n->dirty, b))
			continue;
		bit_clear(n->dirty, b);
		if (keep && random_below(r, 100) < keep)
			continue;
		memcpy(n->data + (b << n->shift), n->before + (b << n->shift), 1ULL << n->shift);
		if (n->ms)
			memcpy(n->meta + b * n->ms, n->meta_before + b * n->ms, n->ms);
		lost++;
	}
	n->nr_dirty = 0;
	return lost;
}

void ns_clear_bad(struct ns *n, u64 block, u64 nr)
{
	for (u64 b = block; b < block + nr; b++)
		bit_clear(n->bad, b);
}

/* Deallocated blocks read as zeroes, and a power cut does not bring them back. */
void ns_clear(struct rogue *r, struct ns *n, u64 block, u64 nr)
{
	u64 from = block << n->shift, to = (block + nr) << n->shift;
	u64 page = (from + 4095) & ~4095ULL, end = to & ~4095ULL;

	ns_touch(r, n, block, nr, true);
	ns_clear_bad(n, block, nr);
	if (n->ms)
		memset(n->meta + block * n->ms, 0, nr * n->ms);
	if (page >= end) {
		memset(n->data + from, 0, to - from);
		return;
	}
	memset(n->data + from, 0, page - from);
	memset(n->data + end, 0, to - end);
	if (madvise(n->data + page, end - page, MADV_REMOVE))
		madvise(n->data + page, end - page, MADV_DONTNEED);
}

/* All data is gone. */
void ns_wipe(struct ns *n)
{
	ns_flush(n);
	/* a file keeps its blocks, memory goes back */
	if (madvise(n->data, n->bytes, MADV_REMOVE))
		madvise(n->data, n->bytes, MADV_DONTNEED);
	memset(n->bad, 0, map_bytes(n->bytes));
	if (n->ms)
		madvise(n->meta, meta_bytes(n), MADV_DONTNEED);
}

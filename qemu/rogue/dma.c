// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of the guest: windows from its addresses into shared files.
 *
 * Behind an IOMMU there are as many windows as there are mappings of one page, so a
 * file is mapped once and windows only point into it.
 */
#include "rogue.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct backing *backing_get(struct rogue *r, int fd)
{
	struct backing *b, *free = NULL;
	struct stat st;
	u32 i;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size <= 0)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(r->dma.backings); i++) {
		b = &r->dma.backings[i];
		if (!b->users)
			free = b;
		else if (b->dev == st.st_dev && b->ino == st.st_ino && b->size == (u64)st.st_size)
			return b->users++, b;
	}
	if (!free)
		return NULL;
	free->base = mmap(NULL, st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (free->base == MAP_FAILED)
		return NULL;
	free->dev = st.st_dev;
	free->ino = st.st_ino;
	free->size = st.st_size;
	free->users = 1;
	return free;
}

static void backing_put(struct backing *b)
{
	if (b && !--b->users)
		munmap(b->base, b->size);
}

/* The first window that ends behind @iova. */
static u32 find(const struct dma *d, u64 iova)
{
	u32 lo = 0, hi = d->nr;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (d->windows[mid].iova + d->windows[mid].size - 1 < iova)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* @fd stays the caller's; -1 for memory that is not shared. 0, or an errno. */
int dma_add(struct rogue *r, u64 iova, u64 size, u64 offset, int fd, bool writable)
{
	struct dma *d = &r->dma;
	struct window w = { .iova = iova, .size = size, .writable = writable };
	u32 at;

	if (!size || iova + size - 1 < iova)
		return EINVAL;
	at = find(d, iova);
	if (at < d->nr && d->windows[at].iova <= iova + size - 1)
		return EEXIST;
	if (d->nr == d->room) {
		u32 room = d->room ? 2 * d->room : 64;
		void *v = room <= 1 << 20 ? realloc(d->windows, room * sizeof(w)) : NULL;

		if (!v)
			return ENOMEM;
		d->windows = v;
		d->room = room;
	}
	if (fd >= 0) {
		w.backing = backing_get(r, fd);
		if (!w.backing)
			return EINVAL;
		if (offset > w.backing->size || size > w.backing->size - offset) {
			backing_put(w.backing);
			return EINVAL;
		}
		w.host = w.backing->base + offset;
	}
	memmove(d->windows + at + 1, d->windows + at, (d->nr - at) * sizeof(w));
	d->windows[at] = w;
	d->nr++;
	return 0;
}

/* Whole windows within the range; one that sticks out is an error. */
int dma_remove(struct rogue *r, u64 iova, u64 size)
{
	struct dma *d = &r->dma;
	u32 at, end;

	if (!size || iova + size - 1 < iova)
		return EINVAL;
	at = find(d, iova);
	for (end = at; end < d->nr && d->windows[end].iova <= iova + size - 1; end++) {
		const struct window *w = &d->windows[end];

		if (w->iova < iova || w->iova + w->size - 1 > iova + size - 1)
			return EINVAL;
	}
	if (end == at)
		return ENOENT;
	for (u32 i = at; i < end; i++)
		backing_put(d->windows[i].backing);
	memmove(d->windows + at, d->windows + end, (d->nr - end) * sizeof(*d->windows));
	d->nr -= end - at;
	return 0;
}

void dma_remove_all(struct rogue *r)
{
	for (u32 i = 0; i < r->dma.nr; i++)
		backing_put(r->dma.windows[i].backing);
	free(r->dma.windows);
	r->dma.windows = NULL;
	r->dma.nr = 0;
	r->dma.room = 0;
	r->dma.last = 0;
}

/*
 * The memory at @iova: *@len is shortened to what is contiguous there. NULL when the host
 * did not map it, or not for writing.
 */
void *dma_span(struct rogue *r, u64 iova, u32 *len, bool write)
{
	struct dma *d = &r->dma;
	const struct window *w;
	u32 at = d->last;
	u64 left;

	if (at >= d->nr || iova < d->windows[at].iova ||
	    iova - d->windows[at].iova >= d->windows[at].size) {
		at = find(d, iova);
		if (at >= d->nr || iova < d->windows[at].iova)
			return NULL;
		d->last = at;
	}
	w = &d->windows[at];
	if (!w->host || (write && !w->writable))
		return NULL;
	left = w->size - (iova - w->iova);
	if (left < *len)
		*len = left;
	return w->host + (iova - w->iova);
}

static bool copy(struct rogue *r, u64 iova, u8 *buf, u32 len, bool write)
{
	while (len) {
		u32 n = len;
		u8 *p = dma_span(r, iova, &n, write);

		if (!p)
			return false;
		if (write)
			memcpy(p, buf, n);
		else
			memcpy(buf, p, n);
		iova += n;
		buf += n;
		len -= n;
	}
	return true;
}

bool dma_read(struct rogue *r, u64 iova, void *to, u32 len)
{
	return copy(r, iova, to, len, false);
}

bool dma_write(struct rogue *r, u64 iova, const void *from, u32 len)
{
	return copy(r, iova, (u8 *)from, len, true);
}

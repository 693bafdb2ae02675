/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PRP lists (NVMe Base 4.1.1). Pure: the unit tests run it against a model that walks the lists.
 *
 * A transfer is cut at the controller's page boundaries. The first entry may have an offset, the
 * others have none. One entry: PRP1. Two: PRP1 and PRP2. More: PRP2 points to a list. A list that
 * is longer than its page goes on in another one, whose address stands in the page's last slot.
 */
#ifndef _NVMQ_PRP_H
#define _NVMQ_PRP_H

#include <linux/types.h>

#include <nvme/types.h>

/**
 * nvmq_prp_entries - how many pages of the controller a transfer touches
 * @offset: offset of its first byte in a page
 * @len: bytes, at least one
 * @shift: log2 of the controller's page size
 *
 * Return: number of PRP entries, PRP1 included.
 */
static inline u32 nvmq_prp_entries(u32 offset, u32 len, u8 shift)
{
	return (offset + len + (1U << shift) - 1) >> shift;
}

/**
 * nvmq_prp_list_pages - how many pages of list hold that many entries
 * @entries: entries of the list, PRP1 not included, at least one
 * @shift: log2 of the controller's page size, which is a list page's size as well
 *
 * Each page but the last gives one slot to the chain.
 *
 * Return: pages.
 */
static inline u32 nvmq_prp_list_pages(u32 entries, u8 shift)
{
	u32 slots = 1U << (shift - 3);

	if (entries <= slots)
		return 1;
	return (entries - 1 + slots - 2) / (slots - 1);
}

/**
 * struct nvmq_prp - a place in a list, for writing it and for reading it back
 * @slot: next slot
 * @last: last slot of this page, the chain's if more than one entry is left
 * @pages: the pages after this one
 * @left: entries that follow
 * @shift: log2 of the controller's page size
 */
struct nvmq_prp {
	__le64 *slot;
	__le64 *last;
	__le64 *const *pages;
	u32 left;
	u8 shift;
};

/**
 * nvmq_prp_start_short - start in a list that needs no chain
 * @p: place
 * @list: room for @entries
 * @entries: entries of the list
 * @shift: log2 of the controller's page size
 */
static inline void nvmq_prp_start_short(struct nvmq_prp *p, __le64 *list, u32 entries, u8 shift)
{
	p->slot = list;
	p->last = NULL;
	p->pages = NULL;
	p->left = entries;
	p->shift = shift;
}

/**
 * nvmq_prp_start - start in a list of whole pages
 * @p: place
 * @pages: nvmq_prp_list_pages() pages, chained by nvmq_prp_chain()
 * @entries: entries of the list
 * @shift: log2 of the controller's page size
 */
static inline void nvmq_prp_start(struct nvmq_prp *p, __le64 *const *pages, u32 entries, u8 shift)
{
	p->slot = pages[0];
	p->last = pages[0] + (1U << (shift - 3)) - 1;
	p->pages = pages + 1;
	p->left = entries;
	p->shift = shift;
}

/**
 * nvmq_prp_chain - make one page of list point to the next
 * @page: a page that is not the last
 * @next: bus address of the following one
 * @shift: log2 of the controller's page size
 */
static inline void nvmq_prp_chain(__le64 *page, u64 next, u8 shift)
{
	page[(1U << (shift - 3)) - 1] = cpu_to_le64(next);
}

/* The slot of the next entry, stepping over a chain. The caller looks at p->left first. */
static inline __le64 *nvmq_prp_next(struct nvmq_prp *p)
{
	if (p->slot == p->last && p->left > 1) {
		p->slot = *p->pages++;
		p->last = p->slot + (1U << (p->shift - 3)) - 1;
	}
	p->left--;
	return p->slot++;
}

/**
 * nvmq_prp_put - append a run of bytes that starts on a page boundary
 * @p: place
 * @addr: bus address, a multiple of the page size
 * @len: bytes; only the transfer's last run may end within a page
 *
 * Return: false if the list has no room: the run is longer than what was announced.
 */
static inline bool nvmq_prp_put(struct nvmq_prp *p, u64 addr, u32 len)
{
	u32 entries = nvmq_prp_entries(0, len, p->shift);

	if (entries > p->left)
		return false;
	while (entries--) {
		*nvmq_prp_next(p) = cpu_to_le64(addr);
		addr += 1U << p->shift;
	}
	return true;
}

/**
 * nvmq_prp_get - read back where a run of bytes starts, and step over it
 * @p: place
 * @len: bytes of the run, as given to nvmq_prp_put()
 * @addr: filled with its bus address
 *
 * Return: false if the list is at its end.
 */
static inline bool nvmq_prp_get(struct nvmq_prp *p, u32 len, u64 *addr)
{
	u32 entries = nvmq_prp_entries(0, len, p->shift);

	if (!entries || entries > p->left)
		return false;
	*addr = le64_to_cpu(*nvmq_prp_next(p));
	while (--entries)
		nvmq_prp_next(p);
	return true;
}

#endif /* _NVMQ_PRP_H */

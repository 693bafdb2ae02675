/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A controller that walks PRP lists by the letter of NVMe Base 4.1.1 and writes down which bytes
 * it would move. It refuses what the specification forbids. How it reads memory is the caller's.
 */
#ifndef NVMQ_WALKER_H
#define NVMQ_WALKER_H

#include "tap.h"

struct walked {
	uint64_t bus;
	uint32_t len;
};

#define WALK_MAX 16384

/* Reads entry @bus of a list; false if the host gave no memory there. */
typedef bool (*walk_read_t)(uint64_t bus, uint64_t *entry);

static struct walked walk_runs[WALK_MAX];
static unsigned int walk_nr;

static inline const char *walk_add(uint64_t bus, uint32_t len)
{
	struct walked *last = walk_nr ? &walk_runs[walk_nr - 1] : NULL;

	/* neighbours are one run: the data is what counts */
	if (last && last->bus + last->len == bus) {
		last->len += len;
		return NULL;
	}
	if (walk_nr == WALK_MAX)
		return "too many runs";
	walk_runs[walk_nr].bus = bus;
	walk_runs[walk_nr++].len = len;
	return NULL;
}

/* Returns what is wrong, or NULL. */
static inline const char *walk_prp(uint64_t prp1, uint64_t prp2, uint32_t len, unsigned int shift,
				   walk_read_t read)
{
	uint64_t page = 1ULL << shift, mask = page - 1, entry, at;
	uint32_t part = page - (prp1 & mask);
	const char *wrong;

	walk_nr = 0;
	if (prp1 & 3)
		return "PRP1 is not dword aligned";
	if (part > len)
		part = len;
	wrong = walk_add(prp1, part);
	if (wrong)
		return wrong;
	len -= part;
	if (!len)
		return prp2 ? "PRP2 is reserved but set" : NULL;

	if (len <= page) {
		if (prp2 & mask)
			return "PRP2 is an entry with an offset";
		return walk_add(prp2, len);
	}

	/* a list: its first entry may have an offset into its page, qword aligned */
	if (prp2 & 7)
		return "the list is not qword aligned";
	at = prp2;
	while (len) {
		if (!read(at, &entry))
			return "the list is not where it should be";
		if (entry & mask)
			return "an entry of the list has an offset";
		/* the last slot of a page chains, if what is left needs more than one entry */
		if ((at & mask) == page - 8 && len > page) {
			at = entry;
			continue;
		}
		part = len < page ? len : page;
		wrong = walk_add(entry, part);
		if (wrong)
			return wrong;
		len -= part;
		at += 8;
	}
	return NULL;
}

#endif

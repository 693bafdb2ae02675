// SPDX-License-Identifier: GPL-2.0
/*
 * The PRP list builder against a controller that walks what it built (walker.h).
 *
 * Seen red: list_pages() rounded down; the chain one slot early and one late; the step over a
 * chain left out for the last entry; put() one page short.
 */
#include "walker.h"
#include "prp.h"

#define PAGES_MAX 8

static const u8 shifts[] = { 12, 13, 14, 16 };

/* List memory: pages of the controller's size at bus addresses that are no neighbours. */
static __le64 *pages[PAGES_MAX];
static unsigned int page_shift;

static u64 page_bus(unsigned int i)
{
	return (0x100ULL + 3 * i) << 32;
}

static bool read_list(uint64_t bus, uint64_t *entry)
{
	unsigned int i;

	for (i = 0; i < PAGES_MAX; i++)
		if (pages[i] && bus >= page_bus(i) && bus < page_bus(i) + (1ULL << page_shift)) {
			*entry = le64_to_cpu(pages[i][(bus - page_bus(i)) / 8]);
			return true;
		}
	return false;
}

struct segment {
	u64 bus;
	u32 len;
};

/*
 * Builds the list of segments as dma.c does and lets the controller walk it. All but the first
 * segment start on a page boundary, all but the last end on one.
 */
static const char *build_and_walk(const struct segment *seg, unsigned int nr, u8 shift)
{
	u32 page = 1U << shift, offset = seg[0].bus & (page - 1), len = 0, entries, i;
	u32 first = page - offset, nr_pages = 0;
	const char *wrong;
	struct nvmq_prp p;
	u64 prp2 = 0;

	for (i = 0; i < nr; i++)
		len += seg[i].len;
	if (first > seg[0].len)
		first = seg[0].len;
	entries = nvmq_prp_entries(offset, len, shift) - 1;
	page_shift = shift;

	if (entries <= 1) {
		nvmq_prp_start_short(&p, (__le64 *)&prp2, entries, shift);
	} else {
		nr_pages = nvmq_prp_list_pages(entries, shift);
		if (nr_pages > PAGES_MAX)
			return "too many list pages";
		for (i = 0; i < nr_pages; i++) {
			/* just as long as a page, so that ASan sees one entry too many */
			pages[i] = malloc(page);
			memset(pages[i], 0x5a, page);
			if (i)
				nvmq_prp_chain(pages[i - 1], page_bus(i), shift);
		}
		prp2 = page_bus(0);
		nvmq_prp_start(&p, pages, entries, shift);
	}

	wrong = NULL;
	for (i = 0; i < nr && !wrong; i++) {
		u32 skip = i ? 0 : first;

		if (seg[i].len != skip && !nvmq_prp_put(&p, seg[i].bus + skip, seg[i].len - skip))
			wrong = "the list is full too early";
	}
	if (!wrong && p.left)
		wrong = "entries are left";
	if (!wrong && nvmq_prp_put(&p, 0, 1))
		wrong = "a full list takes more";
	if (!wrong)
		wrong = walk_prp(seg[0].bus, le64_to_cpu((__le64)prp2), len, shift, read_list);

	/* what the controller moves is what the host gave, byte by byte */
	if (!wrong) {
		unsigned int run = 0, at = 0;

		for (i = 0; i < nr && !wrong; i++) {
			u32 done = 0;

			while (done < seg[i].len && !wrong) {
				u32 part = walk_runs[run].len - at;

				if (part > seg[i].len - done)
					part = seg[i].len - done;
				if (run >= walk_nr || walk_runs[run].bus + at != seg[i].bus + done)
					wrong = "the controller moves other bytes";
				done += part;
				at += part;
				if (at == walk_runs[run].len) {
					run++;
					at = 0;
				}
			}
		}
		if (!wrong && run != walk_nr)
			wrong = "the controller moves more bytes";
	}

	/* and back: the list says where each segment was */
	if (!wrong && entries) {
		if (nr_pages)
			nvmq_prp_start(&p, pages, entries, shift);
		else
			nvmq_prp_start_short(&p, (__le64 *)&prp2, entries, shift);
		for (i = 0; i < nr && !wrong; i++) {
			u32 skip = i ? 0 : first;
			u64 bus = 0;

			if (seg[i].len == skip)
				continue;
			if (!nvmq_prp_get(&p, seg[i].len - skip, &bus) || bus != seg[i].bus + skip)
				wrong = "a segment is read back from elsewhere";
		}
		if (!wrong && nvmq_prp_get(&p, 1, &(u64){ 0 }))
			wrong = "the list goes on after its end";
	}

	for (i = 0; i < nr_pages; i++) {
		free(pages[i]);
		pages[i] = NULL;
	}
	return wrong;
}

#define EXPECT_BUILDS(seg, nr, shift) do {						\
	const char *wrong = build_and_walk(seg, nr, shift);				\
	if (wrong)									\
		TAP_FAIL("%s: page %u, bus %#llx, %u bytes, %u segments", wrong,	\
			 1U << (shift), (unsigned long long)(seg)[0].bus, (seg)[0].len, nr); \
} while (0)

TEST(entries, "the count of entries is the count of pages touched")
{
	unsigned int s, offset, len;

	for (s = 0; s < sizeof(shifts); s++)
		for (offset = 0; offset < 1U << shifts[s]; offset += 508)
			for (len = 1; len < 5U << shifts[s]; len += 511) {
				u32 last = (offset + len - 1) >> shifts[s];

				EXPECT_EQ(nvmq_prp_entries(offset, len, shifts[s]), last + 1);
			}
}

TEST(list_pages, "a list has as many pages as its entries and chains need, and no more")
{
	unsigned int s, entries;

	for (s = 0; s < sizeof(shifts); s++) {
		u32 slots = 1U << (shifts[s] - 3);

		for (entries = 1; entries < 6 * slots; entries++) {
			u32 pages = nvmq_prp_list_pages(entries, shifts[s]);

			/* each chain takes a slot */
			EXPECT(pages * slots - (pages - 1) >= entries);
			if (pages > 1)
				EXPECT((pages - 1) * slots - (pages - 2) < entries);
		}
	}
	/* what nvmq_req.h makes room for: 8 MiB at any offset, in pages of 4 KiB */
	EXPECT_EQ(nvmq_prp_list_pages(nvmq_prp_entries(4092, 8 << 20, 12) - 1, 12), 5);
}

TEST(offsets, "every dword offset of the first page, lengths around one, two and three pages")
{
	unsigned int s, offset, n;
	int around;

	for (s = 0; s < sizeof(shifts); s++) {
		u32 page = 1U << shifts[s];

		for (offset = 0; offset < page; offset += 4)
			for (n = 1; n <= 3; n++)
				for (around = -4; around <= 4; around += 4) {
					struct segment seg = {
						.bus = 0x123400000000ULL + offset,
						.len = n * page - offset + around,
					};

					if ((int)seg.len > 0 && seg.len <= 8U << 20)
						EXPECT_BUILDS(&seg, 1, shifts[s]);
				}
	}
}

TEST(lengths, "every count of 512-byte blocks up to 1 MiB, from five offsets")
{
	static const u32 offsets[] = { 0, 4, 512, 2048, 4092 };
	unsigned int o;
	u32 len;

	for (o = 0; o < sizeof(offsets) / sizeof(offsets[0]); o++)
		for (len = 512; len <= 1 << 20; len += 512) {
			struct segment seg = { .bus = 0x9000000000ULL + offsets[o], .len = len };

			EXPECT_BUILDS(&seg, 1, 12);
		}
}

TEST(one_byte, "blocks of one byte: lengths 1 to 8193 from each end of a page")
{
	u32 len;

	for (len = 1; len <= 8193; len++) {
		struct segment front = { .bus = 0x77000, .len = len };
		struct segment back = { .bus = 0x77ffc, .len = len };

		EXPECT_BUILDS(&front, 1, 12);
		EXPECT_BUILDS(&back, 1, 12);
	}
}

TEST(chains, "list pages that are exactly full, one less and one more, up to 8 MiB")
{
	unsigned int s, n;
	int around;

	for (s = 0; s < sizeof(shifts); s++) {
		u32 page = 1U << shifts[s], slots = page / 8;

		for (n = 1; n <= 5; n++)
			for (around = -2; around <= 2; around++) {
				/* entries of the list when n pages are full */
				u64 entries = (u64)n * slots - (n - 1) + around;
				u64 len = (entries + 1) * page;
				struct segment seg = { .bus = 0x5000000000ULL };

				if (len > 8 << 20)
					continue;
				seg.len = len;
				EXPECT_BUILDS(&seg, 1, shifts[s]);
				seg.len = len - page + 1;
				EXPECT_BUILDS(&seg, 1, shifts[s]);
				seg.bus += page - 4;
				EXPECT_BUILDS(&seg, 1, shifts[s]);
			}
	}
}

TEST(large, "4 MiB and 8 MiB at every 512-byte offset, every page size")
{
	unsigned int s, offset;

	for (s = 0; s < sizeof(shifts); s++)
		for (offset = 0; offset < 1U << shifts[s]; offset += 512) {
			struct segment four = { .bus = 0x3300000000ULL + offset, .len = 4 << 20 };
			struct segment eight = { .bus = 0x3300000000ULL + offset, .len = 8 << 20 };

			EXPECT_BUILDS(&four, 1, shifts[s]);
			EXPECT_BUILDS(&eight, 1, shifts[s]);
		}
}

TEST(short_list, "a list that needs no chain may start anywhere in a page")
{
	__le64 list[32];
	struct nvmq_prp p;
	unsigned int n, i;

	for (n = 2; n <= 32; n++) {
		nvmq_prp_start_short(&p, list, n, 12);
		for (i = 0; i < n; i++)
			EXPECT(nvmq_prp_put(&p, 0x1000 * (i + 7), 4096));
		EXPECT(!nvmq_prp_put(&p, 0x1000, 4096));
		for (i = 0; i < n; i++)
			EXPECT_EQ(le64_to_cpu(list[i]), 0x1000 * (i + 7));
	}
}

TEST(too_long, "a run that is longer than announced is refused and writes nothing")
{
	__le64 list[4] = { 0 };
	struct nvmq_prp p;

	nvmq_prp_start_short(&p, list, 3, 12);
	EXPECT(!nvmq_prp_put(&p, 0x1000, 4 * 4096));
	EXPECT(!nvmq_prp_put(&p, 0x1000, 3 * 4096 + 1));
	EXPECT_EQ(list[0], 0);
	EXPECT(nvmq_prp_put(&p, 0x1000, 3 * 4096));
	EXPECT_EQ(list[3], 0);
}

static void fuzz_round(void)
{
	u8 shift = shifts[tap_between(0, sizeof(shifts) - 1)];
	u32 page = 1U << shift, left = 8 << 20, nr = 0, len;
	static struct segment seg[300];
	u32 most = tap_between(0, 3) ? tap_between(1, 12) : tap_between(1, 300);
	u64 bus = tap_between(1, 1ULL << 40) << 16;

	/* the first has any dword offset, and ends on a boundary unless it is alone */
	seg[0].bus = bus + tap_between(0, page / 4 - 1) * 4;
	seg[0].len = page - (seg[0].bus & (page - 1));
	if (most == 1)
		seg[0].len = tap_between(1, 1 << tap_between(4, 23));
	else if (tap_between(0, 1))
		seg[0].len += tap_between(1, 600 * 4096 / page) * page;

	for (nr = 1; nr < most; nr++) {
		left -= seg[nr - 1].len;
		if (left < 3 * page)
			break;
		/* sometimes the neighbour, mostly not */
		bus = tap_between(0, 4) ? tap_between(1, 1ULL << 40) << shift :
		      seg[nr - 1].bus + seg[nr - 1].len;
		seg[nr].bus = bus;
		len = tap_between(0, 9) ? 4 : 600;
		seg[nr].len = tap_between(1, min(left / page, len)) * page;
		if (seg[nr].len > left)
			break;
	}
	if (nr > 1 && tap_between(0, 1))
		seg[nr - 1].len -= tap_between(0, page - 1);
	EXPECT_BUILDS(seg, nr, shift);
}

TEST(fuzz, "segments at random")
{
	tap_fuzz(fuzz_round);
}

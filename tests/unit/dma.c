// SPDX-License-Identifier: GPL-2.0
/*
 * dma.c as the module compiles it: requests of any shape are mapped, a controller walks what was
 * built, and everything is given back, also when memory or mapping space runs out on the way.
 *
 * Seen red: PRP2 of a two-page transfer off by the offset; the last segment not unmapped; pages of a
 * list not freed, or at the wrong address, also on the way out of a shortage; the short list one
 * entry too long; the segment of an SGL one descriptor short.
 */
#include "walker.h"
#include <nvmq.h>
#include <shim-dma.h>
#include <dma.h>

#include <dma_mem.c>
#include <dma.c>
#include <dma_iommu.c>

#define SEGS_MAX 2100

static struct nvmq_ctrl ctrl;
static struct nvmq_queue queue = { .ctrl = &ctrl };
static struct device dev;

static struct page page[SEGS_MAX];
static struct bio_vec vec[SEGS_MAX];
static struct nvmq_req priv;
static struct nvmq_dptr dptr;
static struct bio bio = { .bi_io_vec = vec };
static struct request req = { .bvec = vec, .bio = &bio, .pdu = &priv, .dir = DMA_TO_DEVICE };

static bool has_list(void)
{
	return priv.more && priv.more->list;
}

static bool read_list(uint64_t bus, uint64_t *entry)
{
	__le64 *p = shim_memory(bus, sizeof(*p));

	if (p)
		*entry = le64_to_cpu(*p);
	return p;
}

static void setup(u32 sgl_threshold)
{
	memset(&ctrl, 0, sizeof(ctrl));
	memset(&priv, 0, sizeof(priv));
	ctrl.dev = &dev;
	ctrl.page_shift = 12;
	queue.sq.dev = &dev;
	queue.sq.page_shift = 12;
	queue.sq.page = 4096;
	queue.sq.direct = false;
	queue.sgl_threshold = sgl_threshold;
	shim_fail_alloc = shim_fail_map = 0;
	EXPECT_EQ(nvmq_dma_init(&ctrl), 0);
}

static void teardown(void)
{
	nvmq_dma_release(&ctrl, &priv);
	nvmq_dma_exit(&ctrl);
	EXPECT_EQ(shim_nr_regions, 0);
}

static void segment(unsigned int i, u64 bus, u32 len)
{
	/* a bvec's offset may exceed its page's: it is one run of several */
	page[i].bus = bus & ~0xfffULL;
	vec[i] = (struct bio_vec){ &page[i], len, bus & 0xfff };
}

static void sized(unsigned int nr)
{
	unsigned int i;

	req.nr_bvec = nr;
	req.bytes = 0;
	for (i = 0; i < nr; i++)
		req.bytes += vec[i].bv_len;
	bio.bi_iter.bi_size = req.bytes;
}

/* What an SGL descriptor leads to, by NVMe Base 4.1.2. */
static const char *walk_sgl(u64 addr, u64 word, u32 len)
{
	struct nvm_sgl_desc d = { .addr = cpu_to_le64(addr) }, *list;
	unsigned int nr, i;

	memcpy((char *)&d + 8, &word, 8);
	walk_nr = 0;
	if (d.rsvd[0] || d.rsvd[1] || d.rsvd[2])
		return "reserved bytes of a descriptor are set";
	if (d.type == NVM_SGL_FMT_DATA_DESC) {
		if (le32_to_cpu(d.length) != len)
			return "a data block is not as long as the data";
		return walk_add(addr, len);
	}
	if (d.type != NVM_SGL_FMT_LAST_SEG_DESC)
		return "not a last segment";
	nr = le32_to_cpu(d.length) / sizeof(d);
	list = shim_memory(addr, le32_to_cpu(d.length));
	if (!list || le32_to_cpu(d.length) % sizeof(d) || !nr)
		return "the segment is not where it should be";
	for (i = 0; i < nr; i++) {
		if (list[i].type || list[i].rsvd[0] || list[i].rsvd[1] || list[i].rsvd[2])
			return "not a data block";
		if (!list[i].length || le32_to_cpu(list[i].length) > len)
			return "data blocks of the wrong length";
		len -= le32_to_cpu(list[i].length);
		if (walk_add(le64_to_cpu(list[i].addr), le32_to_cpu(list[i].length)))
			return "too many runs";
	}
	return len ? "data blocks are too short" : NULL;
}

/* Maps, walks, compares byte by byte, unmaps. */
static const char *there_and_back_once(void)
{
	unsigned int i, run = 0, at = 0;
	const char *wrong;

	/* the caller owns these when it asks */
	priv.flags = 0;
	if (nvmq_dma_map(&queue, &req, &dptr))
		return "not mapped";
	if (!(priv.flags & NVMQ_RF_MAPPED) && (!queue.sq.direct || priv.nr_pages))
		return "not said to be mapped";
	if (priv.flags & NVMQ_RF_SGL)
		wrong = walk_sgl(dptr.prp1, dptr.prp2, req.bytes);
	else
		wrong = walk_prp(dptr.prp1, dptr.prp2, req.bytes, 12, read_list);

	for (i = 0; i < req.nr_bvec && !wrong; i++) {
		u64 bus = page[i].bus + vec[i].bv_offset;
		u32 done = 0;

		if (!shim_is_mapped(bus, vec[i].bv_len))
			wrong = "a segment is not mapped";
		while (done < vec[i].bv_len && !wrong) {
			u32 part = min(walk_runs[run].len - at, vec[i].bv_len - done);

			if (run >= walk_nr || walk_runs[run].bus + at != bus + done)
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

	if (priv.flags & NVMQ_RF_MAPPED)
		nvmq_dma_unmap(&queue, &req);
	priv.flags &= ~NVMQ_RF_SGL;
	if (!wrong && shim_nr_mapped())
		wrong = "something is still mapped";
	if (!wrong && priv.flags)
		wrong = "flags are left";
	if (!wrong && shim_nr_regions != has_list())
		wrong = "list pages are left";
	return wrong;
}

/* Behind an IOMMU, and without one: there nothing has to be unmapped. */
static const char *there_and_back(void)
{
	const char *wrong = there_and_back_once();

	if (wrong)
		return wrong;
	queue.sq.direct = shim_direct = true;
	wrong = there_and_back_once();
	queue.sq.direct = shim_direct = false;
	return wrong;
}

#define EXPECT_ROUND_TRIP() do {							\
	const char *wrong = there_and_back();						\
	if (wrong)									\
		TAP_FAIL("%s: %u segments, %u bytes, first at %#llx of %u", wrong,	\
			 req.nr_bvec, req.bytes, (unsigned long long)page[0].bus +	\
			 vec[0].bv_offset, vec[0].bv_len);				\
} while (0)

TEST(one_segment, "one segment, from each dword of a page, 512 bytes to 8 MiB")
{
	static const u32 lens[] = { 4, 512, 3584, 4096, 4100, 8192, 8196, 12288, 65536, 131072,
				    135168, 135172, 1 << 20, 4 << 20, 8 << 20 };
	unsigned int offset, l;

	setup(0);
	for (offset = 0; offset < 4096; offset += 4)
		for (l = 0; l < ARRAY_SIZE(lens); l++) {
			segment(0, 0x5500000000ULL + offset, lens[l]);
			sized(1);
			EXPECT_ROUND_TRIP();
		}
	teardown();
}

TEST(no_allocation, "up to two pages nothing is allocated, up to 128 KiB nothing a second time")
{
	unsigned long before;

	setup(0);
	before = shim_allocs;
	segment(0, 0x5500000e00ULL, 4096);
	sized(1);
	EXPECT_ROUND_TRIP();
	segment(0, 0x5500000e00ULL, 512);
	segment(1, 0x6600000000ULL, 512);
	sized(2);
	EXPECT_ROUND_TRIP();
	EXPECT_EQ(shim_allocs, before);

	segment(0, 0x5500000000ULL, 128 << 10);
	sized(1);
	EXPECT_ROUND_TRIP();
	EXPECT_EQ(shim_allocs, before + 1);
	segment(0, 0x5500000e00ULL, 128 << 10);
	sized(1);
	EXPECT_ROUND_TRIP();
	EXPECT_EQ(shim_allocs, before + 1);
	teardown();
}

TEST(pages_apart, "the worst case: each page of the memory elsewhere, 1 to 2048 pages")
{
	unsigned int nr, i;

	setup(0);
	for (nr = 1; nr <= 2048; nr += nr < 70 ? 1 : 61) {
		for (i = 0; i < nr; i++)
			segment(i, 0x5500000000ULL + (u64)(i * 7919 % 4096) * 0x2000, 4096);
		sized(nr);
		EXPECT_ROUND_TRIP();
	}
	/* 8 MiB from the middle of a page: 2049 entries */
	segment(0, 0x5500000800ULL, 2048);
	for (i = 1; i < 2048; i++)
		segment(i, 0x5500000000ULL + i * 0x2000ULL, 4096);
	segment(2048, 0x9900000000ULL, 2048);
	sized(2049);
	EXPECT_ROUND_TRIP();
	teardown();
}

TEST(sgl, "long segments go by SGL where the threshold says so, short ones do not")
{
	unsigned int nr, i;

	setup(32 << 10);
	for (nr = 1; nr <= 256; nr++) {
		for (i = 0; i < nr; i++)
			segment(i, 0x5500000000ULL + i * 0x20000ULL, 32 << 10);
		sized(nr);
		nvmq_dma_map(&queue, &req, &dptr);
		EXPECT(priv.flags & NVMQ_RF_SGL);
		nvmq_dma_unmap(&queue, &req);
		EXPECT_ROUND_TRIP();
	}
	segment(0, 0x5500000000ULL, 28 << 10);
	segment(1, 0x7500000000ULL, 32 << 10);
	sized(2);
	nvmq_dma_map(&queue, &req, &dptr);
	EXPECT(!(priv.flags & NVMQ_RF_SGL));
	nvmq_dma_unmap(&queue, &req);
	teardown();
}

TEST(shortage, "when memory or mapping space is short nothing stays mapped; the next try works")
{
	static const u32 thresholds[] = { 0, 4096 };
	unsigned int nr, i, fail, t;

	for (t = 0; t < ARRAY_SIZE(thresholds); t++)
		for (nr = 1; nr <= 1600; nr = nr * 5 / 2 + 1) {
			for (i = 0; i < nr; i++)
				segment(i, 0x5500000000ULL + i * 0x3000ULL,
					nr == 1 ? 2 << 20 : 4096);
			sized(nr);
			for (fail = 1; fail <= nr + 6; fail++) {
				setup(thresholds[t]);
				shim_fail_map = fail;
				if (nvmq_dma_map(&queue, &req, &dptr)) {
					EXPECT_EQ(shim_nr_regions, has_list());
					EXPECT(!(priv.flags & NVMQ_RF_MAPPED));
				} else {
					nvmq_dma_unmap(&queue, &req);
				}
				shim_fail_map = shim_fail_alloc = 0;
				EXPECT_ROUND_TRIP();
				teardown();
				if (fail > 8)
					continue;
				setup(thresholds[t]);
				shim_fail_alloc = fail;
				if (nvmq_dma_map(&queue, &req, &dptr)) {
					EXPECT_EQ(shim_nr_regions, has_list());
					EXPECT(!(priv.flags & NVMQ_RF_MAPPED));
				} else {
					nvmq_dma_unmap(&queue, &req);
				}
				shim_fail_map = shim_fail_alloc = 0;
				EXPECT_ROUND_TRIP();
				teardown();
				if (nr > 100 && fail > 20)
					fail += 97;
			}
		}
}

TEST(boundary, "a hole in the middle of a page is refused with an error, and given back")
{
	static const struct {
		u64 bus;
		u32 len;
	} bad[][3] = {
		{ { 0x10000, 512 }, { 0x20000, 4096 }, { 0x30000, 4096 } },
		{ { 0x10000, 4096 }, { 0x20200, 4096 }, { 0x30000, 4096 } },
		{ { 0x10000, 4096 }, { 0x20000, 512 }, { 0x30000, 4096 } },
		{ { 0x10200, 4096 }, { 0x20000, 4096 }, { 0x30000, 512 } },
		{ { 0x10000, 4096 }, { 0x20000, 4096 }, { 0x30004, 512 } },
	};
	unsigned int b, i, direct;

	for (direct = 0; direct < 2; direct++)
		for (b = 0; b < ARRAY_SIZE(bad); b++) {
			setup(0);
			queue.sq.direct = direct;
			for (i = 0; i < 3; i++)
				segment(i, bad[b][i].bus, bad[b][i].len);
			sized(3);
			EXPECT_EQ(nvmq_dma_map(&queue, &req, &dptr), BLK_STS_IOERR);
			EXPECT_EQ(shim_nr_mapped(), 0);
			EXPECT_EQ(shim_warnings, 1);
			shim_warnings = 0;
			teardown();
		}
}

/* What the block layer makes of bios that lie side by side: 512-byte writes, 1 KiB blocks. */
TEST(side_by_side, "segments that meet within a page are one for the controller")
{
	unsigned int nr, len, i;

	setup(0);
	for (len = 512; len <= 2048; len *= 2) {
		for (nr = 2; nr <= 64; nr++) {
			for (i = 0; i < nr; i++)
				segment(i, 0x123000 + 512 + i * len, len);
			sized(nr);
			EXPECT_ROUND_TRIP();
		}
	}
	/* and two such runs, the second on pages elsewhere */
	for (i = 0; i < 4; i++) {
		segment(i, 0x123000 + 2048 + i * 512, 512);
		segment(4 + i, 0x923000 + i * 1024, 1024);
	}
	sized(8);
	EXPECT_ROUND_TRIP();
	teardown();
}

TEST(ranges, "room for the ranges of a discard, 1 to 256")
{
	unsigned int nr;

	setup(0);
	for (nr = 1; nr <= NVM_DSM_MAX_RANGES; nr++) {
		struct nvm_dsm_range *range;

		priv.flags = 0;
		range = nvmq_dma_ranges(&queue, &req, nr);
		REQUIRE(range);
		memset(range, 0, nr * sizeof(*range));
		EXPECT(shim_memory(priv.prp1, nr * sizeof(*range)) == range);
		EXPECT((priv.prp1 & 0xfff) + nr * sizeof(*range) <= 4096);
		EXPECT_EQ(priv.prp2, 0);
		nvmq_dma_unmap(&queue, &req);
		EXPECT_EQ(priv.flags, 0);
		EXPECT_EQ(shim_nr_regions, has_list());
	}
	EXPECT(!nvmq_dma_ranges(&queue, &req, NVM_DSM_MAX_RANGES + 1));
	shim_fail_alloc = 1;
	EXPECT(!nvmq_dma_ranges(&queue, &req, 100));
	teardown();
}

static void fuzz_round(void)
{
	unsigned int most = tap_between(0, 3) ? tap_between(1, 20) : tap_between(1, 2000), nr = 1;
	u32 left = 8 << 20, len;
	u64 bus = tap_between(1, 1ULL << 30) << 12;

	setup(tap_between(0, 2) ? 0 : 1 << tap_between(9, 16));
	req.dir = tap_between(0, 1) ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
	if (most == 1) {
		segment(0, bus + 4 * tap_between(0, 1023), tap_between(1, 8 << 20));
	} else {
		u32 offset = tap_between(0, 1) ? 0 : 4 * tap_between(0, 1023);

		segment(0, bus + offset, 4096 - offset + 4096 * tap_between(0, 20));
		left -= vec[0].bv_len + 8192;
		for (; nr < most && left >= 4096; nr++) {
			len = 4096 * tap_between(1, min(left / 4096,
							 tap_between(0, 5) ? 2u : 500u));
			/* apart, so that each mapping is its own */
			segment(nr, 1ULL << 44 | (u64)nr << 36 | tap_between(0, 255) << 24, len);
			left -= len;
		}
		if (nr > 1 && tap_between(0, 1))
			vec[nr - 1].bv_len -= tap_between(0, 4095);
	}
	sized(nr);
	if (!tap_between(0, 3))
		shim_fail_map = tap_between(1, nr + 2);
	if (!tap_between(0, 3))
		shim_fail_alloc = tap_between(1, 8);
	if (!nvmq_dma_map(&queue, &req, &dptr))
		nvmq_dma_unmap(&queue, &req);
	EXPECT_EQ(shim_nr_regions, has_list());
	shim_fail_map = shim_fail_alloc = 0;
	EXPECT_ROUND_TRIP();
	EXPECT_ROUND_TRIP();
	teardown();
	EXPECT_EQ(shim_warnings, 0);
}

TEST(fuzz, "requests at random, with shortages at random")
{
	tap_fuzz(fuzz_round);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Namespaces that describe themselves, honestly or not: what ns_info.c makes of any 4096 bytes is
 * within what the block layer can be told.
 *
 * Seen red: the check of the block size left out; the size in bytes not bounded; the high bits of
 * FLBAS not looked at; a descriptor read past the end, or with a wrong length; metadata that is not
 * only protection information taken for it.
 */
#include <nvme/identify.h>

#include "tap.h"
#include <admin.h>
#include <shim-dma.h>

#include <ns_info.c>
#include <pi.c>

static struct nvmq_ctrl ctrl;
static u8 page_ns[4096], page_descs[4096], page_cs[4096];
static int fail_ns, fail_descs;

int nvmq_admin_identify(struct nvmq_ctrl *c, u8 cns, u8 csi, u32 nsid, void *buf, u32 len)
{
	EXPECT_EQ(len, 4096);
	switch (cns) {
	case NVM_ID_CNS_NS:
		memcpy(buf, page_ns, 4096);
		return fail_ns;
	case NVM_ID_CNS_NS_DESC_LIST:
		memcpy(buf, page_descs, 4096);
		return fail_descs;
	case NVM_ID_CNS_CS_NS:
		memcpy(buf, page_cs, 4096);
		return 0;
	default:
		TAP_FAIL("CNS %#x is not expected", cns);
		return NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	}
}

/* A kernel without integrity profiles, and namespaces of one command set. */
bool nvmq_limits_know_pi(const struct nvmq_limits *lim)
{
	return false;
}

int nvmq_zns_identify(struct nvmq_ctrl *c, struct nvmq_ns_info *info, void *buf)
{
	info->hidden = true;
	return 0;
}

static struct nvm_id_ns *fresh(void)
{
	struct nvm_id_ns *id = (struct nvm_id_ns *)page_ns;

	memset(&ctrl, 0, sizeof(ctrl));
	memset(page_ns, 0, sizeof(page_ns));
	memset(page_descs, 0, sizeof(page_descs));
	memset(page_cs, 0, sizeof(page_cs));
	fail_ns = fail_descs = 0;
	ctrl.vs = NVM_VS(1, 4, 0);
	ctrl.page_shift = 12;
	ctrl.max_hw_sectors = 8192;
	ctrl.max_zeroes_sectors = 8192;
	ctrl.oncs = NVM_CTRL_ONCS_DSM | NVM_CTRL_ONCS_WRITE_ZEROES;
	id->nsze = id->ncap = cpu_to_le64(1 << 20);
	id->lbaf[0].ds = 9;
	id->lbaf[1].ds = 12;
	return id;
}

TEST(plain, "512 and 4096 byte blocks")
{
	struct nvm_id_ns *id = fresh();
	struct nvmq_ns_info info;

	EXPECT_EQ(nvmq_ns_identify(&ctrl, 7, &info), 0);
	EXPECT_EQ(info.nsid, 7);
	EXPECT_EQ(info.nsze, 1 << 20);
	EXPECT_EQ(info.lba_shift, 9);
	EXPECT(info.usable && !info.readonly && !info.hidden);
	EXPECT_EQ(info.lim.logical_block_size, 512);
	EXPECT_EQ(info.lim.physical_block_size, 512);
	EXPECT_EQ(info.lim.io_min, 512);
	EXPECT_EQ(info.lim.max_hw_sectors, 8192);
	EXPECT_EQ(info.lim.virt_boundary_mask, 4095);
	EXPECT(!info.lim.write_cache);
	EXPECT_EQ(info.lim.max_discard_sectors, ~0U);
	EXPECT_EQ(info.lim.max_discard_segments, NVM_DSM_MAX_RANGES);
	EXPECT_EQ(info.lim.max_write_zeroes_sectors, 8192);

	id->flbas = 1;
	id->nsattr = NVM_NS_ATTR_RO;
	ctrl.vwc = 1;
	ctrl.oncs = 0;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 7, &info), 0);
	EXPECT_EQ(info.lba_shift, 12);
	EXPECT(info.readonly && info.lim.write_cache && info.lim.fua);
	EXPECT_EQ(info.lim.logical_block_size, 4096);
	EXPECT(!info.lim.max_discard_sectors && !info.lim.max_write_zeroes_sectors);
}

TEST(discard_limits, "DMRL and DMRSL bound a discard, in blocks of the format")
{
	struct nvm_id_ns *id = fresh();
	struct nvmq_ns_info info;

	ctrl.dmrl = 3;
	ctrl.dmrsl = 100;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 7, &info), 0);
	EXPECT_EQ(info.lim.max_discard_segments, 3);
	EXPECT_EQ(info.lim.max_discard_sectors, 100);
	id->flbas = 1;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 7, &info), 0);
	EXPECT_EQ(info.lim.max_discard_sectors, 800);
	ctrl.dmrsl = ~0U;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 7, &info), 0);
	EXPECT_EQ(info.lim.max_discard_sectors, ~7U);
	ctrl.dmrl = 0;
	ctrl.dmrsl = 0;
}

TEST(extended_format, "format 33 of 64 is found by all of its six bits")
{
	struct nvm_id_ns *id = fresh();
	struct nvmq_ns_info info;

	id->lbaf[33].ds = 12;
	id->lbaf[1].ds = 9;
	id->flbas = 0x41;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT_EQ(info.lba_shift, 12);
}

TEST(preferred, "NPWG, NOWS, NPDG, NPDA and NOIOB, in bytes and sectors")
{
	struct nvm_id_ns *id = fresh();
	struct nvmq_ns_info info;

	id->flbas = 1;
	id->nsfeat = NVM_NS_FEAT_OPTPERF_SHORT;
	id->npwg = cpu_to_le16(3);
	id->nows = cpu_to_le16(31);
	id->npdg = cpu_to_le16(7);
	id->npda = cpu_to_le16(7);
	id->noiob = cpu_to_le16(32);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT_EQ(info.lim.io_min, 4 * 4096);
	EXPECT_EQ(info.lim.io_opt, 32 * 4096);
	EXPECT_EQ(info.lim.discard_granularity, 8 * 4096);
	EXPECT_EQ(info.lim.chunk_sectors, 32 * 8);
	/* a torn write stays possible: only what is atomic may be called a physical block */
	EXPECT_EQ(info.lim.physical_block_size, 4096);
	id->nsfeat |= NVM_NS_FEAT_ATOMICS;
	id->nawupf = cpu_to_le16(1);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT_EQ(info.lim.physical_block_size, 2 * 4096);
}

TEST(aligned_discard, "granules of a discard start at block 0, whatever NPDA says")
{
	struct nvm_id_ns *id = fresh();
	struct nvmq_ns_info info;

	id->nsfeat = NVM_NS_FEAT_OPTPERF_SHORT;
	id->npdg = cpu_to_le16(7);
	id->npda = cpu_to_le16(0);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT_EQ(info.lim.discard_granularity, 8 * 512);
	EXPECT_EQ(info.lim.discard_alignment % info.lim.discard_granularity, 0);
}

TEST(nonsense, "what cannot be is refused, an inactive namespace is not there")
{
	static const u8 shifts[] = { 0, 1, 8, 13, 31, 32, 63, 64, 255 };
	struct nvm_id_ns *id = fresh();
	struct nvmq_ns_info info;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shifts); i++) {
		shim_messages = 0;
		id->lbaf[0].ds = shifts[i];
		EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), -EINVAL);
		EXPECT_EQ(shim_messages, 1);
	}
	id = fresh();
	id->nsze = cpu_to_le64(~0ULL);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), -EINVAL);
	id->nsze = cpu_to_le64(1ULL << 55);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), -EINVAL);
	id->nsze = 0;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), -ENODEV);
	fresh();
	fail_ns = NVM_SC_INVALID_NS | NVM_STATUS_DNR;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), -ENODEV);
	fail_ns = NVM_SC_INTERNAL;
	EXPECT(nvmq_ns_identify(&ctrl, 1, &info) < 0);
	EXPECT(nvmq_ns_identify(&ctrl, 1, &info) != -ENODEV);
	fail_ns = -EINTR;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), -EINTR);
}

TEST(metadata, "protection information that the controller can handle alone, and what it cannot")
{
	struct nvm_id_ns *id = fresh();
	struct nvmq_ns_info info;

	id->lbaf[0].ms = cpu_to_le16(8);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT(!info.usable);
	id->dps = 1;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT(info.usable);
	EXPECT_EQ(info.pi_type, 1);
	EXPECT(info.rich);
	id->lbaf[0].ms = cpu_to_le16(64);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT(!info.usable);

	/* 16 bytes: a 64-bit guard, or two tuples' worth of something else */
	id->lbaf[0].ms = cpu_to_le16(16);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT(!info.usable);
	id = fresh();
	id->dps = 1;
	id->lbaf[0].ms = cpu_to_le16(16);
	ctrl.ctratt = NVM_CTRL_CTRATT_ELBAS;
	((struct nvm_id_ns_nvm *)page_cs)->elbaf[0] =
		cpu_to_le32(NVM_PREP(NVM_ID_NS_NVM_PIF, NVM_NVM_NS_64B_GUARD));
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT(info.usable);
}

static u8 *desc(u8 *at, u8 type, u8 len, u8 fill)
{
	*(struct nvm_ns_id_desc *)at = (struct nvm_ns_id_desc){ .nidt = type, .nidl = len };
	memset(at + 4, fill, len);
	return at + 4 + len;
}

TEST(descriptors, "UUID, NGUID, EUI64 and CSI, in any order; wrong lengths are passed over")
{
	struct nvmq_ns_info info;
	u8 *at = page_descs;

	fresh();
	at = desc(at, NVM_NIDT_UUID, 16, 0x33);
	at = desc(at, 0x77, 40, 0x99);
	at = desc(at, NVM_NIDT_EUI64, 7, 0x11);
	at = desc(at, NVM_NIDT_NGUID, 16, 0x22);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT_EQ(info.ids.uuid[0] << 8 | info.ids.uuid[15], 0x3333);
	EXPECT_EQ(info.ids.nguid[15], 0x22);
	EXPECT_EQ(info.ids.eui64[0], 0);
	EXPECT(!info.hidden);
	/* one that begins in the page and ends after it is not read */
	for (at = page_descs; at < page_descs + 60 * 68; )
		at = desc(at, 0x77, 64, 0);
	at = desc(at, 0x77, 1, 0);
	*(struct nvm_ns_id_desc *)at = (struct nvm_ns_id_desc){ .nidt = NVM_NIDT_UUID, .nidl = 16 };
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT_EQ(info.ids.uuid[0], 0);

	fresh();
	desc(page_descs, NVM_NIDT_UUID, 16, 0x33);
	/* not asked for before 1.3 */
	ctrl.vs = NVM_VS(1, 2, 1);
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
	EXPECT_EQ(info.ids.uuid[0], 0);
	/* and its refusal is no reason to lose the disk */
	ctrl.vs = NVM_VS(1, 3, 0);
	fail_descs = NVM_SC_INVALID_FIELD | NVM_STATUS_DNR;
	EXPECT_EQ(nvmq_ns_identify(&ctrl, 1, &info), 0);
}

static void check(const struct nvmq_ns_info *info)
{
	const struct nvmq_limits *lim = &info->lim;
	u32 bs = lim->logical_block_size;

	EXPECT(bs == 1U << info->lba_shift && bs >= 512 && bs <= PAGE_SIZE);
	EXPECT(info->nsze && info->nsze <= (1ULL << 63 >> info->lba_shift));
	EXPECT(lim->physical_block_size >= bs && !(lim->physical_block_size &
						   (lim->physical_block_size - 1)));
	EXPECT(lim->io_min >= bs && !(lim->io_min & (lim->io_min - 1)));
	EXPECT(!(lim->io_opt % bs));
	EXPECT(lim->discard_granularity >= bs && !(lim->discard_granularity % bs));
	EXPECT(!(lim->discard_alignment % bs));
	EXPECT(!(lim->chunk_sectors % (bs >> 9)));
	EXPECT(lim->max_segments >= 1 && lim->max_discard_segments <= 256);
	EXPECT(info->usable || info->ms);
	EXPECT_EQ(info->rich, !!info->ms);
}

static void fuzz_round(void)
{
	struct nvm_id_ns *id = fresh();
	struct nvmq_ns_info info;
	unsigned int i, n;
	int ret;

	for (n = tap_between(0, 3) ? tap_between(0, 400) : 4096; n--; ) {
		page_ns[tap_between(0, 3) ? tap_between(24, 383) : tap_between(0, 4095)] =
			tap_random() >> 32;
		page_descs[tap_between(0, 4095)] = tap_random() >> 32;
		page_cs[tap_between(0, 4095)] = tap_random() >> 32;
	}
	if (tap_between(0, 1))
		for (i = 0; i < 64; i++)
			id->lbaf[i].ds = tap_between(9, 12);
	if (tap_between(0, 1))
		id->nsze = id->ncap = cpu_to_le64(1 + (tap_random() >> tap_between(12, 63)));
	ctrl.ctratt = tap_random() >> 32;
	ctrl.oncs = tap_random() >> 32;
	ctrl.vwc = tap_random() >> 32;
	ctrl.max_hw_sectors = 8 << tap_between(0, 11);
	ret = nvmq_ns_identify(&ctrl, 1, &info);
	EXPECT(ret == 0 || ret == -EINVAL || ret == -ENODEV);
	if (!ret)
		check(&info);
}

TEST(fuzz, "any 4096 bytes")
{
	tap_fuzz(fuzz_round);
}

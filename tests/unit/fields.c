// SPDX-License-Identifier: GPL-2.0
/*
 * Fields of the wire headers that have arithmetic in them. Sizes and offsets are asserted where
 * the structures are, and compared with the kernel's own by wire-kernel.
 *
 * Seen red: the stride doubled; the high bits of FLBAS dropped.
 */
#include <nvme/cmd.h>
#include <nvme/event.h>
#include <nvme/feature.h>
#include <nvme/identify.h>
#include <nvme/log.h>
#include <nvme/regs.h>

#include "tap.h"

TEST(masks, "a mask has the bits that it says, up to the whole word")
{
	EXPECT_EQ(NVM_MASK(3, 1), 0xe);
	EXPECT_EQ(NVM_MASK(31, 0), 0xffffffff);
	EXPECT_EQ(NVM_MASK(31, 31), 0x80000000);
	EXPECT_EQ(NVM_MASK64(63, 0), ~0ULL);
	EXPECT_EQ(NVM_MASK64(55, 52), 0xfULL << 52);
	EXPECT_EQ(NVM_GET(NVM_CAP_DSTRD, 0xa5ULL << 32), 5);
	EXPECT_EQ(NVM_PREP(NVM_CAP_TO, 0x1ff), 0xffULL << 24);
	EXPECT_EQ(NVM_GET(NVM_VS_MJR, NVM_VS(2, 1, 3)), 2);
	EXPECT_EQ(NVM_GET(NVM_VS_MNR, NVM_VS(2, 1, 3)), 1);
	EXPECT_EQ(NVM_GET(NVM_VS_TER, NVM_VS(2, 1, 3)), 3);
}

TEST(cc, "the value of CC that every bring-up writes")
{
	__u32 cc = NVM_CC_EN | NVM_CC_CSS_CSI | NVM_CC_AMS_RR | NVM_PREP(NVM_CC_MPS, 0) |
		   NVM_PREP(NVM_CC_IOSQES, NVM_IOSQES) | NVM_PREP(NVM_CC_IOCQES, NVM_IOCQES);

	EXPECT_EQ(cc, 0x00460061);
}

TEST(doorbells, "doorbells stand in pairs, spread by the stride")
{
	EXPECT_EQ(nvm_db_offset_sq(0, 0), 0);
	EXPECT_EQ(nvm_db_offset_cq(0, 0), 4);
	EXPECT_EQ(nvm_db_offset_sq(1, 0), 8);
	EXPECT_EQ(nvm_db_offset_cq(3, 0), 28);
	EXPECT_EQ(nvm_db_offset_sq(1, 4), 128);
	EXPECT_EQ(nvm_db_offset_cq(65535, 15), 131071ULL * 131072 & 0xffffffff);
	EXPECT_EQ(nvm_bar_size(1, 0), 0x1008);
	EXPECT_EQ(nvm_bar_size(65, 0), 0x1000 + 65 * 8);
	EXPECT_EQ(nvm_bar_size(65536, 15), 0x1000 + 65536ULL * 262144);
}

TEST(flbas, "the index of the LBA format has six bits, in two places")
{
	EXPECT_EQ(nvm_ns_lbaf_index(0x00), 0);
	EXPECT_EQ(nvm_ns_lbaf_index(0x1f), 15);
	EXPECT_EQ(nvm_ns_lbaf_index(0x20), 16);
	EXPECT_EQ(nvm_ns_lbaf_index(0x6f), 63);
	EXPECT_EQ(nvm_ns_lbaf_index(0x80), 0);
}

TEST(status, "a completion's status loses its phase")
{
	struct nvm_cqe cqe = { .status = htole16(0x4281 << 1 | 1) };

	EXPECT_EQ(nvm_cqe_status(&cqe), NVM_STATUS_DNR | NVM_SC_READ_ERROR);
	cqe.status = htole16(0xffff);
	EXPECT_EQ(nvm_cqe_status(&cqe), 0x7fff);
	EXPECT_EQ(NVM_SCT_SC_MASK | NVM_STATUS_CRD | NVM_STATUS_MORE | NVM_STATUS_DNR, 0x7fff);
}

TEST(aer, "type, information and log page of an asynchronous event")
{
	__u32 dw0 = 0x00040002;

	EXPECT_EQ(NVM_GET(NVM_AER_TYPE, dw0), NVM_AER_NOTICE);
	EXPECT_EQ(NVM_GET(NVM_AER_INFO, dw0), NVM_AER_NOTICE_NS_CHANGED);
	EXPECT_EQ(NVM_GET(NVM_AER_LID, dw0), NVM_LOG_CHANGED_NS);
}

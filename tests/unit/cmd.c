// SPDX-License-Identifier: GPL-2.0
/*
 * Commands as they stand in the ring, and what each status means to the block layer.
 *
 * Seen red: the count not zero-based; the upper half of the LBA dropped; READ_ERROR taken out of
 * the table; DNR not masked.
 */
#include "tap.h"
#include <cmd.c>

/*
 * What the block layer is told. Statuses that are not here are BLK_STS_IOERR: every value of the
 * 11 bits is tried.
 */
static const struct {
	u16 status;
	blk_status_t verdict;
} expected[] = {
	{ 0x000, BLK_STS_OK },
	{ 0x001, BLK_STS_NOTSUPP },		/* opcode */
	{ 0x002, BLK_STS_NOTSUPP },		/* field */
	{ 0x00b, BLK_STS_NOTSUPP },		/* namespace or format */
	{ 0x021, BLK_STS_TARGET },		/* interrupted */
	{ 0x080, BLK_STS_TARGET },		/* LBA out of range */
	{ 0x081, BLK_STS_NOSPC },
	{ 0x082, BLK_STS_TARGET },		/* namespace not ready */
	{ 0x083, BLK_STS_RESV_CONFLICT },
	{ 0x180, BLK_STS_NOTSUPP },		/* conflicting attributes */
	{ 0x181, BLK_STS_PROTECTION },
	{ 0x182, BLK_STS_MEDIUM },		/* read only */
	{ 0x1bd, BLK_STS_ZONE_ACTIVE_RESOURCE },
	{ 0x1be, BLK_STS_ZONE_OPEN_RESOURCE },
	{ 0x280, BLK_STS_MEDIUM },
	{ 0x281, BLK_STS_MEDIUM },
	{ 0x282, BLK_STS_PROTECTION },
	{ 0x283, BLK_STS_PROTECTION },
	{ 0x284, BLK_STS_PROTECTION },
	{ 0x285, BLK_STS_MEDIUM },
	{ 0x286, BLK_STS_MEDIUM },
	{ 0x287, BLK_STS_MEDIUM },
	{ 0x370, BLK_STS_TRANSPORT },
};

TEST(status, "each of the 2048 statuses has the verdict listed here, whatever DNR, MORE, CRD")
{
	unsigned int status, i;

	for (status = 0; status < 0x800; status++) {
		blk_status_t want = BLK_STS_IOERR;

		for (i = 0; i < ARRAY_SIZE(expected); i++)
			if (expected[i].status == status)
				want = expected[i].verdict;
		if (nvmq_cmd_blk_status(status) != want)
			TAP_FAIL("status %#x: verdict %u, expected %u", status,
				 nvmq_cmd_blk_status(status), want);
		EXPECT_EQ(nvmq_cmd_blk_status(status | NVM_STATUS_DNR), want);
		EXPECT_EQ(nvmq_cmd_blk_status(status | NVM_STATUS_MORE | NVM_STATUS_CRD), want);
	}
}

TEST(only_success, "no status but success is BLK_STS_OK")
{
	unsigned int status;

	for (status = 1; status < 0x8000; status++)
		if (status & NVM_SCT_SC_MASK)
			EXPECT(nvmq_cmd_blk_status(status) != BLK_STS_OK);
	EXPECT(nvmq_cmd_blk_status(NVMQ_SC_RECLAIMED) != BLK_STS_OK);
	EXPECT_EQ(nvmq_cmd_blk_status(NVMQ_SC_DEAD), BLK_STS_TRANSPORT);
}

/* The entry as the controller reads it, dword by dword. */
static u32 dword(const struct nvm_sqe *sqe, unsigned int n)
{
	u32 le;

	memcpy(&le, (const char *)sqe + 4 * n, 4);
	return le32toh(le);
}

TEST(rw, "a read of 8 blocks at LBA 0x123456789a, byte by byte")
{
	struct nvm_sqe sqe;
	unsigned int i;

	memset(&sqe, 0xff, sizeof(sqe));
	nvmq_cmd_rw(&sqe, NVM_CMD_READ, 0x7abc, 3, 0x123456789aULL, 8, NVM_RW_FUA);
	EXPECT_EQ(dword(&sqe, 0), 0x7abc0002);
	EXPECT_EQ(dword(&sqe, 1), 3);
	for (i = 2; i < 10; i++)
		EXPECT_EQ(dword(&sqe, i), 0);
	EXPECT_EQ(dword(&sqe, 10), 0x3456789a);
	EXPECT_EQ(dword(&sqe, 11), 0x12);
	EXPECT_EQ(dword(&sqe, 12), 7 | 1U << 30);
	for (i = 13; i < 16; i++)
		EXPECT_EQ(dword(&sqe, i), 0);
}

TEST(rw_extremes, "1 and 65536 blocks, the last LBA, all control bits")
{
	struct nvm_sqe sqe;

	nvmq_cmd_rw(&sqe, NVM_CMD_WRITE, 0, 1, ~0ULL, 1, 0);
	EXPECT_EQ(dword(&sqe, 12), 0);
	EXPECT_EQ(dword(&sqe, 10), 0xffffffff);
	EXPECT_EQ(dword(&sqe, 11), 0xffffffff);
	nvmq_cmd_rw(&sqe, NVM_CMD_WRITE, 0xffff, 0xfffffffe, 0, 65536, 0xfff00000);
	EXPECT_EQ(dword(&sqe, 12), 0xfff0ffff);
	EXPECT_EQ(dword(&sqe, 0), 0xffff0001);
	EXPECT_EQ(dword(&sqe, 1), 0xfffffffe);
}

TEST(simple, "flush is an opcode and a namespace")
{
	struct nvm_sqe sqe;
	unsigned int i;

	memset(&sqe, 0xff, sizeof(sqe));
	nvmq_cmd_simple(&sqe, NVM_CMD_FLUSH, 7);
	EXPECT_EQ(dword(&sqe, 0), 0);
	EXPECT_EQ(dword(&sqe, 1), 7);
	for (i = 2; i < 16; i++)
		EXPECT_EQ(dword(&sqe, i), 0);
}

TEST(dsm, "a deallocate of 1 and of 256 ranges")
{
	struct nvm_sqe sqe;

	nvmq_cmd_dsm(&sqe, 2, 1);
	EXPECT_EQ(dword(&sqe, 0), 9);
	EXPECT_EQ(dword(&sqe, 10), 0);
	EXPECT_EQ(dword(&sqe, 11), 4);
	nvmq_cmd_dsm(&sqe, 2, 256);
	EXPECT_EQ(dword(&sqe, 10), 255);
	EXPECT_EQ(dword(&sqe, 12), 0);
}

TEST(texts, "the log's words for opcodes and statuses")
{
	EXPECT_STR(nvmq_cmd_status_text(NVM_SC_READ_ERROR | NVM_STATUS_DNR),
		   "Unrecovered Read Error");
	EXPECT_STR(nvmq_cmd_opcode_text(true, NVM_ADMIN_IDENTIFY), "Identify");
	EXPECT_STR(nvmq_cmd_opcode_text(false, NVM_CMD_READ), "Read");
}

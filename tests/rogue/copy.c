// SPDX-License-Identifier: GPL-2.0
/* Copy, and compare-and-write in one. */
#include "host.h"

#define h (&host)
#define DNR	NVM_STATUS_DNR

static void fill(uint32_t at, uint32_t len, uint8_t seed)
{
	for (uint32_t i = 0; i < len; i++)
		h->ram[at + i] = seed + i * 7 + (i >> 9);
}

static int copy(uint64_t to, uint32_t nr, uint32_t format)
{
	struct nvm_sqe s = {
		.opcode = NVM_CMD_COPY, .nsid = 1, .prp1 = RAM_IOVA + DATA,
		.cdw10 = to, .cdw11 = to >> 32, .cdw12 = (nr - 1) | format << 8,
	};

	return command(h, 1, s, NULL);
}

TEST(copy, "ranges are copied, one behind the other; what is too much is refused")
{
	struct nvm_copy_range *v;
	static struct nvm_id_ns ns;

	REQUIRE(up(h, NULL));
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS, 1, &ns), 0);
	EXPECT_EQ(ns.msrc, 127);
	v = (void *)(h->ram + DATA);
	fill(DATA + 0x10000, 4096, 1);
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, 0, 8, DATA + 0x10000), 0);
	memset(v, 0, 4096);
	v[0].slba = 6;
	v[0].nlb = 1;
	v[1].slba = 1;
	EXPECT_EQ(copy(100, 2, 0), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 100, 3, DATA + 0x20000), 0);
	EXPECT(!memcmp(h->ram + DATA + 0x20000, h->ram + DATA + 0x10000 + 6 * 512, 1024));
	EXPECT(!memcmp(h->ram + DATA + 0x20400, h->ram + DATA + 0x10000 + 512, 512));
	/* onto itself */
	v[0].slba = 0;
	v[0].nlb = 3;
	EXPECT_EQ(copy(1, 1, 0), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 1, 4, DATA + 0x20000), 0);
	EXPECT(!memcmp(h->ram + DATA + 0x20000, h->ram + DATA + 0x10000, 2048));
	EXPECT_EQ(copy(16382, 1, 0), NVM_SC_LBA_RANGE | DNR);
	EXPECT_EQ(copy(0, 1, 1), NVM_SC_INVALID_FIELD | DNR);
	v[0].nlb = 1024;
	EXPECT_EQ(copy(0, 1, 0), NVM_SC_CMD_SIZE_LIM_EXCEEDED | DNR);
	v[0].nlb = 0;
	v[1].slba = 1ULL << 40;
	EXPECT_EQ(copy(0, 2, 0), NVM_SC_LBA_RANGE | DNR);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

static void fused(uint8_t opcode, uint8_t flags, uint32_t at, uint16_t id)
{
	struct nvm_sqe s = rw_sqe(opcode, 3, 1, at);

	s.flags = flags;
	s.cid = id;
	push(h, 1, &s);
}

static void both(int compare, int write)
{
	struct nvm_cqe cqe;

	fused(NVM_CMD_COMPARE, NVM_CMD_FUSE_FIRST, DATA, 40);
	fused(NVM_CMD_WRITE, NVM_CMD_FUSE_SECOND, DATA + 512, 41);
	ring(h, 1);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 40);
	EXPECT_EQ(cqe.status >> 1, compare);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 41);
	EXPECT_EQ(cqe.status >> 1, write);
}

TEST(fused, "compare-and-write: both, or neither; halves of it are refused")
{
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	memset(h->ram + DATA, 0, 512);
	memset(h->ram + DATA + 512, 0x33, 512);
	both(0, 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 3, 1, DATA + 1024), 0);
	EXPECT_EQ(h->ram[DATA + 1024], 0x33);
	memset(h->ram + DATA + 512, 0x44, 512);
	both(NVM_SC_COMPARE_FAILED | DNR, NVM_SC_FUSED_FAIL | DNR);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 3, 1, DATA + 1024), 0);
	EXPECT_EQ(h->ram[DATA + 1024], 0x33);
	EXPECT_STR(first_breach(h), "");
	fused(NVM_CMD_WRITE, NVM_CMD_FUSE_SECOND, DATA + 512, 42);
	ring(h, 1);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.status >> 1, NVM_SC_FUSED_MISSING | DNR);
	EXPECT_STR(first_breach(h), "half of a fused operation");
	fused(NVM_CMD_COMPARE, NVM_CMD_FUSE_FIRST, DATA, 43);
	ring(h, 1);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.status >> 1, NVM_SC_FUSED_MISSING | DNR);
	fused(NVM_CMD_COMPARE, NVM_CMD_FUSE_FIRST, DATA, 44);
	fused(NVM_CMD_WRITE, 0, DATA + 512, 45);
	ring(h, 1);
	REQUIRE(pop(h, 1, &cqe, 1000) && pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 45);
	EXPECT_EQ(cqe.status >> 1, 0);
	EXPECT_EQ(end(h), 0);
}

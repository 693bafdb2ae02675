// SPDX-License-Identifier: GPL-2.0
/* Blocks with metadata: beside or between the data, with and without protection. */
#include "host.h"

#define h (&host)
#define META	(DATA + 0x40000)
#define BUF	(DATA + 0x50000)
#define DNR	NVM_STATUS_DNR

#define GUARD	NVM_RW_PRINFO_PRCHK_GUARD
#define APP	NVM_RW_PRINFO_PRCHK_APP
#define REF	NVM_RW_PRINFO_PRCHK_REF
#define PRACT	NVM_RW_PRINFO_PRACT

/* Of namespace 2, with tags. */
static int io(uint8_t opcode, uint64_t lba, uint32_t blocks, uint32_t at, uint32_t bits,
	      uint32_t ref, uint32_t app)
{
	struct nvm_sqe s = rw_sqe(opcode, lba, blocks, at);

	s.nsid = 2;
	s.mptr = opcode == NVM_CMD_VERIFY || opcode == NVM_CMD_WRITE_ZEROES ? 0 : RAM_IOVA + META;
	if (!s.mptr)
		s.prp1 = 0;
	s.cdw12 |= bits;
	s.cdw14 = ref;
	s.cdw15 = app;
	return command(h, 1, s, NULL);
}

static bool with_ns(const char *what)
{
	char line[200];

	snprintf(line, sizeof(line), "{\"do\":\"ns\",\"nsid\":2,\"size\":\"1M\",%s}", what);
	return up(h, NULL) && order(h, line);
}

static void fill(uint32_t at, uint32_t len, uint8_t seed)
{
	for (uint32_t i = 0; i < len; i++)
		h->ram[at + i] = seed + i * 7 + (i >> 9);
}

TEST(separate, "metadata goes beside the data, is cached with it, and lost with it")
{
	static struct nvm_id_ns id;

	REQUIRE(with_ns("\"ms\":8"));
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS, 2, &id), 0);
	EXPECT_EQ(id.flbas, 2);
	EXPECT_EQ(id.lbaf[2].ms, 8);
	EXPECT_EQ(id.dps, 0);
	fill(DATA, 2048, 1);
	fill(META, 32, 2);
	EXPECT_EQ(io(NVM_CMD_WRITE, 5, 4, DATA, NVM_RW_FUA, 0, 0), 0);
	memset(h->ram + META, 0, 64);
	EXPECT_EQ(io(NVM_CMD_READ, 5, 4, BUF, 0, 0, 0), 0);
	EXPECT(!memcmp(h->ram + BUF, h->ram + DATA, 2048));
	EXPECT_EQ(h->ram[META + 31], (uint8_t)(2 + 31 * 7));
	EXPECT_EQ(h->ram[META + 32], 0);
	EXPECT_EQ(io(NVM_CMD_COMPARE, 5, 4, DATA, 0, 0, 0), 0);
	h->ram[META]++;
	EXPECT_EQ(io(NVM_CMD_COMPARE, 5, 4, DATA, 0, 0, 0), NVM_SC_COMPARE_FAILED | DNR);
	EXPECT_EQ(io(NVM_CMD_WRITE, 5, 1, DATA, 0, 0, 0), 0);
	EXPECT(order(h, "{\"do\":\"powerfail\"}"));
	REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
	EXPECT_EQ(io(NVM_CMD_READ, 5, 1, BUF, 0, 0, 0), 0);
	EXPECT_EQ(h->ram[META], 2);
	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":2,\"size\":\"2M\"}"));
	EXPECT_EQ(io(NVM_CMD_READ, 4095, 1, BUF, 0, 0, 0), 0);
	EXPECT_EQ(h->ram[META], 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(extended, "metadata between the data: eight blocks are as long as they are with it")
{
	REQUIRE(with_ns("\"ms\":8,\"extended\":true"));
	fill(DATA, 520 * 4, 9);
	EXPECT_EQ(io(NVM_CMD_WRITE, 5, 4, DATA, 0, 0, 0), 0);
	memset(h->ram + BUF, 0, 4096);
	EXPECT_EQ(io(NVM_CMD_READ, 6, 3, BUF, 0, 0, 0), 0);
	EXPECT(!memcmp(h->ram + BUF, h->ram + DATA + 520, 520 * 3));
	EXPECT_EQ(h->ram[BUF + 520 * 3], 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(type1, "type 1: guard, application and reference tag are checked, made, and told apart")
{
	uint8_t *t;

	REQUIRE(with_ns("\"ms\":8,\"pi\":1"));
	t = h->ram + META;
	/* never written: nobody checks */
	EXPECT_EQ(io(NVM_CMD_READ, 7, 1, BUF, GUARD | REF, 7, 0), 0);
	EXPECT_EQ(t[2] & t[3] & t[7], 0xff);
	memset(h->ram + DATA, 0, 1024);
	memcpy(h->ram + DATA, "123456789", 9);
	EXPECT_EQ(io(NVM_CMD_WRITE, 7, 2, DATA, PRACT | GUARD | REF, 7, 0xbeef), 0);
	EXPECT_EQ(io(NVM_CMD_READ, 7, 2, BUF, GUARD | REF, 7, 0), 0);
	EXPECT_EQ(t[2] << 8 | t[3], 0xbeef);
	EXPECT_EQ(t[7], 7);
	EXPECT_EQ(t[15], 8);
	EXPECT_EQ(t[8] | t[9], 0);		/* of zeroes */
	EXPECT_EQ(io(NVM_CMD_READ, 7, 2, BUF, REF, 8, 0), NVM_SC_INVALID_PI | DNR);
	EXPECT_EQ(io(NVM_CMD_READ, 7, 2, BUF, APP, 0, 0xffffbeee), NVM_SC_APPTAG_CHECK | DNR);
	EXPECT_EQ(io(NVM_CMD_READ, 7, 2, BUF, APP, 0, 0xff00be00), 0);
	/* a write whose own is wrong does not happen */
	t[0] ^= 1;
	EXPECT_EQ(io(NVM_CMD_WRITE, 7, 2, DATA, GUARD, 7, 0), NVM_SC_GUARD_CHECK | DNR);
	t[0] ^= 1;
	t[15] = 9;
	EXPECT_EQ(io(NVM_CMD_WRITE, 7, 2, DATA, REF, 7, 0), NVM_SC_REFTAG_CHECK | DNR);
	EXPECT_EQ(io(NVM_CMD_VERIFY, 7, 2, 0, GUARD | REF, 7, 0), 0);
	EXPECT_EQ(io(NVM_CMD_WRITE, 7, 2, DATA, 0, 7, 0), 0);
	EXPECT_EQ(io(NVM_CMD_VERIFY, 7, 2, 0, GUARD | REF, 7, 0), NVM_SC_REFTAG_CHECK | DNR);
	EXPECT_EQ(io(NVM_CMD_WRITE_ZEROES, 7, 2, 0, PRACT | REF, 7, 0), 0);
	EXPECT_EQ(io(NVM_CMD_VERIFY, 7, 2, 0, GUARD | REF, 7, 0), 0);
	/* PRACT on a read: nothing comes of the metadata */
	memset(t, 0xaa, 16);
	EXPECT_EQ(io(NVM_CMD_READ, 7, 2, BUF, PRACT | GUARD | REF, 7, 0), 0);
	EXPECT_EQ(t[0], 0xaa);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

/* What standards give as examples. */
TEST(guards, "guards are the CRCs that they should be: T10 DIF, and that of 64 bits")
{
	struct nvm_sqe s;
	uint8_t *t;

	REQUIRE(with_ns("\"ms\":16,\"guard\":64,\"block\":4096,\"pi\":1"));
	t = h->ram + META;
	memset(h->ram + DATA, 0, 4096);
	EXPECT_EQ(io(NVM_CMD_WRITE, 3, 1, DATA, PRACT, 3, 0x1234), 0);
	EXPECT_EQ(io(NVM_CMD_READ, 3, 1, BUF, GUARD | REF, 3, 0), 0);
	EXPECT(!memcmp(t, "\x64\x82\xd3\x67\xeb\x22\xb6\x4e\x12\x34\0\0\0\0\0\3", 16));
	memset(h->ram + DATA, 0xff, 4096);
	EXPECT_EQ(io(NVM_CMD_WRITE, 3, 1, DATA, PRACT, 3, 0), 0);
	EXPECT_EQ(io(NVM_CMD_READ, 3, 1, BUF, GUARD | REF, 3, 0), 0);
	EXPECT(!memcmp(t, "\xc0\xdd\xba\x73\x02\xec\xa3\xac", 8));
	/* the reference tag goes on above 32 bits */
	s = rw_sqe(NVM_CMD_READ, 3, 1, BUF);
	s.nsid = 2;
	s.mptr = RAM_IOVA + META;
	s.cdw12 |= REF;
	s.cdw14 = 3;
	s.cdw3 = 1;
	EXPECT_EQ(command(h, 1, s, NULL), NVM_SC_INVALID_PI | DNR);

	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":2,\"remove\":true}"));
	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":2,\"size\":\"1M\",\"ms\":8,\"pi\":3}"));
	memset(h->ram + DATA, 0, 512);
	memcpy(h->ram + DATA, "123456789", 9);
	EXPECT_EQ(io(NVM_CMD_WRITE, 3, 1, DATA, PRACT, 77, 0x1234), 0);
	EXPECT_EQ(io(NVM_CMD_READ, 3, 1, BUF, GUARD | REF, 5, 0), 0);
	EXPECT(!memcmp(t, "\x48\xe7\x12\x34\0\0\0\x4d", 8));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(place, "a tuple at the end, or the beginning, of more metadata; alone between the data")
{
	uint8_t *t;

	REQUIRE(with_ns("\"ms\":64,\"block\":4096,\"pi\":2"));
	t = h->ram + META;
	fill(DATA, 4096, 3);
	fill(META, 64, 5);
	EXPECT_EQ(io(NVM_CMD_WRITE, 0, 1, DATA, PRACT, 99, 7), 0);
	EXPECT_EQ(io(NVM_CMD_READ, 0, 1, BUF, GUARD | REF, 99, 0), 0);
	EXPECT_EQ(t[0], 5);
	EXPECT_EQ(t[63], 99);
	/* what stands before it is guarded, too */
	t[0]++;
	EXPECT_EQ(io(NVM_CMD_WRITE, 0, 1, DATA, GUARD, 99, 7), NVM_SC_GUARD_CHECK | DNR);
	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":3,\"size\":\"1M\",\"ms\":64,\"block\":4096,"
			"\"pi\":2,\"pi_first\":true}"));
	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":2,\"remove\":true}"));
	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":2,\"size\":\"1M\",\"ms\":8,\"extended\":true,"
			"\"pi\":1}"));
	memset(h->ram + BUF, 0, 4096);
	EXPECT_EQ(io(NVM_CMD_WRITE, 0, 2, DATA, PRACT, 0, 7), 0);
	EXPECT_EQ(io(NVM_CMD_READ, 0, 2, BUF, PRACT | GUARD, 0, 7), 0);
	EXPECT(!memcmp(h->ram + BUF, h->ram + DATA, 1024));
	EXPECT_EQ(h->ram[BUF + 1024], 0);
	EXPECT_EQ(io(NVM_CMD_READ, 0, 2, BUF, GUARD, 0, 7), 0);
	EXPECT_EQ(h->ram[BUF + 512 + 3], 7);
	EXPECT_EQ(h->ram[BUF + 520 + 512 + 7], 1);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(format, "format changes all of it; what cannot be is refused")
{
	static struct nvm_id_ns_nvm cs;
	static struct nvm_id_ns id;
	struct nvm_sqe s = { .opcode = NVM_ADMIN_FORMAT_NVM, .nsid = 1 };
	static const uint32_t bad[] = { 7, 0 | 1 << 5, 1 | 3 << 5, 2 | 4 << 5 };

	REQUIRE(up(h, NULL));
	s.cdw10 = 5 | NVM_FORMAT_MSET | 2 << 5 | NVM_FORMAT_PIL;
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS, 1, &id), 0);
	EXPECT_EQ(id.flbas, 5 | NVM_NS_FLBAS_META_EXT);
	EXPECT_EQ(id.dps, 2 | NVM_NS_DPS_PI_FIRST);
	EXPECT_EQ(id.nsze, (8 << 20) / 4096);
	EXPECT_EQ(identify(h, NVM_ID_CNS_CS_NS, 1, &cs), 0);
	EXPECT_EQ(NVM_GET(NVM_ID_NS_NVM_PIF, cs.elbaf[5]), 2);
	EXPECT_EQ(NVM_GET(NVM_ID_NS_NVM_PIF, cs.elbaf[2]), 0);
	for (uint32_t i = 0; i < 4; i++) {
		s.cdw10 = bad[i];
		EXPECT_EQ(command(h, 0, s, NULL), NVM_SC_INVALID_FORMAT | DNR);
	}
	EXPECT(!order(h, "{\"do\":\"ns\",\"nsid\":3,\"size\":\"1M\",\"ms\":24}"));
	EXPECT(!order(h, "{\"do\":\"ns\",\"nsid\":3,\"size\":\"1M\",\"pi\":1}"));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

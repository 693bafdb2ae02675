// SPDX-License-Identifier: GPL-2.0
/* rogue when nobody told it to misbehave. */
#include "host.h"

#define h (&host)

static void fill(uint32_t at, uint32_t len, uint8_t seed)
{
	for (uint32_t i = 0; i < len; i++)
		h->ram[at + i] = seed + i * 7 + (i >> 9);
}

TEST(identify, "it comes up, says who it is, and shuts down")
{
	static struct nvm_id_ctrl id;
	static struct nvm_id_ns ns;

	REQUIRE(up(h, NULL));
	EXPECT(irq_came(h, 0));
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT_EQ(id.ver, 0x20000);
	EXPECT(!memcmp(id.sn, "rogue   ", 8));
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS, 1, &ns), 0);
	EXPECT_EQ(ns.nsze, (8 << 20) / 512);
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS, 1000, &ns), NVM_SC_INVALID_NS | NVM_STATUS_DNR);
	set_reg(h, NVM_REG_CC, reg(h, NVM_REG_CC) | NVM_CC_SHN_NORMAL);
	EXPECT(wait_csts(h, NVM_CSTS_SHST, NVM_CSTS_SHST_COMPLETE, 100));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(data, "what is written by one PRP, two and lists is read back")
{
	static const uint32_t blocks[] = { 1, 8, 9, 16, 17, 64, 256 };
	uint32_t lists = DATA + 0x200000;

	REQUIRE(up(h, NULL));
	for (uint32_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++) {
		uint32_t len = blocks[i] * 512, to = DATA + 0x100000;
		uint64_t *list = (void *)(h->ram + lists);

		fill(DATA, len, i);
		memset(h->ram + to, 0, len);
		for (int write = 1; write >= 0; write--) {
			uint32_t at = write ? DATA : to;
			struct nvm_sqe s = rw_sqe(write ? NVM_CMD_WRITE : NVM_CMD_READ, 100,
						  blocks[i], at);

			if (len > 8192) {
				s.prp2 = RAM_IOVA + lists;
				for (uint32_t n = 1; n <= len / 4096; n++)
					list[n - 1] = RAM_IOVA + at + n * 4096;
			} else if (len > 4096) {
				s.prp2 = s.prp1 + 4096;
			}
			EXPECT_EQ(command(h, 1, s, NULL), 0);
		}
		EXPECT(!memcmp(h->ram + DATA, h->ram + to, len));
	}
	EXPECT(irq_came(h, 1));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(sgl, "what is written by SGL descriptors and segments is read back")
{
	struct nvm_sgl_desc *seg;
	struct nvm_sqe s;

	REQUIRE(up(h, NULL));
	fill(DATA, 4096, 1);
	s = rw_sqe(NVM_CMD_WRITE, 0, 8, 0);
	s.flags = NVM_CMD_SGL_METABUF;
	s.sgl = (struct nvm_sgl_desc){ .addr = RAM_IOVA + DATA, .length = 4096 };
	EXPECT_EQ(command(h, 1, s, NULL), 0);

	/* two descriptors, another segment, two more */
	seg = (void *)(h->ram + DATA + 0x10000);
	seg[0] = (struct nvm_sgl_desc){ .addr = RAM_IOVA + DATA + 0x2000, .length = 1000 };
	seg[1] = (struct nvm_sgl_desc){
		.addr = RAM_IOVA + DATA + 0x11000, .length = 32, .type = NVM_SGL_FMT_LAST_SEG_DESC,
	};
	seg = (void *)(h->ram + DATA + 0x11000);
	seg[0] = (struct nvm_sgl_desc){ .addr = RAM_IOVA + DATA + 0x2000 + 1000, .length = 3000 };
	seg[1] = (struct nvm_sgl_desc){ .addr = RAM_IOVA + DATA + 0x2000 + 4000, .length = 96 };
	s = rw_sqe(NVM_CMD_READ, 0, 8, 0);
	s.flags = NVM_CMD_SGL_METABUF;
	s.sgl = (struct nvm_sgl_desc){
		.addr = RAM_IOVA + DATA + 0x10000, .length = 32, .type = NVM_SGL_FMT_SEG_DESC,
	};
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	EXPECT(!memcmp(h->ram + DATA, h->ram + DATA + 0x2000, 4096));
	EXPECT_STR(first_breach(h), "");

	s.sgl.length = 24;
	EXPECT_EQ(command(h, 1, s, NULL), NVM_SC_SGL_INVALID_LAST | NVM_STATUS_DNR);
	EXPECT_STR(first_breach(h), "SGL segment that cannot be");
	EXPECT_EQ(end(h), 0);
}

TEST(other, "flush, compare, write zeroes, deallocate, verify, write uncorrectable")
{
	struct nvm_dsm_range *range;
	struct nvm_sqe s;

	REQUIRE(up(h, NULL));
	fill(DATA, 4096, 3);
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, 8, 8, DATA), 0);
	EXPECT_EQ(rw(h, NVM_CMD_COMPARE, 8, 8, DATA), 0);
	h->ram[DATA + 700]++;
	EXPECT_EQ(rw(h, NVM_CMD_COMPARE, 8, 8, DATA), NVM_SC_COMPARE_FAILED | NVM_STATUS_DNR);
	s = (struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1 };
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	s = rw_sqe(NVM_CMD_WRITE_UNCOR, 9, 1, 0);
	s.prp1 = 0;
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 8, 8, DATA), NVM_SC_READ_ERROR | NVM_STATUS_DNR);
	s.opcode = NVM_CMD_VERIFY;
	EXPECT_EQ(command(h, 1, s, NULL), NVM_SC_READ_ERROR | NVM_STATUS_DNR);
	s.opcode = NVM_CMD_WRITE_ZEROES;
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 9, 1, DATA), 0);
	EXPECT_EQ(h->ram[DATA + 11], 0);
	range = (void *)(h->ram + DATA);
	*range = (struct nvm_dsm_range){ .nlb = 64, .slba = 0 };
	s = (struct nvm_sqe){
		.opcode = NVM_CMD_DSM, .nsid = 1, .prp1 = RAM_IOVA + DATA, .cdw11 = NVM_DSMGMT_AD,
	};
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	h->ram[DATA] = 1;
	EXPECT_EQ(rw(h, NVM_CMD_READ, 8, 8, DATA), 0);
	EXPECT_EQ(h->ram[DATA], 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 16384, 1, DATA), NVM_SC_LBA_RANGE | NVM_STATUS_DNR);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 16380, 8, DATA), NVM_SC_LBA_RANGE | NVM_STATUS_DNR);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(events, "an event is told once until its log page was read; a namespace may grow")
{
	struct nvm_sqe s = { .opcode = NVM_ADMIN_ASYNC_EVENT, .cid = 100 };
	static struct nvm_id_ns ns;
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	EXPECT_EQ(command(h, 0, (struct nvm_sqe){ .opcode = NVM_ADMIN_SET_FEATURES,
			  .cdw10 = NVM_FEAT_ASYNC_EVENT, .cdw11 = NVM_AEN_CFG_NS_ATTR }, NULL), 0);
	for (int i = 0; i < 2; i++) {
		push(h, 0, &s);
		ring(h, 0);
		s.cid++;
	}
	EXPECT(!pop(h, 0, &cqe, 20));
	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":1,\"size\":\"16M\"}"));
	EXPECT(order(h, "{\"do\":\"ns\",\"nsid\":1,\"size\":\"4M\"}"));
	REQUIRE(pop(h, 0, &cqe, 1000));
	EXPECT_EQ(cqe.dw0, 0x40002);
	EXPECT_EQ(cqe.cid, 100);
	EXPECT(!pop(h, 0, &cqe, 20));
	push(h, 0, &(struct nvm_sqe){ .opcode = NVM_ADMIN_GET_LOG_PAGE, .cid = 200,
	     .prp1 = RAM_IOVA + DATA, .cdw10 = NVM_LOG_CHANGED_NS | 1023 << 16 });
	ring(h, 0);
	REQUIRE(pop(h, 0, &cqe, 1000));
	/* the second event may come first */
	if (cqe.cid == 200)
		REQUIRE(pop(h, 0, &cqe, 1000));
	else
		REQUIRE(pop(h, 0, &(struct nvm_cqe){ 0 }, 1000));
	EXPECT_EQ(cqe.cid, 101);
	EXPECT_EQ(*(uint32_t *)(h->ram + DATA), 1);
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS, 1, &ns), 0);
	EXPECT_EQ(ns.nsze, 8192);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(reset, "disable, function level reset and subsystem reset each start anew")
{
	REQUIRE(up(h, NULL));
	for (int i = 0; i < 3; i++) {
		if (i == 1)
			put(h, VFIO_PCI_CONFIG_REGION_INDEX, 0x78, 2, 0x8000);
		if (i == 2)
			set_reg(h, NVM_REG_NSSR, NVM_NSSR_RESET);
		put(h, VFIO_PCI_CONFIG_REGION_INDEX, 4, 2, 6);
		REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
		EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 8, DATA), 0);
		if (i == 2)
			EXPECT_EQ(reg(h, NVM_REG_CSTS), NVM_CSTS_RDY | NVM_CSTS_NSSRO);
	}
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(wrap, "rings wrap; queues are deleted and created again")
{
	struct nvm_sqe del_sq = { .opcode = NVM_ADMIN_DELETE_SQ, .cdw10 = 1 };
	struct nvm_sqe del_cq = { .opcode = NVM_ADMIN_DELETE_CQ, .cdw10 = 1 };

	REQUIRE(up(h, NULL));
	for (int i = 0; i < 5 * DEPTH; i++)
		EXPECT_EQ(rw(h, NVM_CMD_READ, i, 1, DATA), 0);
	EXPECT_EQ(command(h, 0, del_sq, NULL), 0);
	EXPECT_EQ(command(h, 0, del_cq, NULL), 0);
	REQUIRE(create_queue(h, 1));
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(command(h, 0, del_cq, NULL), NVM_SC_INVALID_QUEUE | NVM_STATUS_DNR);
	EXPECT_STR(first_breach(h), "CQ deleted before its SQ");
	EXPECT_EQ(end(h), 0);
}

TEST(full, "a full completion queue waits for the host")
{
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	for (int i = 0; i < 3; i++) {
		for (int n = 0; n < DEPTH - 1; n++) {
			struct nvm_sqe s = rw_sqe(NVM_CMD_READ, n, 1, DATA + n * 4096);

			s.cid = i * 100 + n;
			push(h, 1, &s);
		}
		ring(h, 1);
		usleep(5000);
		for (int n = 0; n < DEPTH - 1; n++) {
			REQUIRE(pop(h, 1, &cqe, 1000));
			EXPECT_EQ(cqe.cid, i * 100 + n);
			EXPECT_EQ(cqe.status >> 1, 0);
		}
	}
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(windows, "memory in many windows, not contiguous in the file; unmapped is gone")
{
	uint64_t iova = 0x4000000000ULL;
	struct {
		uint32_t argsz, flags;
		uint64_t iova, size;
	} un = { sizeof(un), 0, iova + 5 * 4096, 4096 };
	struct nvm_sqe s;

	REQUIRE(up(h, NULL));
	for (int i = 0; i < 64; i++)
		EXPECT_EQ(map_ram(h, iova + i * 4096, DATA + (63 - i) * 4096, 4096), 0);
	EXPECT_EQ(map_ram(h, iova, DATA, 4096), EEXIST);
	EXPECT_EQ(map_ram(h, iova - 4096, RAM_SIZE, 4096), EINVAL);
	for (int i = 0; i < 64; i++)
		memset(h->ram + DATA + i * 4096, i, 4096);
	s = rw_sqe(NVM_CMD_WRITE, 0, 16, 0);
	s.prp1 = iova;
	s.prp2 = iova + 4096;
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 8, DATA), 0);
	EXPECT_EQ(h->ram[DATA], 63);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 8, 8, DATA), 0);
	EXPECT_EQ(h->ram[DATA], 62);
	EXPECT_EQ(request(h, 3, &un, sizeof(un), NULL, 0, NULL, 0), 0);
	EXPECT_STR(first_breach(h), "");
	s.prp2 = un.iova;
	EXPECT_EQ(command(h, 1, s, NULL), NVM_SC_DATA_XFER_ERROR);
	EXPECT_STR(first_breach(h), "data outside of mapped memory");
	EXPECT_EQ(end(h), 0);
}

TEST(coalesce, "interrupts wait for more entries, and for their time")
{
	struct nvm_sqe feature = {
		.opcode = NVM_ADMIN_SET_FEATURES, .cdw10 = NVM_FEAT_IRQ_COALESCE,
	};
	struct nvm_cqe cqe;
	uint64_t n, t0;

	REQUIRE(up(h, NULL));
	feature.cdw11 = 250 << 8 | 1;	/* two entries, or 25 ms */
	EXPECT_EQ(command(h, 0, feature, NULL), 0);
	t0 = tap_ms();
	push(h, 1, &(struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1 });
	ring(h, 1);
	EXPECT(pop(h, 1, &cqe, 100));
	for (int i = 0; i < 2; i++)
		push(h, 1, &(struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1, .cid = i });
	EXPECT(read(h->irq[1], &n, 8) < 0);
	ring(h, 1);
	EXPECT(irq_came(h, 1));
	EXPECT(tap_ms() - t0 < 25);
	EXPECT(pop(h, 1, &cqe, 100) && pop(h, 1, &cqe, 100));
	push(h, 1, &(struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1 });
	ring(h, 1);
	t0 = tap_ms();
	while (read(h->irq[1], &n, 8) < 0 && tap_ms() - t0 < 200)
		usleep(1000);
	EXPECT(tap_ms() - t0 >= 20 && tap_ms() - t0 < 200);
	feature.cdw10 = NVM_FEAT_IRQ_CONFIG;
	feature.cdw11 = 1 << 16 | 2;
	EXPECT_EQ(command(h, 0, feature, NULL), 0);
	push(h, 2, &(struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1 });
	ring(h, 2);
	EXPECT(irq_came(h, 2));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(logs, "each log page that is announced can be read; what follows it is zeroes")
{
	static const uint8_t lids[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 0xd, 0x81 };

	REQUIRE(up(h, NULL));
	for (uint32_t i = 0; i < sizeof(lids); i++) {
		struct nvm_sqe s = {
			.opcode = NVM_ADMIN_GET_LOG_PAGE, .prp1 = RAM_IOVA + DATA,
			.cdw10 = lids[i] | 1023U << 16 | (lids[i] == 0xd) << 8,
		};

		memset(h->ram + DATA, 0xee, 4096);
		EXPECT_EQ(command(h, 0, s, NULL), 0);
		EXPECT(lids[i] == 5 || h->ram[DATA + 4095] != 0xee);
	}
	EXPECT_EQ(command(h, 0, (struct nvm_sqe){ .opcode = NVM_ADMIN_GET_LOG_PAGE,
			  .prp1 = RAM_IOVA + DATA, .cdw10 = 0xc9 }, NULL),
		  NVM_SC_INVALID_LOG_PAGE | NVM_STATUS_DNR);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

static uint32_t shadow(int n)
{
	return __atomic_load_n((uint32_t *)(h->ram + DATA + 0x40000) + n, __ATOMIC_ACQUIRE);
}

static void set_shadow(int n, uint32_t v)
{
	__atomic_store_n((uint32_t *)(h->ram + DATA + 0x40000) + n, v, __ATOMIC_RELEASE);
}

#define EVENTIDX(n)	shadow(1024 + (n))

TEST(shadows, "tails and heads come from memory; EventIdx says when to ring")
{
	struct nvm_sqe flush = { .opcode = NVM_CMD_FLUSH, .nsid = 1 };
	struct nvm_sqe config = {
		.opcode = NVM_ADMIN_DBBUF, .prp1 = RAM_IOVA + DATA + 0x40000,
		.prp2 = RAM_IOVA + DATA + 0x41000,
	};
	char *options[] = { "-S", NULL };
	struct nvm_cqe cqe;
	uint16_t id = 0, got = 0;
	uint64_t n;

	REQUIRE(up(h, options));
	EXPECT_EQ(command(h, 0, config, NULL), 0);
	for (int round = 0; round < 40; round++) {
		volatile struct nvm_cqe *e;
		uint32_t old = h->q[1].tail;

		/* at times more than there is room for in the CQ */
		for (int i = 0; i < (round % 8 == 7 ? DEPTH - 1 : 3); i++) {
			flush.cid = id++;
			push(h, 1, &flush);
		}
		EXPECT_EQ(EVENTIDX(2), old);
		set_shadow(2, h->q[1].tail);
		set_reg(h, NVM_REG_DBS + 8, h->q[1].tail);
		while (got != id) {
			e = (void *)(h->ram + AT_CQ(1) + 16 * h->q[1].head);
			for (int i = 0; i < 1000 && (e->status & 1) != h->q[1].phase; i++)
				usleep(100);
			memcpy(&cqe, (void *)e, sizeof(cqe));
			REQUIRE((cqe.status & 1) == h->q[1].phase);
			EXPECT_EQ(cqe.cid, got++);
			if (++h->q[1].head == DEPTH) {
				h->q[1].head = 0;
				h->q[1].phase ^= 1;
			}
			set_shadow(3, h->q[1].head);
			if (EVENTIDX(3) == (h->q[1].head + DEPTH - 1) % DEPTH)
				set_reg(h, NVM_REG_DBS + 12, h->q[1].head);
		}
		for (int i = 0; i < 100 && EVENTIDX(2) != h->q[1].tail; i++)
			usleep(100);
	}
	/* all taken: no interrupt is owed */
	(void)!read(h->irq[1], &n, sizeof(n));
	EXPECT_STR(first_breach(h), "");
	set_shadow(2, 77);
	ring(h, 1);
	EXPECT_STR(first_breach(h), "SQ doorbell out of range");
	EXPECT_EQ(end(h), 0);
}

TEST(power, "an idle controller goes to sleep as it was told, and wakes for I/O")
{
	struct nvm_feat_auto_pst *table = (void *)(h->ram + DATA);
	struct nvm_sqe s = {
		.opcode = NVM_ADMIN_SET_FEATURES, .cdw10 = NVM_FEAT_AUTO_PST,
		.cdw11 = NVM_FEAT_APSTE, .prp1 = RAM_IOVA + DATA,
	};
	struct nvm_sqe get = { .opcode = NVM_ADMIN_GET_FEATURES, .cdw10 = NVM_FEAT_POWER_MGMT };
	uint64_t result, t0;

	REQUIRE(up(h, NULL));
	memset(table, 0, sizeof(*table));
	table->entries[0] = 3 << 3 | 30 << 8;		/* to state 3 after 30 ms */
	table->entries[3] = 4 << 3 | 30 << 8;
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT_EQ(command(h, 0, get, &result), 0);
	EXPECT_EQ(result, 0);
	usleep(45000);
	EXPECT_EQ(command(h, 0, get, &result), 0);
	EXPECT_EQ(result, 3);
	usleep(45000);
	EXPECT_EQ(command(h, 0, get, &result), 0);
	EXPECT_EQ(result, 4);
	t0 = tap_ms();
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT(tap_ms() - t0 >= 14);
	EXPECT_EQ(command(h, 0, get, &result), 0);
	EXPECT_EQ(result, 0);
	s.cdw10 = NVM_FEAT_POWER_MGMT;
	s.cdw11 = 2;
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	EXPECT_EQ(command(h, 0, get, &result), 0);
	EXPECT_EQ(result, 2);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

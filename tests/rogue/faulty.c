// SPDX-License-Identifier: GPL-2.0
/* rogue when it was told to misbehave, and what it notices of a host that does. */
#include "host.h"

#define h (&host)

static uint16_t send_read(uint16_t cid)
{
	struct nvm_sqe s = rw_sqe(NVM_CMD_READ, 0, 8, DATA);

	s.cid = cid;
	push(h, 1, &s);
	ring(h, 1);
	return cid;
}

TEST(status, "a status, with DNR, CRD and More; the nth, so many times")
{
	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"on\":\"read\",\"qid\":1,\"nth\":2,\"times\":2,\"do\":\"status\","
			"\"status\":0x281,\"dnr\":true,\"crd\":2,\"more\":true}"));
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, 0, 1, DATA), 0);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0x281 | 0x4000 | 2 << 11 | 0x2000);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT_EQ(end(h), 0);
}

TEST(doubled, "a completion comes twice, at once or later")
{
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"on\":\"read\",\"nth\":3,\"do\":\"double\"}"));
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 2);
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"double\",\"ms\":30}"));
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT(!pop(h, 1, &cqe, 1));
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 3);
	EXPECT_EQ(end(h), 0);
}

TEST(wrong, "a wrong id, queue id, SQ head, phase")
{
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"wrong-id\",\"id\":0x1234}"));
	send_read(1);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 0x1234);
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"wrong-qid\"}"));
	send_read(2);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.sq_id, 2);
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"wrong-head\",\"head\":999}"));
	send_read(3);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.sq_head, 999);
	EXPECT(order(h, "{\"do\":\"invent\",\"qid\":1,\"id\":77,\"status\":6}"));
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 77);
	EXPECT_EQ(nvm_cqe_status(&cqe), 6);
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"wrong-phase\"}"));
	send_read(4);
	EXPECT(!pop(h, 1, &cqe, 30));
	EXPECT_EQ(end(h), 0);
}

TEST(interrupts, "one lost, one on the wrong vector, one for nothing, none at all")
{
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"no-irq\"}"));
	send_read(1);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT(!irq_came(h, 1));
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"wrong-vector\",\"vector\":3}"));
	send_read(2);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT(irq_came(h, 3));
	EXPECT(!irq_came(h, 1));
	EXPECT(order(h, "{\"do\":\"irq\",\"vector\":2}"));
	EXPECT(irq_came(h, 2));
	EXPECT(order(h, "{\"do\":\"set\",\"mute\":true}"));
	send_read(3);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT(!irq_came(h, 1));
	EXPECT_EQ(end(h), 0);
}

TEST(stuck, "a command gets stuck, and is answered after its abort or not at all")
{
	struct nvm_sqe abort = { .opcode = NVM_ADMIN_ABORT_CMD };
	struct nvm_cqe cqe;
	uint64_t result;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"stuck\"}"));
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"stuck\",\"after_abort\":20}"));
	send_read(5);
	send_read(6);
	EXPECT(!pop(h, 1, &cqe, 30));
	abort.cdw10 = 5 << 16 | 1;
	EXPECT_EQ(command(h, 0, abort, &result), 0);
	EXPECT_EQ(result & 1, 1);
	abort.cdw10 = 6 << 16 | 1;
	EXPECT_EQ(command(h, 0, abort, &result), 0);
	EXPECT_EQ(result & 1, 0);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 6);
	EXPECT_EQ(nvm_cqe_status(&cqe), NVM_SC_ABORT_REQ);
	/* executed, not answered */
	memset(h->ram + DATA, 1, 4096);
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"drop\"}"));
	send_read(7);
	EXPECT(!pop(h, 1, &cqe, 30));
	EXPECT_EQ(h->ram[DATA], 0);
	/* late: not even executed before */
	h->ram[DATA] = 1;
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"late\",\"ms\":400}"));
	send_read(8);
	EXPECT(!pop(h, 1, &cqe, 10));
	EXPECT_EQ(h->ram[DATA], 1);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 8);
	EXPECT_EQ(h->ram[DATA], 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(fatal, "fatal at a command, gone at a command, and back")
{
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"on\":\"read\",\"nth\":2,\"do\":\"cfs\"}"));
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	send_read(50);
	EXPECT(!pop(h, 1, &cqe, 30));
	EXPECT_EQ(reg(h, NVM_REG_CSTS), NVM_CSTS_RDY | NVM_CSTS_CFS);
	REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
	EXPECT(order(h, "{\"on\":\"any\",\"do\":\"gone\"}"));
	send_read(51);
	EXPECT(!pop(h, 1, &cqe, 30));
	EXPECT_EQ(reg(h, NVM_REG_CSTS), 0xffffffff);
	EXPECT_EQ(get(h, VFIO_PCI_CONFIG_REGION_INDEX, 0, 4) & 0xffffffff, 0xffffffff);
	EXPECT(order(h, "{\"do\":\"back\"}"));
	put(h, VFIO_PCI_CONFIG_REGION_INDEX, 4, 2, 6);
	REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(readiness, "ready late, never, and then fatal; a shutdown that never ends; deaf registers")
{
	uint64_t t0;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"do\":\"set\",\"ready\":80}"));
	t0 = tap_ms();
	EXPECT(enable(h));
	EXPECT(tap_ms() - t0 >= 80);
	EXPECT(order(h, "{\"do\":\"set\",\"ready\":\"never\"}"));
	set_reg(h, NVM_REG_CC, 0);
	set_reg(h, NVM_REG_CC, NVM_CC_EN);
	EXPECT(!wait_csts(h, NVM_CSTS_RDY, NVM_CSTS_RDY, 50));
	EXPECT(order(h, "{\"do\":\"set\",\"ready\":0,\"fatal_at_ready\":true}"));
	set_reg(h, NVM_REG_CC, 0);
	set_reg(h, NVM_REG_CC, NVM_CC_EN);
	EXPECT_EQ(reg(h, NVM_REG_CSTS), NVM_CSTS_RDY | NVM_CSTS_CFS);
	EXPECT(order(h, "{\"do\":\"set\",\"fatal_at_ready\":false,\"shutdown\":\"never\"}"));
	REQUIRE(enable(h));
	set_reg(h, NVM_REG_CC, reg(h, NVM_REG_CC) | NVM_CC_SHN_NORMAL);
	EXPECT(!wait_csts(h, NVM_CSTS_SHST, NVM_CSTS_SHST_COMPLETE, 50));
	EXPECT(order(h, "{\"do\":\"set\",\"shutdown\":0,\"deaf\":true}"));
	set_reg(h, NVM_REG_CC, 0);
	EXPECT(reg(h, NVM_REG_CC) & NVM_CC_EN);
	EXPECT_EQ(end(h), 0);
}

TEST(queues, "an admin queue that dies while I/O goes on; fewer queues than promised")
{
	struct nvm_cqe cqe;
	static uint8_t page[4096];

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"on\":\"admin\",\"do\":\"stop\"}"));
	push(h, 0, &(struct nvm_sqe){ .opcode = NVM_ADMIN_KEEP_ALIVE, .cid = 900 });
	ring(h, 0);
	EXPECT(!pop(h, 0, &cqe, 30));
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT(order(h, "{\"do\":\"set\",\"grant\":8,\"queues\":1}"));
	REQUIRE(enable(h) && set_queues(h));
	EXPECT(create_queue(h, 1));
	EXPECT(create_queue(h, 2) == false);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, page), 0);
	EXPECT_EQ(end(h), 0);
}

TEST(lies, "identify, field by field, by offset, and of one namespace")
{
	static struct nvm_id_ctrl id;
	static struct nvm_id_ns ns;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"do\":\"identify\",\"set\":{\"mdts\":0,"
			"\"nn\":0xffffffff,\"sn\":\"x\"}}"));
	EXPECT(order(h, "{\"do\":\"identify\",\"page\":\"ns\",\"nsid\":1,\"set\":"
			"{\"nsze\":0,\"lbaf0.ds\":31,\"eui64\":\"0102030405060708\"}}"));
	EXPECT(order(h, "{\"do\":\"identify\",\"cns\":1,\"offset\":3072,\"len\":2,"
			"\"value\":\"beef\"}"));
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT_EQ(id.mdts, 0);
	EXPECT_EQ(id.nn, 0xffffffff);
	EXPECT(!memcmp(id.sn, "x                   ", 20));
	EXPECT_EQ(id.vs[0] << 8 | id.vs[1], 0xbeef);
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS, 1, &ns), 0);
	EXPECT_EQ(ns.nsze, 0);
	EXPECT_EQ(ns.lbaf[0].ds, 31);
	EXPECT_EQ(ns.eui64[7], 8);
	EXPECT(!order(h, "{\"do\":\"identify\",\"set\":{\"nothing\":1}}"));
	EXPECT(!order(h, "{\"do\":\"identify\",\"cns\":1,\"offset\":4095,\"len\":2,\"value\":1}"));
	EXPECT(order(h, "{\"do\":\"clear\"}"));
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT_EQ(id.mdts, 7);
	EXPECT(order(h, "{\"do\":\"identify\",\"set\":{\"sn\":\"other\"},\"after_reset\":true}"));
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT(!memcmp(id.sn, "rogue ", 6));
	REQUIRE(enable(h));
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT(!memcmp(id.sn, "other ", 6));
	EXPECT_EQ(end(h), 0);
}

TEST(orders, "what is no order is refused, and the next one is heard")
{
	static const char * const bad[] = {
		"", "{", "[]", "{\"do\":1}", "{\"do\":\"x\"}", "{\"do\":\"double\"}",
		"{\"on\":\"nothing\",\"do\":\"double\"}", "{\"on\":\"read\",\"do\":\"status\"}",
		"{\"do\":\"set\",\"ready\":-1}", "{\"do\":\"ns\"}", "{\"do\":\"ns\",\"nsid\":0}",
		"{\"do\":\"ns\",\"nsid\":9,\"size\":\"x\"}", "{\"do\":\"report\"} x",
		"{\"do\":\"report\",}", "{\"a\":[[[[[[[[[[1]]]]]]]]]]}", "{\"do\":\"repo",
		"{\"do\":\"invent\",\"qid\":60,\"id\":1}",
		"{\"do\":\"identify\",\"set\":{\"sn\":[]}}",
		"{\"on\":\"read\",\"do\":\"report\"}", "{\"do\":99999999999999999999999}",
	};

	REQUIRE(up(h, NULL));
	for (uint32_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		EXPECT(!order(h, bad[i]));
		EXPECT(strstr(h->answer, "\"error\""));
	}
	EXPECT(order(h, "{\"do\":\"state\"}"));
	EXPECT(strstr(h->answer, "\"queues\":2"));
	EXPECT_EQ(end(h), 0);
}

/* Each does one wrong thing; the report must name it. */
static void misaligned(void)
{
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA + 2), NVM_SC_PRP_INVALID_OFFSET | NVM_STATUS_DNR);
}

static void misaligned2(void)
{
	struct nvm_sqe s = rw_sqe(NVM_CMD_READ, 0, 16, DATA);

	s.prp2 = RAM_IOVA + DATA + 0x1004;
	command(h, 1, s, NULL);
}

static void outside(void)
{
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, RAM_SIZE), NVM_SC_DATA_XFER_ERROR);
}

static void too_large(void)
{
	struct nvm_sqe s = rw_sqe(NVM_CMD_READ, 0, 2048, DATA);
	static uint8_t page[4096];

	identify(h, NVM_ID_CNS_CTRL, 0, page);
	s.prp2 = RAM_IOVA + DATA + 0x1000;
	command(h, 1, s, NULL);
}

static void twice(void)
{
	order(h, "{\"on\":\"read\",\"do\":\"stuck\"}");
	send_read(7);
	send_read(7);
}

static void range(void)
{
	set_reg(h, NVM_REG_DBS + 8, DEPTH);
}

static void backwards(void)
{
	struct nvm_cqe cqe;

	for (int i = 0; i < 3; i++)
		rw(h, NVM_CMD_READ, 0, 1, DATA);
	/* with nothing in flight all entries but one are free: only its own place is behind */
	order(h, "{\"on\":\"any\",\"do\":\"stop\"}");
	for (int i = 0; i < 4; i++)
		push(h, 1, &(struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1, .cid = 90 + i });
	ring(h, 1);
	EXPECT(!pop(h, 1, &cqe, 10));
	set_reg(h, NVM_REG_DBS + 8, h->q[1].tail - 2);
}

static void cq_backwards(void)
{
	rw(h, NVM_CMD_READ, 0, 1, DATA);
	set_reg(h, NVM_REG_DBS + 12, 5);
}

static void no_queue(void)
{
	set_reg(h, NVM_REG_DBS + 8 * 3, 1);
}

static void reserved(void)
{
	command(h, 1, (struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1, .cdw12 = 1 }, NULL);
}

static void reserved_flags(void)
{
	command(h, 1, (struct nvm_sqe){ .opcode = NVM_CMD_FLUSH, .nsid = 1, .flags = 4 }, NULL);
}

static void reserved_bit(void)
{
	struct nvm_sqe s = rw_sqe(NVM_CMD_READ, 0, 1, DATA);

	s.cdw12 |= 1 << 17;
	command(h, 1, s, NULL);
}

static void nsid(void)
{
	command(h, 0, (struct nvm_sqe){ .opcode = NVM_ADMIN_ABORT_CMD, .nsid = 1,
		.cdw10 = 5 << 16 | 1 }, NULL);
}

static void order_of_queues(void)
{
	command(h, 0, (struct nvm_sqe){ .opcode = NVM_ADMIN_CREATE_SQ, .prp1 = RAM_IOVA,
		.cdw10 = 15 << 16 | 3, .cdw11 = 3 << 16 | 1 }, NULL);
}

static void disabled(void)
{
	set_reg(h, NVM_REG_CC, 0);
	set_reg(h, NVM_REG_DBS, 1);
}

static void after_shutdown(void)
{
	set_reg(h, NVM_REG_CC, reg(h, NVM_REG_CC) | NVM_CC_SHN_NORMAL);
	send_read(1);
}

static void before_number(void)
{
	enable(h);
	create_queue(h, 1);
}

static void read_only(void)
{
	set_reg(h, NVM_REG_VS, 0);
}

static void aqa(void)
{
	set_reg(h, NVM_REG_AQA, 0x10001);
}

TEST(breaches, "what a host does wrong is reported by its name")
{
	static const struct {
		void (*run)(void);
		const char *what;
	} v[] = {
		{ misaligned, "PRP1 is not dword aligned" },
		{ misaligned2, "PRP2 is not page aligned" },
		{ outside, "data outside of mapped memory" },
		{ too_large, "transfer larger than MDTS" },
		{ twice, "command id in use twice" },
		{ range, "SQ doorbell out of range" },
		{ backwards, "SQ doorbell moved backwards" },
		{ cq_backwards, "CQ doorbell moved backwards" },
		{ no_queue, "doorbell of a queue that is not there" },
		{ reserved, "reserved dwords of a command are not zero" },
		{ reserved_bit, "reserved bits of a command are not zero" },
		{ nsid, "reserved dwords of a command are not zero" },
		{ reserved_flags, "reserved bits in a command's flags" },
		{ order_of_queues, "SQ created before its CQ" },
		{ disabled, "doorbell while CC.EN is 0" },
		{ after_shutdown, "command after shutdown" },
		{ before_number, "queue created before the number of queues was set" },
		{ read_only, "a register that cannot be written was" },
		{ aqa, "AQA written while enabled" },
	};

	for (uint32_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		REQUIRE(up(h, NULL));
		EXPECT_STR(first_breach(h), "");
		v[i].run();
		EXPECT_STR(first_breach(h), v[i].what);
		EXPECT_EQ(end(h), 0);
	}
}

TEST(media, "ready without its media: I/O waits; a pause while firmware is activated")
{
	static struct nvm_id_ns_cs_indep ns;
	struct nvm_sqe commit = { .opcode = NVM_ADMIN_ACTIVATE_FW, .cdw10 = 3 << 3 | 1 };
	uint64_t t0;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"do\":\"set\",\"media\":150}"));
	t0 = tap_ms();
	EXPECT(enable(h));
	EXPECT(tap_ms() - t0 >= 150);
	set_reg(h, NVM_REG_CC, 0);
	queue_clear(h, 0);
	set_reg(h, NVM_REG_CC, NVM_CC_EN | NVM_CC_CRIME | 6 << 16 | 4 << 20);
	EXPECT_EQ(reg(h, NVM_REG_CSTS), NVM_CSTS_RDY);
	REQUIRE(set_queues(h) && create_queue(h, 1));
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), NVM_SC_NS_NOT_READY);
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS_CS_INDEP, 1, &ns), 0);
	EXPECT_EQ(ns.nstat, 0);
	usleep(200000);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT_EQ(identify(h, NVM_ID_CNS_NS_CS_INDEP, 1, &ns), 0);
	EXPECT_EQ(ns.nstat, NVM_NSTAT_NRDY);

	EXPECT(order(h, "{\"do\":\"set\",\"activation\":60}"));
	EXPECT_EQ(command(h, 0, commit, NULL), 0);
	EXPECT_EQ(reg(h, NVM_REG_CSTS), NVM_CSTS_RDY | NVM_CSTS_PP);
	t0 = tap_ms();
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT(tap_ms() - t0 >= 40);
	EXPECT_EQ(reg(h, NVM_REG_CSTS), NVM_CSTS_RDY);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

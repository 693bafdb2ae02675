// SPDX-License-Identifier: GPL-2.0
/* Entries of 128 bytes, and ids that are not free to choose. */
#include "host.h"

#define h (&host)

#define SQES(value) "{\"do\":\"identify\",\"page\":\"ctrl\",\"set\":{\"sqes\":" #value "}}"

/* From nothing to queue 1, with entries of 2^@shift bytes. Returns what its creation says. */
static int up_with(const char *order_of_sqes, uint32_t shift)
{
	struct nvm_sqe cq = {
		.opcode = NVM_ADMIN_CREATE_CQ, .prp1 = RAM_IOVA + AT_CQ(1),
		.cdw10 = (DEPTH - 1) << 16 | 1, .cdw11 = 1 << 16 | 3,
	};
	struct nvm_sqe sq = {
		.opcode = NVM_ADMIN_CREATE_SQ, .prp1 = RAM_IOVA + AT_SQ(1),
		.cdw10 = (DEPTH - 1) << 16 | 1, .cdw11 = 1 << 16 | 1,
	};
	uint32_t cc;

	if (!order(h, order_of_sqes) || !enable(h) || !set_queues(h))
		return -1;
	/* late, as by a host that had to ask for it */
	cc = reg(h, NVM_REG_CC) & ~NVM_CC_IOSQES;
	set_reg(h, NVM_REG_CC, cc | NVM_PREP(NVM_CC_IOSQES, shift));
	queue_clear(h, 1);
	if (command(h, 0, cq, NULL))
		return -1;
	return command(h, 0, sq, NULL);
}

/* One command in an entry of 128 bytes; @rest: its last byte. */
static int wide(struct nvm_sqe sqe, uint8_t rest)
{
	uint8_t *at = h->ram + AT_SQ(1) + 128 * h->q[1].tail;
	struct nvm_cqe cqe;

	sqe.cid = h->q[1].next_id++;
	memset(at, 0, 128);
	memcpy(at, &sqe, 64);
	at[127] = rest;
	h->q[1].tail = (h->q[1].tail + 1) % DEPTH;
	ring(h, 1);
	if (!pop(h, 1, &cqe, 1000))
		return -1;
	return cqe.cid == sqe.cid ? nvm_cqe_status(&cqe) : -2;
}

static void post(int q, uint8_t opcode, uint16_t cid)
{
	struct nvm_sqe s = { .opcode = opcode, .nsid = q ? 1 : 0, .cid = cid };

	push(h, q, &s);
	ring(h, q);
}

TEST(wide, "entries of 128 bytes where SQES requires them, and where it allows them")
{
	REQUIRE(start(h, NULL) && attach(h));
	EXPECT_EQ(up_with(SQES(0x77), 7), 0);
	/* once around the ring and a bit more */
	for (int i = 0; i < DEPTH + 3; i++) {
		memset(h->ram + DATA, i, 512);
		EXPECT_EQ(wide(rw_sqe(NVM_CMD_WRITE, i, 1, DATA), 0), 0);
	}
	for (int i = 0; i < DEPTH + 3; i++) {
		EXPECT_EQ(wide(rw_sqe(NVM_CMD_READ, i, 1, DATA), 0), 0);
		EXPECT_EQ(h->ram[DATA + 511], i);
	}
	EXPECT_EQ(up_with(SQES(0x76), 7), 0);
	EXPECT_EQ(wide(rw_sqe(NVM_CMD_READ, 3, 1, DATA), 0), 0);
	EXPECT_EQ(h->ram[DATA], 3);
	EXPECT_EQ(up_with(SQES(0x76), 6), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 4, 1, DATA), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 5, 1, DATA), 0);
	EXPECT_EQ(h->ram[DATA], 5);
	/* one that makes no sense says nothing */
	EXPECT_EQ(up_with(SQES(0), 6), 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(misfit, "entries of another size, a second half that is not zero, a change of size")
{
	static const struct {
		const char *sqes;
		uint32_t shift;
	} wrong[] = { { SQES(0x66), 7 }, { SQES(0x77), 6 }, { SQES(0x88), 8 }, { SQES(0x66), 0 } };

	REQUIRE(start(h, NULL) && attach(h));
	for (int i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		EXPECT(order(h, "{\"do\":\"clear\"}"));
		EXPECT_EQ(up_with(wrong[i].sqes, wrong[i].shift),
			  NVM_SC_QUEUE_SIZE | NVM_STATUS_DNR);
		EXPECT_STR(first_breach(h), "SQ created with entries of a size that it cannot have");
	}
	EXPECT(order(h, "{\"do\":\"clear\"}"));
	EXPECT_EQ(up_with(SQES(0x77), 7), 0);
	EXPECT_EQ(wide(rw_sqe(NVM_CMD_READ, 0, 1, DATA), 1), 0);
	EXPECT_STR(first_breach(h), "what follows a command in its entry is not zero");
	EXPECT(order(h, "{\"do\":\"clear\"}"));
	set_reg(h, NVM_REG_CC, reg(h, NVM_REG_CC) ^ NVM_PREP(NVM_CC_IOSQES, 1));
	EXPECT_STR(first_breach(h), "CC changed while enabled");
	EXPECT_EQ(end(h), 0);
}

TEST(shared, "an id that two queues use at once, where that must not be")
{
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	/* the request for an event is never answered */
	post(0, NVM_ADMIN_ASYNC_EVENT, 5);
	post(1, NVM_CMD_FLUSH, 5);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_STR(first_breach(h), "");
	EXPECT(order(h, "{\"do\":\"set\",\"shared_ids\":true}"));
	post(1, NVM_CMD_FLUSH, 6);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_STR(first_breach(h), "");
	post(1, NVM_CMD_FLUSH, 5);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_STR(first_breach(h), "command id in use in another queue");
	EXPECT(order(h, "{\"do\":\"clear\"}"));
	post(1, NVM_CMD_FLUSH, 5);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(small, "an id that is not below the size of its queue, where it has to be")
{
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL));
	post(1, NVM_CMD_FLUSH, 0x1001);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT(order(h, "{\"do\":\"set\",\"small_ids\":true}"));
	post(1, NVM_CMD_FLUSH, DEPTH - 1);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_STR(first_breach(h), "");
	post(1, NVM_CMD_FLUSH, DEPTH);
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_STR(first_breach(h), "command id that is not below the size of its queue");
	EXPECT_EQ(end(h), 0);
}

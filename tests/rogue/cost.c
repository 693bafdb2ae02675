// SPDX-License-Identifier: GPL-2.0
/* What commands cost in time. */
#include "host.h"

#define h (&host)

/* A discard of four ranges, and a read behind it; ms that each took. */
static void flood(uint64_t *dsm_ms, uint64_t *read_ms)
{
	struct nvm_dsm_range *v = (void *)(h->ram + DATA);
	struct nvm_sqe dsm = {
		.opcode = NVM_CMD_DSM, .nsid = 1, .prp1 = RAM_IOVA + DATA,
		.cdw10 = 3, .cdw11 = NVM_DSMGMT_AD, .cid = 100,
	};
	struct nvm_sqe read = rw_sqe(NVM_CMD_READ, 0, 1, DATA + 0x1000);
	uint64_t t0 = tap_ms();
	struct nvm_cqe cqe;

	for (int i = 0; i < 4; i++)
		v[i] = (struct nvm_dsm_range){ .slba = 100 * i, .nlb = 512 };
	read.cid = 101;
	push(h, 1, &dsm);
	push(h, 1, &read);
	ring(h, 1);
	for (int i = 0; i < 2; i++) {
		REQUIRE(pop(h, 1, &cqe, 1000));
		EXPECT_EQ(cqe.status >> 1, 0);
		*(cqe.cid == 100 ? dsm_ms : read_ms) = tap_ms() - t0;
	}
}

TEST(slow, "a command takes its time, each range takes more, others wait for a lane")
{
	uint64_t dsm = 0, read = 0, t0;

	REQUIRE(up(h, NULL));
	/* 10 + 4 * 5 + 1 * 20 */
	EXPECT(order(h, "{\"do\":\"slow\",\"on\":\"dsm\",\"us\":10000,\"range\":5000,"
			"\"mib\":20000}"));
	flood(&dsm, &read);
	EXPECT(dsm >= 50);
	EXPECT(read >= dsm);
	EXPECT(order(h, "{\"do\":\"slow\",\"lanes\":2}"));
	flood(&dsm, &read);
	EXPECT(dsm >= 50);
	EXPECT(read < dsm);
	EXPECT(order(h, "{\"do\":\"slow\",\"on\":\"admin\",\"us\":30000}"));
	t0 = tap_ms();
	EXPECT(set_queues(h) == false);
	EXPECT(tap_ms() - t0 >= 30);
	EXPECT(order(h, "{\"do\":\"slow\"}"));
	EXPECT(!order(h, "{\"do\":\"slow\",\"on\":\"nothing\"}"));
	EXPECT(!order(h, "{\"do\":\"slow\",\"lanes\":0}"));
	EXPECT_STR(first_breach(h), "number of queues set while there are queues");
	EXPECT_EQ(end(h), 0);
}

/* Ten times ten flushes at 300 us, in ms. */
static uint64_t flushes(void)
{
	struct nvm_sqe s = { .opcode = NVM_CMD_FLUSH, .nsid = 1 };
	uint64_t t0 = tap_ms();
	struct nvm_cqe cqe;

	for (int i = 0; i < 10; i++) {
		for (s.cid = 0; s.cid < 10; s.cid++)
			push(h, 1, &s);
		ring(h, 1);
		for (int n = 0; n < 10; n++) {
			REQUIRE(pop(h, 1, &cqe, 1000));
			EXPECT_EQ(cqe.cid, n);
		}
	}
	return tap_ms() - t0;
}

TEST(micro, "a delay of 300 us is neither nothing nor a millisecond")
{
	uint64_t ms, best = UINT64_MAX;

	REQUIRE(up(h, NULL));
	EXPECT(order(h, "{\"do\":\"slow\",\"on\":\"flush\",\"us\":300}"));
	/* other work on this machine makes it longer, never shorter */
	for (int i = 0; i < 10 && best >= 90; i++) {
		ms = flushes();
		best = ms < best ? ms : best;
	}
	EXPECT(best >= 30 && best < 90);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

// SPDX-License-Identifier: GPL-2.0
/* Reservations between this host and others. */
#include "host.h"

#define h (&host)
#define CONFLICT	(NVM_SC_RESERVATION_CONFLICT | NVM_STATUS_DNR)
#define OTHER(act)	order(h, "{\"do\":\"reserve\",\"host\":2," act "}")

/* As this host: @key is the one that we have, @new the next one or the one to preempt. */
static int reserve(uint8_t opcode, uint32_t action, uint8_t type, uint64_t key, uint64_t new)
{
	struct nvm_resv_keys *k = (void *)(h->ram + DATA);
	struct nvm_sqe s = {
		.opcode = opcode, .nsid = 1, .prp1 = RAM_IOVA + DATA,
		.cdw10 = action | type << 8,
	};

	*k = (struct nvm_resv_keys){ .crkey = key, .nrkey = new };
	return command(h, 1, s, NULL);
}

#define REGISTER(action, key, new)	reserve(NVM_CMD_RESV_REGISTER, action, 0, key, new)
#define ACQUIRE(action, type, key, new)	reserve(NVM_CMD_RESV_ACQUIRE, action, type, key, new)
#define RELEASE(action, type, key)	reserve(NVM_CMD_RESV_RELEASE, action, type, key, 0)

static int set_feature(uint32_t fid, uint32_t nsid, uint32_t v)
{
	struct nvm_sqe s = {
		.opcode = NVM_ADMIN_SET_FEATURES, .nsid = nsid, .prp1 = RAM_IOVA + DATA,
		.cdw10 = fid, .cdw11 = v,
	};

	if (fid != NVM_FEAT_HOST_ID)
		s.prp1 = 0;
	return command(h, 0, s, NULL);
}

static bool known(void)
{
	memset(h->ram + DATA, 0xab, 16);
	return !set_feature(NVM_FEAT_HOST_ID, 0, NVM_FEAT_HOST_ID_EXHID);
}

/* "rw": what is allowed. */
static const char *allowed(void)
{
	static char v[3];
	int read = rw(h, NVM_CMD_READ, 0, 1, DATA), write = rw(h, NVM_CMD_WRITE, 0, 1, DATA);

	EXPECT(!read || read == CONFLICT);
	EXPECT(!write || write == CONFLICT);
	v[0] = read ? '-' : 'r';
	v[1] = write ? '-' : 'w';
	return v;
}

TEST(types, "what each type of another host's reservation leaves to us")
{
	static const char * const stranger[] = { "rw", "r-", "--", "r-", "--", "r-", "--" };
	static const char * const registrant[] = { "rw", "r-", "--", "rw", "rw", "rw", "rw" };

	REQUIRE(up(h, NULL) && known());
	EXPECT(!OTHER("\"act\":\"acquire\",\"key\":7,\"type\":1"));
	EXPECT(OTHER("\"act\":\"register\",\"new\":7"));
	for (int type = 1; type <= 6; type++) {
		char line[100];

		snprintf(line, sizeof(line), "{\"do\":\"reserve\",\"host\":2,\"act\":\"acquire\","
			 "\"key\":7,\"type\":%d}", type);
		EXPECT(order(h, line));
		EXPECT_STR(allowed(), stranger[type]);
		EXPECT_EQ(REGISTER(NVM_RESV_REGISTER_KEY, 0, 5), 0);
		EXPECT_STR(allowed(), registrant[type]);
		EXPECT_EQ(ACQUIRE(NVM_RESV_ACQUIRE, type % 6 + 1, 5, 0), CONFLICT);
		EXPECT_EQ(REGISTER(NVM_RESV_UNREGISTER_KEY, 5, 0), 0);
		memcpy(strstr(line, "acquire"), "release", 7);
		EXPECT(order(h, line));
		EXPECT_STR(allowed(), "rw");
	}
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(preempt, "preempted: registrations and reservation go, an event and its log page tell")
{
	struct nvm_sqe log = {
		.opcode = NVM_ADMIN_GET_LOG_PAGE, .prp1 = RAM_IOVA + DATA,
		.cdw10 = NVM_LOG_RESERVATION | 15 << 16,
	};
	struct nvm_resv_log *l = (void *)(h->ram + DATA);
	struct nvm_cqe cqe;

	REQUIRE(up(h, NULL) && known());
	l = (void *)(h->ram + DATA);
	push(h, 0, &(struct nvm_sqe){ .opcode = NVM_ADMIN_ASYNC_EVENT, .cid = 500 });
	ring(h, 0);
	EXPECT(OTHER("\"act\":\"register\",\"new\":7"));
	EXPECT_EQ(REGISTER(NVM_RESV_REGISTER_KEY, 0, 5), 0);
	EXPECT_EQ(ACQUIRE(NVM_RESV_ACQUIRE, 1, 4, 0), CONFLICT);
	EXPECT_EQ(ACQUIRE(NVM_RESV_ACQUIRE, 1, 5, 0), 0);
	EXPECT_STR(allowed(), "rw");
	EXPECT(!OTHER("\"act\":\"acquire\",\"key\":7,\"type\":1"));
	EXPECT(!OTHER("\"act\":\"preempt\",\"key\":7,\"new\":99,\"type\":2"));
	/* what is held ends with it */
	EXPECT(order(h, "{\"on\":\"read\",\"do\":\"stuck\"}"));
	push(h, 1, &(struct nvm_sqe){ .opcode = NVM_CMD_READ, .nsid = 1, .cid = 77,
				      .prp1 = RAM_IOVA + DATA });
	ring(h, 1);
	EXPECT(!pop(h, 1, &cqe, 20));
	EXPECT(OTHER("\"act\":\"preempt-abort\",\"key\":7,\"new\":5,\"type\":2"));
	REQUIRE(pop(h, 1, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 77);
	EXPECT_EQ(cqe.status >> 1, NVM_SC_ABORTED_PREEMPT_ABORT);
	EXPECT_STR(allowed(), "--");
	REQUIRE(pop(h, 0, &cqe, 1000));
	EXPECT_EQ(cqe.cid, 500);
	EXPECT_EQ(cqe.result, NVM_AER_CSS | NVM_LOG_RESERVATION << 16);
	EXPECT_EQ(command(h, 0, log, NULL), 0);
	EXPECT_EQ(l->lpc, 1);
	EXPECT_EQ(l->rnlpt, 3);
	EXPECT_EQ(l->nsid, 1);
	EXPECT_EQ(command(h, 0, log, NULL), 0);
	EXPECT_EQ(l->lpc, 0);
	/* and back again */
	EXPECT_EQ(REGISTER(NVM_RESV_REGISTER_KEY, 0, 6), 0);
	EXPECT_EQ(ACQUIRE(NVM_RESV_PREEMPT, 5, 6, 7), 0);
	EXPECT_STR(allowed(), "rw");
	EXPECT(!OTHER("\"act\":\"release\",\"key\":7,\"type\":5"));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(report, "the report names the registrants; a key can be replaced, and all be cleared")
{
	struct nvm_sqe s = {
		.opcode = NVM_CMD_RESV_REPORT, .nsid = 1, .prp1 = RAM_IOVA + DATA,
		.cdw10 = 1023, .cdw11 = NVM_RESV_REPORT_EDS,
	};
	struct nvm_reservation_status_ext *e;

	REQUIRE(up(h, NULL) && known());
	e = (void *)(h->ram + DATA);
	EXPECT_EQ(REGISTER(NVM_RESV_REGISTER_KEY, 0, 5), 0);
	EXPECT_EQ(REGISTER(NVM_RESV_REGISTER_KEY, 0, 6), CONFLICT);
	EXPECT_EQ(REGISTER(NVM_RESV_REPLACE_KEY, 5, 6), 0);
	EXPECT(OTHER("\"act\":\"register\",\"new\":7"));
	EXPECT(OTHER("\"act\":\"acquire\",\"key\":7,\"type\":3"));
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	EXPECT_EQ(e->rtype, 3);
	EXPECT_EQ(e->regctl[0], 2);
	EXPECT_EQ(e->regctl_eds[0].rkey, 6);
	EXPECT_EQ(e->regctl_eds[0].hostid[15], 0xab);
	EXPECT_EQ(e->regctl_eds[0].rcsts, 0);
	EXPECT_EQ(e->regctl_eds[1].rkey, 7);
	EXPECT_EQ(e->regctl_eds[1].cntlid, 2);
	EXPECT_EQ(e->regctl_eds[1].rcsts, 1);
	EXPECT_EQ(RELEASE(NVM_RESV_CLEAR, 0, 6), 0);
	EXPECT_EQ(command(h, 1, s, NULL), 0);
	EXPECT_EQ(e->rtype, 0);
	EXPECT_EQ(e->regctl[0], 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(cut, "a reservation outlives a power cut if it was told to")
{
	REQUIRE(up(h, NULL) && known());
	for (int persist = 0; persist < 2; persist++) {
		EXPECT(OTHER("\"act\":\"register\",\"new\":7"));
		EXPECT(OTHER("\"act\":\"acquire\",\"key\":7,\"type\":2"));
		EXPECT_STR(allowed(), "--");
		EXPECT_EQ(set_feature(NVM_FEAT_RESV_PERSIST, 1, persist), 0);
		EXPECT(order(h, "{\"do\":\"powerfail\"}"));
		REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1) && known());
		EXPECT_STR(allowed(), persist ? "--" : "rw");
	}
	EXPECT_EQ(end(h), 0);
}

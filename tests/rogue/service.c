// SPDX-License-Identifier: GPL-2.0
/* What takes its time: self-test, sanitize, firmware; what tells of it: logs and events. */
#include "host.h"

#define h (&host)

static int get_log(uint32_t lid, uint32_t lsp, uint32_t len)
{
	struct nvm_sqe s = {
		.opcode = NVM_ADMIN_GET_LOG_PAGE, .prp1 = RAM_IOVA + DATA,
		.cdw10 = lid | lsp << 8 | (len / 4 - 1) << 16,
	};

	memset(h->ram + DATA, 0xee, 4096);
	if (len > 4096)
		s.prp2 = s.prp1 + 4096;
	return command(h, 0, s, NULL);
}

static int admin(uint8_t opcode, uint32_t nsid, uint32_t cdw10)
{
	return command(h, 0, (struct nvm_sqe){ .opcode = opcode, .nsid = nsid, .cdw10 = cdw10 },
		       NULL);
}

static void expect_event(uint16_t id)
{
	push(h, 0, &(struct nvm_sqe){ .opcode = NVM_ADMIN_ASYNC_EVENT, .cid = id });
	ring(h, 0);
}

static uint32_t heard(uint16_t id, int ms)
{
	struct nvm_cqe cqe;

	if (!pop(h, 0, &cqe, ms) || cqe.cid != id)
		return 0xffffffff;
	return cqe.result;
}

static bool enable_events(void)
{
	struct nvm_sqe s = {
		.opcode = NVM_ADMIN_SET_FEATURES, .cdw10 = NVM_FEAT_ASYNC_EVENT,
		.cdw11 = NVM_AEN_CFG_SMART | NVM_AEN_CFG_TELEMETRY | NVM_AEN_CFG_FW_ACT,
	};

	return !command(h, 0, s, NULL);
}

TEST(selftest, "a self-test runs, ends, fails, is aborted; the log has them all")
{
	struct nvm_self_test_log *l;

	REQUIRE(up(h, NULL));
	l = (void *)(h->ram + DATA);
	EXPECT(order(h, "{\"do\":\"set\",\"selftest\":100}"));
	EXPECT_EQ(admin(NVM_ADMIN_DEV_SELF_TEST, 1, 1), 0);
	EXPECT_EQ(admin(NVM_ADMIN_DEV_SELF_TEST, 1, 2), NVM_SC_SELF_TEST_IN_PROGRESS);
	EXPECT_EQ(get_log(NVM_LOG_DEVICE_SELF_TEST, 0, sizeof(*l)), 0);
	EXPECT_EQ(l->cdsto, 1);
	EXPECT(l->cdstc < 100);
	EXPECT_EQ(l->result[0].dsts, 0xf);
	usleep(120000);
	EXPECT(order(h, "{\"do\":\"set\",\"selftest_fails\":true}"));
	EXPECT_EQ(admin(NVM_ADMIN_DEV_SELF_TEST, 1, 2), 0);
	usleep(120000);
	EXPECT(order(h, "{\"do\":\"set\",\"selftest\":\"never\"}"));
	EXPECT_EQ(admin(NVM_ADMIN_DEV_SELF_TEST, 1, 2), 0);
	EXPECT_EQ(admin(NVM_ADMIN_DEV_SELF_TEST, 1, 0xf), 0);
	EXPECT_EQ(get_log(NVM_LOG_DEVICE_SELF_TEST, 0, sizeof(*l)), 0);
	EXPECT_EQ(l->cdsto, 0);
	EXPECT_EQ(l->result[0].dsts, 0x21);
	EXPECT_EQ(l->result[1].dsts, 0x27);
	EXPECT_EQ(l->result[2].dsts, 0x10);
	EXPECT_EQ(l->result[3].dsts, 0xf);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(sanitize, "I/O waits for a sanitize; its end is an event; one that fails must be left")
{
	struct nvm_sanitize_log *l;

	REQUIRE(up(h, NULL));
	l = (void *)(h->ram + DATA);
	memset(h->ram + DATA, 0x55, 512);
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, 0, 1, DATA), 0);
	EXPECT(order(h, "{\"do\":\"set\",\"sanitize\":150}"));
	EXPECT_EQ(admin(NVM_ADMIN_SANITIZE_NVM, 0, 2), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), NVM_SC_SANITIZE_IN_PROGRESS);
	EXPECT_EQ(admin(NVM_ADMIN_FORMAT_NVM, 1, 0), NVM_SC_SANITIZE_IN_PROGRESS);
	EXPECT_EQ(get_log(NVM_LOG_SANITIZE, 0, sizeof(*l)), 0);
	EXPECT_EQ(l->sstat, 2);
	EXPECT(l->sprog < 0xffff);
	EXPECT_EQ(l->scdw10, 2);
	expect_event(900);
	EXPECT_EQ(heard(900, 1000),
		  NVM_AER_CSS | NVM_AER_CSS_SANITIZE_DONE << 8 | NVM_LOG_SANITIZE << 16);
	EXPECT_EQ(get_log(NVM_LOG_SANITIZE, 0, sizeof(*l)), 0);
	EXPECT_EQ(l->sstat, 1);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT_EQ(h->ram[DATA], 0);
	EXPECT(order(h, "{\"do\":\"set\",\"sanitize\":0,\"sanitize_fails\":true}"));
	EXPECT_EQ(admin(NVM_ADMIN_SANITIZE_NVM, 0, 2), 0);
	usleep(20000);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), NVM_SC_SANITIZE_FAILED | NVM_STATUS_DNR);
	EXPECT_EQ(admin(NVM_ADMIN_SANITIZE_NVM, 0, 1), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 0, 1, DATA), 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(firmware, "an image goes to a slot, is activated at once or by a reset, and names itself")
{
	static struct nvm_id_ctrl id;
	struct nvm_fw_slot_log *l;
	struct nvm_sqe s = {
		.opcode = NVM_ADMIN_DOWNLOAD_FW, .prp1 = RAM_IOVA + DATA, .cdw10 = 1023,
	};

	REQUIRE(up(h, NULL) && enable_events());
	l = (void *)(h->ram + DATA);
	EXPECT(order(h, "{\"do\":\"set\",\"activation\":0}"));
	memcpy(h->ram + DATA, "7.77beta", 8);
	EXPECT_EQ(command(h, 0, s, NULL), 0);
	EXPECT_EQ(admin(NVM_ADMIN_ACTIVATE_FW, 0, 1 << 3 | 2), NVM_SC_FW_NEEDS_RESET);
	EXPECT_EQ(get_log(NVM_LOG_FW_SLOT, 0, sizeof(*l)), 0);
	EXPECT_EQ(l->afi, 0x21);
	EXPECT(!memcmp(l->frs[1], "7.77beta", 8));
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT(!memcmp(id.fr, "1       ", 8));
	REQUIRE(enable(h) && enable_events());
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT(!memcmp(id.fr, "7.77beta", 8));
	expect_event(901);
	EXPECT_EQ(heard(901, 20), 0xffffffff);
	push(h, 0, &(struct nvm_sqe){ .opcode = NVM_ADMIN_ACTIVATE_FW, .cdw10 = 3 << 3 | 1,
				      .cid = 902 });
	ring(h, 0);
	EXPECT_EQ(heard(901, 1000), NVM_AER_NOTICE | NVM_AER_NOTICE_FW_ACT_STARTING << 8 |
				    NVM_LOG_FW_SLOT << 16);
	EXPECT_EQ(heard(902, 1000), 0);
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT(!memcmp(id.fr, "1       ", 8));
	EXPECT_EQ(admin(NVM_ADMIN_ACTIVATE_FW, 0, 3 << 3 | 3),
		  NVM_SC_FIRMWARE_SLOT | NVM_STATUS_DNR);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(telemetry, "the host's data has a new generation when asked; the controller's an event")
{
	struct nvm_telemetry_log *l;

	REQUIRE(up(h, NULL) && enable_events());
	l = (void *)(h->ram + DATA);
	EXPECT_EQ(get_log(NVM_LOG_TELEMETRY_HOST, 1, 1024), 0);
	EXPECT_EQ(l->hostdgn, 1);
	EXPECT_EQ(h->ram[DATA + 512], 1);
	EXPECT_EQ(get_log(NVM_LOG_TELEMETRY_HOST, 0, 1024), 0);
	EXPECT_EQ(l->hostdgn, 1);
	EXPECT_EQ(get_log(NVM_LOG_TELEMETRY_HOST, 1, 1024), 0);
	EXPECT_EQ(h->ram[DATA + 512], 2);
	EXPECT_EQ(l->ctrlavail, 0);
	expect_event(903);
	EXPECT_EQ(heard(903, 10), 0xffffffff);
	EXPECT(order(h, "{\"do\":\"telemetry\"}"));
	EXPECT_EQ(heard(903, 1000), NVM_AER_NOTICE | NVM_AER_NOTICE_TELEMETRY << 8 |
				    NVM_LOG_TELEMETRY_CTRL << 16);
	EXPECT_EQ(get_log(NVM_LOG_TELEMETRY_CTRL, 0, 1024), 0);
	EXPECT_EQ(l->ctrlavail, 1);
	EXPECT_EQ(l->ctrldgn, 1);
	EXPECT_EQ(get_log(NVM_LOG_TELEMETRY_CTRL, 0, 1024), 0);
	EXPECT_EQ(l->ctrlavail, 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(warnings, "temperature, spare and the others have events of their own, if asked for")
{
	static const struct {
		const char *order;
		uint32_t info;
	} v[] = {
		{ "{\"do\":\"smart\",\"temperature\":400}", NVM_AER_SMART_TEMP_THRESH },
		{ "{\"do\":\"smart\",\"spare\":3}", NVM_AER_SMART_SPARE_THRESH },
		{ "{\"do\":\"smart\",\"critical_warning\":4}", NVM_AER_SMART_SUBSYS_RELIABILITY },
	};

	REQUIRE(up(h, NULL) && enable_events());
	for (int i = 0; i < 3; i++) {
		expect_event(910 + i);
		EXPECT_EQ(heard(910 + i, 10), 0xffffffff);
		EXPECT(order(h, v[i].order));
		EXPECT_EQ(heard(910 + i, 1000), NVM_AER_SMART | v[i].info << 8 | NVM_LOG_SMART << 16);
		/* no news */
		EXPECT(order(h, v[i].order));
		EXPECT_EQ(get_log(NVM_LOG_SMART, 0, 512), 0);
	}
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(persistent, "persistent events are read in a context, the newest first")
{
	struct nvm_persistent_event_log *l;

	REQUIRE(up(h, NULL));
	l = (void *)(h->ram + DATA);
	EXPECT_EQ(get_log(NVM_LOG_PERSISTENT_EVENT, 0, 4096),
		  NVM_SC_CMD_SEQ_ERROR | NVM_STATUS_DNR);
	EXPECT_EQ(admin(NVM_ADMIN_FORMAT_NVM, 1, 0), 0);
	EXPECT_EQ(get_log(NVM_LOG_PERSISTENT_EVENT, 1, 4096), 0);
	EXPECT_EQ(l->tnev, 3);
	EXPECT_EQ(l->tll, 512 + 24 + 12 + 24 + 12 + 24 + 44);
	EXPECT_EQ(h->ram[DATA + 512], 0x08);
	EXPECT_EQ(h->ram[DATA + 512 + 36], 0x07);
	EXPECT_EQ(h->ram[DATA + 512 + 72], 0x04);
	/* what happens meanwhile is not seen */
	EXPECT_EQ(admin(NVM_ADMIN_FORMAT_NVM, 1, 0), 0);
	EXPECT_EQ(get_log(NVM_LOG_PERSISTENT_EVENT, 0, 4096), 0);
	EXPECT_EQ(l->tnev, 3);
	EXPECT_EQ(h->ram[DATA + 512 + 72], 0x04);
	EXPECT_EQ(get_log(NVM_LOG_PERSISTENT_EVENT, 1, 4096),
		  NVM_SC_CMD_SEQ_ERROR | NVM_STATUS_DNR);
	EXPECT_EQ(get_log(NVM_LOG_PERSISTENT_EVENT, 2, 4096), 0);
	EXPECT_EQ(get_log(NVM_LOG_PERSISTENT_EVENT, 1, 4096), 0);
	EXPECT_EQ(l->tnev, 5);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

// SPDX-License-Identifier: GPL-2.0
/* The Opal of rogue, spoken to as a host does that owns a drive and locks it. */
#include "host.h"

#define h (&host)

#define COMID		0x07fe
#define ADMIN_SP	"\0\0\2\5\0\0\0\1"
#define LOCKING_SP	"\0\0\2\5\0\0\0\2"
#define SID		"\0\0\0\x09\0\0\0\6"
#define PSID		"\0\0\0\x09\0\1\xff\1"
#define ADMIN1		"\0\0\0\x09\0\1\0\1"
#define USER1		"\0\0\0\x09\0\3\0\1"
#define PIN_MSID	"\0\0\0\x0b\0\0\x84\2"
#define PIN_SID		"\0\0\0\x0b\0\0\0\1"
#define PIN_USER1	"\0\0\0\x0b\0\3\0\1"
#define RANGE1		"\0\0\x08\2\0\3\0\1"
#define KEY1		"\0\0\x08\6\0\3\0\1"
#define ACE_READ1	"\0\0\0\x08\0\3\xe0\1"
#define ACE_WRITE1	"\0\0\0\x08\0\3\xe8\1"
#define GET		"\0\0\0\6\0\0\0\x16"
#define SET		"\0\0\0\6\0\0\0\x17"
#define ACTIVATE	"\0\0\0\6\0\0\2\3"
#define REVERT		"\0\0\0\6\0\0\2\2"
#define GENKEY		"\0\0\0\6\0\0\0\x10"

static uint8_t out[2048], *in;
static uint32_t at, tsn;

static void byte(uint8_t b)
{
	out[at++] = b;
}

static void bytes(const char *p, int len)
{
	byte(len < 16 ? 0xa0 | len : 0xd0);
	if (len >= 16)
		byte(len);
	memcpy(out + at, p, len);
	at += len;
}

static void number(uint64_t v)
{
	if (v < 64) {
		byte(v);
		return;
	}
	byte(0x88);
	for (int i = 7; i >= 0; i--)
		byte(v >> 8 * i);
}

static void begin(const char *uid, const char *method)
{
	memset(out, 0, sizeof(out));
	at = 56;
	byte(0xf8);
	bytes(uid, 8);
	bytes(method, 8);
	byte(0xf0);
}

static int security(uint8_t opcode, uint32_t protocol, uint32_t specific)
{
	struct nvm_sqe s = {
		.opcode = opcode, .prp1 = RAM_IOVA + DATA,
		.cdw10 = protocol << 24 | specific << 8, .cdw11 = sizeof(out),
	};

	return command(h, 0, s, NULL);
}

static void put_be(uint32_t where, uint32_t v)
{
	v = __builtin_bswap32(v);
	memcpy(out + where, &v, 4);
}

static uint32_t be(uint32_t where)
{
	uint32_t v;

	memcpy(&v, in + where, 4);
	return __builtin_bswap32(v);
}

/* Sends the tokens; the answer's are behind 56 bytes of @in. The method's status. */
static int talk(void)
{
	uint32_t len = at - 56, padded = (len + 3) & ~3U;

	out[4] = COMID >> 8;
	out[5] = COMID & 0xff;
	put_be(16, padded + 36);
	put_be(20, tsn);
	put_be(24, tsn ? 0x41 : 0);
	put_be(40, padded + 12);
	put_be(52, len);
	memcpy(h->ram + DATA, out, sizeof(out));
	EXPECT_EQ(security(NVM_ADMIN_SECURITY_SEND, 1, COMID), 0);
	memset(h->ram + DATA, 0xee, sizeof(out));
	EXPECT_EQ(security(NVM_ADMIN_SECURITY_RECV, 1, COMID), 0);
	in = h->ram + DATA;
	len = be(52);
	if (len < 5)
		return -1;
	EXPECT_EQ(in[56 + len - 1], 0xf1);
	return in[56 + len - 4];
}

static int call(void)
{
	static const uint8_t end_of_data[] = { 0xf1, 0xf9, 0xf0, 0, 0, 0, 0xf1 };

	memcpy(out + at, end_of_data, sizeof(end_of_data));
	at += sizeof(end_of_data);
	return talk();
}

static int session(const char *sp, const char *who, const char *pin)
{
	int status;

	tsn = 0;
	begin("\0\0\0\0\0\0\0\xff", "\0\0\0\0\0\0\xff\2");
	number(0x41);
	bytes(sp, 8);
	byte(1);
	if (who) {
		byte(0xf2);
		byte(0);
		bytes(pin, strlen(pin));
		byte(0xf3);
		byte(0xf2);
		byte(3);
		bytes(who, 8);
		byte(0xf3);
	}
	status = call();
	/* F8, two ids of 9 bytes, F0, 81 41, 82 and two bytes */
	if (!status) {
		EXPECT_EQ(in[56 + 20], 0x81);
		EXPECT_EQ(in[56 + 21], 0x41);
		EXPECT_EQ(in[56 + 22], 0x82);
		tsn = in[56 + 23] << 8 | in[56 + 24];
		EXPECT(tsn >= 4096);
	}
	return status;
}

static void leave(void)
{
	memset(out, 0, sizeof(out));
	at = 56;
	byte(0xfa);
	EXPECT_EQ(talk(), -1);
	EXPECT_EQ(be(52), 1);
	EXPECT_EQ(in[56], 0xfa);
	tsn = 0;
}

static void set_begin(const char *uid)
{
	begin(uid, SET);
	byte(0xf2);
	byte(1);
	byte(0xf0);
}

static int set_end(void)
{
	byte(0xf1);
	byte(0xf3);
	return call();
}

static void column(uint32_t name, uint64_t v)
{
	byte(0xf2);
	number(name);
	number(v);
	byte(0xf3);
}

static int set_pin(const char *uid, const char *pin)
{
	set_begin(uid);
	byte(0xf2);
	byte(3);
	bytes(pin, strlen(pin));
	byte(0xf3);
	return set_end();
}

static int columns(const char *uid, int first, int last)
{
	begin(uid, GET);
	byte(0xf2);
	byte(3);
	byte(first);
	byte(0xf3);
	byte(0xf2);
	byte(4);
	byte(last);
	byte(0xf3);
	return call();
}

static int set_locked(int read, int write)
{
	set_begin(RANGE1);
	column(7, read);
	column(8, write);
	return set_end();
}

/* Owned, activated, with blocks 16 to 31 as range 1; unlocked. */
static void own(void)
{
	char msid[20] = "";

	REQUIRE(up(h, NULL) && order(h, "{\"do\":\"opal\"}"));
	REQUIRE(session(ADMIN_SP, NULL, NULL) == 0);
	REQUIRE(columns(PIN_MSID, 3, 3) == 0);
	EXPECT_EQ(in[56 + 3], 3);
	memcpy(msid, in + 56 + 5, in[56 + 4] & 15);
	EXPECT_STR(msid, "rogue-msid");
	leave();
	EXPECT_EQ(session(ADMIN_SP, SID, "wrong"), 1);
	EXPECT_EQ(session(LOCKING_SP, NULL, NULL), 0xc);
	REQUIRE(session(ADMIN_SP, SID, msid) == 0);
	EXPECT_EQ(set_pin(PIN_SID, "mine"), 0);
	leave();
	REQUIRE(session(ADMIN_SP, SID, "mine") == 0);
	EXPECT_EQ(columns(LOCKING_SP, 6, 6), 0);
	EXPECT_EQ(in[56 + 4], 8);
	begin(LOCKING_SP, ACTIVATE);
	EXPECT_EQ(call(), 0);
	leave();
	REQUIRE(session(LOCKING_SP, ADMIN1, "mine") == 0);
	set_begin(RANGE1);
	column(3, 16);
	column(4, 16);
	column(5, 1);
	column(6, 1);
	EXPECT_EQ(set_end(), 0);
	leave();
}

static void can(uint32_t lba, uint32_t nr, bool read, bool write)
{
	int denied = NVM_SC_ACCESS_DENIED | NVM_STATUS_DNR;

	EXPECT_EQ(rw(h, NVM_CMD_READ, lba, nr, DATA + 0x10000), read ? 0 : denied);
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, lba, nr, DATA + 0x10000), write ? 0 : denied);
}

TEST(discovery, "it is there when it is told to be, and says what it is")
{
	static struct nvm_id_ctrl id;

	REQUIRE(up(h, NULL));
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT(!(id.oacs & NVM_CTRL_OACS_SEC_SUPP));
	EXPECT_EQ(security(NVM_ADMIN_SECURITY_RECV, 1, 1), NVM_SC_INVALID_OPCODE | NVM_STATUS_DNR);
	EXPECT(order(h, "{\"do\":\"opal\"}"));
	EXPECT_EQ(identify(h, NVM_ID_CNS_CTRL, 0, &id), 0);
	EXPECT(id.oacs & NVM_CTRL_OACS_SEC_SUPP);
	EXPECT_EQ(security(NVM_ADMIN_SECURITY_RECV, 0, 0), 0);
	EXPECT_EQ(h->ram[DATA + 7], 2);
	EXPECT_EQ(h->ram[DATA + 9], 1);
	EXPECT_EQ(security(NVM_ADMIN_SECURITY_RECV, 1, 1), 0);
	in = h->ram + DATA;
	EXPECT_EQ(be(0), 48 + 16 + 16 + 20 - 4);
	EXPECT_EQ(be(48), 0x0001100c);		/* TPer */
	EXPECT_EQ(in[52] & 1, 1);
	EXPECT_EQ(be(64), 0x0002100c);		/* locking: not enabled */
	EXPECT_EQ(in[68], 9);
	EXPECT_EQ(be(80), 0x02031010);		/* Opal v2 */
	EXPECT_EQ(be(84), COMID << 16 | 1);
	EXPECT_EQ(security(NVM_ADMIN_SECURITY_RECV, 2, 1), NVM_SC_INVALID_FIELD | NVM_STATUS_DNR);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(locking, "owned and activated: a range is locked, unlocked, and locked by a power cut")
{
	own();
	can(16, 1, true, true);
	REQUIRE(session(LOCKING_SP, ADMIN1, "mine") == 0);
	EXPECT_EQ(set_locked(0, 1), 0);
	can(16, 1, true, false);
	EXPECT_EQ(set_locked(1, 1), 0);
	EXPECT_EQ(columns(RANGE1, 3, 8), 0);
	EXPECT_EQ(in[56 + 2], 0xf2);
	EXPECT_EQ(in[56 + 3], 3);
	EXPECT_EQ(in[56 + 4], 16);
	leave();
	can(15, 1, true, true);
	can(15, 2, false, false);
	can(31, 1, false, false);
	can(32, 1, true, true);
	EXPECT_EQ(security(NVM_ADMIN_SECURITY_RECV, 1, 1), 0);
	EXPECT_EQ(h->ram[DATA + 68], 1 | 2 | 4 | 8);
	EXPECT_EQ(session(LOCKING_SP, ADMIN1, "other"), 1);
	EXPECT_EQ(session(LOCKING_SP, ADMIN1, "mine too"), 1);
	REQUIRE(session(LOCKING_SP, ADMIN1, "mine") == 0);
	EXPECT_EQ(session(LOCKING_SP, ADMIN1, "mine"), 7);
	/* a reset ends the session; only a power cut locks */
	REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
	REQUIRE(session(LOCKING_SP, ADMIN1, "mine") == 0);
	EXPECT_EQ(set_locked(0, 0), 0);
	leave();
	can(16, 8, true, true);
	REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
	can(16, 8, true, true);
	EXPECT(order(h, "{\"do\":\"powerfail\"}"));
	REQUIRE(enable(h) && set_queues(h) && create_queue(h, 1));
	can(16, 8, false, false);
	EXPECT(order(h, "{\"do\":\"opal\",\"unlock\":1}"));
	can(16, 8, true, true);
	EXPECT(order(h, "{\"do\":\"opal\",\"lock\":0}"));
	can(0, 1, true, true);		/* not enabled for it */
	EXPECT(!order(h, "{\"do\":\"opal\",\"lock\":9}"));
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(user, "a user who was let in may unlock, and nothing else")
{
	own();
	REQUIRE(session(LOCKING_SP, ADMIN1, "mine") == 0);
	EXPECT_EQ(set_locked(1, 1), 0);
	set_begin(USER1);
	column(5, 1);
	EXPECT_EQ(set_end(), 0);
	EXPECT_EQ(set_pin(PIN_USER1, "a longer one than fifteen"), 0);
	leave();
	REQUIRE(session(LOCKING_SP, USER1, "a longer one than fifteen") == 0);
	EXPECT_EQ(set_locked(0, 0), 1);
	leave();
	REQUIRE(session(LOCKING_SP, ADMIN1, "mine") == 0);
	for (int i = 0; i < 2; i++) {
		set_begin(i ? ACE_READ1 : ACE_WRITE1);
		byte(0xf2);
		byte(3);
		byte(0xf0);
		byte(0xf2);
		bytes("\0\0\x0c\5", 4);
		bytes(USER1, 8);
		byte(0xf3);
		byte(0xf1);
		byte(0xf3);
		EXPECT_EQ(set_end(), 0);
	}
	leave();
	REQUIRE(session(LOCKING_SP, USER1, "a longer one than fifteen") == 0);
	EXPECT_EQ(set_locked(0, 0), 0);
	set_begin(RANGE1);
	column(4, 8);
	EXPECT_EQ(set_end(), 1);
	leave();
	can(16, 1, true, true);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

TEST(wipe, "a new key, and a revert: data is gone, and so is the owner")
{
	own();
	memset(h->ram + DATA + 0x10000, 0x77, 0x4000);
	EXPECT_EQ(rw(h, NVM_CMD_WRITE, 15, 2, DATA + 0x10000), 0);
	REQUIRE(session(LOCKING_SP, ADMIN1, "mine") == 0);
	EXPECT_EQ(columns(RANGE1, 10, 10), 0);
	EXPECT(!memcmp(in + 56 + 5, KEY1, 8));
	begin(KEY1, GENKEY);
	EXPECT_EQ(call(), 0);
	leave();
	EXPECT_EQ(rw(h, NVM_CMD_READ, 15, 2, DATA + 0x20000), 0);
	EXPECT_EQ(h->ram[DATA + 0x20000], 0x77);
	EXPECT_EQ(h->ram[DATA + 0x20200], 0);
	REQUIRE(session(ADMIN_SP, PSID, "rogue-psid") == 0);
	begin(ADMIN_SP, REVERT);
	EXPECT_EQ(call(), 0);
	EXPECT_EQ(rw(h, NVM_CMD_READ, 15, 1, DATA + 0x20000), 0);
	EXPECT_EQ(h->ram[DATA + 0x20000], 0);
	EXPECT_EQ(session(LOCKING_SP, ADMIN1, "mine"), 0xc);
	EXPECT_EQ(session(ADMIN_SP, SID, "rogue-msid"), 0);
	EXPECT_STR(first_breach(h), "");
	EXPECT_EQ(end(h), 0);
}

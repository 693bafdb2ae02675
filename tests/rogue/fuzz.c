// SPDX-License-Identifier: GPL-2.0
/*
 * A hostile guest, and a careless QEMU: rogue must neither die nor stop answering.
 * FUZZ_MS=60000 make -C tests/rogue T=fuzz
 */
#include "host.h"

#define h (&host)

/* Addresses that are somewhere, nearly somewhere, or nowhere. */
static uint64_t address(void)
{
	switch (tap_between(0, 9)) {
	case 0:
		return tap_random();
	case 1:
		return RAM_IOVA + RAM_SIZE - tap_between(0, 8192);
	case 2:
		return RAM_IOVA + tap_between(0, RAM_SIZE);
	case 3:
		return RAM_IOVA - tap_between(0, 8192);
	case 4:
		return UINT64_MAX - tap_between(0, 8192);
	default:
		return RAM_IOVA + (tap_between(0, RAM_SIZE) & ~0xfffULL);
	}
}

static uint32_t value(void)
{
	switch (tap_between(0, 4)) {
	case 0:
		return tap_random();
	case 1:
		return UINT32_MAX - tap_between(0, 3);
	case 2:
		return 0;
	default:
		return tap_between(0, 20);
	}
}

static struct nvm_sqe any_sqe(int q)
{
	static const uint8_t io[] = { 0, 1, 2, 4, 5, 8, 9, 0xc, 0xd, 0xe, 0x11, 0x15, 0x19 };
	static const uint8_t admin[] = {
		0, 1, 2, 4, 5, 6, 8, 9, 0xa, 0xc, 0xd, 0x10, 0x11, 0x14, 0x15, 0x7c, 0x80, 0x81,
		0x82, 0x84,
	};
	struct nvm_sqe s = {
		.opcode = q ? io[tap_between(0, sizeof(io) - 1)] :
			      admin[tap_between(0, sizeof(admin) - 1)],
		.cid = tap_between(0, 40), .nsid = tap_between(0, 9) ? 1 : value(),
		.mptr = address(), .prp1 = address(), .prp2 = address(),
		.cdw10 = value(), .cdw11 = value(), .cdw12 = value(), .cdw13 = value(),
		.cdw14 = value(), .cdw15 = value(),
	};

	if (!tap_between(0, 3))
		s.opcode = tap_random();
	if (q && tap_between(0, 3))
		s.cdw11 = 0;
	/* what is there, in few blocks, with checks */
	if (q && tap_between(0, 1)) {
		s.nsid = tap_between(1, 3);
		s.cdw10 = tap_between(0, 4);
		s.cdw12 = tap_between(0, 16) | (tap_random() & NVM_RW_PRINFO);
	}
	if (!tap_between(0, 3)) {
		s.flags = tap_random();
		s.sgl.length = value();
		s.sgl.type = tap_between(0, 1) ? tap_random() : tap_between(0, 4) << 4;
	}
	return s;
}

/* Lists and segments that may be found in memory. */
static void litter(void)
{
	for (int i = 0; i < 64; i++) {
		uint64_t *page = (void *)(h->ram + (tap_between(0, RAM_SIZE / 4096 - 1) << 12));

		if ((uint8_t *)page < h->ram + DATA)
			continue;
		for (int n = 0; n < 512; n++)
			page[n] = n & 1 && tap_between(0, 1) ?
				  (uint64_t)tap_between(0, 4) << 60 | value() : address();
	}
}

static void order_any(void)
{
	static const char * const v[] = {
		"{\"on\":\"any\",\"do\":\"late\",\"ms\":3}", "{\"on\":\"io\",\"do\":\"double\"}",
		"{\"on\":\"any\",\"do\":\"drop\",\"after_abort\":1}", "{\"do\":\"powerfail\"}",
		"{\"on\":\"any\",\"nth\":3,\"do\":\"wrong-id\"}", "{\"do\":\"report\"}",
		"{\"on\":\"admin\",\"do\":\"double\",\"ms\":2}", "{\"do\":\"state\"}",
		"{\"on\":\"any\",\"do\":\"stuck\"}", "{\"do\":\"clear\"}", "{\"do\":\"gone\"}",
		"{\"do\":\"back\"}", "{\"do\":\"ns\",\"nsid\":2,\"size\":\"1M\"}",
		"{\"do\":\"ns\",\"nsid\":2,\"remove\":true}",
		"{\"do\":\"ns\",\"nsid\":1,\"size\":\"12M\"}", "{\"do\":\"event\",\"type\":7}",
		"{\"do\":\"ns\",\"nsid\":1,\"size\":\"2M\"}", "{\"do\":\"cfs\"}",
		"{\"do\":\"identify\",\"set\":{\"mdts\":0}}",
		"{\"do\":\"invent\",\"qid\":1,\"id\":3}",
		"{\"do\":\"ns\",\"nsid\":2,\"size\":\"1M\",\"ms\":8,\"pi\":1}",
		"{\"do\":\"ns\",\"nsid\":3,\"size\":\"1M\",\"ms\":8,\"extended\":true,\"pi\":2}",
		"{\"do\":\"ns\",\"nsid\":3,\"size\":\"1M\",\"block\":4096,\"ms\":64}",
		"{\"do\":\"ns\",\"nsid\":3,\"remove\":true}", "{\"do\":\"opal\"}",
		"{\"do\":\"slow\",\"on\":\"any\",\"us\":100,\"range\":10}",
		"{\"do\":\"slow\"}", "{\"do\":\"telemetry\"}", "{\"do\":\"set\",\"use_hmb\":true}",
		"{\"do\":\"set\",\"sanitize\":1,\"selftest\":1}",
		"{\"do\":\"reserve\",\"host\":2,\"act\":\"register\",\"new\":7}",
		"{\"do\":\"reserve\",\"host\":2,\"act\":\"acquire\",\"key\":7,\"type\":1}",
		"{\"do\":\"reserve\",\"host\":2,\"act\":\"clear\",\"key\":7}",
		"{\"do\":\"power\",\"states\":3}", "{\"do\":\"smart\",\"spare\":1}",
	};

	order(h, v[tap_between(0, sizeof(v) / sizeof(*v) - 1)]);
}

static void push_some(void)
{
	int q = tap_between(0, 2);

	for (int n = tap_between(1, 6); n > 0; n--) {
		struct nvm_sqe s = any_sqe(q);

		push(h, q, &s);
	}
	ring(h, q);
}

static void guest_round(void)
{
	patience = 1000;
	if (!h->pid)
		REQUIRE(up(h, (char *[]){ "-S", NULL }));
	patience = 5;
	litter();
	for (int i = 0; i < 200 && !h->hung_up; i++) {
		switch (tap_between(0, 12)) {
		case 0:
			put(h, 0, tap_between(0, 0x40) * 4, tap_between(0, 1) ? 4 : 8,
			    tap_random());
			break;
		case 1:
			put(h, 0, tap_between(0, 0xffff), tap_between(1, 8), tap_random());
			break;
		case 2:
			get(h, 0, tap_between(0, 0xfff0), tap_between(1, 8));
			break;
		case 3:
			set_reg(h, NVM_REG_DBS + 4 * tap_between(0, 8), value());
			break;
		case 4:
			put(h, VFIO_PCI_CONFIG_REGION_INDEX, tap_between(0, 0xff),
			    tap_between(1, 4), tap_random());
			break;
		case 5:
			order_any();
			break;
		case 6:
			put(h, VFIO_PCI_CONFIG_REGION_INDEX, 4, 2, 6);
			enable(h);
			set_queues(h);
			create_queue(h, 1);
			create_queue(h, 2);
			break;
		default:
			push_some();
			break;
		}
		/* whatever came: take it */
		if (tap_between(0, 1))
			set_reg(h, NVM_REG_DBS + 4 + 8 * tap_between(0, 2),
				tap_between(0, DEPTH - 1));
	}
	EXPECT(!h->hung_up);
	EXPECT(order(h, "{\"do\":\"state\"}"));
	if (h->hung_up)
		EXPECT_EQ(end(h), 0);
}

TEST(guest, "a hostile guest neither ends it nor stops it")
{
	tap_fuzz(guest_round);
	if (h->pid)
		EXPECT_EQ(end(h), 0);
}

/* Bytes instead of messages: it may hang up, and must listen again. */
static void bytes_round(void)
{
	uint8_t m[300];

	REQUIRE(start(h, NULL));
	for (int c = 0; c < 20; c++) {
		if (tap_between(0, 1))
			attach(h);
		for (int i = tap_between(1, 30); i > 0; i--) {
			uint32_t len = tap_between(0, sizeof(m) - 16);
			struct msg *hdr = (void *)m;

			for (uint32_t n = 0; n < sizeof(m); n++)
				m[n] = tap_between(0, 3) ? 0 : tap_random();
			hdr->command = tap_between(0, 17);
			hdr->size = tap_between(0, 9) ? 16 + len : value();
			hdr->flags = tap_between(0, 9) ? 0x10 : value();
			if (send(h->fd, m, 16 + len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
				break;
		}
		close(h->fd);
		h->fd = connect_to("s");
		h->hung_up = false;
		EXPECT(h->fd >= 0);
	}
	EXPECT(attach(h) && enable(h));
	EXPECT_EQ(end(h), 0);
}

TEST(bytes, "what is not vfio-user neither ends it nor stops it")
{
	tap_fuzz(bytes_round);
}

/* Orders with bytes changed, lost and doubled. */
static void orders_round(void)
{
	static const char * const v[] = {
		"{\"on\":\"read\",\"qid\":1,\"nth\":3,\"times\":0,\"do\":\"double\",\"ms\":7}",
		"{\"do\":\"identify\",\"page\":\"ns\",\"nsid\":1,\"set\":{\"eui64\":\"00ff\"}}",
		"{\"do\":\"identify\",\"cns\":1,\"offset\":77,\"len\":2,\"value\":\"beef\"}",
		"{\"do\":\"set\",\"ready\":\"never\",\"deaf\":true,\"grant\":3}",
		"{\"a\":[1,-2,{\"b\":null,\"c\":[]}],\"do\":\"ns\",\"nsid\":3,\"size\":\"1M\"}",
	};
	if (!h->pid)
		REQUIRE(start(h, NULL));
	for (int i = 0; i < 300; i++) {
		char line[200];
		int len = snprintf(line, sizeof(line), "%s", v[tap_between(0, 4)]);

		for (int n = tap_between(0, 4); n > 0; n--) {
			int at = tap_between(0, len - 1);

			if (tap_between(0, 1))
				line[at] = tap_between(' ', '~');
			else if (len > 2)
				memmove(line + at, line + at + 1, len-- - at);
		}
		order(h, line);
		REQUIRE(h->answer[0] == '{');
	}
}

TEST(orders, "orders that were mangled are answered")
{
	tap_fuzz(orders_round);
	if (h->pid)
		EXPECT_EQ(end(h), 0);
}

/* ---- security -------------------------------------------------------------------------------- */

static uint32_t secure(uint8_t opcode, uint32_t specific, uint32_t len)
{
	struct nvm_sqe s = {
		.opcode = opcode, .prp1 = RAM_IOVA + DATA, .cdw10 = 1 << 24 | specific << 8,
		.cdw11 = len,
	};

	return command(h, 0, s, NULL);
}

static void be32(uint8_t *p, uint32_t v)
{
	v = __builtin_bswap32(v);
	memcpy(p, &v, 4);
}

/* Tokens as they are used, in any order; often behind what starts a session. */
static uint32_t tokens(uint8_t *p)
{
#define PIECE(s)	{ s, sizeof(s) - 1 }
	static const struct {
		const char *s;
		uint32_t len;
	} v[] = {
		PIECE("\xf8\xa8\0\0\0\0\0\0\0\xff\xa8\0\0\0\0\0\0\xff\2"),
		PIECE("\xf0\x81\x41\xa8\0\0\2\5\0\0\0\1\1"),
		PIECE("\xf0\x81\x41\xa8\0\0\2\5\0\0\0\2\1"),
		PIECE("\xf8\xa8\0\0\x08\2\0\3\0\1\xa8\0\0\0\6\0\0\0\x17"),
		PIECE("\xf8\xa8\0\0\0\x0b\0\0\x84\2\xa8\0\0\0\6\0\0\0\x16"),
		PIECE("\xf8\xa8\0\0\2\5\0\0\0\2\xa8\0\0\0\6\0\0\2\3"),
		PIECE("\xf2\0\xaarogue-msid\xf3"),
		PIECE("\xf2\3\xa8\0\0\0\x09\0\0\0\6\xf3"),
		PIECE("\xf2\3\xa8\0\0\0\x09\0\1\0\1\xf3"),
		PIECE("\xf2\3\3\xf3"), PIECE("\xf2\4\x0a\xf3"), PIECE("\xf2\1\xf0"),
		PIECE("\xf2\7\1\xf3"), PIECE("\xf2\4\x88\xff\xff\xff\xff\xff\xff\xff\xff\xf3"),
	};
	uint32_t at = 0;

	for (uint32_t n = tap_between(1, 6), begun = tap_between(0, 1) ? 0 : 2; n > 0; n--) {
		uint32_t i = begun < 2 ? begun++ : tap_between(0, sizeof(v) / sizeof(*v) - 1);

		memcpy(p + at, v[i].s, v[i].len);
		at += v[i].len;
	}
	memcpy(p + at, "\xf1\xf9\xf0\0\0\0\xf1", 7);
	return at + 7;
}

static void security_round(void)
{
	if (!h->pid)
		REQUIRE(up(h, NULL));
	patience = 1000;
	REQUIRE(order(h, "{\"do\":\"opal\"}"));
	for (int i = 0; i < 60; i++) {
		uint8_t *p = h->ram + DATA;
		uint32_t len;

		memset(p, 0, 4096);
		len = tokens(p + 56);
		p[4] = 7;
		p[5] = 0xfe;
		be32(p + 20, tap_between(0, 1) ? 0x1001 : 0);
		be32(p + 24, tap_between(0, 1) ? 0x41 : 0);
		be32(p + 52, tap_between(0, 9) ? len : value());
		for (int n = tap_between(0, 2); n > 0; n--)
			p[tap_between(4, 56 + len)] = tap_random();
		len = tap_between(0, 5) ? 2048 : tap_between(0, 200);
		secure(NVM_ADMIN_SECURITY_SEND, 0x7fe, len);
		secure(NVM_ADMIN_SECURITY_RECV, tap_between(0, 3) ? 0x7fe : 1,
		       tap_between(0, 5) ? 2048 : tap_between(0, 4096));
		REQUIRE(!h->hung_up);
	}
	EXPECT(order(h, "{\"do\":\"state\"}"));
}

TEST(security, "what a security provider is told neither ends it nor stops it")
{
	tap_fuzz(security_round);
	if (h->pid)
		EXPECT_EQ(end(h), 0);
}

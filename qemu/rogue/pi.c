// SPDX-License-Identifier: GPL-2.0
/* Protection information: guards of 16 and 64 bits, application and reference tags. */
#include "rogue.h"

#define CRC16_POLYNOMIAL	0x8bb7
#define CRC64_POLYNOMIAL	0x9a6c9329ac4bc9b5ULL	/* reflected */

static u16 crc16_table[256];
static u64 crc64_table[256];

static void make_tables(void)
{
	for (u32 i = 0; i < 256; i++) {
		u16 a = i << 8;
		u64 b = i;

		for (u32 n = 0; n < 8; n++) {
			a = a << 1 ^ (a & 0x8000 ? CRC16_POLYNOMIAL : 0);
			b = b >> 1 ^ (b & 1 ? CRC64_POLYNOMIAL : 0);
		}
		crc16_table[i] = a;
		crc64_table[i] = b;
	}
}

static u64 guard_of(const struct ns *n, const u8 *data, const u8 *meta)
{
	u64 len = 1ULL << n->shift, more = n->pi_first ? 0 : n->ms - ns_pi_size(n), crc64 = ~0ULL;
	u16 crc16 = 0;

	if (!crc16_table[1])
		make_tables();
	for (u64 i = 0; i < len + more; i++) {
		u8 b = i < len ? data[i] : meta[i - len];

		if (n->guard64)
			crc64 = crc64 >> 8 ^ crc64_table[(u8)(crc64 ^ b)];
		else
			crc16 = crc16 << 8 ^ crc16_table[crc16 >> 8 ^ b];
	}
	return n->guard64 ? ~crc64 : crc16;
}

struct tuple {
	u64 guard, ref;
	u16 app;
};

static u64 ref_mask(const struct ns *n)
{
	return n->guard64 ? (1ULL << 48) - 1 : UINT32_MAX;
}

static struct tuple tuple_get(const struct ns *n, const u8 *p)
{
	u32 guard = n->guard64 ? 8 : 2;

	return (struct tuple){
		.guard = big(p, guard), .app = big(p + guard, 2),
		.ref = big(p + guard + 2, n->guard64 ? 6 : 4),
	};
}

static void tuple_put(const struct ns *n, u8 *p, struct tuple t)
{
	u32 guard = n->guard64 ? 8 : 2;

	put_big(p, guard, t.guard);
	put_big(p + guard, 2, t.app);
	put_big(p + guard + 2, n->guard64 ? 6 : 4, t.ref);
}

static u8 *tuple_at(const struct ns *n, u8 *meta, u64 i)
{
	return meta + i * n->ms + (n->pi_first ? 0 : n->ms - ns_pi_size(n));
}

/* The first block's reference tag, as the command says. */
static u64 first_ref(const struct ns *n, const struct nvm_sqe *s)
{
	return n->guard64 ? (u64)(s->cdw3 & 0xffff) << 32 | s->cdw14 : s->cdw14;
}

static u64 next_ref(const struct ns *n, u64 ref, u64 i)
{
	return n->pi == 3 ? ref : (ref + i) & ref_mask(n);
}

/* What a command asks for may be nonsense. */
int pi_sane(const struct ns *n, const struct nvm_sqe *s, u64 block)
{
	if (n->pi == 1 && s->cdw12 & NVM_RW_PRINFO_PRCHK_REF &&
	    first_ref(n, s) != (block & ref_mask(n)))
		return NVM_SC_INVALID_PI | NVM_STATUS_DNR;
	return 0;
}

void pi_generate(const struct ns *n, const struct nvm_sqe *s, const u8 *data, u8 *meta, u64 nr)
{
	for (u64 i = 0; i < nr; i++) {
		struct tuple t = {
			.guard = guard_of(n, data + (i << n->shift), meta + i * n->ms),
			.app = s->cdw15 & NVM_RW_APPTAG,
			.ref = next_ref(n, first_ref(n, s), i),
		};

		tuple_put(n, tuple_at(n, meta, i), t);
	}
}

int pi_check(const struct ns *n, const struct nvm_sqe *s, const u8 *data, u8 *meta, u64 nr)
{
	u16 app = s->cdw15 & NVM_RW_APPTAG, mask = NVM_GET(NVM_RW_APPMASK, s->cdw15);
	u32 checks = s->cdw12;

	for (u64 i = 0; i < nr; i++) {
		struct tuple t = tuple_get(n, tuple_at(n, meta, i));

		if (t.app == 0xffff && (n->pi != 3 || t.ref == ref_mask(n)))
			continue;
		if (checks & NVM_RW_PRINFO_PRCHK_GUARD &&
		    t.guard != guard_of(n, data + (i << n->shift), meta + i * n->ms))
			return NVM_SC_GUARD_CHECK | NVM_STATUS_DNR;
		if (checks & NVM_RW_PRINFO_PRCHK_APP && (t.app ^ app) & mask)
			return NVM_SC_APPTAG_CHECK | NVM_STATUS_DNR;
		if (checks & NVM_RW_PRINFO_PRCHK_REF && n->pi != 3 &&
		    t.ref != next_ref(n, first_ref(n, s), i))
			return NVM_SC_REFTAG_CHECK | NVM_STATUS_DNR;
	}
	return 0;
}

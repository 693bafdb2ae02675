/* SPDX-License-Identifier: GPL-2.0 */
/* Security: tcg.c, opal.c, locking.c. */
#ifndef ROGUE_OPAL_H
#define ROGUE_OPAL_H

#include "base.h"

enum {
	TCG_STARTLIST = 0xf0, TCG_ENDLIST, TCG_STARTNAME, TCG_ENDNAME, TCG_CALL = 0xf8,
	TCG_ENDOFDATA, TCG_ENDOFSESSION,
};

enum tcg_kind { TCG_NUMBER, TCG_BYTES, TCG_CONTROL };

struct tcg_token {
	enum tcg_kind kind;
	u64 number;
	const u8 *bytes;
	u32 len;
};

struct tcg_tokens {
	u32 nr;
	struct tcg_token v[256];
};

/* What the host is to receive. */
struct tcg {
	u32 hsn, tsn, len;
	u8 answer[2048];
};

#define OPAL_USERS	8
#define OPAL_RANGES	9	/* the global one, too */

struct opal_pin {
	u32 len;
	u8 bytes[64];
};

struct opal_range {
	u64 start, len;
	bool enabled[2], locked[2];	/* for reads, for writes */
	u32 users;			/* who may lock and unlock */
};

struct opal {
	bool there, active, mbr_enabled, mbr_done;
	struct opal_pin sid, admin1, user[OPAL_USERS];
	u32 users_enabled;
	struct opal_range ranges[OPAL_RANGES];
	bool session;
	u32 sessions;
	u64 sp, authority;		/* of the session */
};

u64 tcg_uid_of(const struct tcg_token *t);
int tcg_send(struct rogue *r, struct cmd *c);
int tcg_receive(struct rogue *r, struct cmd *c);
bool tcg_is(const struct tcg_tokens *t, u32 i, u8 control);
bool tcg_named(const struct tcg_tokens *t, u32 i, u64 *name, const struct tcg_token **value);
void tcg_control(struct tcg *g, u8 control);
void tcg_number(struct tcg *g, u64 v);
void tcg_bytes(struct tcg *g, const void *p, u32 len);
void tcg_uid(struct tcg *g, u64 uid);
void tcg_status(struct tcg *g, u8 status);
void opal_init(struct rogue *r, bool there);
void opal_reset(struct rogue *r);
void opal_powerfail(struct rogue *r);
u8 opal_locking_flags(const struct rogue *r);
bool opal_denies(const struct rogue *r, const struct ns *n, u64 block, u64 nr, bool write);
bool opal_talk(struct rogue *r, u32 tsn, u32 hsn, const struct tcg_tokens *t);
const char *opal_order(struct rogue *r, const struct json *order);

/* ---- between opal.c and locking.c ------------------------------------------------- */

/* How a method ends. */
enum {
	OK = 0, NOT_AUTHORIZED = 1, NO_SESSIONS = 7, INVALID_PARAMETER = 0xc, FAILED = 0x3f,
};

/* Objects and methods, by their eight bytes as a number. */
#define SESSION_MANAGER		0x00000000000000ffULL
#define THIS_SP			0x0000000000000001ULL
#define ADMIN_SP		0x0000020500000001ULL
#define LOCKING_SP		0x0000020500000002ULL
#define AUTH_SID		0x0000000900000006ULL
#define AUTH_PSID		0x000000090001ff01ULL
#define AUTH_ADMIN1		0x0000000900010001ULL
#define AUTH_USER		0x0000000900030000ULL	/* + 1... */
#define PIN_MSID		0x0000000b00008402ULL
#define PIN_SID			0x0000000b00000001ULL
#define PIN_ADMIN1		0x0000000b00010001ULL
#define PIN_USER		0x0000000b00030000ULL
#define RANGE_GLOBAL		0x0000080200000001ULL
#define RANGE			0x0000080200030000ULL
#define KEY_GLOBAL		0x0000080600000001ULL
#define KEY			0x0000080600030000ULL
#define ACE_READ_LOCKED		0x000000080003e000ULL
#define ACE_WRITE_LOCKED	0x000000080003e800ULL
#define MBR_CONTROL		0x0000080300000001ULL

#define START_SESSION		0x000000000000ff02ULL
#define SYNC_SESSION		0x000000000000ff03ULL
#define REVERT			0x0000000600000202ULL
#define ACTIVATE		0x0000000600000203ULL
#define GENKEY			0x0000000600000010ULL
#define REVERT_SP		0x0000000600000011ULL
#define GET			0x0000000600000016ULL
#define SET			0x0000000600000017ULL
#define ERASE			0x0000000600000803ULL

static inline bool opal_is_admin(const struct opal *o)
{
	return o->sp == LOCKING_SP && o->authority == AUTH_ADMIN1;
}

/* The number of an object of a kind; 0: it is none of these. */
static inline u32 opal_index(u64 uid, u64 kind, u32 most)
{
	return uid > kind && uid <= kind + most ? uid - kind : 0;
}

void locking_erase(struct rogue *r, u32 range);
bool locking_get(struct rogue *r, u64 uid, u64 column);
bool locking_range_of(u64 uid, u64 global, u64 kind, u32 *i);
u8 locking_set(struct rogue *r, u32 i, u64 column, u64 v);
u8 locking_access(struct rogue *r, u32 range, const struct tcg_tokens *t);
u8 locking_new_key(struct rogue *r, u64 uid, bool unlock);

#endif /* ROGUE_OPAL_H */

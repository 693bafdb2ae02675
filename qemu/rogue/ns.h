/* SPDX-License-Identifier: GPL-2.0 */
/* Namespaces: ns.c, manage.c; their commands: io.c; with metadata: meta.c, pi.c. */
#ifndef ROGUE_NS_H
#define ROGUE_NS_H

#include "base.h"
#include "resv.h"

struct ns {
	u32 nsid;
	bool attached;
	u8 shift;		/* of a block */
	u64 blocks;
	u8 *data;
	u64 bytes;
	bool file;
	u16 noiob;		/* as the host was told */
	/* metadata of the blocks, and what it was before */
	u8 format, pi;
	u16 ms;
	bool pi_first, extended, guard64;
	u8 *meta, *meta_before;
	/* volatile write cache: what blocks held before they were written */
	u8 *before;
	u8 *dirty;		/* one bit per block */
	u64 *dirty_list;
	u64 nr_dirty, dirty_room;
	u8 *bad;		/* write uncorrectable: one bit per block */
	u8 wp;			/* write protection state */
	u8 eui64[8], nguid[16], uuid[16];
	struct resv resv;
};

/* LBA formats */
struct format {
	u8 shift;
	u16 ms;
	bool guard64;
};

#define NR_FORMATS	7

extern const struct format ns_formats[NR_FORMATS];

static inline u32 ns_pi_size(const struct ns *n)
{
	return n->guard64 ? 16 : 8;
}

/* The blocks of a command, and what they hold. */
struct range {
	u64 block, nr;
	u8 *data;
	u32 bytes;
};

struct ns *ns_find(struct rogue *r, u32 nsid);
struct ns *ns_attached(struct rogue *r, u32 nsid);
struct ns *ns_add(struct rogue *r, u32 nsid, u64 bytes, u8 shift, const char *file);
void ns_remove(struct rogue *r, struct ns *n);
bool ns_resize(struct ns *n, u64 bytes);
void ns_changed(struct rogue *r, u32 nsid);
void ns_touch(struct rogue *r, struct ns *n, u64 block, u64 nr, bool stable);
void ns_flush(struct ns *n);
void ns_wipe(struct ns *n);
void ns_clear_bad(struct ns *n, u64 block, u64 nr);
void ns_clear(struct rogue *r, struct ns *n, u64 block, u64 nr);
u64 ns_powerfail(struct rogue *r, struct ns *n, u32 keep);
int ns_mgmt(struct rogue *r, struct cmd *c);
int ns_attach(struct rogue *r, struct cmd *c);
int ns_format(struct rogue *r, struct cmd *c);
const char *ns_order(struct rogue *r, const struct json *order);
const char *ns_stable(struct rogue *r, const struct json *order);
int io_exec(struct rogue *r, struct cmd *c);
u32 ns_nr_formats(const struct rogue *r);
bool ns_set_format(struct ns *n, u8 index, u8 pi, bool pi_first, bool extended);
void ns_meta_get(const struct ns *n, u64 block, u64 nr, u8 *to);
void ns_meta_put(struct ns *n, u64 block, u64 nr, const u8 *from);
/* What copy can do: blocks of a range, and of all; ranges, zero-based. */
#define COPY_MSSRL		1024
#define COPY_MCL		4096
#define COPY_MSRC		127

int copy_exec(struct rogue *r, struct ns *n, struct cmd *c);
bool stage_room(struct rogue *r, u64 need);
int meta_read(struct rogue *r, struct ns *n, struct cmd *c, struct range *g);
int meta_write(struct rogue *r, struct ns *n, struct cmd *c, struct range *g);
int meta_compare(struct rogue *r, struct ns *n, struct cmd *c, struct range *g);
int meta_verify(struct rogue *r, struct ns *n, struct cmd *c, struct range *g);
int meta_zero(struct rogue *r, struct ns *n, struct cmd *c, struct range *g);
int pi_sane(const struct ns *n, const struct nvm_sqe *s, u64 block);
void pi_generate(const struct ns *n, const struct nvm_sqe *s, const u8 *data, u8 *meta, u64 nr);
int pi_check(const struct ns *n, const struct nvm_sqe *s, const u8 *data, u8 *meta, u64 nr);

static inline bool bit_test(const u8 *map, u64 n)
{
	return map[n / 8] >> (n % 8) & 1;
}

static inline void bit_set(u8 *map, u64 n)
{
	map[n / 8] |= 1 << (n % 8);
}

static inline void bit_clear(u8 *map, u64 n)
{
	map[n / 8] &= ~(1 << (n % 8));
}

#endif /* ROGUE_NS_H */

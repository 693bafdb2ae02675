/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of the kernel as the driver's pure rooms need, for user space: types and macros with the
 * kernel's meaning, structures that are only there to have a size, and a DMA layer that a test
 * can look into (shim-dma.h).
 */
#ifndef NVMQ_SHIM_H
#define NVMQ_SHIM_H

#include_next <linux/types.h>

#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;
typedef u64 dma_addr_t;
typedef s64 ktime_t;
typedef u64 phys_addr_t;

struct dma_iova_state {
	dma_addr_t addr;
};
typedef u64 sector_t;
typedef unsigned int gfp_t;
typedef unsigned int fmode_t;

#define __iomem
#define __user
#define __force
#define __must_check
#define __init
#define __exit
#define __rcu
#define __printf(a, b)
#define ____cacheline_aligned_in_smp __attribute__((aligned(64)))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define noinline __attribute__((noinline))
#define __maybe_unused __attribute__((unused))
#define fallthrough __attribute__((fallthrough))

#define BIT(n) (1UL << (n))
#define BIT_ULL(n) (1ULL << (n))
#define fls64(x) ((x) ? 64 - __builtin_clzll(x) : 0)
#define GENMASK(h, l) ((~0UL << (l)) & (~0UL >> (63 - (h))))
#define GENMASK_ULL(h, l) GENMASK(h, l)
#define FIELD_GET(mask, v) (((v) & (mask)) >> __builtin_ctzll(mask))
#define FIELD_PREP(mask, v) (((__typeof__(mask))(v) << __builtin_ctzll(mask)) & (mask))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define min(a, b) ({ __auto_type min_a = (a); __auto_type min_b = (b); \
	min_a < min_b ? min_a : min_b; })
#define max(a, b) ({ __auto_type max_a = (a); __auto_type max_b = (b); \
	max_a > max_b ? max_a : max_b; })
#define min_not_zero(a, b) ({ __auto_type mnz_a = (a); __auto_type mnz_b = (b); \
	!mnz_a ? mnz_b : !mnz_b ? mnz_a : min(mnz_a, mnz_b); })
#define min_t(t, a, b) min((t)(a), (t)(b))
#define div_u64(a, b) ((u64)(a) / (b))
#define div64_u64(a, b) ((u64)(a) / (b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define clamp_t(t, v, lo, hi) min_t(t, max_t(t, v, lo), hi)
#define container_of(p, t, m) ((t *)((char *)(p) - offsetof(t, m)))
#define test_bit(n, p) (*(p) >> (n) & 1)
#define ilog2(n) (63 - __builtin_clzll(n))
#define is_power_of_2(n) (__builtin_popcountll(n) == 1)
#define lower_32_bits(n) ((u32)(n))
#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define IS_ENABLED(x) 0
#define BUILD_BUG_ON(c) _Static_assert(!(c), #c)

/* nobody traces */
#define DECLARE_TRACEPOINT(name) struct nvmq_semicolon
#define tracepoint_enabled(name) false

#define UINT_MAX (~0U)
#define U16_MAX 0xffff
#define U32_MAX ((u32)~0U)
#define LLONG_MAX ((long long)(~0ULL >> 1))
#define SZ_4K 0x1000
#define SZ_8M 0x800000
#define SZ_1G 0x40000000
#define SECTOR_SHIFT 9
#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define BLK_MAX_BLOCK_SIZE PAGE_SIZE
#define HZ 250
#define GFP_KERNEL 0
#define GFP_ATOMIC 1

#ifndef le16_to_cpu
#define le16_to_cpu(x) le16toh(x)
#define le32_to_cpu(x) le32toh(x)
#define le64_to_cpu(x) le64toh(x)
#define cpu_to_le16(x) htole16(x)
#define cpu_to_le32(x) htole32(x)
#define cpu_to_le64(x) htole64(x)
#endif

/* one thread: the order of the program is order enough */
#define cmpxchg(p, old, new) __sync_val_compare_and_swap(p, old, new)
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define barrier() __asm__ volatile("" ::: "memory")
#define mb() barrier()
#define wmb() barrier()
#define rmb() barrier()
#define smp_mb() barrier()
#define smp_store_release(p, v) WRITE_ONCE(*(p), v)
#define smp_load_acquire(p) READ_ONCE(*(p))
#define cpu_relax() barrier()
#define preempt_disable() barrier()
#define preempt_enable() barrier()
#define dma_wmb() barrier()
#define dma_rmb() barrier()

/* MMIO is memory; the count tells a test that a doorbell rang */
static unsigned long shim_writes __maybe_unused;

static inline void writel(u32 value, void *addr)
{
	*(volatile u32 *)addr = value;
	shim_writes++;
}

static inline u32 readl(const void *addr)
{
	return *(const volatile u32 *)addr;
}

static inline u64 lo_hi_readq(const void *addr)
{
	return readl(addr) | (u64)readl((const char *)addr + 4) << 32;
}

static inline void lo_hi_writeq(u64 value, void *addr)
{
	writel(value, addr);
	writel(value >> 32, (char *)addr + 4);
}

/* messages are counted: a test says how many it expects */
static unsigned long shim_warnings __maybe_unused;
static unsigned long shim_messages __maybe_unused;

#define WARN_ONCE(cond, ...) ({ bool shim_c = (cond); shim_warnings += shim_c; shim_c; })
#define WARN_ON_ONCE(cond) WARN_ONCE(cond, "")
#define WARN_ON(cond) WARN_ONCE(cond, "")
#define pr_err(...) do { shim_messages++; if (0) printf(__VA_ARGS__); } while (0)
#define pr_warn(...) do { shim_messages++; if (0) printf(__VA_ARGS__); } while (0)
#define pr_info(...) do { shim_messages++; if (0) printf(__VA_ARGS__); } while (0)
#define pr_debug(...) do { if (0) printf(__VA_ARGS__); } while (0)
#define pr_warn_ratelimited(...) do { if (0) printf(__VA_ARGS__); } while (0)
#define pr_err_ratelimited(...) do { if (0) printf(__VA_ARGS__); } while (0)

/* what the driver's structures are made of */
struct list_head { struct list_head *next, *prev; };
struct mutex { int locked; };
struct rw_semaphore { int locked; };
struct kref { int count; };
struct ida { int none; };
struct cdev { int none; };
struct dma_pool;
struct pci_dev { bool msix_enabled; };
struct device { const void *dma_range_map; u64 bus_dma_limit; };
struct work_struct { int none; };
struct delayed_work { int none; };
struct timer_list { int none; };
struct hrtimer { bool queued; };
/* of the dynamic interrupt moderation nothing is used here */
struct dim { int none; };
struct completion { int none; };
struct srcu_struct { int none; };
struct block_device;
struct blk_mq_queue_data;
struct io_comp_batch;
struct rq_list;
struct gendisk { char disk_name[32]; };
struct request_queue { void *queuedata; };
struct dentry;
struct file;
struct inode;
struct task_struct;
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
typedef struct { long counter; } atomic_long_t;

#define atomic_set(v, n) WRITE_ONCE((v)->counter, n)
#define atomic_read(v) READ_ONCE((v)->counter)
#define atomic_read_acquire(v) atomic_read(v)
#define atomic_inc_return(v) (++(v)->counter)
#define atomic_long_inc(v) ((v)->counter++)
#define atomic_sub_return(n, v) ((v)->counter -= (n))
#define atomic_xchg(v, n) __atomic_exchange_n(&(v)->counter, n, __ATOMIC_SEQ_CST)
#define atomic_cmpxchg(v, old, n) __sync_val_compare_and_swap(&(v)->counter, old, n)
typedef struct { int locked; } spinlock_t;
typedef struct { int none; } wait_queue_head_t;

#define spin_lock_init(l) ((l)->locked = 0)
#define spin_lock(l) assert(!(l)->locked++)
#define spin_unlock(l) assert(!--(l)->locked)
#define spin_lock_irqsave(l, flags) do { (flags) = 0; spin_lock(l); } while (0)
#define spin_unlock_irqrestore(l, flags) do { (void)(flags); spin_unlock(l); } while (0)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

static inline void list_add_tail(struct list_head *entry, struct list_head *list)
{
	entry->next = list;
	entry->prev = list->prev;
	list->prev->next = entry;
	list->prev = entry;
}

static inline void list_del_init(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	INIT_LIST_HEAD(entry);
}

#define list_first_entry_or_null(list, t, m) \
	(list_empty(list) ? NULL : container_of((list)->next, t, m))

static unsigned long jiffies __maybe_unused;

static inline unsigned int jiffies_to_msecs(unsigned long j)
{
	return j;
}
#define time_before(a, b) ((long)((a) - (b)) < 0)

/* timers do not expire by themselves */
enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define ktime_get_ns() ((u64)0)
#define ns_to_ktime(ns) (ns)
#define hrtimer_setup(timer, fn, clock, mode) ((void)(fn))
#define hrtimer_start(timer, at, mode) ((timer)->queued = true)
#define hrtimer_cancel(timer) ((timer)->queued = false)
#define hrtimer_set_expires(timer, at) ((void)(at))

/* the block layer: a request is segments and a private part */
typedef u8 blk_status_t;

enum {
	BLK_STS_OK,
	BLK_STS_NOTSUPP,
	BLK_STS_TIMEOUT,
	BLK_STS_NOSPC,
	BLK_STS_TRANSPORT,
	BLK_STS_TARGET,
	BLK_STS_RESV_CONFLICT,
	BLK_STS_MEDIUM,
	BLK_STS_PROTECTION,
	BLK_STS_RESOURCE,
	BLK_STS_IOERR,
	BLK_STS_DM_REQUEUE,
	BLK_STS_AGAIN,
	BLK_STS_DEV_RESOURCE,
	BLK_STS_ZONE_RESOURCE,
	BLK_STS_ZONE_OPEN_RESOURCE,
	BLK_STS_ZONE_ACTIVE_RESOURCE,
	BLK_STS_OFFLINE,
	BLK_STS_DURATION_LIMIT,
	BLK_STS_INVAL,
};

enum mq_rq_state { MQ_RQ_IDLE, MQ_RQ_IN_FLIGHT, MQ_RQ_COMPLETE };
enum hctx_type { HCTX_TYPE_DEFAULT, HCTX_TYPE_READ, HCTX_TYPE_POLL, HCTX_MAX_TYPES };
enum dma_data_direction { DMA_BIDIRECTIONAL, DMA_TO_DEVICE, DMA_FROM_DEVICE, DMA_NONE };

struct request;
struct blk_report_zones_args;
struct bio;
struct request;
struct blk_mq_tags { struct request **rqs; unsigned int nr_tags; };
struct blk_mq_tag_set { struct blk_mq_tags **tags; unsigned int queue_depth; };
typedef enum { IRQ_NONE, IRQ_HANDLED } irqreturn_t;
struct rq_list { struct request *head, *tail; };
struct io_comp_batch {
	struct rq_list req_list;
	bool need_ts;
	void (*complete)(struct io_comp_batch *);
};
struct blk_mq_hw_ctx { void *driver_data; struct blk_mq_tags *tags; };
struct page { u64 bus; };
#define page_to_phys(page) ((page)->bus)
struct bio_vec { struct page *bv_page; unsigned int bv_len, bv_offset; };

struct bvec_iter { sector_t bi_sector; unsigned int bi_size, bi_idx, bi_bvec_done; };

struct bio {
	unsigned int bi_opf;
	struct bvec_iter bi_iter;
	struct bio *bi_next;
	struct bio_vec *bi_io_vec;
};

#define __rq_for_each_bio(b, rq) for ((b) = (rq)->bio; (b); (b) = (b)->bi_next)
#define __bvec_iter_bvec(vec, iter) (&(vec)[(iter).bi_idx])

struct request {
	struct bio_vec *bvec;
	unsigned int nr_bvec;
	unsigned int bytes;
	enum dma_data_direction dir;
	int tag;
	void *pdu;
	/* for shim-blk.h */
	struct blk_mq_hw_ctx *mq_hctx;
	struct request_queue *q;
	struct request *rq_next;
	struct bio *bio;
	sector_t pos;
	unsigned int timeout;
	u32 cmd_flags;
	u32 rq_flags;
	void *end_io;
	enum mq_rq_state state;
	struct list_head queuelist;
};

struct req_iterator { unsigned int i; };

#define rq_for_each_bvec(bv, rq, iter) \
	for ((iter).i = 0; \
	     (iter).i < (rq)->nr_bvec && ((bv) = (rq)->bvec[(iter).i], true); (iter).i++)
#define req_bvec(rq) ((rq)->bvec[0])
#define blk_rq_bytes(rq) ((rq)->bytes)
#define nr_phys_segments nr_bvec
#define blk_rq_nr_phys_segments(rq) ((rq)->nr_phys_segments)
#define blk_mq_rq_to_pdu(rq) ((rq)->pdu)
#define rq_dma_dir(rq) ((rq)->dir)

#endif

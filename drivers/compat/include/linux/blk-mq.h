/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/blk-mq.h>

#ifndef COMPAT_LINUX_BLK_MQ_H
#define COMPAT_LINUX_BLK_MQ_H

#include <linux/blkdev.h>
#include <linux/cpumask.h>
#include <linux/sched/mm.h>
#include <compat-config.h>

#ifndef COMPAT_HAS_RQ_LIST
/*
 * A list of requests was a bare pointer to the first, and is still in struct
 * io_comp_batch, so the verbs that only look take both: either begins with that
 * pointer.
 *
 * A list that comes from the block layer has no tail (finding it would touch
 * every request); nobody may append to such a list, and nobody does: drivers
 * take requests out of it.
 */
struct rq_list {
	struct request *head;
	struct request *tail;
};

#undef rq_list_add
#undef rq_list_add_tail
#undef rq_list_pop
#undef rq_list_peek
#undef rq_list_for_each
#undef rq_list_for_each_safe
#undef rq_list_next
#undef rq_list_empty

#define rq_list_peek(rl) (*(struct request *const *)(rl))

#define rq_list_empty(rl) (!rq_list_peek(rl))

#define rq_list_for_each(rl, pos) \
	for (pos = rq_list_peek((rl)); (pos); pos = pos->rq_next)

#define rq_list_for_each_safe(rl, pos, nxt)				\
	for (pos = rq_list_peek((rl)), nxt = pos ? pos->rq_next : NULL;	\
	     pos; pos = nxt, nxt = pos ? pos->rq_next : NULL)

static inline void rq_list_init(struct rq_list *rl)
{
	rl->head = NULL;
	rl->tail = NULL;
}

static inline void rq_list_add_tail(struct rq_list *rl, struct request *rq)
{
	rq->rq_next = NULL;
	if (rl->tail)
		rl->tail->rq_next = rq;
	else
		rl->head = rq;
	rl->tail = rq;
}

static inline void rq_list_add_head(struct rq_list *rl, struct request *rq)
{
	rq->rq_next = rl->head;
	rl->head = rq;
	if (!rl->tail)
		rl->tail = rq;
}

static inline struct request *rq_list_pop(struct rq_list *rl)
{
	struct request *rq = rl->head;

	if (rq) {
		rl->head = rq->rq_next;
		if (!rl->head)
			rl->tail = NULL;
		rq->rq_next = NULL;
	}
	return rq;
}
#endif /* COMPAT_HAS_RQ_LIST */

/*
 * 6.7: starting a request enters it into its tags' table. Before, a driver did that with each one
 * that came by queue_rqs. Nothing that compiles tells; limits with features came soon after.
 */
static inline void blk_mq_enter_batched(struct request *rq)
{
#ifndef COMPAT_HAS_LIMITS_FEATURES
	rq->mq_hctx->tags->rqs[rq->tag] = rq;
#endif
}

#ifndef COMPAT_HAS_SHOULD_MERGE
#define BLK_MQ_F_SHOULD_MERGE 0
#endif

#ifndef COMPAT_HAS_NO_SCHED
#define BLK_MQ_F_NO_SCHED 0
#endif

#ifndef COMPAT_HAS_MAP_HW_QUEUES
#include <linux/blk-mq-pci.h>
#include <linux/pci.h>

/* of a PCI function only: then there was one such call for every bus */
static inline void blk_mq_map_hw_queues(struct blk_mq_queue_map *qmap,
					struct device *dev, unsigned int offset)
{
	blk_mq_pci_map_queues(qmap, to_pci_dev(dev), offset);
}
#endif

#ifndef COMPAT_HAS_NUM_POSSIBLE_QUEUES
/* max_queues 0: as many as there are CPUs */
static inline unsigned int blk_mq_num_possible_queues(unsigned int max_queues)
{
	return min_not_zero(num_possible_cpus(), max_queues);
}

static inline unsigned int blk_mq_num_online_queues(unsigned int max_queues)
{
	return min_not_zero(num_online_cpus(), max_queues);
}
#endif

#ifndef COMPAT_HAS_QUIESCE_TAGSET
static inline void compat_wait_quiesce_done(struct blk_mq_tag_set *set)
{
	struct request_queue *q;

	if (!(set->flags & BLK_MQ_F_BLOCKING)) {
		synchronize_rcu();
		return;
	}
	/* each queue has a SRCU of its own */
	mutex_lock(&set->tag_list_lock);
	list_for_each_entry(q, &set->tag_list, tag_set_list)
		blk_mq_wait_quiesce_done(q);
	mutex_unlock(&set->tag_list_lock);
}

#define blk_mq_wait_quiesce_done(set) compat_wait_quiesce_done(set)

static inline void blk_mq_quiesce_tagset(struct blk_mq_tag_set *set)
{
	struct request_queue *q;

	mutex_lock(&set->tag_list_lock);
	list_for_each_entry(q, &set->tag_list, tag_set_list)
		blk_mq_quiesce_queue_nowait(q);
	mutex_unlock(&set->tag_list_lock);

	blk_mq_wait_quiesce_done(set);
}

static inline void blk_mq_unquiesce_tagset(struct blk_mq_tag_set *set)
{
	struct request_queue *q;

	mutex_lock(&set->tag_list_lock);
	list_for_each_entry(q, &set->tag_list, tag_set_list)
		blk_mq_unquiesce_queue(q);
	mutex_unlock(&set->tag_list_lock);
}
#endif

#ifndef COMPAT_HAS_FREEZE_NON_OWNER
/* Before 6.13 lockdep knew nothing of freezing: anyone may end it. */
static inline void blk_freeze_queue_start_non_owner(struct request_queue *q)
{
	blk_freeze_queue_start(q);
}

static inline void blk_mq_unfreeze_queue_non_owner(struct request_queue *q)
{
	blk_mq_unfreeze_queue(q);
}
#endif

#ifndef COMPAT_HAS_FREEZE_MEMFLAGS
/* An allocation that waits for I/O to a frozen queue would never end. */
static inline unsigned int __must_check
compat_freeze_queue(struct request_queue *q)
{
	unsigned int memflags = memalloc_noio_save();

	blk_mq_freeze_queue(q);
	return memflags;
}

static inline void compat_unfreeze_queue(struct request_queue *q,
					 unsigned int memflags)
{
	blk_mq_unfreeze_queue(q);
	memalloc_noio_restore(memflags);
}

static inline void blk_mq_freeze_queue_nomemsave(struct request_queue *q)
{
	blk_mq_freeze_queue(q);
}

static inline void blk_mq_unfreeze_queue_nomemrestore(struct request_queue *q)
{
	blk_mq_unfreeze_queue(q);
}

#define blk_mq_freeze_queue(q) compat_freeze_queue(q)
#define blk_mq_unfreeze_queue(q, memflags) compat_unfreeze_queue(q, memflags)
#endif

#ifndef COMPAT_HAS_RQ_MAP_KERN
#define blk_rq_map_kern(rq, kbuf, len, gfp) \
	blk_rq_map_kern((rq)->q, rq, kbuf, len, gfp)
#endif

#ifndef COMPAT_HAS_RQ_MAP_SG
#define blk_rq_map_sg(rq, sg) blk_rq_map_sg((rq)->q, rq, sg)
#endif

#ifndef COMPAT_HAS_RQ_POLL
/*
 * The cookie that leads to the hardware queue was kept in the bio, so a request
 * without data, or whose bio names no disk, cannot be polled for.
 */
static inline int blk_rq_poll(struct request *rq, struct io_comp_batch *iob,
			      unsigned int poll_flags)
{
	struct bio *bio = READ_ONCE(rq->bio);

	if (!bio || !bio->bi_bdev)
		return 0;
	return bio_poll(bio, iob, poll_flags);
}
#endif

/*
 * Does blk_hctx_poll() look again and again for a task that is running? Up to 6.12 it returned
 * after one look. No header says so; poll_ctx came at about the same time, and where that is wrong
 * a poller waits a little more or less than it should.
 */
#ifdef COMPAT_HAS_IOB_POLL_CTX
#define COMPAT_POLL_LOOPS 1
#else
#define COMPAT_POLL_LOOPS 0
#endif

#endif

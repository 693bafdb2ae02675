// SPDX-License-Identifier: GPL-2.0
/*
 * How many I/O queues of which kind; create and delete them all.
 *
 * The first bring-up decides: what CPUs and parameters want, bounded by what the controller grants,
 * by the doorbells in its BAR and by vectors. blk-mq's maps follow. A later bring-up keeps that
 * shape, unless the namespaces were drained in order to change it (NVMQ_CF_RESIZE): requests that
 * wait for their hardware context must find it again.
 */
#include <linux/cpumask.h>
#include <linux/dma-mapping.h>

#include <nvme/feature.h>

#include "admin.h"
#include "bell.h"
#include "blkmq.h"
#include "ioq.h"
#include "irq.h"
#include "queue.h"
#include "state.h"
#include "stray.h"

/**
 * nvmq_ioq_max - I/O queues that a controller of this host can ever have
 *
 * Context: any.
 * Return: queues, at least one; bounded so that an array of them stays reasonable.
 */
unsigned int nvmq_ioq_max(void)
{
	return min(3 * num_possible_cpus(), 1024U);
}

static unsigned int nvmq_ioq_wanted(const struct nvmq_ctrl *ctrl)
{
	return min(ctrl->cfg_irq + ctrl->cfg_polled, ctrl->nr_queues_max - 1);
}

/**
 * struct nvmq_ioq_want - the shape that is asked for
 * @irq: queues with interrupt
 * @writes: of these, for writes alone; 0: reads and writes share
 * @polled: queues without interrupt
 */
struct nvmq_ioq_want {
	unsigned int irq;
	unsigned int writes;
	unsigned int polled;
};

/* What a user asked for of this controller, else what the parameters ask for of all. */
static struct nvmq_ioq_want nvmq_ioq_want(const struct nvmq_ctrl *ctrl)
{
	const u16 *shape = ctrl->shape;

	/* ids are unique over one I/O queue and the admin queue, not over more */
	if (ctrl->quirks & NVMQ_QUIRK_SHARED_TAGS)
		return (struct nvmq_ioq_want){ .irq = 1 };
	if (shape[NVMQ_KIND_DEFAULT])
		return (struct nvmq_ioq_want){
			.irq = shape[NVMQ_KIND_DEFAULT] + shape[NVMQ_KIND_READ],
			.writes = shape[NVMQ_KIND_READ] ? shape[NVMQ_KIND_DEFAULT] : 0,
			.polled = shape[NVMQ_KIND_POLL],
		};
	return (struct nvmq_ioq_want){
		.irq = num_possible_cpus() + nvmq_write_queues,
		.writes = nvmq_write_queues,
		.polled = nvmq_poll_queues,
	};
}

/* Is another shape asked for than the one in use? */
static bool nvmq_ioq_want_changed(const struct nvmq_ctrl *ctrl)
{
	struct nvmq_ioq_want want = nvmq_ioq_want(ctrl);

	return ctrl->cfg_irq != want.irq || ctrl->cfg_writes != want.writes ||
	       ctrl->cfg_polled != want.polled;
}

/*
 * Set Features, Number of Queues (NVMe Base 5.27.1.5): asks for @want, returns what was granted,
 * bounded by @want and by the doorbells that the BAR has room for. 0: no I/O queues at all.
 */
static int nvmq_ioq_negotiate(struct nvmq_ctrl *ctrl, unsigned int want)
{
	u32 dstrd = NVM_GET(NVM_CAP_DSTRD, ctrl->cap);
	u32 granted;
	int ret;

	ret = nvmq_admin_set_feature(ctrl, NVM_FEAT_NUM_QUEUES, 0, (want - 1) << 16 | (want - 1),
				     NULL, 0, &granted);
	if (ret < 0)
		return ret;
	if (ret > 0) {
		nvmq_err(ctrl, "grants no I/O queues, status %#x: admin commands only\n", ret);
		return 0;
	}
	want = min3(want, (granted & 0xffff) + 1, (granted >> 16) + 1);
	while (want && nvm_bar_size(want + 1, dstrd) > ctrl->bar_len)
		want--;
	if (!want)
		nvmq_err(ctrl, "its BAR has no room for doorbells of I/O queues: admin commands only\n");
	return want;
}

/**
 * nvmq_ioq_free_shadow - free the shadow doorbell buffers, if there are any
 * @ctrl: controller that is stopped, or never took them
 *
 * Context: may sleep.
 */
void nvmq_ioq_free_shadow(struct nvmq_ctrl *ctrl)
{
	size_t page = 1U << ctrl->page_shift;

	if (ctrl->shadow_mem)
		dma_free_coherent(ctrl->dev, page, ctrl->shadow_mem, ctrl->shadow_dma);
	if (ctrl->event_mem)
		dma_free_coherent(ctrl->dev, page, ctrl->event_mem, ctrl->event_dma);
	ctrl->shadow_mem = NULL;
	ctrl->event_mem = NULL;
}

/* Shadow doorbells (Doorbell Buffer Config, NVMe Base 5.8): two pages that each side reads. */
static void nvmq_ioq_setup_shadow(struct nvmq_ctrl *ctrl, unsigned int queues)
{
	size_t page = 1U << ctrl->page_shift;
	struct nvm_sqe cmd = { .opcode = NVM_ADMIN_DBBUF };
	int ret;

	if (!(ctrl->oacs & NVM_CTRL_OACS_DBBUF_SUPP) ||
	    nvm_db_offset_sq(queues + 1, NVM_GET(NVM_CAP_DSTRD, ctrl->cap)) > page)
		return;
	if (!ctrl->shadow_mem)
		ctrl->shadow_mem = dma_alloc_coherent(ctrl->dev, page, &ctrl->shadow_dma,
						      GFP_KERNEL);
	if (!ctrl->event_mem)
		ctrl->event_mem = dma_alloc_coherent(ctrl->dev, page, &ctrl->event_dma, GFP_KERNEL);
	if (!ctrl->shadow_mem || !ctrl->event_mem)
		goto without;

	/* the controller forgot the buffers when it was disabled, and its queues start at zero */
	memset(ctrl->shadow_mem, 0, page);
	memset(ctrl->event_mem, 0, page);
	cmd.prp1 = cpu_to_le64(ctrl->shadow_dma);
	cmd.prp2 = cpu_to_le64(ctrl->event_dma);
	ret = nvmq_admin_cmd(ctrl, &cmd, NULL, 0, NULL);
	if (!ret)
		return;
	nvmq_warn(ctrl, "refuses shadow doorbells, status %#x: goes without\n", ret);
without:
	nvmq_ioq_free_shadow(ctrl);
}

/*
 * Vectors for @granted queues. The admin queue moves from the one vector of the bring-up to the
 * first of the new ones; no admin command is out at this moment.
 */
static int nvmq_ioq_setup_vectors(struct nvmq_ctrl *ctrl, unsigned int granted)
{
	unsigned int kind;
	int ret;

	/* whoever stops the controller now must not find it with none or half of its vectors */
	mutex_lock(&ctrl->down_lock);
	ret = -EIO;
	if (!test_bit(NVMQ_CF_STOPPED, &ctrl->flags)) {
		nvmq_irq_release(&ctrl->queues[0]);
		nvmq_irq_free(ctrl);
		ret = nvmq_irq_alloc(ctrl, granted, ctrl->cfg_polled, ctrl->cfg_writes);
		if (!ret)
			ret = nvmq_irq_request(&ctrl->queues[0]);
	}
	mutex_unlock(&ctrl->down_lock);
	if (ret)
		nvmq_err(ctrl, "cannot get interrupts, error %d\n", ret);
	/* blk-mq's shape stays, whatever came out now or in a change that failed before */
	if (test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags) && !test_bit(NVMQ_CF_RESIZE, &ctrl->flags))
		for (kind = 0; kind < NVMQ_NR_KINDS; kind++)
			ctrl->kinds[kind] = ctrl->io_set.map[kind].nr_queues;
	return ret;
}

/* Does blk-mq send what comes from @cpu to I/O queue @qid? */
static bool nvmq_ioq_maps(const struct nvmq_ctrl *ctrl, unsigned int qid, unsigned int cpu)
{
	unsigned int kind;

	for (kind = 0; kind < NVMQ_KIND_POLL; kind++) {
		const struct blk_mq_queue_map *map = &ctrl->io_set.map[kind];

		if (map->nr_queues && map->mq_map[cpu] == qid - 1)
			return true;
	}
	return false;
}

static bool nvmq_ioq_serves(const struct nvmq_ctrl *ctrl, unsigned int vector, unsigned int cpu)
{
	const struct cpumask *mask = pci_irq_get_affinity(ctrl->pdev, vector);

	return mask && cpumask_test_cpu(cpu, mask);
}

/* The vector of the first of @cpus that sends commands to queue @qid, @usual if it can be; or 0. */
static u16 nvmq_ioq_find_vector(const struct nvmq_ctrl *ctrl, unsigned int qid, unsigned int usual,
				const struct cpumask *cpus)
{
	unsigned int cpu, v;

	for_each_cpu(cpu, cpus) {
		if (!nvmq_ioq_maps(ctrl, qid, cpu))
			continue;
		if (nvmq_ioq_serves(ctrl, usual, cpu))
			return usual;
		for (v = 1; v < ctrl->nr_vectors; v++)
			if (nvmq_ioq_serves(ctrl, v, cpu))
				return v;
	}
	return 0;
}

/*
 * Vectors are spread over CPUs anew at each bring-up, and some kernels look at which are online
 * then, while blk-mq's map stays. A queue has the vector of a CPU from which it gets commands: one
 * that belongs to a CPU that is offline brings no interrupt.
 */
static u16 nvmq_ioq_vector(const struct nvmq_ctrl *ctrl, unsigned int qid)
{
	unsigned int usual;
	u16 v;

	if (ctrl->nr_vectors == 1)
		return 0;
	usual = 1 + (qid - 1) % (ctrl->nr_vectors - 1);
	if (!test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags) || test_bit(NVMQ_CF_RESIZE, &ctrl->flags))
		return usual;
	v = nvmq_ioq_find_vector(ctrl, qid, usual, cpu_online_mask);
	if (!v)
		v = nvmq_ioq_find_vector(ctrl, qid, usual, cpu_possible_mask);
	return v ? v : usual;
}

static int nvmq_ioq_create(struct nvmq_ctrl *ctrl, unsigned int qid, unsigned int with_irq)
{
	struct nvmq_queue *q = &ctrl->queues[qid];
	int ret;

	ret = nvmq_queue_alloc(ctrl, qid, ctrl->depth);
	if (ret)
		return ret;
	if (qid > with_irq)
		set_bit(NVMQ_Q_POLLED, &q->flags);
	else
		q->vector = nvmq_ioq_vector(ctrl, qid);
	q->sgl_threshold = ctrl->sgls & NVM_CTRL_SGLS_SUPP ? nvmq_sgl_threshold : 0;
	nvmq_queue_restart(q);

	ret = nvmq_admin_create_cq(ctrl, q);
	if (ret)
		return ret;
	ret = nvmq_admin_create_sq(ctrl, q);
	if (ret)
		return ret;

	mutex_lock(&ctrl->down_lock);
	if (test_bit(NVMQ_CF_STOPPED, &ctrl->flags))
		ret = -EIO;
	else if (qid <= with_irq)
		ret = nvmq_irq_request(q);
	if (!ret)
		set_bit(NVMQ_Q_CREATED, &q->flags);
	mutex_unlock(&ctrl->down_lock);
	return ret;
}

/* Fewer queues came to be than there are vectors for: the last kinds give theirs up. */
static void nvmq_ioq_trim(struct nvmq_ctrl *ctrl)
{
	unsigned int left = ctrl->nr_queues, kind;

	for (kind = 0; kind < NVMQ_NR_KINDS; kind++) {
		ctrl->kinds[kind] = min(ctrl->kinds[kind], left);
		left -= ctrl->kinds[kind];
	}
}

/* Samples what is asked for, unless the shape that blk-mq has must stay. */
static void nvmq_ioq_sample(struct nvmq_ctrl *ctrl)
{
	struct nvmq_ioq_want want = nvmq_ioq_want(ctrl);

	if (test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags) && !test_bit(NVMQ_CF_RESIZE, &ctrl->flags))
		return;
	ctrl->cfg_irq = want.irq;
	ctrl->cfg_writes = want.writes;
	ctrl->cfg_polled = want.polled;
}

/**
 * nvmq_ioq_create_all - create all I/O queues, of as many kinds as there can be
 * @ctrl: controller that was identified
 *
 * Fills ctrl->nr_queues with the queues that exist now; 0 where the controller grants none. When a
 * queue cannot be created those before it serve, and their kinds are decided anew.
 *
 * Context: bring-up, may sleep.
 * Return: 0 or -errno.
 */
int nvmq_ioq_create_all(struct nvmq_ctrl *ctrl)
{
	unsigned int qid = 0, total, with_irq;
	int granted, ret;

	nvmq_ioq_sample(ctrl);
	granted = nvmq_ioq_negotiate(ctrl, nvmq_ioq_wanted(ctrl));
	ctrl->nr_queues = 0;
	if (granted <= 0)
		return granted;
	nvmq_ioq_setup_shadow(ctrl, granted);

	ret = nvmq_ioq_setup_vectors(ctrl, granted);
	if (ret)
		return ret;
	with_irq = ctrl->kinds[NVMQ_KIND_DEFAULT] + ctrl->kinds[NVMQ_KIND_READ];
	total = with_irq + ctrl->kinds[NVMQ_KIND_POLL];
	total = min_t(unsigned int, total, granted);
	for (qid = 1; qid <= total; qid++) {
		ret = nvmq_ioq_create(ctrl, qid, with_irq);
		if (ret)
			break;
		ctrl->nr_queues++;
	}
	if (ret < 0)
		return ret;
	if (ret && qid == 1) {
		nvmq_err(ctrl, "cannot create an I/O queue, status %#x: admin commands only\n",
			 ret);
		return 0;
	}
	if (ret)
		nvmq_warn(ctrl, "created %u of %u I/O queues, then status %#x\n", qid - 1, total,
			  ret);
	if (!test_bit(NVMQ_CF_IO_TAGSET, &ctrl->flags) || test_bit(NVMQ_CF_RESIZE, &ctrl->flags))
		nvmq_ioq_trim(ctrl);
	return 0;
}

/**
 * nvmq_ioq_delete_all - delete all I/O queues, submission queues first
 * @ctrl: live controller, its I/O queues quiesced and idle
 *
 * A courtesy before a shutdown (NVMe Base 3.6.1); where a submission queue cannot be deleted the
 * completion queues stay.
 *
 * Context: may sleep.
 */
void nvmq_ioq_delete_all(struct nvmq_ctrl *ctrl)
{
	if (!nvmq_admin_delete_queues(ctrl, NVM_ADMIN_DELETE_SQ, ctrl->nr_queues))
		nvmq_admin_delete_queues(ctrl, NVM_ADMIN_DELETE_CQ, ctrl->nr_queues);
}

/*
 * Drains all I/O, for at most the I/O timeout, and resets: blk-mq can only be given another shape
 * when no request is under way.
 */
static int nvmq_ioq_reshape(struct nvmq_ctrl *ctrl, const char *why, enum nvmq_by by)
{
	int ret = -ETIMEDOUT;

	mutex_lock(&ctrl->scan_lock);
	if (nvmq_blkmq_freeze(ctrl, ctrl->io_timeout)) {
		set_bit(NVMQ_CF_RESIZE, &ctrl->flags);
		ret = nvmq_state_reset_sync(ctrl, why, by);
		clear_bit(NVMQ_CF_RESIZE, &ctrl->flags);
		nvmq_blkmq_unfreeze(ctrl);
	}
	mutex_unlock(&ctrl->scan_lock);
	return ret;
}

/**
 * nvmq_ioq_reset - reset a controller because a user asks; apply the queue parameters with it
 * @ctrl: controller
 *
 * If the parameters ask for another number of write or poll queues, all I/O is drained first.
 *
 * Context: may sleep; takes scan_lock.
 * Return: as nvmq_state_reset_sync(); -ETIMEDOUT if I/O did not drain, nothing was reset then.
 */
int nvmq_ioq_reset(struct nvmq_ctrl *ctrl)
{
	if (nvmq_state(ctrl) != NVMQ_LIVE || !nvmq_ioq_want_changed(ctrl))
		return nvmq_state_reset_sync(ctrl, "asked for by a user", NVMQ_BY_USER);
	return nvmq_ioq_reshape(ctrl, "a user asks for other queues", NVMQ_BY_USER);
}

/**
 * nvmq_ioq_set_counts - give a controller another number of I/O queues of each kind
 * @ctrl: controller
 * @shape: queues of each kind; none of the first kind: as the parameters say
 *
 * I/O is drained, for at most the I/O timeout, and the controller is reset. It may grant less. One
 * that is not live has them at its next bring-up.
 *
 * Context: may sleep; takes scan_lock.
 * Return: as nvmq_ioq_reset(); the controller asks for what it had before, then.
 */
int nvmq_ioq_set_counts(struct nvmq_ctrl *ctrl, const u16 shape[NVMQ_NR_KINDS])
{
	u16 was[NVMQ_NR_KINDS];
	int ret = 0;

	mutex_lock(&ctrl->scan_lock);
	memcpy(was, ctrl->shape, sizeof(was));
	memcpy(ctrl->shape, shape, sizeof(was));
	mutex_unlock(&ctrl->scan_lock);
	if (nvmq_state(ctrl) == NVMQ_LIVE && nvmq_ioq_want_changed(ctrl))
		ret = nvmq_ioq_reset(ctrl);
	if (!ret)
		return 0;
	mutex_lock(&ctrl->scan_lock);
	memcpy(ctrl->shape, was, sizeof(was));
	mutex_unlock(&ctrl->scan_lock);
	return ret;
}

/**
 * nvmq_ioq_fit - after a reset that left fewer queues than blk-mq knows, give it the new shape
 * @ctrl: controller
 *
 * What is sent to a queue that is no more waits until then (stray.c).
 *
 * Context: may sleep; takes scan_lock.
 */
void nvmq_ioq_fit(struct nvmq_ctrl *ctrl)
{
	if (nvmq_state(ctrl) == NVMQ_LIVE && ctrl->nr_queues &&
	    ctrl->nr_queues < ctrl->io_set.nr_hw_queues &&
	    nvmq_ioq_reshape(ctrl, "fewer I/O queues than before", NVMQ_BY_DRIVER)) {
		nvmq_err(ctrl, "has %u of %u I/O queues; I/O of the others fails\n",
			 ctrl->nr_queues, ctrl->io_set.nr_hw_queues);
		nvmq_stray_give_up(ctrl);
	}
	nvmq_stray_send(ctrl);
}

/**
 * nvmq_ioq_set_bells - may doorbells wait for the next completion?
 * @ctrl: controller
 * @mode: what a user asks for
 *
 * I/O is drained for it, for at most the I/O timeout: bell.c begins to count at zero. A controller
 * that is not live does as it is told at its next bring-up.
 *
 * Context: may sleep; takes scan_lock.
 * Return: 0; -ETIMEDOUT if I/O did not drain, nothing has changed then.
 */
int nvmq_ioq_set_bells(struct nvmq_ctrl *ctrl, enum nvmq_bell_mode mode)
{
	bool live = nvmq_state(ctrl) == NVMQ_LIVE;
	unsigned int qid;
	int ret = 0;

	mutex_lock(&ctrl->scan_lock);
	if (live && !nvmq_blkmq_freeze(ctrl, ctrl->io_timeout)) {
		ret = -ETIMEDOUT;
		goto out;
	}
	WRITE_ONCE(ctrl->bell_mode, mode);
	if (live) {
		for (qid = 1; qid <= ctrl->nr_queues; qid++) {
			nvmq_irq_sync(&ctrl->queues[qid]);
			nvmq_bell_restart(&ctrl->queues[qid]);
		}
		nvmq_blkmq_unfreeze(ctrl);
	}
out:
	mutex_unlock(&ctrl->scan_lock);
	return ret;
}

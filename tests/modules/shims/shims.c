// SPDX-License-Identifier: GPL-2.0
/*
 * Every shim and adapter of drivers/compat, used once in its newest form.  It is
 * compiled for each kernel and never loaded: a shim that the driver does not yet
 * use, or uses on one kernel only, breaks here first.
 */
#include <linux/aer.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/device.h>
#include <linux/dim.h>
#include <linux/dmapool.h>
#include <linux/hrtimer.h>
#include <linux/hwmon.h>
#include <linux/io_uring/cmd.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pr.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/string_choices.h>
#include <linux/timer.h>
#include <linux/unaligned.h>
#include <linux/workqueue.h>
#include <nvmq-adapt.h>
#include <nvmq-limits.h>

/* of nvmq.ko, which exports nothing */
#ifdef COMPAT_HAS_LIMITS_FEATURES
#include "../../../drivers/compat/limits-features.c"
#else
#include "../../../drivers/compat/limits-setters.c"
#endif

struct thing {
	struct timer_list timer;
	struct hrtimer hrtimer;
	struct dim dim;
	u32 count;
	u32 list[] __counted_by(count);
};

/* a batch, on the way in and on the way out */

static void queue_rqs(struct rq_list *rqlist)
{
	struct rq_list again = {};
	struct request *req, *next;

	rq_list_for_each_safe(rqlist, req, next)
		prefetch(next);
	while ((req = rq_list_pop(rqlist)))
		rq_list_add_tail(&again, req);
	if (!rq_list_empty(&again))
		rq_list_add_head(rqlist, rq_list_peek(&again));
	rq_list_init(&again);
	*rqlist = again;
}

static void complete_batch(struct io_comp_batch *iob)
{
	struct request *req;

	rq_list_for_each(&iob->req_list, req)
		prefetch(req);
	if (!rq_list_empty(&iob->req_list))
		blk_mq_end_request_batch(iob);
}

static int poll(struct request *req, struct io_comp_batch *iob)
{
	if (blk_mq_add_to_batch(req, iob, false, complete_batch))
		return 1;
	return blk_rq_poll(req, iob, 0);
}

static enum rq_end_io_ret end_io(struct request *req, blk_status_t status,
				 const struct io_comp_batch *iob)
{
	return status && !iob ? RQ_END_IO_FREE : RQ_END_IO_NONE;
}

static int init_request(struct blk_mq_tag_set *set, struct request *req,
			unsigned int hctx_idx, int node)
{
	return node;
}

static void map_queues(struct blk_mq_tag_set *set)
{
	blk_mq_map_hw_queues(&set->map[0], set->driver_data, 1);
}

NVMQ_ADAPT_QUEUE_RQS(queue_rqs);
NVMQ_ADAPT_INIT_REQUEST(init_request);
NVMQ_ADAPT_END_IO(end_io);

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx,
			     const struct blk_mq_queue_data *bd)
{
	bd->rq->end_io = nvmq_adapted_end_io(end_io);
	if (bd->rq->cmd_flags & REQ_ATOMIC)
		return BLK_STS_INVAL;
	return bd->last ? BLK_STS_RESV_CONFLICT : BLK_STS_DURATION_LIMIT;
}

static const struct blk_mq_ops mq_ops = {
	.queue_rq = queue_rq,
	.queue_rqs = nvmq_adapted_queue_rqs(queue_rqs),
	.init_request = nvmq_adapted_init_request(init_request),
	.map_queues = map_queues,
};

/* a disk */

static int disk_open(struct gendisk *disk, blk_mode_t mode)
{
	return mode & BLK_OPEN_WRITE ? -EROFS : 0;
}

static void disk_release(struct gendisk *disk)
{
	blk_mark_disk_dead(disk);
	disk_force_media_change(disk);
}

static int disk_ioctl(struct block_device *bdev, blk_mode_t mode,
		      unsigned int cmd, unsigned long arg)
{
	return mode & (BLK_OPEN_READ | BLK_OPEN_EXCL) ? -ENOTTY : 0;
}

static int disk_getgeo(struct gendisk *disk, struct hd_geometry *geo)
{
	return -ENOTTY;
}

static int disk_zones(struct gendisk *disk, sector_t sector, unsigned int nr_zones,
		      struct blk_report_zones_args *args)
{
	struct blk_zone zone = {};

	return disk_report_zone(disk, &zone, 0, args);
}

NVMQ_ADAPT_OPEN(disk_open);
NVMQ_ADAPT_RELEASE(disk_release);
NVMQ_ADAPT_GETGEO(disk_getgeo);
NVMQ_ADAPT_REPORT_ZONES(disk_zones);

static int disk_keys(struct block_device *bdev, struct pr_keys *keys)
{
	keys->num_keys = keys->generation;
	return PR_STS_SUCCESS;
}

static int disk_held(struct block_device *bdev, struct pr_held_reservation *held)
{
	held->type = PR_WRITE_EXCLUSIVE;
	return held->key ? PR_STS_RESERVATION_CONFLICT : PR_STS_IOERR;
}

NVMQ_ADAPT_PR_READ(disk_keys, disk_held);

static const struct pr_ops disk_pr_ops = {
	nvmq_adapted_pr_read(disk_keys, disk_held)
};

static const struct block_device_operations disk_ops = {
	.owner = THIS_MODULE,
	.open = nvmq_adapted_open(disk_open),
	.release = nvmq_adapted_release(disk_release),
	.ioctl = disk_ioctl,
	.compat_ioctl = blkdev_compat_ptr_ioctl,
	.getgeo = nvmq_adapted_getgeo(disk_getgeo),
	.report_zones = nvmq_adapted_report_zones(disk_zones),
	.pr_ops = &disk_pr_ops,
};

static int disk(struct blk_mq_tag_set *set, struct nvmq_limits *l)
{
	struct request_queue *q = nvmq_limits_alloc_queue(set, l, NULL);
	struct gendisk *d = nvmq_limits_alloc_disk(set, l, NULL);
	unsigned int memflags;
	int ret;

	if (IS_ERR(q) || IS_ERR(d))
		return -ENOMEM;
	d->fops = &disk_ops;

	nvmq_limits_begin(d);
	memflags = blk_mq_freeze_queue(d->queue);
	ret = nvmq_limits_apply(d, l);
	blk_mq_unfreeze_queue(d->queue, memflags);
	if (ret)
		nvmq_limits_cancel(d);
	blk_mq_freeze_queue_nomemsave(q);
	ret = nvmq_limits_apply_queue(q, l);
	blk_mq_unfreeze_queue_nomemrestore(q);

	blk_mq_quiesce_tagset(set);
	blk_mq_wait_quiesce_done(set);
	blk_mq_unquiesce_tagset(set);
	blk_mq_destroy_queue(q);
	blk_put_queue(q);
	return ret;
}

static int map(struct request *rq, struct scatterlist *sg, void *buf)
{
	int ret = blk_rq_map_kern(rq, buf, SECTOR_SIZE, GFP_KERNEL);

	return ret ?: blk_rq_map_sg(rq, sg);
}

/* a class */

static int dev_uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	return add_uevent_var(env, "NAME=%s", dev_name(dev));
}

static char *devnode(const struct device *dev, umode_t *mode)
{
	return kasprintf(GFP_KERNEL, "%s", dev_name(dev));
}

NVMQ_ADAPT_DEV_UEVENT(dev_uevent);
NVMQ_ADAPT_DEVNODE(devnode);

static struct class cls = {
	.name = "nvmq-shims",
	.dev_uevent = nvmq_adapted_dev_uevent(dev_uevent),
	.devnode = nvmq_adapted_devnode(devnode),
};

static int classes(void)
{
	struct class *c = class_create("nvmq-shims-too");

	if (IS_ERR(c))
		return PTR_ERR(c);
	class_destroy(c);
	return class_register(&cls);
}

/* io_uring */

struct payload {
	__u64 addr;
};

static void task_work(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	if (issue_flags & IO_URING_F_CQE32)
		io_uring_cmd_done32(cmd, 0, 1, issue_flags);
	else
		io_uring_cmd_done(cmd, 0, issue_flags);
}

NVMQ_ADAPT_TASK_WORK(task_work);

static int uring_cmd(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	const struct payload *p = nvmq_uring_payload(cmd, struct payload);
	struct payload *pdu = io_uring_cmd_to_pdu(cmd, struct payload);
	struct iov_iter iter;
	int ret;

	pdu->addr = READ_ONCE(p->addr);
	ret = io_uring_cmd_import_fixed(pdu->addr, 1, READ, &iter, cmd,
					issue_flags);
	if (ret)
		ret = io_uring_cmd_import_fixed_vec(cmd, NULL, 0, READ, &iter,
						    issue_flags);
	if (!ret)
		io_uring_cmd_do_in_task_lazy(cmd,
					     nvmq_adapted_task_work(task_work));
	return ret ?: -EIOCBQUEUED;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.uring_cmd = uring_cmd,
};

/* the rest of the kernel */

static const struct hwmon_channel_info *const hwmon_info[] = {
	HWMON_CHANNEL_INFO(temp, HWMON_T_INPUT),
	NULL
};

static const struct hwmon_chip_info chip = {
	.info = nvmq_adapted_hwmon_info(hwmon_info),
};

static enum hrtimer_restart hrtimer_fn(struct hrtimer *t)
{
	return HRTIMER_NORESTART;
}

static void timer_fn(struct timer_list *t)
{
	struct thing *thing = timer_container_of(thing, t, timer);

	thing->count = 0;
}

static int pci(struct pci_dev *pdev)
{
	struct dma_pool *pool = dma_pool_create_node("x", &pdev->dev, 256, 256,
						     0, NUMA_NO_NODE);
	struct workqueue_struct *wq = alloc_workqueue("x", WQ_PERCPU, 0);
	struct thing *thing = kzalloc_flex(*thing, list, 4);
	struct thing *one __free(kfree) = kzalloc_obj(*one);
	struct dim_sample sample = {};
	u32 *many = kmalloc_objs(u32, 4, GFP_NOIO);
	char name[8];

	if (pool && wq && thing && one && many) {
		timer_setup(&thing->timer, timer_fn, 0);
		hrtimer_setup(&thing->hrtimer, hrtimer_fn, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
		if (IS_ENABLED(CONFIG_DIMLIB))
			net_dim(&thing->dim, &sample);
		timer_delete_sync(&thing->timer);
		timer_shutdown_sync(&thing->timer);
		pci_enable_pcie_error_reporting(pdev);
		pci_disable_pcie_error_reporting(pdev);
		strscpy(name, str_enable_disable(thing->count));
		strscpy(name, "y", sizeof(name));
		put_unaligned_le32(secs_to_jiffies(1), many);
	}
	kfree(many);
	kfree(thing);
	if (wq)
		destroy_workqueue(wq);
	dma_pool_destroy(pool);
	if (pci_suspend_retains_context(pdev))
		return blk_mq_num_possible_queues(0);
	return pci_alloc_irq_vectors(pdev, 1, blk_mq_num_online_queues(4),
				     PCI_IRQ_INTX | PCI_IRQ_MSIX);
}

static int __init shims_init(void)
{
	struct blk_mq_tag_set set = {
		.ops = &mq_ops,
		.flags = BLK_MQ_F_SHOULD_MERGE | BLK_MQ_F_NO_SCHED,
	};
	struct nvmq_limits l = { .logical_block_size = SECTOR_SIZE };

	/* nobody may load this */
	if (jiffies)
		return -EPERM;
	return disk(&set, &l) + map(NULL, NULL, &set) + classes() + pci(NULL) +
	       poll(NULL, NULL) + !fops.owner + !chip.info;
}
module_init(shims_init);

MODULE_DESCRIPTION("nvmq: use of every compatibility shim, to be compiled only");
MODULE_IMPORT_NS("NVMQ_SHIMS");
MODULE_LICENSE("GPL");

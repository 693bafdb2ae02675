// SPDX-License-Identifier: GPL-2.0
/*
 * /sys/kernel/debug/nvmq/nvmeX: a directory for each controller, from probe to remove().
 *
 *	queues			registers, indices, what is in flight, the last entries of the rings
 *	latency			histograms of each queue and kind of I/O; write on, off
 *	latency_buckets		the same, bucket by bucket
 *	fault			what is to fail; write words (inject.c), or off
 *	boot0, boot1		boot partitions, as they are
 *
 * Where debugfs is not there, or locked down, the files are missing, and nothing else is.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bootpart.h"
#include "debugfs.h"
#include "inject.h"
#include "record.h"
#include "stats.h"

/* The longest text that a file takes. */
#define NVMQ_DEBUGFS_TEXT 256

static struct dentry *nvmq_debugfs_root;
/* one at a time sets, and nobody reads meanwhile */
static DEFINE_MUTEX(nvmq_debugfs_lock);

static int nvmq_debugfs_set_latency(struct nvmq_ctrl *ctrl, char *text)
{
	bool on;
	int ret = kstrtobool(strim(text), &on);

	if (ret) {
		nvmq_warn(ctrl, "latency: '%s' refused: it takes on or off\n", text);
		return ret;
	}
	return nvmq_stats_set(ctrl, on);
}

/**
 * struct nvmq_debugfs_file - a file
 * @name: its name
 * @show: what it shows; NULL: bytes, by @read
 * @set: what it takes; NULL: nothing
 * @read: bytes from an offset on
 */
struct nvmq_debugfs_file {
	const char *name;
	void (*show)(struct nvmq_ctrl *ctrl, struct seq_file *m);
	int (*set)(struct nvmq_ctrl *ctrl, char *text);
	ssize_t (*read)(struct nvmq_ctrl *ctrl, char __user *buf, size_t count, loff_t *pos);
};

static ssize_t nvmq_debugfs_boot0(struct nvmq_ctrl *ctrl, char __user *buf, size_t count,
				  loff_t *pos)
{
	return nvmq_bootpart_read(ctrl, 0, buf, count, pos);
}

static ssize_t nvmq_debugfs_boot1(struct nvmq_ctrl *ctrl, char __user *buf, size_t count,
				  loff_t *pos)
{
	return nvmq_bootpart_read(ctrl, 1, buf, count, pos);
}

static const struct nvmq_debugfs_file nvmq_debugfs_files[] = {
	{ "queues", nvmq_record_show },
	{ "latency", nvmq_stats_show, nvmq_debugfs_set_latency },
	{ "latency_buckets", nvmq_stats_show_buckets },
	{ "fault", nvmq_inject_show, nvmq_inject_set },
	{ "boot0", .read = nvmq_debugfs_boot0 },
	{ "boot1", .read = nvmq_debugfs_boot1 },
};

/**
 * struct nvmq_debugfs - the files of a controller
 * @dir: their directory
 * @entry: what each file's inode points to
 */
struct nvmq_debugfs {
	struct dentry *dir;
	struct nvmq_debugfs_entry {
		struct nvmq_ctrl *ctrl;
		const struct nvmq_debugfs_file *file;
	} entry[ARRAY_SIZE(nvmq_debugfs_files)];
};

static int nvmq_debugfs_show(struct seq_file *m, void *unused)
{
	const struct nvmq_debugfs_entry *e = m->private;

	mutex_lock(&nvmq_debugfs_lock);
	e->file->show(e->ctrl, m);
	mutex_unlock(&nvmq_debugfs_lock);
	return 0;
}

static int nvmq_debugfs_open(struct inode *inode, struct file *file)
{
	return single_open(file, nvmq_debugfs_show, inode->i_private);
}

static ssize_t nvmq_debugfs_write(struct file *file, const char __user *buf, size_t count,
				  loff_t *pos)
{
	const struct nvmq_debugfs_entry *e = file_inode(file)->i_private;
	char *text;
	int ret;

	if (!e->file->set || count > NVMQ_DEBUGFS_TEXT)
		return -EINVAL;
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&nvmq_debugfs_lock);
	ret = e->file->set(e->ctrl, text);
	mutex_unlock(&nvmq_debugfs_lock);
	kfree(text);
	return ret ? ret : count;
}

static const struct file_operations nvmq_debugfs_ops = {
	.owner = THIS_MODULE,
	.open = nvmq_debugfs_open,
	.read = seq_read,
	.write = nvmq_debugfs_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static ssize_t nvmq_debugfs_read_bytes(struct file *file, char __user *buf, size_t count,
				       loff_t *pos)
{
	const struct nvmq_debugfs_entry *e = file_inode(file)->i_private;
	ssize_t ret;

	mutex_lock(&nvmq_debugfs_lock);
	ret = e->file->read(e->ctrl, buf, count, pos);
	mutex_unlock(&nvmq_debugfs_lock);
	return ret;
}

static const struct file_operations nvmq_debugfs_bytes_ops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.read = nvmq_debugfs_read_bytes,
	.llseek = default_llseek,
};

/**
 * nvmq_debugfs_add - the directory of a controller
 * @ctrl: controller, before its first bring-up
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int nvmq_debugfs_add(struct nvmq_ctrl *ctrl)
{
	struct nvmq_debugfs *d;
	unsigned int i;
	char name[16];
	int ret;

	ret = nvmq_inject_init(ctrl);
	if (ret)
		return ret;
	d = kzalloc_obj(*d, GFP_KERNEL);
	if (!d) {
		nvmq_inject_exit(ctrl);
		return -ENOMEM;
	}
	ctrl->debugfs = d;
	snprintf(name, sizeof(name), "nvme%d", ctrl->instance);
	d->dir = debugfs_create_dir(name, nvmq_debugfs_root);
	for (i = 0; i < ARRAY_SIZE(nvmq_debugfs_files); i++) {
		const struct nvmq_debugfs_file *file = &nvmq_debugfs_files[i];

		d->entry[i].ctrl = ctrl;
		d->entry[i].file = file;
		debugfs_create_file(file->name, file->set ? 0600 : 0400, d->dir, &d->entry[i],
				    file->show ? &nvmq_debugfs_ops : &nvmq_debugfs_bytes_ops);
	}
	return 0;
}

/**
 * nvmq_debugfs_remove - no files any more, no rules, no histograms
 * @ctrl: controller; stopped, its queues still have their memory
 *
 * Context: may sleep; waits for who reads or writes a file.
 */
void nvmq_debugfs_remove(struct nvmq_ctrl *ctrl)
{
	debugfs_remove(ctrl->debugfs->dir);
	kfree(ctrl->debugfs);
	ctrl->debugfs = NULL;
	nvmq_stats_set(ctrl, false);
	nvmq_inject_exit(ctrl);
}

/**
 * nvmq_debugfs_init - the directory of the driver
 *
 * Context: module init, may sleep.
 */
void nvmq_debugfs_init(void)
{
	nvmq_debugfs_root = debugfs_create_dir("nvmq", NULL);
}

/**
 * nvmq_debugfs_exit - and its end
 *
 * Context: module exit, no controller is left.
 */
void nvmq_debugfs_exit(void)
{
	debugfs_remove(nvmq_debugfs_root);
}

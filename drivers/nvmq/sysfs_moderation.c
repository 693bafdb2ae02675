// SPDX-License-Identifier: GPL-2.0
/* The group "moderation" of a controller: what may wait, and how often it did. */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "coalesce.h"
#include "ioq.h"
#include "pace.h"
#include "sysfs.h"

static const char *const nvmq_moderation_modes[] = {
	[NVMQ_BELL_AUTO] = "auto",
	[NVMQ_BELL_ON] = "on",
	[NVMQ_BELL_OFF] = "off",
};

/* Does any queue's doorbell wait? All do, or none. */
static bool nvmq_moderation_is_on(const struct nvmq_ctrl *ctrl)
{
	return ctrl->nr_queues && READ_ONCE(ctrl->queues[1].sq.bell);
}

static ssize_t nvmq_moderation_store(struct device *dev, const char *buf, size_t count,
				     int (*set)(struct nvmq_ctrl *ctrl, enum nvmq_bell_mode mode))
{
	int mode = sysfs_match_string(nvmq_moderation_modes, buf);
	int ret;

	if (mode < 0)
		return mode;
	ret = set(nvmq_sysfs_ctrl(dev), mode);
	return ret ? ret : count;
}

/* What was asked for and, after auto, what came of it. */
static ssize_t doorbells_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	u8 mode = READ_ONCE(ctrl->bell_mode);

	return sysfs_emit(buf, "%s%s\n", nvmq_moderation_modes[mode],
			  mode != NVMQ_BELL_AUTO	? "" :
			  nvmq_moderation_is_on(ctrl)	? " (on)" :
							  " (off)");
}

static ssize_t doorbells_store(struct device *dev, struct device_attribute *attr, const char *buf,
			       size_t count)
{
	return nvmq_moderation_store(dev, buf, count, nvmq_ioq_set_bells);
}
static DEVICE_ATTR_RW(doorbells);

static const char *nvmq_moderation_of_interrupts(const struct nvmq_ctrl *ctrl)
{
	const struct nvmq_calm *c = &ctrl->queues[1].calm;

	if (!ctrl->nr_queues || !READ_ONCE(c->on))
		return "off";
	return READ_ONCE(c->hardware) ? "by the controller" : "by a timer";
}

/* What was asked for, and what came of it. */
static ssize_t interrupts_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);

	return sysfs_emit(buf, "%s (%s)\n", nvmq_moderation_modes[READ_ONCE(ctrl->calm_mode)],
			  nvmq_moderation_of_interrupts(ctrl));
}

static ssize_t interrupts_store(struct device *dev, struct device_attribute *attr, const char *buf,
				size_t count)
{
	return nvmq_moderation_store(dev, buf, count, nvmq_coalesce_set);
}
static DEVICE_ATTR_RW(interrupts);

/* Nanoseconds that a doorbell takes at least. */
static ssize_t doorbell_cost_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(nvmq_sysfs_ctrl(dev)->bell_cost));
}
static DEVICE_ATTR_RO(doorbell_cost);

/* Discards at a time while there is other I/O, and how many had to wait; 0: no limit. */
static ssize_t discards_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_pace *p = &nvmq_sysfs_ctrl(dev)->pace;

	return sysfs_emit(buf, "%u (%llu sent, %llu waited)\n", READ_ONCE(p->limit),
			  READ_ONCE(p->sent), READ_ONCE(p->waited));
}

static ssize_t discards_store(struct device *dev, struct device_attribute *attr, const char *buf,
			      size_t count)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	unsigned int limit;
	int ret = kstrtouint(buf, 0, &limit);

	if (ret)
		return ret;
	WRITE_ONCE(ctrl->pace.limit, limit);
	nvmq_pace_release(ctrl);
	return count;
}
static DEVICE_ATTR_RW(discards);

/* One line for each I/O queue; as many as a page holds. */
static ssize_t queues_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	unsigned int i, nr = READ_ONCE(ctrl->nr_queues);
	int len;

	len = sysfs_emit(buf, "qid submitted doorbells left by_completion by_timer longest_ns");
	len += sysfs_emit_at(buf, len, " interrupts phases looks taken\n");
	for (i = 1; i <= nr; i++) {
		const struct nvmq_sq *sq = &ctrl->queues[i].sq;
		const struct nvmq_bell *b = &ctrl->queues[i].bell;
		const struct nvmq_calm *c = &ctrl->queues[i].calm;

		len += sysfs_emit_at(buf, len, "%u %llu %llu %llu %llu %llu %llu", i,
				     READ_ONCE(sq->submitted), READ_ONCE(sq->doorbells),
				     READ_ONCE(b->left), READ_ONCE(b->by_completion),
				     READ_ONCE(b->by_timer), READ_ONCE(b->longest));
		len += sysfs_emit_at(buf, len, " %llu %llu %llu %llu\n",
				     READ_ONCE(ctrl->queues[i].cq.interrupts),
				     READ_ONCE(c->phases), READ_ONCE(c->looks),
				     READ_ONCE(c->taken));
	}
	return len;
}
static DEVICE_ATTR_RO(queues);

static struct attribute *nvmq_moderation_attrs[] = {
	&dev_attr_doorbells.attr,
	&dev_attr_doorbell_cost.attr,
	&dev_attr_interrupts.attr,
	&dev_attr_discards.attr,
	&dev_attr_queues.attr,
	NULL
};

const struct attribute_group nvmq_sysfs_moderation_group = {
	.name = "moderation",
	.attrs = nvmq_moderation_attrs,
};

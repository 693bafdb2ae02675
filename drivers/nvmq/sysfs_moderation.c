// SPDX-License-Identifier: GPL-2.0
/* The group "moderation" of a controller: what may wait, and how often it did. */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "ioq.h"
#include "sysfs.h"

static const char *const nvmq_moderation_modes[] = {
	[NVMQ_BELL_AUTO] = "auto",
	[NVMQ_BELL_ON] = "on",
	[NVMQ_BELL_OFF] = "off",
};

static struct nvmq_ctrl *nvmq_moderation_ctrl(struct device *dev)
{
	return container_of(dev, struct nvmq_ctrl, device);
}

/* Does any queue's doorbell wait? All do, or none. */
static bool nvmq_moderation_is_on(const struct nvmq_ctrl *ctrl)
{
	return ctrl->nr_queues && READ_ONCE(ctrl->queues[1].sq.bell);
}

/* What was asked for and, after auto, what came of it. */
static ssize_t doorbells_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ctrl *ctrl = nvmq_moderation_ctrl(dev);
	u8 mode = READ_ONCE(ctrl->bell_mode);

	return sysfs_emit(buf, "%s%s\n", nvmq_moderation_modes[mode],
			  mode != NVMQ_BELL_AUTO	? "" :
			  nvmq_moderation_is_on(ctrl)	? " (on)" :
							  " (off)");
}

static ssize_t doorbells_store(struct device *dev, struct device_attribute *attr, const char *buf,
			       size_t count)
{
	int mode = sysfs_match_string(nvmq_moderation_modes, buf);
	int ret;

	if (mode < 0)
		return mode;
	ret = nvmq_ioq_set_bells(nvmq_moderation_ctrl(dev), mode);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(doorbells);

/* Nanoseconds that a doorbell takes at least. */
static ssize_t doorbell_cost_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(nvmq_moderation_ctrl(dev)->bell_cost));
}
static DEVICE_ATTR_RO(doorbell_cost);

/* One line for each I/O queue; as many as a page holds. */
static ssize_t queues_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct nvmq_ctrl *ctrl = nvmq_moderation_ctrl(dev);
	unsigned int i, nr = READ_ONCE(ctrl->nr_queues);
	int len;

	len = sysfs_emit(buf, "qid submitted doorbells left by_completion by_timer longest_ns\n");
	for (i = 1; i <= nr; i++) {
		const struct nvmq_sq *sq = &ctrl->queues[i].sq;
		const struct nvmq_bell *b = &ctrl->queues[i].bell;

		len += sysfs_emit_at(buf, len, "%u %llu %llu %llu %llu %llu %llu\n", i,
				     READ_ONCE(sq->submitted), READ_ONCE(sq->doorbells),
				     READ_ONCE(b->left), READ_ONCE(b->by_completion),
				     READ_ONCE(b->by_timer), READ_ONCE(b->longest));
	}
	return len;
}
static DEVICE_ATTR_RO(queues);

static struct attribute *nvmq_moderation_attrs[] = {
	&dev_attr_doorbells.attr,
	&dev_attr_doorbell_cost.attr,
	&dev_attr_queues.attr,
	NULL
};

const struct attribute_group nvmq_sysfs_moderation_group = {
	.name = "moderation",
	.attrs = nvmq_moderation_attrs,
};

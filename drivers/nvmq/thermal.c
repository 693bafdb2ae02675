// SPDX-License-Identifier: GPL-2.0
/*
 * Host controlled thermal management (NVMe Base 5.27.1.13): from one temperature on (TMT1) the
 * controller cools itself without slowing down much, from a higher one on (TMT2) whatever it
 * costs. A user sets them in the directory thermal of nvmeX, in thousandths of a degree Celsius as
 * in hwmon; the controller forgets them at a reset, so they are told again. Who sets none leaves
 * the controller what it has.
 */
#include <linux/kstrtox.h>
#include <linux/units.h>

#include <nvme/feature.h>

#include "admin.h"
#include "sysfs.h"
#include "thermal.h"

/* Two of them are told at once, so one at a time changes one of them. */
static DEFINE_MUTEX(nvmq_thermal_lock);

static int nvmq_thermal_tell(struct nvmq_ctrl *ctrl, const u16 *tmt)
{
	u32 cdw11 = NVM_PREP(NVM_FEAT_HCTM_TMT1, tmt[0]) | NVM_PREP(NVM_FEAT_HCTM_TMT2, tmt[1]);

	return nvmq_admin_set_feature(ctrl, NVM_FEAT_HCTM, 0, cdw11, NULL, 0, NULL);
}

/* What it has now, kelvins. */
static int nvmq_thermal_ask(struct nvmq_ctrl *ctrl, u16 *tmt)
{
	u32 value;
	int ret;

	if (nvmq_state(ctrl) != NVMQ_LIVE)
		return -EAGAIN;
	ret = nvmq_admin_get_feature(ctrl, NVM_FEAT_HCTM, 0, 0, NULL, 0, &value);
	if (ret)
		return ret > 0 ? -EIO : ret;
	tmt[0] = NVM_GET(NVM_FEAT_HCTM_TMT1, value);
	tmt[1] = NVM_GET(NVM_FEAT_HCTM_TMT2, value);
	return 0;
}

/**
 * nvmq_thermal_configure - tell a controller again what it forgot
 * @ctrl: controller that was identified
 *
 * Context: bring-up, may sleep.
 */
void nvmq_thermal_configure(struct nvmq_ctrl *ctrl)
{
	struct nvmq_power *power = &ctrl->power;
	int ret;

	if (!power->mxtmt || !power->tmt_told)
		return;
	ret = nvmq_thermal_tell(ctrl, power->tmt);
	if (ret)
		nvmq_warn(ctrl, "refuses the temperatures to slow down at, status %#x\n", ret);
}

/* ---- sysfs ----------------------------------------------------------------------------------- */

/* 0 for tmt1, 1 for tmt2 */
static unsigned int nvmq_thermal_which(const struct device_attribute *attr)
{
	return (uintptr_t)container_of(attr, struct dev_ext_attribute, attr)->var;
}

static ssize_t nvmq_thermal_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u16 tmt[2], kelvins;
	int ret = nvmq_thermal_ask(nvmq_sysfs_ctrl(dev), tmt);

	if (ret)
		return ret;
	kelvins = tmt[nvmq_thermal_which(attr)];
	if (!kelvins)
		return sysfs_emit(buf, "off\n");
	return sysfs_emit(buf, "%ld\n", kelvin_to_millicelsius((long)kelvins));
}

/* Thousandths of a degree, or off. Returns 0 and kelvins, or -EINVAL after a line in the log. */
static int nvmq_thermal_parse(struct nvmq_ctrl *ctrl, unsigned int which, const char *buf,
			      u16 *kelvins)
{
	long low = kelvin_to_millicelsius((long)ctrl->power.mntmt);
	long high = kelvin_to_millicelsius((long)ctrl->power.mxtmt);
	long value;

	*kelvins = 0;
	if (sysfs_streq(buf, "off"))
		return 0;
	if (kstrtol(buf, 10, &value) || value < low || value > high) {
		nvmq_err(ctrl, "thermal/tmt%u=%.*s refused: it takes %ld to %ld thousandths of a degree Celsius, or off\n",
			 which + 1, (int)strcspn(buf, "\n"), buf, low, high);
		return -EINVAL;
	}
	*kelvins = millicelsius_to_kelvin(value);
	return 0;
}

static int nvmq_thermal_set(struct nvmq_ctrl *ctrl, unsigned int which, u16 kelvins)
{
	struct nvmq_power *power = &ctrl->power;
	u16 tmt[2];
	int ret;

	ret = nvmq_thermal_ask(ctrl, tmt);
	if (ret)
		return ret;
	tmt[which] = kelvins;
	if (tmt[0] && tmt[1] && tmt[0] >= tmt[1]) {
		nvmq_err(ctrl, "thermal/tmt%u refused: tmt1 has to be lower than tmt2\n",
			 which + 1);
		return -EINVAL;
	}
	ret = nvmq_thermal_tell(ctrl, tmt);
	if (ret)
		return ret > 0 ? -EIO : ret;
	memcpy(power->tmt, tmt, sizeof(tmt));
	power->tmt_told = true;
	return 0;
}

static ssize_t nvmq_thermal_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	struct nvmq_ctrl *ctrl = nvmq_sysfs_ctrl(dev);
	unsigned int which = nvmq_thermal_which(attr);
	u16 kelvins;
	int ret;

	ret = nvmq_thermal_parse(ctrl, which, buf, &kelvins);
	if (ret)
		return ret;
	mutex_lock(&nvmq_thermal_lock);
	ret = nvmq_thermal_set(ctrl, which, kelvins);
	mutex_unlock(&nvmq_thermal_lock);
	return ret ? ret : count;
}

static struct dev_ext_attribute nvmq_thermal_tmt[] = {
	{ __ATTR(tmt1, 0644, nvmq_thermal_show, nvmq_thermal_store), (void *)0 },
	{ __ATTR(tmt2, 0644, nvmq_thermal_show, nvmq_thermal_store), (void *)1 },
};

/* The range of both. */
static ssize_t min_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n",
			  kelvin_to_millicelsius((long)nvmq_sysfs_ctrl(dev)->power.mntmt));
}
static DEVICE_ATTR_RO(min);

static ssize_t max_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%ld\n",
			  kelvin_to_millicelsius((long)nvmq_sysfs_ctrl(dev)->power.mxtmt));
}
static DEVICE_ATTR_RO(max);

static struct attribute *nvmq_thermal_attrs[] = {
	&nvmq_thermal_tmt[0].attr.attr,
	&nvmq_thermal_tmt[1].attr.attr,
	&dev_attr_min.attr,
	&dev_attr_max.attr,
	NULL
};

static umode_t nvmq_thermal_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	return nvmq_sysfs_ctrl(kobj_to_dev(kobj))->power.mxtmt ? attr->mode : 0;
}

const struct attribute_group nvmq_sysfs_thermal_group = {
	.name = "thermal",
	.attrs = nvmq_thermal_attrs,
	.is_visible = nvmq_thermal_visible,
};

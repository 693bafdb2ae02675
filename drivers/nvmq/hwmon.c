// SPDX-License-Identifier: GPL-2.0
/*
 * Temperatures in hwmon, under the names that lm-sensors knows: channel 0 (temp1) is the composite
 * temperature, channels 1 to 8 (temp2 to temp9) are the sensors that the SMART log has a value of.
 *
 * Who asks every second must not keep the device awake: a log that was read stays for a second, and
 * for a minute while the device may be asleep, that is, as long as it changes its power state by
 * itself and got no I/O since. Thresholds are asked for each time: tools read them once.
 */
#include <linux/hwmon.h>
#include <linux/slab.h>
#include <linux/units.h>

#include <nvme/feature.h>

#include "admin.h"
#include "cmd.h"
#include "hwmon.h"

#define NVMQ_HWMON_CHANNELS 9
#define NVMQ_HWMON_AWAKE HZ
#define NVMQ_HWMON_ASLEEP (60 * HZ)

/**
 * struct nvmq_hwmon - what hwmon has of a controller
 * @smart: SMART log, as last read; first, so that what the device writes has cache lines of its own
 * @ctrl: controller
 * @dev: hwmon device
 * @lock: protects the log and the rest
 * @read_at: jiffies of that
 * @submitted: I/O commands that were sent until then
 */
struct nvmq_hwmon {
	struct nvm_smart_log smart;
	struct nvmq_ctrl *ctrl;
	struct device *dev;
	struct mutex lock;
	unsigned long read_at;
	u64 submitted;
};

/* I/O commands since probe. Queues come and go in a bring-up, and read as what they had then. */
static u64 nvmq_hwmon_submitted(const struct nvmq_ctrl *ctrl)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 1; i < ctrl->nr_queues_max; i++)
		sum += READ_ONCE(ctrl->queues[i].sq.submitted);
	return sum;
}

/* Reads the log, and leaves events to those who wait for them (RAE). */
static int nvmq_hwmon_read_log(struct nvmq_hwmon *hwmon)
{
	u32 dwords = sizeof(hwmon->smart) / 4 - 1;
	u64 submitted = nvmq_hwmon_submitted(hwmon->ctrl);
	struct nvm_sqe cmd;
	int ret;

	nvmq_cmd_simple(&cmd, NVM_ADMIN_GET_LOG_PAGE, NVM_NSID_ALL);
	cmd.cdw10 = cpu_to_le32(NVM_PREP(NVM_LOG_LID, NVM_LOG_SMART) | NVM_LOG_RAE |
				NVM_PREP(NVM_LOG_NUMDL, dwords));
	ret = nvmq_admin_cmd(hwmon->ctrl, &cmd, &hwmon->smart, sizeof(hwmon->smart), NULL);
	if (ret)
		return ret > 0 ? -EIO : ret;
	hwmon->read_at = jiffies;
	hwmon->submitted = submitted;
	return 0;
}

/* Takes care that the log is fresh enough; the caller holds the lock. */
static int nvmq_hwmon_refresh(struct nvmq_hwmon *hwmon)
{
	struct nvmq_ctrl *ctrl = hwmon->ctrl;
	unsigned long age = NVMQ_HWMON_AWAKE;

	if (READ_ONCE(ctrl->power.deepest) && nvmq_hwmon_submitted(ctrl) == hwmon->submitted)
		age = NVMQ_HWMON_ASLEEP;
	if (time_before(jiffies, hwmon->read_at + age))
		return 0;
	return nvmq_hwmon_read_log(hwmon);
}

/* Temperature of a channel, kelvins. */
static u16 nvmq_hwmon_kelvins(const struct nvmq_hwmon *hwmon, int channel)
{
	const u8 *composite = hwmon->smart.temperature;

	if (channel)
		return le16_to_cpu(hwmon->smart.temp_sensor[channel - 1]);
	return composite[0] | composite[1] << 8;
}

static u32 nvmq_hwmon_threshold(int channel, bool under)
{
	return NVM_PREP(NVM_TEMP_THRESH_SELECT, channel) |
	       (under ? NVM_TEMP_THRESH_TYPE_UNDER : NVM_TEMP_THRESH_TYPE_OVER);
}

static int nvmq_hwmon_get_threshold(struct nvmq_ctrl *ctrl, int channel, bool under, long *value)
{
	u32 kelvins;
	int ret = nvmq_admin_get_feature(ctrl, NVM_FEAT_TEMP_THRESH, 0,
					 nvmq_hwmon_threshold(channel, under), NULL, 0, &kelvins);

	if (ret)
		return ret > 0 ? -EIO : ret;
	*value = kelvin_to_millicelsius(kelvins & NVM_TEMP_THRESH_TMPTH);
	return 0;
}

static int nvmq_hwmon_set_threshold(struct nvmq_ctrl *ctrl, int channel, bool under, long value)
{
	u32 cdw11 = nvmq_hwmon_threshold(channel, under);
	int ret;

	value = clamp_val(value, ABSOLUTE_ZERO_MILLICELSIUS,
			  kelvin_to_millicelsius((long)NVM_TEMP_THRESH_TMPTH));
	cdw11 |= NVM_PREP(NVM_TEMP_THRESH_TMPTH, millicelsius_to_kelvin(value));
	ret = nvmq_admin_set_feature(ctrl, NVM_FEAT_TEMP_THRESH, 0, cdw11, NULL, 0, NULL);
	return ret > 0 ? -EIO : ret;
}

static int nvmq_hwmon_read_smart(struct nvmq_hwmon *hwmon, u32 attr, int channel, long *value)
{
	int ret;

	mutex_lock(&hwmon->lock);
	ret = nvmq_hwmon_refresh(hwmon);
	if (!ret && attr == hwmon_temp_alarm)
		*value = !!(hwmon->smart.critical_warning & NVM_SMART_CRIT_TEMPERATURE);
	else if (!ret)
		*value = kelvin_to_millicelsius(nvmq_hwmon_kelvins(hwmon, channel));
	mutex_unlock(&hwmon->lock);
	return ret;
}

/* In a reset nobody waits for the temperature: -EAGAIN. */
static int nvmq_hwmon_read(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel,
			   long *value)
{
	struct nvmq_hwmon *hwmon = dev_get_drvdata(dev);
	struct nvmq_ctrl *ctrl = hwmon->ctrl;

	if (attr == hwmon_temp_crit) {
		*value = kelvin_to_millicelsius(ctrl->power.cctemp);
		return 0;
	}
	if (nvmq_state(ctrl) != NVMQ_LIVE)
		return -EAGAIN;
	switch (attr) {
	case hwmon_temp_max:
		return nvmq_hwmon_get_threshold(ctrl, channel, false, value);
	case hwmon_temp_min:
		return nvmq_hwmon_get_threshold(ctrl, channel, true, value);
	case hwmon_temp_input:
	case hwmon_temp_alarm:
		return nvmq_hwmon_read_smart(hwmon, attr, channel, value);
	default:
		return -EOPNOTSUPP;
	}
}

static int nvmq_hwmon_write(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel,
			    long value)
{
	struct nvmq_hwmon *hwmon = dev_get_drvdata(dev);

	if (attr != hwmon_temp_max && attr != hwmon_temp_min)
		return -EOPNOTSUPP;
	if (nvmq_state(hwmon->ctrl) != NVMQ_LIVE)
		return -EAGAIN;
	return nvmq_hwmon_set_threshold(hwmon->ctrl, channel, attr == hwmon_temp_min, value);
}

static int nvmq_hwmon_label(struct device *dev, enum hwmon_sensor_types type, u32 attr, int channel,
			    const char **text)
{
	static const char *const labels[NVMQ_HWMON_CHANNELS] = {
		"Composite", "Sensor 1", "Sensor 2", "Sensor 3", "Sensor 4",
		"Sensor 5", "Sensor 6", "Sensor 7", "Sensor 8",
	};

	*text = labels[channel];
	return 0;
}

static umode_t nvmq_hwmon_visible(const void *data, enum hwmon_sensor_types type, u32 attr,
				  int channel)
{
	const struct nvmq_hwmon *hwmon = data;
	const struct nvmq_power *power = &hwmon->ctrl->power;
	u32 quirks = hwmon->ctrl->quirks;

	if (channel && !nvmq_hwmon_kelvins(hwmon, channel))
		return 0;
	switch (attr) {
	case hwmon_temp_crit:
		return power->cctemp ? 0444 : 0;
	case hwmon_temp_max:
	case hwmon_temp_min:
		if (channel ? quirks & NVMQ_QUIRK_NO_SECONDARY_TEMP_THRESH : !power->wctemp)
			return 0;
		return quirks & NVMQ_QUIRK_NO_TEMP_THRESH_CHANGE ? 0444 : 0644;
	default:
		return 0444;
	}
}

#define NVMQ_HWMON_SENSOR (HWMON_T_INPUT | HWMON_T_MAX | HWMON_T_MIN | HWMON_T_LABEL)

static const struct hwmon_channel_info *const nvmq_hwmon_info[] = {
	HWMON_CHANNEL_INFO(temp,
			   NVMQ_HWMON_SENSOR | HWMON_T_CRIT | HWMON_T_ALARM,
			   NVMQ_HWMON_SENSOR, NVMQ_HWMON_SENSOR, NVMQ_HWMON_SENSOR,
			   NVMQ_HWMON_SENSOR, NVMQ_HWMON_SENSOR, NVMQ_HWMON_SENSOR,
			   NVMQ_HWMON_SENSOR, NVMQ_HWMON_SENSOR),
	NULL
};

static const struct hwmon_ops nvmq_hwmon_ops = {
	.is_visible = nvmq_hwmon_visible,
	.read = nvmq_hwmon_read,
	.read_string = nvmq_hwmon_label,
	.write = nvmq_hwmon_write,
};

static const struct hwmon_chip_info nvmq_hwmon_chip = {
	.ops = &nvmq_hwmon_ops,
	.info = nvmq_adapted_hwmon_info(nvmq_hwmon_info),
};

/**
 * nvmq_hwmon_add - register a controller's temperatures, if that was not done yet
 * @ctrl: controller that was identified and announced
 *
 * One that refuses its SMART log, or knows no temperature, has none.
 *
 * Context: bring-up, may sleep.
 */
void nvmq_hwmon_add(struct nvmq_ctrl *ctrl)
{
	struct nvmq_hwmon *hwmon;

	if (!IS_ENABLED(CONFIG_HWMON) || ctrl->hwmon || !test_bit(NVMQ_CF_ANNOUNCED, &ctrl->flags))
		return;
	hwmon = kzalloc_obj(*hwmon);
	if (!hwmon)
		return;
	hwmon->ctrl = ctrl;
	mutex_init(&hwmon->lock);
	if (nvmq_hwmon_read_log(hwmon) || !nvmq_hwmon_kelvins(hwmon, 0))
		goto free;
	hwmon->dev = hwmon_device_register_with_info(&ctrl->device, "nvme", hwmon,
						     &nvmq_hwmon_chip, NULL);
	if (IS_ERR(hwmon->dev)) {
		nvmq_warn(ctrl, "cannot register its temperatures, error %ld\n",
			  PTR_ERR(hwmon->dev));
		goto free;
	}
	ctrl->hwmon = hwmon;
	return;
free:
	kfree(hwmon);
}

/**
 * nvmq_hwmon_remove - undo nvmq_hwmon_add()
 * @ctrl: controller, in state NVMQ_DELETING, its admin commands reclaimed
 *
 * Waits for attributes that are being read.
 *
 * Context: remove(), may sleep.
 */
void nvmq_hwmon_remove(struct nvmq_ctrl *ctrl)
{
	struct nvmq_hwmon *hwmon = ctrl->hwmon;

	if (!hwmon)
		return;
	ctrl->hwmon = NULL;
	hwmon_device_unregister(hwmon->dev);
	kfree(hwmon);
}

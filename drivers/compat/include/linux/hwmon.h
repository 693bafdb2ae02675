/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/hwmon.h>

#ifndef COMPAT_LINUX_HWMON_H
#define COMPAT_LINUX_HWMON_H

#include <compat-config.h>

/*
 * 6.4: hwmon_chip_info.info is an array of const pointers.  Nobody ever wrote to
 * it: .info = nvmq_adapted_hwmon_info(array).
 */
#ifdef COMPAT_HAS_HWMON_CONST
#define nvmq_adapted_hwmon_info(array) (array)
#else
#define nvmq_adapted_hwmon_info(array) \
	((const struct hwmon_channel_info **)(array))
#endif

#endif

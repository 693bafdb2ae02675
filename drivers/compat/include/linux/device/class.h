/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/device/class.h>

#ifndef COMPAT_LINUX_DEVICE_CLASS_H
#define COMPAT_LINUX_DEVICE_CLASS_H

#include <compat-config.h>

/*
 * 6.4: no owner.  (6.4 also made classes const; before, the core kept its own
 * state in them, so a struct class of ours must stay writable.)
 */
#ifndef COMPAT_HAS_CLASS_NAME_ONLY
#undef class_create
#define class_create(name)				\
({							\
	static struct lock_class_key compat_key;	\
							\
	__class_create(THIS_MODULE, name, &compat_key);	\
})
#endif

#endif

/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/timer.h>

#ifndef COMPAT_LINUX_TIMER_H
#define COMPAT_LINUX_TIMER_H

/* 6.16: the new name of from_timer() */
#ifndef timer_container_of
#define timer_container_of(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)
#endif

#endif

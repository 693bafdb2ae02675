/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/workqueue.h>

#ifndef COMPAT_LINUX_WORKQUEUE_H
#define COMPAT_LINUX_WORKQUEUE_H

#include <compat-config.h>

/* What is per CPU unless WQ_UNBOUND is said needs no flag. */
#ifndef COMPAT_HAS_WQ_PERCPU
#define WQ_PERCPU 0
#endif

#ifndef COMPAT_HAS_SYSTEM_PERCPU_WQ
#define system_percpu_wq system_wq
#define system_dfl_wq system_unbound_wq
#endif

#endif

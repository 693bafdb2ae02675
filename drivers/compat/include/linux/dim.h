/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/dim.h>

#ifndef COMPAT_LINUX_DIM_H
#define COMPAT_LINUX_DIM_H

#include <compat-config.h>

/* Before 6.13 the sample was copied to it. */
#ifndef COMPAT_HAS_DIM_SAMPLE_POINTER
#define net_dim(dim, sample) net_dim(dim, *(sample))
#endif

#endif

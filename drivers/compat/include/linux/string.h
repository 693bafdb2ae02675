/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/string.h>

#ifndef COMPAT_LINUX_STRING_H
#define COMPAT_LINUX_STRING_H

#include <compat-config.h>

/*
 * 6.8: the size may be left out when the destination is an array.  Headers that
 * come later still call it with three arguments.
 */
#ifndef COMPAT_HAS_STRSCPY_TWO
#define compat_strscpy_2(dst, src) \
	strscpy(dst, src, sizeof(dst) + __must_be_array(dst))
#define compat_strscpy_3(dst, src, size) strscpy(dst, src, size)
#define compat_strscpy_pick(_1, _2, _3, name, ...) name
#define strscpy(...) \
	compat_strscpy_pick(__VA_ARGS__, compat_strscpy_3, \
			    compat_strscpy_2)(__VA_ARGS__)
#endif

#endif

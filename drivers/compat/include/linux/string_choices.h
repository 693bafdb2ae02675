/* SPDX-License-Identifier: GPL-2.0 */
/* 6.2 split it from linux/string_helpers.h */
#if __has_include_next(<linux/string_choices.h>)
#include_next <linux/string_choices.h>
#else
#include <linux/string_helpers.h>
#endif

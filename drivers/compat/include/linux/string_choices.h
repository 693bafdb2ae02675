/* SPDX-License-Identifier: GPL-2.0 */
/* 6.2 split it from linux/string_helpers.h */
#include <compat-config.h>

#ifdef COMPAT_HAS_STRING_CHOICES_HEADER
#include_next <linux/string_choices.h>
#else
#include <linux/string_helpers.h>
#endif

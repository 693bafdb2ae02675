/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/module.h>

#ifndef COMPAT_LINUX_MODULE_H
#define COMPAT_LINUX_MODULE_H

/* 6.13: the name of the namespace is a string literal */
#undef MODULE_IMPORT_NS
#define MODULE_IMPORT_NS(ns) MODULE_INFO(import_ns, ns)

#endif

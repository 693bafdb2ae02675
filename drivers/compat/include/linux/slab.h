/* SPDX-License-Identifier: GPL-2.0 */
#include_next <linux/slab.h>

#ifndef COMPAT_LINUX_SLAB_H
#define COMPAT_LINUX_SLAB_H

#include <linux/overflow.h>

/*
 * 7.0 (and stable 6.12): allocate by the type of the object.  GFP_KERNEL when
 * no flags are given.
 */
#ifndef kzalloc_obj
#define compat_gfp_1(flags) (flags)
#define compat_gfp_0() GFP_KERNEL
#define compat_gfp_pick(_0, _1, name, ...) name
#define compat_gfp(...) \
	compat_gfp_pick(_, ##__VA_ARGS__, compat_gfp_1, \
			compat_gfp_0)(__VA_ARGS__)

#define kmalloc_obj(type, ...) \
	((typeof(type) *)kmalloc(sizeof(typeof(type)), compat_gfp(__VA_ARGS__)))
#define kmalloc_objs(type, count, ...) \
	((typeof(type) *)kmalloc_array(count, sizeof(typeof(type)), \
				       compat_gfp(__VA_ARGS__)))
#define kmalloc_flex(type, member, count, ...) \
	((typeof(type) *)kmalloc(struct_size((typeof(type) *)NULL, member, \
					     count), compat_gfp(__VA_ARGS__)))
#define kzalloc_obj(type, ...) \
	((typeof(type) *)kzalloc(sizeof(typeof(type)), compat_gfp(__VA_ARGS__)))
#define kzalloc_objs(type, count, ...) \
	((typeof(type) *)kcalloc(count, sizeof(typeof(type)), \
				 compat_gfp(__VA_ARGS__)))
#define kzalloc_flex(type, member, count, ...) \
	((typeof(type) *)kzalloc(struct_size((typeof(type) *)NULL, member, \
					     count), compat_gfp(__VA_ARGS__)))
#define kvmalloc_objs(type, count, ...) \
	((typeof(type) *)kvmalloc_array(count, sizeof(typeof(type)), \
					compat_gfp(__VA_ARGS__)))
#define kvzalloc_objs(type, count, ...) \
	((typeof(type) *)kvcalloc(count, sizeof(typeof(type)), \
				  compat_gfp(__VA_ARGS__)))
#endif

#endif

// SPDX-License-Identifier: GPL-2.0
/*
 * The n-th allocation on behalf of the driver fails, whoever's work it is done in: those count
 * whose stack leads through the module nvmq. Kernels ask should_failslab() and
 * should_fail_alloc_page() before each allocation, if they have them; here they are answered.
 *
 *	insmod failnth.ko		before nvmq.ko
 *	echo 17 >/sys/module/failnth/parameters/nth
 *	cat /sys/module/failnth/parameters/seen		17 or more: it has failed
 *
 * A line in the log says where. Writing 0 ends it; seen keeps its value until the next n. What one
 * call allocates (some register a dozen of objects) counts once with calls=1: its first fails.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#define FAILNTH_DEPTH 48

static struct module *failnth_target;
static int failnth_nth;
static atomic_t failnth_seen;
static unsigned long failnth_call;

static bool failnth_calls;
module_param_named(calls, failnth_calls, bool, 0644);
MODULE_PARM_DESC(calls, "count calls of the driver that allocate, not what each of them allocates");

static int failnth_set(const char *val, const struct kernel_param *kp)
{
	int n, ret = kstrtoint(val, 0, &n);

	if (ret)
		return ret;
	WRITE_ONCE(failnth_nth, 0);
	if (n > 0) {
		atomic_set(&failnth_seen, 0);
		failnth_call = 0;
		WRITE_ONCE(failnth_nth, n);
	}
	return 0;
}

static const struct kernel_param_ops failnth_ops = {
	.set = failnth_set,
	.get = param_get_int,
};

module_param_cb(nth, &failnth_ops, &failnth_nth, 0644);
MODULE_PARM_DESC(nth, "which allocation fails, from now on; 0: none");
module_param_named(seen, failnth_seen.counter, int, 0444);
MODULE_PARM_DESC(seen, "so many there were since n was written");

/*
 * What is not counted: those that must not fail, and those of the kernel's own debugging (kmemleak
 * and the stack depot; debug objects), which switches itself off when it has no memory.
 */
static bool failnth_exempt(gfp_t gfp)
{
	const gfp_t nested = __GFP_NORETRY | __GFP_NOMEMALLOC | __GFP_NOWARN;

	if (gfp & __GFP_NOFAIL)
		return true;
	if ((gfp & nested) == nested)
		return true;
	return (gfp & __GFP_NOWARN) && !(gfp & __GFP_RECLAIM);
}

/*
 * Without memory ACPI's interpreter frees what it never had, and /proc/irq warns when the interrupt
 * is freed: no faults of the driver's.
 */
static bool failnth_fragile(unsigned long addr)
{
	static const char *const names[] = {
		"acpi_", "register_irq_proc", "register_handler_proc"
	};
	char name[32];
	unsigned int i;

	snprintf(name, sizeof(name), "%ps", (void *)addr);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (str_has_prefix(name, names[i]))
			return true;
	return false;
}

/* The innermost frame of the driver, and in @call which call this is: a sum of all of them. */
static unsigned int failnth_frame(const unsigned long *entries, unsigned int n,
				  const struct module *target, unsigned long *call)
{
	unsigned int i, first = n;

	*call = 0;
	for (i = 0; i < n; i++) {
		if (within_module(entries[i], target)) {
			first = min(first, i);
			*call += entries[i];
		} else if (first == n && failnth_fragile(entries[i])) {
			return n;
		}
	}
	return first;
}

/* Is this the one? The log tells what the driver called, and where. */
static bool failnth_due(gfp_t gfp)
{
	struct module *target = READ_ONCE(failnth_target);
	unsigned long entries[FAILNTH_DEPTH], call;
	int nth = READ_ONCE(failnth_nth);
	unsigned int i, n;

	if (!nth || !target || failnth_exempt(gfp))
		return false;
	n = stack_trace_save(entries, ARRAY_SIZE(entries), 1);
	i = failnth_frame(entries, n, target, &call);
	if (i == n)
		return false;
	if (failnth_calls && call == READ_ONCE(failnth_call))
		return false;
	WRITE_ONCE(failnth_call, call);
	if (atomic_inc_return(&failnth_seen) != nth)
		return false;
	pr_info("allocation %d fails: %pS, in %pS\n", nth, (void *)entries[max(i, 1U) - 1],
		(void *)entries[i]);
	return true;
}

/* The answers; a probe has the processor go on here in place of the real one. */
static int failnth_no_object(void)
{
	return -ENOMEM;
}

static bool failnth_no_page(void)
{
	return true;
}

static int failnth_slab(struct kprobe *p, struct pt_regs *regs)
{
	if (!failnth_due((__force gfp_t)regs_get_kernel_argument(regs, 1)))
		return 0;
	instruction_pointer_set(regs, (unsigned long)failnth_no_object);
	return 1;
}

static int failnth_page(struct kprobe *p, struct pt_regs *regs)
{
	if (!failnth_due((__force gfp_t)regs_get_kernel_argument(regs, 0)))
		return 0;
	instruction_pointer_set(regs, (unsigned long)failnth_no_page);
	return 1;
}

static struct kprobe failnth_probes[] = {
	{ .symbol_name = "should_failslab", .pre_handler = failnth_slab },
	{ .symbol_name = "should_fail_alloc_page", .pre_handler = failnth_page },
};

static struct kprobe *failnth_list[] = { &failnth_probes[0], &failnth_probes[1] };

/* The driver comes and goes; its init code counts, too. */
static int failnth_notify(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;

	if (strcmp(mod->name, "nvmq"))
		return NOTIFY_DONE;
	if (event == MODULE_STATE_COMING)
		WRITE_ONCE(failnth_target, mod);
	else if (event == MODULE_STATE_GOING)
		WRITE_ONCE(failnth_target, NULL);
	return NOTIFY_DONE;
}

static struct notifier_block failnth_nb = { .notifier_call = failnth_notify };

static int __init failnth_init(void)
{
	int ret = register_kprobes(failnth_list, ARRAY_SIZE(failnth_list));

	if (ret)
		return ret;
	ret = register_module_notifier(&failnth_nb);
	if (ret)
		unregister_kprobes(failnth_list, ARRAY_SIZE(failnth_list));
	return ret;
}

static void __exit failnth_exit(void)
{
	unregister_module_notifier(&failnth_nb);
	unregister_kprobes(failnth_list, ARRAY_SIZE(failnth_list));
}

module_init(failnth_init);
module_exit(failnth_exit);

MODULE_DESCRIPTION("Fails the n-th allocation on behalf of nvmq");
MODULE_LICENSE("GPL");

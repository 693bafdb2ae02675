// SPDX-License-Identifier: GPL-2.0
/*
 * Faults on demand. A rule for commands makes some completions fail: the controller did the
 * command, and the driver is told that it did not. A rule for steps makes a step of the bring-up
 * fail before it runs.
 *
 * The path of an I/O has no part in this. What changes a completion hangs on the tracepoint that
 * is passed anyway, after the status was noted and before anybody asked for it, and hangs there
 * only while there is a rule.
 */
#include <linux/seq_file.h>
#include <linux/slab.h>

#include "inject.h"
#include "tracepoints.h"

/* Before whoever looks at the trace, so that the trace shows what the driver was told. */
#define NVMQ_INJECT_PRIO 100

#define NVMQ_INJECT_ANY U32_MAX

enum nvmq_inject_field {
	NVMQ_IF_OPCODE,
	NVMQ_IF_QUEUE,
	NVMQ_IF_NSID,
	NVMQ_IF_STATUS,
	NVMQ_IF_DNR,
	NVMQ_IF_NTH,
	NVMQ_IF_TIMES,
	NVMQ_IF_STEP,
	NVMQ_IF_NR
};

/* What may be said of a rule. A field whose initial value is "any" can be set to that by name. */
static const struct {
	const char *name;
	u32 min;
	u32 max;
	u32 initial;
} nvmq_inject_fields[NVMQ_IF_NR] = {
	[NVMQ_IF_OPCODE] = { "opcode", 0, 0xff, NVMQ_INJECT_ANY },
	[NVMQ_IF_QUEUE] = { "queue", 0, 0xffff, NVMQ_INJECT_ANY },
	[NVMQ_IF_NSID] = { "nsid", 0, U32_MAX - 1, NVMQ_INJECT_ANY },
	[NVMQ_IF_STATUS] = { "status", 1, 0x7ff, NVM_SC_INTERNAL },
	[NVMQ_IF_DNR] = { "dnr", 0, 1, 0 },
	[NVMQ_IF_NTH] = { "nth", 1, U32_MAX - 1, 1 },
	[NVMQ_IF_TIMES] = { "times", 0, U32_MAX - 1, 1 },
	[NVMQ_IF_STEP] = { "step", 1, 99, 0 },
};

/**
 * struct nvmq_inject_rule - what is to fail
 * @on: there is a rule
 * @field: what was said of it
 * @matched: how often it fitted
 * @failed: how often it made something fail
 */
struct nvmq_inject_rule {
	bool on;
	u32 field[NVMQ_IF_NR];
	u64 matched;
	u64 failed;
};

/**
 * struct nvmq_inject - the rules of a controller
 * @ctrl: controller
 * @lock: protects the rules; taken by completions while there is a rule for commands
 * @command: the one for commands
 * @step: the one for steps of the bring-up
 * @hooked: it hangs on the tracepoint; under the lock of who sets rules
 */
struct nvmq_inject {
	const struct nvmq_ctrl *ctrl;
	spinlock_t lock;
	struct nvmq_inject_rule command;
	struct nvmq_inject_rule step;
	bool hooked;
};

/* It fits: is it one of those that are to fail? The rule's lock is held. */
static bool nvmq_inject_due(struct nvmq_inject_rule *rule)
{
	u64 nth = rule->field[NVMQ_IF_NTH];

	if (++rule->matched < nth)
		return false;
	if (rule->field[NVMQ_IF_TIMES] && rule->failed >= rule->field[NVMQ_IF_TIMES])
		return false;
	rule->failed++;
	return true;
}

static bool nvmq_inject_is(const struct nvmq_inject_rule *rule, enum nvmq_inject_field field,
			   u32 value)
{
	return rule->field[field] == NVMQ_INJECT_ANY || rule->field[field] == value;
}

/* What the block layer asks for stands in the ring only. */
static u8 nvmq_inject_opcode(struct request *req)
{
	switch (req_op(req)) {
	case REQ_OP_READ:
		return NVM_CMD_READ;
	case REQ_OP_WRITE:
		return NVM_CMD_WRITE;
	case REQ_OP_FLUSH:
		return NVM_CMD_FLUSH;
	case REQ_OP_DISCARD:
		return NVM_CMD_DSM;
	case REQ_OP_WRITE_ZEROES:
		return NVM_CMD_WRITE_ZEROES;
	case REQ_OP_ZONE_APPEND:
		return NVM_CMD_ZONE_APPEND;
	case REQ_OP_DRV_IN:
	case REQ_OP_DRV_OUT:
		return nvmq_req(req)->more->cmd.opcode;
	default:
		return NVM_CMD_ZONE_MGMT_SEND;
	}
}

static u32 nvmq_inject_nsid(struct request *req)
{
	const struct nvmq_ns *ns = req->q->queuedata;

	return ns ? ns->nsid : le32_to_cpu(nvmq_req(req)->more->cmd.nsid);
}

static bool nvmq_inject_fits(const struct nvmq_inject_rule *rule, const struct nvmq_queue *q,
			     struct request *req)
{
	return rule->on && nvmq_inject_is(rule, NVMQ_IF_QUEUE, q->qid) &&
	       nvmq_inject_is(rule, NVMQ_IF_OPCODE, nvmq_inject_opcode(req)) &&
	       nvmq_inject_is(rule, NVMQ_IF_NSID, nvmq_inject_nsid(req));
}

/* Of the tracepoint nvmq_complete_rq. What failed by itself, or was reclaimed, is left alone. */
static void nvmq_inject_complete(void *data, const struct nvmq_queue *q, struct request *req,
				 u16 cid)
{
	struct nvmq_inject *inject = data;
	struct nvmq_inject_rule *rule = &inject->command;
	unsigned long flags;

	if (q->ctrl != inject->ctrl || nvmq_req(req)->status)
		return;
	spin_lock_irqsave(&inject->lock, flags);
	if (nvmq_inject_fits(rule, q, req) && nvmq_inject_due(rule))
		nvmq_req(req)->status = rule->field[NVMQ_IF_STATUS] |
					(rule->field[NVMQ_IF_DNR] ? NVM_STATUS_DNR : 0);
	spin_unlock_irqrestore(&inject->lock, flags);
}

/* Does the rule for commands need the tracepoint? Nobody else sets rules meanwhile. */
static int nvmq_inject_hook(struct nvmq_inject *inject, bool on)
{
	int ret = 0;

	if (on == inject->hooked)
		return 0;
	if (on) {
		ret = register_trace_prio_nvmq_complete_rq(nvmq_inject_complete, inject,
							   NVMQ_INJECT_PRIO);
	} else {
		unregister_trace_nvmq_complete_rq(nvmq_inject_complete, inject);
		tracepoint_synchronize_unregister();
	}
	if (!ret)
		inject->hooked = on;
	return ret;
}

static int nvmq_inject_value(unsigned int field, const char *text, u32 *value)
{
	int ret;

	if (nvmq_inject_fields[field].initial == NVMQ_INJECT_ANY && !strcmp(text, "any")) {
		*value = NVMQ_INJECT_ANY;
		return 0;
	}
	ret = kstrtou32(text, 0, value);
	if (ret)
		return ret;
	if (*value < nvmq_inject_fields[field].min || *value > nvmq_inject_fields[field].max)
		return -ERANGE;
	return 0;
}

/* One "name=value". */
static int nvmq_inject_word(struct nvmq_ctrl *ctrl, struct nvmq_inject_rule *rule, char *word)
{
	char *value = strchr(word, '=');
	unsigned int i;

	if (value)
		*value++ = '\0';
	for (i = 0; i < NVMQ_IF_NR; i++)
		if (!strcmp(word, nvmq_inject_fields[i].name))
			break;
	if (i == NVMQ_IF_NR || !value) {
		nvmq_warn(ctrl,
			  "fault: '%s' refused: it takes off, or opcode= queue= nsid= status= dnr= nth= times=, or step= times=\n",
			  word);
		return -EINVAL;
	}
	if (nvmq_inject_value(i, value, &rule->field[i])) {
		nvmq_warn(ctrl, "fault: %s=%s refused: it takes %u to %u%s\n", word, value,
			  nvmq_inject_fields[i].min, nvmq_inject_fields[i].max,
			  nvmq_inject_fields[i].initial == NVMQ_INJECT_ANY ? ", or any" : "");
		return -EINVAL;
	}
	return 0;
}

static int nvmq_inject_parse(struct nvmq_ctrl *ctrl, struct nvmq_inject_rule *rule, char *text)
{
	unsigned int i;
	char *word;
	int ret;

	for (i = 0; i < NVMQ_IF_NR; i++)
		rule->field[i] = nvmq_inject_fields[i].initial;
	rule->on = true;
	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		ret = nvmq_inject_word(ctrl, rule, word);
		if (ret)
			return ret;
	}
	return 0;
}

static void nvmq_inject_replace(struct nvmq_inject *inject, struct nvmq_inject_rule *rule,
				const struct nvmq_inject_rule *with)
{
	spin_lock_irq(&inject->lock);
	*rule = *with;
	spin_unlock_irq(&inject->lock);
}

/**
 * nvmq_inject_set - give a controller a rule, or take them all away
 * @ctrl: controller
 * @text: "off", or words like "opcode=2 status=0x281 nth=3 times=2"; it is taken to pieces
 *
 * A rule replaces the one before it. One with step= is for the bring-up, others are for commands;
 * there may be one of each.
 *
 * Context: may sleep; one caller at a time.
 * Return: 0 or -errno; the log says what was wrong.
 */
int nvmq_inject_set(struct nvmq_ctrl *ctrl, char *text)
{
	struct nvmq_inject *inject = ctrl->inject;
	struct nvmq_inject_rule rule = {};
	int ret;

	text = strim(text);
	if (!strcmp(text, "off")) {
		nvmq_inject_replace(inject, &inject->step, &rule);
		nvmq_inject_replace(inject, &inject->command, &rule);
		return nvmq_inject_hook(inject, false);
	}
	ret = nvmq_inject_parse(ctrl, &rule, text);
	if (ret)
		return ret;
	if (rule.field[NVMQ_IF_STEP]) {
		nvmq_inject_replace(inject, &inject->step, &rule);
		return 0;
	}
	nvmq_inject_replace(inject, &inject->command, &rule);
	return nvmq_inject_hook(inject, true);
}

static void nvmq_inject_show_rule(struct seq_file *m, const char *name,
				  const struct nvmq_inject_rule *rule, unsigned int first,
				  unsigned int last)
{
	unsigned int i;

	seq_printf(m, "%s:", name);
	if (!rule->on) {
		seq_puts(m, " off\n");
		return;
	}
	for (i = first; i <= last; i++) {
		if (rule->field[i] == NVMQ_INJECT_ANY)
			seq_printf(m, " %s=any", nvmq_inject_fields[i].name);
		else
			seq_printf(m, i == NVMQ_IF_STATUS ? " %s=%#x" : " %s=%u",
				   nvmq_inject_fields[i].name, rule->field[i]);
	}
	seq_printf(m, "; matched %llu, failed %llu\n", rule->matched, rule->failed);
}

/**
 * nvmq_inject_show - print the rules of a controller, and what became of them
 * @ctrl: controller
 * @m: where to
 *
 * Context: may sleep; nobody sets a rule.
 */
void nvmq_inject_show(struct nvmq_ctrl *ctrl, struct seq_file *m)
{
	struct nvmq_inject *inject = ctrl->inject;

	nvmq_inject_show_rule(m, "commands", &inject->command, NVMQ_IF_OPCODE, NVMQ_IF_TIMES);
	nvmq_inject_show_rule(m, "bring-up", &inject->step, NVMQ_IF_NTH, NVMQ_IF_STEP);
}

/**
 * nvmq_inject_step - is a step of the bring-up to fail?
 * @ctrl: controller
 * @step: its number, from 1
 *
 * Context: the reset work.
 * Return: 0, or -EIO if it is.
 */
int nvmq_inject_step(struct nvmq_ctrl *ctrl, unsigned int step)
{
	struct nvmq_inject *inject = ctrl->inject;
	struct nvmq_inject_rule *rule = &inject->step;
	int ret = 0;

	spin_lock_irq(&inject->lock);
	if (rule->on && rule->field[NVMQ_IF_STEP] == step && nvmq_inject_due(rule))
		ret = -EIO;
	spin_unlock_irq(&inject->lock);
	return ret;
}

/**
 * nvmq_inject_init - a controller without rules
 * @ctrl: controller
 *
 * Context: probe, may sleep.
 * Return: 0 or -ENOMEM.
 */
int nvmq_inject_init(struct nvmq_ctrl *ctrl)
{
	struct nvmq_inject *inject = kzalloc_obj(*inject, GFP_KERNEL);

	if (!inject)
		return -ENOMEM;
	inject->ctrl = ctrl;
	spin_lock_init(&inject->lock);
	ctrl->inject = inject;
	return 0;
}

/**
 * nvmq_inject_exit - no rules any more
 * @ctrl: controller; no command is in flight, no reset work runs
 *
 * Context: may sleep; nobody sets a rule.
 */
void nvmq_inject_exit(struct nvmq_ctrl *ctrl)
{
	if (!ctrl->inject)
		return;
	nvmq_inject_hook(ctrl->inject, false);
	kfree(ctrl->inject);
	ctrl->inject = NULL;
}

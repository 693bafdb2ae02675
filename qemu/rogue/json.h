/* SPDX-License-Identifier: GPL-2.0 */
/* Reading and writing JSON: json.c. */
#ifndef ROGUE_JSON_H
#define ROGUE_JSON_H

#include "base.h"

struct out {
	char *s;
	size_t len, room;
};

void out(struct out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void out_string(struct out *o, const char *s);

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_kind kind;
	bool negative;
	u64 number;		/* of a bool, too; its two's complement when negative */
	char *string;
	char *name;		/* in its object */
	struct json *child, *next;
};

struct json *json_parse(const char *text, const char **error);
void json_free(struct json *j);
const struct json *json_get(const struct json *object, const char *name);
bool json_number(const struct json *object, const char *name, u64 *value);
bool json_true(const struct json *object, const char *name);
const char *json_string(const struct json *object, const char *name);

#endif /* ROGUE_JSON_H */

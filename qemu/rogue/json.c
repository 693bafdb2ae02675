// SPDX-License-Identifier: GPL-2.0
/*
 * JSON, as much as orders need: whole numbers only, but 0x281 is one, too.
 */
#include "rogue.h"

#include <errno.h>
#include <stdarg.h>

#define MAX_DEPTH	8

struct parser {
	const char *p;
	const char *error;
	u32 depth;
};

static void blanks(struct parser *s)
{
	while (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n')
		s->p++;
}

static void *fail(struct parser *s, const char *error)
{
	if (!s->error)
		s->error = error;
	return NULL;
}

static char *string(struct parser *s)
{
	const char *end = ++s->p;
	char *out, *o;

	while (*end && *end != '"')
		end += end[0] == '\\' && end[1] ? 2 : 1;
	if (!*end)
		return fail(s, "a string without an end");
	out = malloc(end - s->p + 1);
	if (!out)
		return fail(s, "no memory");
	o = out;
	for (; s->p < end; s->p++) {
		if (*s->p == '\\') {
			s->p++;
			*o++ = *s->p == 'n' ? '\n' : *s->p == 't' ? '\t' : *s->p;
		} else {
			*o++ = *s->p;
		}
	}
	*o = 0;
	s->p = end + 1;
	return out;
}

static struct json *value(struct parser *s);

static bool members(struct parser *s, struct json *j, char close)
{
	struct json **tail = &j->child, *v;
	char *name;

	s->p++;
	blanks(s);
	if (*s->p == close) {
		s->p++;
		return true;
	}
	for (;;) {
		name = NULL;
		blanks(s);
		if (close == '}') {
			if (*s->p != '"')
				return fail(s, "a name in quotes should be there");
			name = string(s);
			if (!name)
				return false;
			blanks(s);
			if (*s->p != ':') {
				free(name);
				return fail(s, "a colon should be there");
			}
			s->p++;
		}
		v = value(s);
		if (!v) {
			free(name);
			return false;
		}
		v->name = name;
		*tail = v;
		tail = &v->next;
		blanks(s);
		if (*s->p == close) {
			s->p++;
			return true;
		}
		if (*s->p++ != ',')
			return fail(s, "a comma should be there");
	}
}

static bool number(struct parser *s, struct json *j)
{
	char *end;

	j->kind = JSON_NUMBER;
	j->negative = *s->p == '-';
	errno = 0;
	if (j->negative)
		j->number = strtoll(s->p, &end, 0);
	else
		j->number = strtoull(s->p, &end, s->p[0] == '0' && s->p[1] == 'x' ? 16 : 10);
	if (end == s->p || errno)
		return fail(s, "no value, or too large a number");
	s->p = end;
	return true;
}

static bool word(struct parser *s, const char *w)
{
	size_t n = strlen(w);

	if (strncmp(s->p, w, n))
		return false;
	s->p += n;
	return true;
}

static struct json *value(struct parser *s)
{
	struct json *j;
	bool ok = true;

	blanks(s);
	if (s->depth++ == MAX_DEPTH)
		return fail(s, "too deep");
	j = calloc(1, sizeof(*j));
	if (!j)
		return fail(s, "no memory");
	if (*s->p == '{') {
		j->kind = JSON_OBJECT;
		ok = members(s, j, '}');
	} else if (*s->p == '[') {
		j->kind = JSON_ARRAY;
		ok = members(s, j, ']');
	} else if (*s->p == '"') {
		j->kind = JSON_STRING;
		j->string = string(s);
		ok = j->string;
	} else if (word(s, "true")) {
		j->kind = JSON_BOOL;
		j->number = 1;
	} else if (word(s, "false")) {
		j->kind = JSON_BOOL;
	} else if (word(s, "null")) {
		j->kind = JSON_NULL;
	} else if (*s->p == '-' || (*s->p >= '0' && *s->p <= '9')) {
		ok = number(s, j);
	} else {
		ok = fail(s, "no value");
	}
	s->depth--;
	if (ok)
		return j;
	json_free(j);
	return NULL;
}

struct json *json_parse(const char *t, const char **error)
{
	struct parser s = { .p = t };
	struct json *j = value(&s);

	blanks(&s);
	if (j && *s.p) {
		fail(&s, "something after the end");
		json_free(j);
		j = NULL;
	}
	*error = s.error;
	return j;
}

void json_free(struct json *j)
{
	while (j) {
		struct json *next = j->next;

		json_free(j->child);
		free(j->string);
		free(j->name);
		free(j);
		j = next;
	}
}

const struct json *json_get(const struct json *object, const char *name)
{
	if (!object || object->kind != JSON_OBJECT)
		return NULL;
	for (const struct json *j = object->child; j; j = j->next) {
		if (!strcmp(j->name, name))
			return j;
	}
	return NULL;
}

bool json_number(const struct json *object, const char *name, u64 *v)
{
	const struct json *j = json_get(object, name);

	if (!j || j->kind != JSON_NUMBER)
		return false;
	*v = j->number;
	return true;
}

bool json_true(const struct json *object, const char *name)
{
	const struct json *j = json_get(object, name);

	return j && j->kind == JSON_BOOL && j->number;
}

const char *json_string(const struct json *object, const char *name)
{
	const struct json *j = json_get(object, name);

	return j && j->kind == JSON_STRING ? j->string : NULL;
}

/* ---- writing ----------------------------------------------------------------------------- */

void out(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (o->len + n + 1 > o->room) {
		size_t room = 2 * (o->len + n + 1);
		char *s = realloc(o->s, room);

		if (!s)
			return;
		o->s = s;
		o->room = room;
	}
	va_start(ap, fmt);
	vsnprintf(o->s + o->len, o->room - o->len, fmt, ap);
	va_end(ap);
	o->len += n;
}

void out_string(struct out *o, const char *s)
{
	out(o, "\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			out(o, "\\%c", *s);
		else if ((unsigned char)*s < ' ')
			out(o, "\\u%04x", *s);
		else
			out(o, "%c", *s);
	}
	out(o, "\"");
}

/* SPDX-License-Identifier: GPL-2.0 */
/* What programs that call a driver with good and bad arguments say of the outcome. */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int failures, checks;

static void __attribute__((format(printf, 2, 3))) check(bool good, const char *fmt, ...)
{
	va_list ap;

	checks++;
	if (good)
		return;
	failures++;
	printf("wrong: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void __attribute__((noreturn)) die(const char *what)
{
	perror(what);
	exit(2);
}

#endif /* VERDICT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A unit test program: TEST(name) { ... EXPECT...; } and nothing else. Tests
 * run in the order of the file; main() is here. Output is KTAP. An argument
 * runs only the tests whose name contains it.
 */
#ifndef _SELFTESTS_KTAP_H
#define _SELFTESTS_KTAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct ktap_test {
	const char *name;
	void (*run)(void);
	struct ktap_test *next;
};

static struct ktap_test *ktap_first, **ktap_last = &ktap_first;
static bool ktap_failed, ktap_skipped;

/* TEST - define a test and register it before main() */
#define TEST(fn)							\
	static void fn(void);						\
	static struct ktap_test ktap_##fn = { .name = #fn, .run = fn };	\
	static void __attribute__((__constructor__)) ktap_add_##fn(void) \
	{								\
		*ktap_last = &ktap_##fn;				\
		ktap_last = &ktap_##fn.next;				\
	}								\
	static void fn(void)

/* EXPECT - note a failure and go on; returns whether @cond held */
#define EXPECT(cond)							\
	ktap_check((cond), __FILE__, __LINE__, "%s", #cond)

#define EXPECT_EQ(a, b) ({						\
	long long ktap_a = (long long)(a), ktap_b = (long long)(b);	\
	ktap_check(ktap_a == ktap_b, __FILE__, __LINE__,		\
		   "%s == %s: %lld, %lld", #a, #b, ktap_a, ktap_b); })

#define EXPECT_STREQ(a, b) ({						\
	const char *ktap_a = (a), *ktap_b = (b);			\
	ktap_check(!strcmp(ktap_a, ktap_b), __FILE__, __LINE__,		\
		   "%s == %s: \"%s\", \"%s\"", #a, #b, ktap_a, ktap_b); })

#define EXPECT_MEMEQ(a, b, len)						\
	ktap_check(!memcmp(a, b, len), __FILE__, __LINE__,		\
		   "%zu bytes of %s and %s", (size_t)(len), #a, #b)

/* ASSERT* - as EXPECT, but leave the (void) function */
#define ASSERT(cond)		do { if (!EXPECT(cond)) return; } while (0)
#define ASSERT_EQ(a, b)		do { if (!EXPECT_EQ(a, b)) return; } while (0)

/* SKIP - leave the test, saying what is missing */
#define SKIP(why) do {							\
	printf("# %s\n", why);						\
	ktap_skipped = true;						\
	return;								\
} while (0)

static inline bool __attribute__((__format__(__printf__, 4, 5)))
ktap_check(bool ok, const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	if (ok)
		return true;
	ktap_failed = true;
	printf("# %s:%d: expected ", file, line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	return false;
}

int main(int argc, char **argv)
{
	const char *filter = argc > 1 ? argv[1] : "";
	const struct ktap_test *t;
	int n = 0, failed = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	for (t = ktap_first; t; t = t->next)
		n += !!strstr(t->name, filter);
	printf("KTAP version 1\n1..%d\n", n);
	n = 0;
	for (t = ktap_first; t; t = t->next) {
		if (!strstr(t->name, filter))
			continue;
		ktap_failed = false;
		ktap_skipped = false;
		t->run();
		printf("%sok %d %s%s\n", ktap_failed ? "not " : "", ++n,
		       t->name, ktap_skipped ? " # SKIP" : "");
		failed += ktap_failed;
	}
	return !!failed;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One row of the test table: a command line, and all that it may leave behind.
 */
#ifndef MLAGCTL_TEST_HARNESS_H
#define MLAGCTL_TEST_HARNESS_H

#include <stddef.h>

struct fake_script;

/**
 * struct test - one run of the tool
 * @argv: command line without the name of the tool, words parted by blanks
 * @exit: exit code
 * @requests: JSON of every request but look-ups, NULL for none
 * @out: stdout, NULL for nothing
 * @err: stderr, NULL for nothing
 * @script: the kernel, NULL for one that agrees and has nothing
 */
struct test {
	const char *argv;
	int exit;
	const char *requests;
	const char *out;
	const char *err;
	const struct fake_script *script;
};

extern const struct test tests[];
extern const size_t tests_count;

#endif /* MLAGCTL_TEST_HARNESS_H */

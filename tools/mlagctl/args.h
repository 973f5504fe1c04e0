/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a command line, read one by one. Every complaint quotes the
 * word it is about and says what would have been right.
 */
#ifndef MLAGCTL_ARGS_H
#define MLAGCTL_ARGS_H

#include <stdbool.h>

struct ctx;

/**
 * struct args - cursor over the words after the options
 * @words: of argv, not owned
 * @count: words
 * @next: first word not read
 */
struct args {
	char **words;
	int count;
	int next;
};

/**
 * struct command - one word of the grammar
 * @word: as typed; a table ends with NULL
 * @run: reads the rest; returns an exit code
 * @grammar: help text, may be NULL below the first level
 */
struct command {
	const char *word;
	int (*run)(struct ctx *ctx, struct args *args);
	const char *grammar;
};

/* The next word, NULL at the end; args_next() also steps over it. */
const char *args_peek(const struct args *args);
const char *args_next(struct args *args);

/* Usage errors; all return MLAGCTL_USAGE. */
int args_what(const char *word, const char *expected);
int args_missing(const char *what, const char *expected);
/* 0, or a complaint about the first word too many. */
int args_end(const struct args *args);

/* A device name, or NULL after a complaint. */
const char *args_device(struct args *args, const char *what);
/* The same where it may be absent, at the end. 0 or MLAGCTL_USAGE. */
int args_optional_device(struct args *args, const char **name);

const struct command *command_find(const struct command *table,
				   const char *word);
/* Run the command the next word names; without a word the first of @table. */
int command_run(struct ctx *ctx, struct args *args,
		const struct command *table);

#endif /* MLAGCTL_ARGS_H */

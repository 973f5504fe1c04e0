// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cursor over the command line and the dispatch by tables. Words come in, a
 * command's function is called or one complaint leaves on stderr.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "mlagctl.h"

enum args_limits {
	ARGS_EXPECTED_SIZE = 256,
};

const char *args_peek(const struct args *args)
{
	return args->next < args->count ? args->words[args->next] : NULL;
}

const char *args_next(struct args *args)
{
	const char *word = args_peek(args);

	if (word)
		args->next++;
	return word;
}

int args_what(const char *word, const char *expected)
{
	complain("what is \"%s\"? expected %s", word, expected);
	return MLAGCTL_USAGE;
}

int args_missing(const char *what, const char *expected)
{
	complain("\"%s\" needs %s", what, expected);
	return MLAGCTL_USAGE;
}

int args_end(const struct args *args)
{
	const char *word = args_peek(args);

	return word ? args_what(word, "nothing more") : 0;
}

const char *args_device(struct args *args, const char *what)
{
	const char *name = args_next(args);
	const char *before = args->next > 1 ? args->words[args->next - 2] : "";

	if (!name) {
		before = args->next ? args->words[args->next - 1] : "mlagctl";
		args_missing(before, what);
	} else if (!*name || strlen(name) >= IFNAMSIZ) {
		complain("what is \"%s\" after \"%s\"? expected a device name of 1 to %d characters",
			 name, before, IFNAMSIZ - 1);
		name = NULL;
	}
	return name;
}

int args_optional_device(struct args *args, const char **name)
{
	*name = NULL;
	if (!args_peek(args))
		return 0;
	*name = args_device(args, "a device");
	return *name ? args_end(args) : MLAGCTL_USAGE;
}

const struct command *command_find(const struct command *table,
				   const char *word)
{
	for (; table->word; table++)
		if (!strcmp(table->word, word))
			return table;
	return NULL;
}

static int command_unknown(const struct command *table, const char *word)
{
	char expected[ARGS_EXPECTED_SIZE];
	size_t used = 0;

	expected[0] = '\0';
	for (; table->word && used < sizeof(expected); table++)
		used += snprintf(expected + used, sizeof(expected) - used,
				 "%s%s", used ? ", " : "", table->word);
	return args_what(word, expected);
}

int command_run(struct ctx *ctx, struct args *args,
		const struct command *table)
{
	const char *word = args_next(args);
	const struct command *command = table;

	if (word)
		command = command_find(table, word);
	if (!command)
		return command_unknown(table, word);
	return command->run(ctx, args);
}

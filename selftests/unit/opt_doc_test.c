// SPDX-License-Identifier: GPL-2.0-only
/*
 * Documentation/options.rst and the man page against the option table: each
 * row of the manual must say what the table says. On a mismatch the row as it
 * should be is printed.
 *
 * cores: mlagbond/core/opt_*.c
 */
#include <linux/mlagbond.h>
#include <mlagbond/core/opt_table.h>
#include <stdlib.h>

#include "ktap.h"

enum {
	FILE_MAX	= 1 << 17,	/* of a document, bytes */
	ROW_MAX		= 512,
};

/* Contents of a file of the tree, found from this one; NULL if not there */
static char *read_tree(const char *name)
{
	char path[512], *text = malloc(FILE_MAX);
	const char *here = strstr(__FILE__, "selftests/unit/");
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%.*s%s", (int)(here - __FILE__),
		 __FILE__, name);
	f = fopen(path, "r");
	if (!f || !text) {
		printf("# cannot read %s\n", path);
		free(text);
		return NULL;
	}
	len = fread(text, 1, FILE_MAX - 1, f);
	text[len] = 0;
	fclose(f);
	return text;
}

static void add(char *row, const char *text)
{
	strncat(row, text, ROW_MAX - strlen(row) - 1);
}

static void add_values(char *row, const struct mbond_opt *opt)
{
	const struct mbond_word *word;
	const char *comma = "";
	char range[64];

	for (word = opt->words; word && word->word; word++) {
		if (word->absent)
			continue;
		add(row, comma);
		add(row, word->word);
		comma = ", ";
	}
	if (opt->kind == MBOND_KIND_DEV)
		add(row, "interface");
	else if (opt->kind == MBOND_KIND_MAC)
		add(row, "unicast address");
	else if (mbond_opt_is_list(opt))
		add(row, opt->kind == MBOND_KIND_IP4S ?
		    "up to 16 IPv4 addresses" : "up to 16 IPv6 addresses");
	else if (opt->min == opt->max && !opt->words)
		add(row, opt->min == 1 ? "1" : "0");
	else if (!opt->words || opt->max) {
		snprintf(range, sizeof(range), "%s%s%lld..%lld", comma,
			 opt->flags & MBOND_OPT_POW2 ? "power of two " : "",
			 (long long)opt->min, (long long)opt->max);
		add(row, range);
	}
}

static void add_default(char *row, const struct mbond_opt *opt)
{
	const struct mbond_word *word = mbond_opt_word(opt, opt->def);
	char number[32];

	snprintf(number, sizeof(number), "%lld", (long long)opt->def);
	if (opt->kind == MBOND_KIND_DEV || mbond_opt_is_list(opt))
		add(row, "none");
	else if (opt->kind == MBOND_KIND_MAC)
		add(row, "address of the bond");
	else
		add(row, word ? word->word : number);
}

static void add_modes(char *row, const struct mbond_opt *opt)
{
	bool ab = !(opt->badmodes & BIT(MLAGBOND_MODE_ACTIVE_BACKUP));
	bool ad = !(opt->badmodes & BIT(MLAGBOND_MODE_8023AD));

	if (opt == &mbond_opt_table[MBOND_OPT_MLAG_ID])
		ab = false;
	add(row, ab && ad ? "all" : ab ? "active-backup" : "802.3ad");
}

static void add_when(char *row, const struct mbond_opt *opt)
{
	bool noports = opt->flags & MBOND_OPT_NOPORTS;
	bool down = opt->flags & MBOND_OPT_IFDOWN;

	add(row, noports && down ? "down, without ports" :
		 noports ? "without ports" : down ? "down" : "any time");
}

static void expected_row(char *row, const struct mbond_opt *opt)
{
	row[0] = 0;
	add(row, "   * - ``");
	add(row, opt->name);
	add(row, "``");
	if (opt->alias) {
		add(row, ", ``");
		add(row, opt->alias);
		add(row, "``");
	}
	add(row, "\n     - ");
	add_values(row, opt);
	add(row, "\n     - ");
	add_default(row, opt);
	add(row, "\n     - ");
	add_modes(row, opt);
	add(row, "\n     - ");
	add_when(row, opt);
	add(row, "\n");
}

TEST(options_rst_has_the_row_of_each_option)
{
	const struct mbond_opt *opt = mbond_opt_table;
	char *text = read_tree("Documentation/options.rst");
	char row[ROW_MAX];

	ASSERT(text);
	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++) {
		expected_row(row, opt);
		if (!EXPECT(strstr(text, row)))
			printf("%s", row);
	}
	free(text);
}

TEST(man_page_has_a_paragraph_for_each_option)
{
	const struct mbond_opt *opt = mbond_opt_table;
	char *text = read_tree("tools/iproute2/ip-link-mlagbond.8");
	char entry[ROW_MAX];

	ASSERT(text);
	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++) {
		snprintf(entry, sizeof(entry), "\n.BI %s ", opt->name);
		if (!EXPECT(strstr(text, entry)))
			printf("# no paragraph for %s\n", opt->name);
	}
	free(text);
}

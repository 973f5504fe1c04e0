// SPDX-License-Identifier: GPL-2.0-only
/*
 * Documentation/option-table.rst is made here, from the option table and the
 * notes of Documentation/option-notes.txt, and compared with the file in the
 * tree; tables.sh writes it. The man page must have a paragraph for each option.
 * What is no option is looked up in the sources: each module parameter and each
 * file in sysfs must have its row in options.rst.
 *
 * cores: mlagbond/core/opt_*.c
 */
#include <linux/mlagbond.h>
#include <mlagbond/core/opt_table.h>
#include <stdlib.h>

#include "ktap.h"
#include "tree.h"

enum { ROW_MAX = 1024 };

static const char table_file[] = "Documentation/option-table.rst";

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

static void add_number(char *row, const struct mbond_opt *opt, s64 value)
{
	const struct mbond_word *word = mbond_opt_word(opt, value);
	char number[32];

	snprintf(number, sizeof(number), "%lld", (long long)value);
	add(row, word ? word->word : number);
}

static bool is_number(const struct mbond_opt *opt)
{
	return opt->kind != MBOND_KIND_DEV && opt->kind != MBOND_KIND_MAC &&
	       !mbond_opt_is_list(opt);
}

static void add_default(char *row, const struct mbond_opt *opt)
{
	if (opt->kind == MBOND_KIND_DEV || mbond_opt_is_list(opt))
		add(row, "none");
	else if (opt->kind == MBOND_KIND_MAC)
		add(row, "address of the bond");
	else
		add_number(row, opt, opt->def);
}

static void add_modes(char *row, const struct mbond_opt *opt)
{
	const struct mbond_word *word = mbond_opt_table[MBOND_OPT_MODE].words;
	u8 bad = opt->badmodes;
	const char *comma = "";

	/* more than the table can say: 0 is accepted in any mode */
	if (opt == &mbond_opt_table[MBOND_OPT_MLAG_ID])
		bad = 0x7f & ~BIT(MLAGBOND_MODE_8023AD);
	if (!bad)
		add(row, "all");
	for (; bad && word->word; word++) {
		if (bad & BIT(word->value))
			continue;
		add(row, comma);
		add(row, word->word);
		comma = ", ";
	}
}

static void add_when(char *row, const struct mbond_opt *opt)
{
	bool noports = opt->flags & MBOND_OPT_NOPORTS;
	bool down = opt->flags & MBOND_OPT_IFDOWN;

	add(row, noports && down ? "down, without ports" :
		 noports ? "without ports" : down ? "down" : "any time");
}

static void add_surfaces(char *row, const struct mbond_opt *opt)
{
	bool port = opt >= &mbond_opt_table[MBOND_OPT_BOND_COUNT];
	char number[64];

	snprintf(number, sizeof(number), "netlink %s%u, sysfs",
		 opt->flags & MBOND_OPT_EXT ? "48/" : "", opt->attr);
	add(row, number);
	if (!port && !(opt->flags & MBOND_OPT_ACTION) &&
	    opt != &mbond_opt_table[MBOND_OPT_MLAG_ID])
		add(row, ", module");
}

/* Another default than bonding's is told by the two sets of defaults */
static void add_their_default(char *row, const struct mbond_opt *opt)
{
	struct mbond_params ours, theirs;

	if (opt >= &mbond_opt_table[MBOND_OPT_BOND_COUNT] || !is_number(opt) ||
	    opt->flags & (MBOND_OPT_EXT | MBOND_OPT_ACTION))
		return;
	mbond_params_default(&ours);
	mbond_params_bonding(&theirs);
	if (mbond_opt_get(opt, &ours) == mbond_opt_get(opt, &theirs))
		return;
	add(row, "Default of bonding: ");
	add_number(row, opt, mbond_opt_get(opt, &theirs));
	add(row, ".\n       ");
}

/* What we take while the bond is up is no change for bonding then */
static void add_live(char *row, const struct mbond_opt *opt)
{
	if (opt->flags & MBOND_OPT_LIVE)
		add(row, "Bonding: only while it is down.\n       ");
}

/* The note of an option, its lines set in; false if there is none */
static bool add_note(char *row, const struct mbond_opt *opt, const char *notes)
{
	const char *at, *end;
	char key[64];

	snprintf(key, sizeof(key), "\n%s: ", opt->name);
	at = strstr(notes, key);
	if (!at)
		return false;
	at += strlen(key);
	while (true) {
		end = strchr(at, '\n');
		snprintf(row + strlen(row), ROW_MAX - strlen(row), "%.*s\n",
			 (int)(end - at), at);
		if (end[1] != ' ')
			return true;
		add(row, "       ");
		at = end + 1 + strspn(end + 1, " ");
	}
}

static bool make_row(char *row, const struct mbond_opt *opt, const char *notes)
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
	add(row, "\n     - ");
	add_surfaces(row, opt);
	add(row, "\n     - ");
	add_their_default(row, opt);
	add_live(row, opt);
	return add_note(row, opt, notes);
}

static const char head[] =
	".. SPDX-License-Identifier: GPL-2.0-only\n"
	".. Made by tables.sh from the option table of the driver.\n"
	"\n"
	"*May change*: *down* is while the bond is down, *without ports* while\n"
	"none is attached. Delays are in milliseconds. *Surfaces*: the number of\n"
	"the netlink attribute, that of ``IFLA_BOND_*`` unless it is inside 48;\n"
	"whether there is a file in sysfs; whether there is a module parameter.\n"
	"The word on the command line, the file and the parameter have the name\n"
	"of the option.\n";

static const char columns[] =
	".. list-table::\n"
	"   :header-rows: 1\n"
	"   :widths: 14 16 10 12 10 12 26\n"
	"\n"
	"   * - option\n"
	"     - values\n"
	"     - default\n"
	"     - modes\n"
	"     - may change\n"
	"     - surfaces\n"
	"     - difference from bonding\n";

static void make_rows(char *out, int from, int to, const char *notes)
{
	char row[ROW_MAX];

	strcat(out, columns);
	for (; from < to; from++) {
		if (!EXPECT(make_row(row, &mbond_opt_table[from], notes)))
			printf("# no note for %s\n",
			       mbond_opt_table[from].name);
		strcat(out, row);
	}
}

static char *make_table(const char *notes)
{
	char *out = calloc(1, TREE_FILE_MAX);

	strcat(out, head);
	strcat(out, "\nOf a bond\n---------\n\n");
	make_rows(out, 0, MBOND_OPT_BOND_COUNT, notes);
	strcat(out, "\nOf a port\n---------\n\n");
	make_rows(out, MBOND_OPT_BOND_COUNT, MBOND_OPT_COUNT, notes);
	return out;
}

TEST(option_table_is_up_to_date)
{
	char *notes = tree_read("Documentation/option-notes.txt");
	char *table;

	ASSERT(notes);
	table = make_table(notes);
	tree_expect(table_file, table);
	free(table);
	free(notes);
}

TEST(man_page_has_a_paragraph_for_each_option)
{
	const struct mbond_opt *opt = mbond_opt_table;
	char *text = tree_read("tools/iproute2/ip-link-mlagbond.8");
	char entry[ROW_MAX];

	ASSERT(text);
	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++) {
		snprintf(entry, sizeof(entry), "\n.BI %s ", opt->name);
		if (!EXPECT(strstr(text, entry)))
			printf("# no paragraph for %s\n", opt->name);
	}
	free(text);
}

enum { NAME_MAX = 64 };

/* The next name behind @macro and "(", where it is used; NULL */
static const char *next_name(const char *at, const char *macro, char *name)
{
	static const char define[] = "#define ";
	char begin[NAME_MAX];
	bool used;

	snprintf(begin, sizeof(begin), "%s(", macro);
	while ((at = strstr(at, begin))) {
		used = strncmp(at - strlen(define), define, strlen(define));
		at += strlen(begin);
		if (used && sscanf(at, "%63[a-z0-9_]", name) == 1)
			return at;
	}
	return NULL;
}

/* The tables of options.rst from these words on, up to the files of others */
static const char *tables_from(char *doc, const char *part)
{
	char *begin = strstr(doc, part);
	char *end = begin ? strstr(begin + 1, "\nFiles of ") : NULL;

	if (end)
		*end = 0;
	return begin;
}

/* How many names there are; each has a row in the tables from @part on */
static int documented(const char *file, const char *macro, const char *part)
{
	char *doc = tree_read("Documentation/options.rst");
	char *source = tree_read(file);
	char name[NAME_MAX], row[NAME_MAX + 8];
	const char *at = source, *table;
	int n;

	if (!EXPECT(doc && source))
		return 0;
	table = tables_from(doc, part);
	EXPECT(table);
	for (n = 0; table && (at = next_name(at, macro, name)); n++) {
		snprintf(row, sizeof(row), "\n``%s`` ", name);
		if (!EXPECT(strstr(table, row)))
			printf("# no row for %s\n", name);
	}
	free(source);
	free(doc);
	return n;
}

static const char modparam_c[] = "drivers/net/mlagbond/modparam.c";

TEST(what_is_no_option_has_a_row)
{
	static const char sysfs[] = "drivers/net/mlagbond/sysfs.c";
	static const char port[] = "drivers/net/mlagbond/sysfs_port.c";
	static const char bond_files[] = "\nFiles of a bond";

	EXPECT_EQ(documented(modparam_c, "module_param",
			     "\nModule parameters that"), 3);
	EXPECT_EQ(documented(sysfs, "DEVICE_ATTR_RW", bond_files), 1);
	EXPECT_EQ(documented(sysfs, "DEVICE_ATTR_RO", bond_files), 2);
	EXPECT_EQ(documented(sysfs, "__ATTR_RW", bond_files), 1);
	EXPECT_EQ(documented(sysfs, "AD_FILE", bond_files), 4);
	EXPECT_EQ(documented(port, "PORT_FILE", "\nFiles of a port"), 7);
}

static bool is_parameter(const struct mbond_opt *opt)
{
	char surfaces[ROW_MAX] = "";

	add_surfaces(surfaces, opt);
	return strstr(surfaces, "module");
}

/* Where the table says so, under both names, and nowhere else */
TEST(options_are_parameters)
{
	const struct mbond_opt *opt = mbond_opt_table;
	char *source = tree_read(modparam_c);
	const char *at = source;
	int names = 0, found = 0;
	char name[NAME_MAX];

	ASSERT(source);
	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++)
		if (is_parameter(opt))
			names += opt->alias ? 2 : 1;
	for (; (at = next_name(at, "OPTION", name)); found++) {
		opt = mbond_opt_by_name(name);
		if (!EXPECT(opt && is_parameter(opt)))
			printf("# %s is a parameter\n", name);
	}
	EXPECT_EQ(found, names);
	free(source);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options as text: words, numbers and addresses as files and module parameters
 * take them; defaults of bonding; and a module parameter for each option.
 *
 * cores: mlagbond/core/opt_*.c
 */
#include <linux/errno.h>
#include <linux/mlagbond.h>
#include <mlagbond/core/opt_text.h>
#include <stdlib.h>

#include "ktap.h"

static const struct mbond_opt *row(enum mbond_opt_id id)
{
	return &mbond_opt_table[id];
}

TEST(text_first_word_counts)
{
	static const struct {
		const char *text, *word;
	} lines[] = {
		{ "", "" }, { "\n", "" }, { " \t a\n", "a" },
		{ "802.3ad 4\n", "802.3ad" }, { "a b c", "a" }, { "x\r\n", "x" },
	};
	char word[MBOND_WORD_LEN];
	unsigned int i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		EXPECT(mbond_text_word(lines[i].text, word));
		EXPECT(!strcmp(word, lines[i].word));
	}
	EXPECT(mbond_text_word("01234567890123456789012345678901 x", word));
	EXPECT(!mbond_text_word("012345678901234567890123456789012", word));
	EXPECT_EQ(strlen(word), MBOND_WORD_LEN - 1);
}

static void expect_number(enum mbond_opt_id id, const char *text, int err,
			  s64 value)
{
	s64 got = -12345;

	if (!EXPECT_EQ(mbond_text_number(row(id), text, &got), err) ||
	    (!err && !EXPECT_EQ(got, value)))
		printf("# %s \"%s\": %lld\n", row(id)->name, text,
		       (long long)got);
}

TEST(text_numbers)
{
	expect_number(MBOND_OPT_MIIMON, "50\n", 0, 50);
	expect_number(MBOND_OPT_MIIMON, "maxval", 0, 0x7fffffff);
	expect_number(MBOND_OPT_MIIMON, "minval", 0, 0);
	expect_number(MBOND_OPT_MIIMON, "off", 0, 0);
	expect_number(MBOND_OPT_MIIMON, "default", 0, 100);
	expect_number(MBOND_OPT_MIIMON, "on", -EINVAL, 0);
	expect_number(MBOND_OPT_MIIMON, "-1", -ERANGE, 0);
	expect_number(MBOND_OPT_MIIMON, "2147483648", -ERANGE, 0);
	expect_number(MBOND_OPT_MIIMON, "99999999999999999999", -ERANGE, 0);
	expect_number(MBOND_OPT_MIIMON, "", -EINVAL, 0);
	expect_number(MBOND_OPT_MIIMON, "1x", -EINVAL, 0);
	expect_number(MBOND_OPT_ALL_SLAVES_ACTIVE, "on", 0, 1);
	expect_number(MBOND_OPT_ALL_SLAVES_ACTIVE, "off", 0, 0);
	expect_number(MBOND_OPT_USE_CARRIER, "off", -ERANGE, 0);
	expect_number(MBOND_OPT_HASH_BUCKETS, "off", -ERANGE, 0);
	expect_number(MBOND_OPT_PRIO, "-7", 0, -7);
}

/* Who goes on with the number must find one that is refused */
TEST(text_numbers_too_long)
{
	static const char *const texts[] = {
		"4294967296", "99999999999", "99999999999999999999999",
		"-4294967296", "-99999999999999999999999",
	};
	s64 value;
	u32 i;
	int id;

	for (id = 0; id < MBOND_OPT_COUNT; id++)
		for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			value = row(id)->def;
			EXPECT_EQ(mbond_text_number(row(id), texts[i], &value),
				  -ERANGE);
			EXPECT(!mbond_opt_in_range(row(id), value));
		}
	expect_number(MBOND_OPT_MIIMON, "99999999999x", -EINVAL, 0);
}

TEST(text_words)
{
	expect_number(MBOND_OPT_MODE, "802.3ad 4\n", 0, MLAGBOND_MODE_8023AD);
	expect_number(MBOND_OPT_MODE, "4", 0, MLAGBOND_MODE_8023AD);
	expect_number(MBOND_OPT_MODE, "7", -ERANGE, 0);
	expect_number(MBOND_OPT_MODE, "802.3a", -EINVAL, 0);
	expect_number(MBOND_OPT_MODE, "off", -EINVAL, 0);
	expect_number(MBOND_OPT_LACP_RATE, "default", 0, 0);
	expect_number(MBOND_OPT_MLAG_ID, "none", 0, 0);
	expect_number(MBOND_OPT_MLAG_ID, "maxval", 0, 0xffffffff);
}

TEST(text_every_row_takes_its_own_words)
{
	const struct mbond_word *word;
	s64 value;
	int id;

	for (id = 0; id < MBOND_OPT_COUNT; id++)
		for (word = row(id)->words; word && word->word; word++) {
			EXPECT_EQ(mbond_text_number(row(id), word->word,
						    &value), 0);
			EXPECT_EQ(value, word->value);
		}
}

TEST(text_addresses)
{
	static const char *const bad[] = {
		"", "02:00:00:00:00", "02:00:00:00:00:0", "02-00-00-00-00-01",
		"02:00:00:00:00:0g", "02:00:00:00:00:01:", "2:0:0:0:0:1",
		"02:00:00:00:00:011", "0x:00:00:00:00:01",
	};
	static const u8 want[] = { 0x02, 0xab, 0xCD, 0x00, 0x10, 0xff };
	unsigned int i;
	u8 mac[ETH_ALEN];

	EXPECT_EQ(mbond_text_mac(" 02:ab:CD:00:10:fF\n", mac), 0);
	EXPECT_MEMEQ(mac, want, ETH_ALEN);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_EQ(mbond_text_mac(bad[i], mac), -EINVAL);
}

TEST(text_random_bytes_are_harmless)
{
	char text[64], word[MBOND_WORD_LEN];
	u8 mac[ETH_ALEN];
	int i, j, id;
	s64 value;

	srand(3);
	for (i = 0; i < 20000; i++) {
		for (j = 0; j < 63; j++)
			text[j] = i % 3 ? rand() : " 0123abc:+-\n"[rand() % 12];
		text[rand() % 64] = 0;
		text[63] = 0;
		id = rand() % MBOND_OPT_COUNT;
		mbond_text_word(text, word);
		EXPECT(strlen(word) < MBOND_WORD_LEN);
		mbond_text_mac(text, mac);
		if (!mbond_text_number(row(id), text, &value))
			EXPECT(mbond_opt_in_range(row(id), value));
	}
}

TEST(defaults_of_bonding)
{
	struct mbond_params ours, theirs;
	u64 diff;

	mbond_params_default(&ours);
	mbond_params_bonding(&theirs);
	EXPECT_EQ(theirs.miimon, 0);
	EXPECT_EQ(theirs.lacp_strict, 0);
	EXPECT_EQ(theirs.carrier_events, 0);
	EXPECT(mbond_opt_in_range(row(MBOND_OPT_MODE), theirs.mode));
	EXPECT_EQ(theirs.coupled_control, 1);
	diff = mbond_params_diff(&ours, &theirs);
	diff &= ~(MBOND_OPT_BIT(MODE) | MBOND_OPT_BIT(COUPLED_CONTROL));
	EXPECT_EQ(diff, MBOND_OPT_BIT(MIIMON) | MBOND_OPT_BIT(LACP_STRICT) |
			MBOND_OPT_BIT(CARRIER_EVENTS));
}

/* What cannot be the same for several bonds has no parameter */
static bool wants_parameter(const struct mbond_opt *opt)
{
	return !(opt->flags & MBOND_OPT_ACTION) &&
	       opt != row(MBOND_OPT_MLAG_ID);
}

static bool has_line(const char *text, const char *name)
{
	char line[64];

	snprintf(line, sizeof(line), "\nOPTION(%s, ", name);
	return strstr(text, line);
}

TEST(a_module_parameter_for_each_option)
{
	const char *here = strstr(__FILE__, "selftests/unit/");
	const struct mbond_opt *opt;
	static char text[1 << 16];
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%.*sdrivers/net/mlagbond/modparam.c",
		 (int)(here - __FILE__), __FILE__);
	f = fopen(path, "r");
	ASSERT(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = 0;
	fclose(f);
	for (opt = row(0); opt < row(MBOND_OPT_BOND_COUNT); opt++) {
		if (!EXPECT_EQ(has_line(text, opt->name),
			       wants_parameter(opt)))
			printf("# OPTION(%s, ...)\n", opt->name);
		if (opt->alias && !EXPECT(has_line(text, opt->alias)))
			printf("# OPTION(%s, ...)\n", opt->alias);
	}
}

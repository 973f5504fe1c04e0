// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options as text: see opt_text.h.
 *
 * Only the first word of a line counts, as in bonding: what a file shows
 * ("active-backup 1") may be written back to it.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "opt_text.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/**
 * mbond_text_word() - first word of a line
 * @text: line
 * @word: MBOND_WORD_LEN bytes, gets the word; empty if there is none
 *
 * Return: false if the word is too long; it is cut then.
 */
bool mbond_text_word(const char *text, char *word)
{
	size_t len = 0;

	while (is_blank(*text))
		text++;
	while (text[len] && !is_blank(text[len]) && len < MBOND_WORD_LEN - 1) {
		word[len] = text[len];
		len++;
	}
	word[len] = 0;
	return !text[len] || is_blank(text[len]);
}

/* Words that every number has, where bonding has them and where not */
static bool common_word(const struct mbond_opt *opt, const char *word,
			s64 *value)
{
	if (!strcmp(word, "default"))
		*value = opt->def;
	else if (opt->words && !opt->max)
		return false;
	else if (!strcmp(word, "minval"))
		*value = opt->min;
	else if (!strcmp(word, "maxval"))
		*value = opt->max;
	else if (!strcmp(word, "off"))
		*value = 0;
	else if (!strcmp(word, "on") && opt->max == 1)
		*value = 1;
	else
		return false;
	return true;
}

/**
 * mbond_text_number() - number a line stands for
 * @opt: row of a numeric kind
 * @text: line: a word of the option, "default", "minval", "maxval", "off",
 *	"on" where it makes sense, or a decimal number
 * @value: result, also when it is out of range
 *
 * Return: 0, or as mbond_opt_parse().
 */
int mbond_text_number(const struct mbond_opt *opt, const char *text,
		      s64 *value)
{
	char word[MBOND_WORD_LEN];
	int err;

	if (!mbond_text_word(text, word))
		return -EINVAL;
	err = mbond_opt_parse(opt, word, value);
	if (err != -EINVAL || !common_word(opt, word, value))
		return err;
	return mbond_opt_in_range(opt, *value) ? 0 : -ERANGE;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/**
 * mbond_text_mac() - address a line stands for
 * @text: six bytes in hexadecimal, two digits each, with colons
 * @mac: result
 *
 * Return: 0 or -EINVAL.
 */
int mbond_text_mac(const char *text, u8 *mac)
{
	char word[MBOND_WORD_LEN];
	const char *pos = word;
	int i, high, low;

	if (!mbond_text_word(text, word) || strlen(word) != 3 * ETH_ALEN - 1)
		return -EINVAL;
	for (i = 0; i < ETH_ALEN; i++, pos += 3) {
		high = hex(pos[0]);
		low = hex(pos[1]);
		if (high < 0 || low < 0)
			return -EINVAL;
		if (pos[2] != (i < ETH_ALEN - 1 ? ':' : 0))
			return -EINVAL;
		mac[i] = high << 4 | low;
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Look-up in word tables, both ways. In comes a word or a number, out goes the
 * other; a number without a word is printed as it is, so that an old tool
 * stays useful on a new kernel.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "print.h"
#include "words.h"

enum words_limits {
	WORDS_BITS = 32,
	WORDS_NUMBER_LEN = 16,
};

const struct word words_on_off[] = {
	{ "on", 1 },
	{ "off", 0 },
	{ NULL, 0 },
};

bool word_find(const struct word *table, const char *text, uint64_t *value)
{
	for (; table->text; table++) {
		if (!strcmp(table->text, text)) {
			*value = table->value;
			return true;
		}
	}
	return false;
}

const char *word_text(const struct word *table, uint32_t value)
{
	for (; table->text; table++)
		if (table->value == value)
			return table->text;
	return NULL;
}

const char *word_list(const struct word *table, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (; table->text && used < size; table++)
		used += snprintf(buf + used, size - used, "%s%s",
				 used ? ", " : "", table->text);
	return buf;
}

void print_word(struct printer *p, const char *label,
		const struct word *table, uint32_t value)
{
	const char *text = word_text(table, value);
	char number[WORDS_NUMBER_LEN];

	if (!text) {
		snprintf(number, sizeof(number), "%" PRIu32, value);
		text = number;
	}
	print_str(p, label, text);
}

void print_bits(struct printer *p, const char *label,
		const struct word *table, uint32_t bits)
{
	char number[WORDS_BITS][WORDS_NUMBER_LEN];
	const char *text[WORDS_BITS];
	unsigned int i, count = 0;

	for (i = 0; i < WORDS_BITS; i++) {
		uint32_t bit = bits & 1u << i;

		if (!bit)
			continue;
		text[count] = word_text(table, bit);
		if (!text[count]) {
			snprintf(number[count], sizeof(number[count]),
				 "0x%" PRIx32, bit);
			text[count] = number[count];
		}
		count++;
	}
	print_words(p, label, text, count);
}

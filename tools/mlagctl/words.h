/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words for numbers: one table both reads what an operator typed and writes
 * what the kernel said. The tables themselves stand with the command or, if
 * two need one, in words.c.
 */
#ifndef MLAGCTL_WORDS_H
#define MLAGCTL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct printer;

/**
 * struct word - one row; a table ends with @text NULL
 * @text: as typed and printed
 * @value: as in netlink
 */
struct word {
	const char *text;
	uint32_t value;
};

extern const struct word words_on_off[];

bool word_find(const struct word *table, const char *text, uint64_t *value);
const char *word_text(const struct word *table, uint32_t value);

/* "a, b, c" into @buf, for "expected ...". Returns @buf. */
const char *word_list(const struct word *table, char *buf, size_t size);

/* The word of @value, or the bare number if this tool is older than it. */
void print_word(struct printer *p, const char *label,
		const struct word *table, uint32_t value);
/* The words of the bits in @bits; a bit without a word is shown as number. */
void print_bits(struct printer *p, const char *label,
		const struct word *table, uint32_t bits);

#endif /* MLAGCTL_WORDS_H */

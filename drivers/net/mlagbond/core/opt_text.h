/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options as text: what module parameters and files in sysfs take.
 *
 * A line enters, the number or address it stands for leaves. The words are
 * those of bonding, which are more than the command line of ip has.
 */
#ifndef _MBOND_OPT_TEXT_H
#define _MBOND_OPT_TEXT_H

#include "opt_table.h"

/* Longest word that is looked at, with its terminating zero */
#define MBOND_WORD_LEN	33

bool mbond_text_word(const char *text, char *word);
int mbond_text_number(const struct mbond_opt *opt, const char *text,
		      s64 *value);
int mbond_text_mac(const char *text, u8 *mac);

#endif /* _MBOND_OPT_TEXT_H */

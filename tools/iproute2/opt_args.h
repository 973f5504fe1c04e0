/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Options of the table on the command line, in requests and on the screen:
 * what both plug-ins share.
 */
#ifndef _OPT_ARGS_H
#define _OPT_ARGS_H

#include "ip_link_util.h"
#include "mlagbond/core/opt_table.h"

enum {
	OPT_LIST_MAX	= MLAGBOND_TARGETS + 1,	/* one too many is sent */
};

/**
 * struct opt_value - a value as given
 * @given: it was
 * @number: of numeric kinds, the interface index of a device, entries of a list
 * @mac: of kind MAC
 * @list: addresses of a list, each from its first byte on
 */
struct opt_value {
	bool given;
	long long number;
	unsigned char mac[ETH_ALEN];
	unsigned char list[OPT_LIST_MAX][MBOND_IP6_LEN];
};

/* Does @arg abbreviate @word, as `ip` lets it? */
bool opt_abbreviates(const char *arg, const char *word);
/* First option from @from below @to that @arg abbreviates, or NULL */
const struct mbond_opt *opt_find(const char *arg, int from, int to);
/* Leaves with a message if @text is no value; 0, or -1 if said already */
int opt_read(const struct mbond_opt *opt, const char *text,
	     struct opt_value *value);
void opt_add(struct nlmsghdr *n, const struct mbond_opt *opt,
	     const struct opt_value *value);

void opt_print(const struct mbond_opt *opt, const struct rtattr *attr);
void opt_print_help(FILE *f, int from, int to, const char *indent);

/* "%s " and the like behind the name: text in the manner of `ip` */
void print_word(const char *key, const char *name, const char *word);
void print_number(const char *key, const char *name, unsigned int value);
void print_signed(const char *key, const char *name, int value);

unsigned int attr_u8(const struct rtattr *attr);
unsigned int attr_u16(const struct rtattr *attr);
unsigned int attr_u32(const struct rtattr *attr);

#endif

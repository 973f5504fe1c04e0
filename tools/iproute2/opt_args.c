// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of the table on the command line, in requests and on the screen.
 *
 * Words enter and attributes leave, or the other way round; ranges are the
 * kernel's business, which knows better words for a refusal.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "opt_args.h"

enum {
	FORMAT_LEN	= 64,	/* an option's name and a conversion */
};

bool opt_abbreviates(const char *arg, const char *word)
{
	return *arg && !strncmp(arg, word, strlen(arg));
}

/* Words that came when abbreviations were no longer welcome, as in `ip` */
static bool must_be_whole(const struct mbond_opt *opt)
{
	switch (mbond_opt_id(opt)) {
	case MBOND_OPT_LACP_ACTIVE:
	case MBOND_OPT_COUPLED_CONTROL:
	case MBOND_OPT_LACP_STRICT:
	case MBOND_OPT_ACTOR_PORT_PRIO:
		return true;
	default:
		return opt->flags & MBOND_OPT_EXT;
	}
}

const struct mbond_opt *opt_find(const char *arg, int from, int to)
{
	const struct mbond_opt *opt;

	/* The whole word wins over what it is the beginning of. */
	opt = mbond_opt_by_name(arg);
	if (opt && (int)mbond_opt_id(opt) >= from &&
	    (int)mbond_opt_id(opt) < to)
		return opt;
	for (; from < to; from++) {
		opt = &mbond_opt_table[from];
		if (must_be_whole(opt))
			continue;
		if (opt_abbreviates(arg, opt->name) ||
		    (opt->alias && opt_abbreviates(arg, opt->alias)))
			return opt;
	}
	return NULL;
}

static void wrong(const struct mbond_opt *opt, const char *text)
{
	char msg[FORMAT_LEN];

	snprintf(msg, sizeof(msg), "invalid %s", opt->name);
	invarg(msg, text);
}

static bool fits(const struct mbond_opt *opt, long long number)
{
	switch (opt->kind) {
	case MBOND_KIND_U8:
		return number >= 0 && number <= UINT8_MAX;
	case MBOND_KIND_U16:
		return number >= 0 && number <= UINT16_MAX;
	case MBOND_KIND_S32:
		return number >= INT32_MIN && number <= INT32_MAX;
	default:
		return number >= 0 && number <= UINT32_MAX;
	}
}

static void read_number(const struct mbond_opt *opt, const char *text,
			struct opt_value *value)
{
	const struct mbond_word *word;
	char *end;

	for (word = opt->words; word && word->word; word++)
		if (!strcmp(word->word, text)) {
			value->number = word->value;
			return;
		}
	errno = 0;
	value->number = strtoll(text, &end, 0);
	if (errno || end == text || *end || !fits(opt, value->number))
		wrong(opt, text);
	/* A number that stands for no word is a slip, as in `type bond`. */
	if (opt->words && !opt->max && !mbond_opt_word(opt, value->number))
		wrong(opt, text);
}

int opt_read(const struct mbond_opt *opt, const char *text,
	     struct opt_value *value)
{
	char mac[32];

	value->given = true;
	switch (opt->kind) {
	case MBOND_KIND_DEV:
		value->number = ll_name_to_index(text);
		return value->number ? 0 : nodev(text);
	case MBOND_KIND_MAC:
		if (ll_addr_a2n(mac, sizeof(mac), text) != ETH_ALEN)
			wrong(opt, text);
		memcpy(value->mac, mac, ETH_ALEN);
		return 0;
	default:
		read_number(opt, text, value);
		return 0;
	}
}

void opt_add(struct nlmsghdr *n, const struct mbond_opt *opt,
	     const struct opt_value *value)
{
	switch (opt->kind) {
	case MBOND_KIND_U8:
		addattr8(n, IP_REQUEST_SIZE, opt->attr, value->number);
		break;
	case MBOND_KIND_U16:
		addattr16(n, IP_REQUEST_SIZE, opt->attr, value->number);
		break;
	case MBOND_KIND_MAC:
		addattr_l(n, IP_REQUEST_SIZE, opt->attr, value->mac, ETH_ALEN);
		break;
	default:
		addattr32(n, IP_REQUEST_SIZE, opt->attr, value->number);
		break;
	}
}

unsigned int attr_u8(const struct rtattr *attr)
{
	return *(const uint8_t *)RTA_DATA(attr);
}

unsigned int attr_u16(const struct rtattr *attr)
{
	uint16_t value;

	memcpy(&value, RTA_DATA(attr), sizeof(value));
	return value;
}

unsigned int attr_u32(const struct rtattr *attr)
{
	uint32_t value;

	memcpy(&value, RTA_DATA(attr), sizeof(value));
	return value;
}

static const char *format(char *buf, const char *name, const char *conversion)
{
	snprintf(buf, FORMAT_LEN, "%s %s ", name, conversion);
	return buf;
}

void print_word(const char *key, const char *name, const char *word)
{
	char fmt[FORMAT_LEN];

	print_color_string(PRINT_ANY, COLOR_NONE, key,
			   format(fmt, name, "%s"), word);
}

void print_number(const char *key, const char *name, unsigned int value)
{
	char fmt[FORMAT_LEN];

	print_color_uint(PRINT_ANY, COLOR_NONE, key, format(fmt, name, "%u"),
			 value);
}

void print_signed(const char *key, const char *name, int value)
{
	char fmt[FORMAT_LEN];

	print_color_int(PRINT_ANY, COLOR_NONE, key, format(fmt, name, "%d"),
			value);
}

static void print_mac(const struct mbond_opt *opt, const struct rtattr *attr)
{
	char buf[32];

	print_word(opt->name, opt->name,
		   ll_addr_n2a(RTA_DATA(attr), RTA_PAYLOAD(attr), 0, buf,
			       sizeof(buf)));
}

void opt_print(const struct mbond_opt *opt, const struct rtattr *attr)
{
	const char *key = opt->json ?: opt->name;
	const struct mbond_word *word;
	unsigned int value;

	switch (opt->kind) {
	case MBOND_KIND_MAC:
		print_mac(opt, attr);
		return;
	case MBOND_KIND_U8:
		value = attr_u8(attr);
		break;
	case MBOND_KIND_U16:
		value = attr_u16(attr);
		break;
	default:
		value = attr_u32(attr);
		break;
	}
	word = mbond_opt_word(opt, value);
	if (opt->kind == MBOND_KIND_DEV)
		print_word(key, opt->name, ll_index_to_name(value));
	else if (opt->kind == MBOND_KIND_S32)
		print_signed(key, opt->name, value);
	else if (word)
		print_word(key, opt->name, word->word);
	else
		print_number(key, opt->name, value);
}

static void help_values(FILE *f, const struct mbond_opt *opt)
{
	const struct mbond_word *word;
	const char *bar = "";

	for (word = opt->words; word && word->word; word++)
		if (!word->absent) {
			fprintf(f, "%s%s", bar, word->word);
			bar = "|";
		}
	if (opt->kind == MBOND_KIND_DEV)
		fprintf(f, "DEV");
	else if (opt->kind == MBOND_KIND_MAC)
		fprintf(f, "LLADDR");
	else if (!opt->words && opt->min == opt->max)
		fprintf(f, "%lld", (long long)opt->min);
	else if (!opt->words || opt->max)
		fprintf(f, "%s%lld..%lld", bar, (long long)opt->min,
			(long long)opt->max);
}

void opt_print_help(FILE *f, int from, int to, const char *indent)
{
	const struct mbond_opt *opt;

	for (; from < to; from++) {
		opt = &mbond_opt_table[from];
		fprintf(f, "%s[ %s%s%s ", indent, opt->name,
			opt->alias ? "|" : "", opt->alias ?: "");
		help_values(f, opt);
		fprintf(f, " ]\n");
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of the table on the command line, in requests and on the screen.
 *
 * Words enter and attributes leave, or the other way round; ranges are the
 * kernel's business, which knows better words for a refusal.
 */
#include <arpa/inet.h>
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
	case MBOND_OPT_ARP_MISSED_MAX:
	case MBOND_OPT_NS_IP6_TARGET:
	case MBOND_OPT_LACP_ACTIVE:
	case MBOND_OPT_COUPLED_CONTROL:
	case MBOND_OPT_BROADCAST_NEIGHBOR:
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

static int family(const struct mbond_opt *opt)
{
	return opt->kind == MBOND_KIND_IP4S ? AF_INET : AF_INET6;
}

/* Addresses with commas between; none at all empties the list */
static void read_list(const struct mbond_opt *opt, const char *text,
		      struct opt_value *value)
{
	char *copy = strdup(text), *rest = copy, *word;

	while (copy && (word = strsep(&rest, ","))) {
		if (!*word)
			continue;
		if (value->number == OPT_LIST_MAX ||
		    inet_pton(family(opt), word,
			      value->list[value->number]) != 1)
			wrong(opt, word);
		value->number++;
	}
	free(copy);
}

int opt_read(const struct mbond_opt *opt, const char *text,
	     struct opt_value *value)
{
	char mac[32];

	memset(value, 0, sizeof(*value));
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
	case MBOND_KIND_IP4S:
	case MBOND_KIND_IP6S:
		read_list(opt, text, value);
		return 0;
	default:
		read_number(opt, text, value);
		return 0;
	}
}

static void add_list(struct nlmsghdr *n, const struct mbond_opt *opt,
		     const struct opt_value *value)
{
	struct rtattr *nest;
	int i;

	nest = addattr_nest(n, IP_REQUEST_SIZE, opt->attr | NLA_F_NESTED);
	for (i = 0; i < value->number; i++)
		addattr_l(n, IP_REQUEST_SIZE, i, value->list[i],
			  mbond_opt_addr_len(opt));
	addattr_nest_end(n, nest);
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
	case MBOND_KIND_IP4S:
	case MBOND_KIND_IP6S:
		add_list(n, opt, value);
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

/* A JSON array, or the addresses with commas between */
static void print_list(const struct mbond_opt *opt, const struct rtattr *attr)
{
	struct rtattr *tb[MLAGBOND_TARGETS + 1];
	char buf[INET6_ADDRSTRLEN];
	char text[FORMAT_LEN];
	int i;

	memset(tb, 0, sizeof(tb));
	parse_rtattr_flags(tb, MLAGBOND_TARGETS, RTA_DATA(attr),
			   RTA_PAYLOAD(attr), NLA_F_NESTED);
	open_json_array(PRINT_JSON, opt->name);
	for (i = 0; i < MLAGBOND_TARGETS && tb[i]; i++) {
		if (RTA_PAYLOAD(tb[i]) < mbond_opt_addr_len(opt))
			break;
		inet_ntop(family(opt), RTA_DATA(tb[i]), buf, sizeof(buf));
		print_color_string(PRINT_JSON, COLOR_NONE, NULL, NULL, buf);
		snprintf(text, sizeof(text), "%s%%s", i ? "," : "");
		if (!i)
			print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s ",
					   opt->name);
		print_color_string(PRINT_FP, COLOR_NONE, NULL, text, buf);
	}
	if (i)
		print_color_string(PRINT_FP, COLOR_NONE, NULL, "%s", " ");
	close_json_array(PRINT_JSON, NULL);
}

/* Says nothing in JSON where `ip` prints null; true if so */
static bool print_null_word(const struct mbond_opt *opt,
			    const struct mbond_word *word)
{
	char fmt[FORMAT_LEN];

	if (mbond_opt_id(opt) != MBOND_OPT_ARP_VALIDATE || !word ||
	    word->value)
		return false;
	print_color_null(PRINT_JSON, COLOR_NONE, opt->name, NULL, NULL);
	print_color_string(PRINT_FP, COLOR_NONE, NULL,
			   format(fmt, opt->name, "%s"), word->word);
	return true;
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
	case MBOND_KIND_IP4S:
	case MBOND_KIND_IP6S:
		print_list(opt, attr);
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
	if (print_null_word(opt, word))
		return;
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

	for (word = opt->words; word && word->word; word++) {
		fprintf(f, "%s%s", bar, word->word);
		bar = "|";
	}
	if (opt->kind == MBOND_KIND_DEV)
		fprintf(f, "DEV");
	else if (opt->kind == MBOND_KIND_MAC)
		fprintf(f, "LLADDR");
	else if (mbond_opt_is_list(opt))
		fprintf(f, "ADDR[,ADDR...]");
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

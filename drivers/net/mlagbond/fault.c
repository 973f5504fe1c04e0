// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for refused requests: what the check of the option table objects to
 * enters, one extack sentence that points at the attribute leaves.
 */
#include <linux/kernel.h>
#include <linux/netlink.h>
#include <net/netlink.h>

#include "fault.h"

enum {
	VALUE_TEXT	= 40,	/* longest word or address, with its zero */
	WORDS_TEXT	= 48,	/* words of one option in a row */
};

static const char *value_text(const struct mbond_fault *fault,
			      const struct nlattr *attr, char *buf)
{
	const struct mbond_opt *opt = fault->opt;
	const struct mbond_word *word;

	if (fault->text) {
		strscpy(buf, fault->text, VALUE_TEXT);
		return buf;
	}
	word = mbond_opt_word(opt, fault->value);
	if (word)
		return word->word;
	if (opt->kind == MBOND_KIND_MAC && attr)
		snprintf(buf, VALUE_TEXT, "%pM", nla_data(attr));
	else if (opt->kind == MBOND_KIND_DEV && attr)
		snprintf(buf, VALUE_TEXT, "%u", nla_get_u32(attr));
	else if (opt->kind == MBOND_KIND_IP4S)
		snprintf(buf, VALUE_TEXT, "%pI4", fault->addr);
	else if (opt->kind == MBOND_KIND_IP6S)
		snprintf(buf, VALUE_TEXT, "%pI6c", fault->addr);
	else
		snprintf(buf, VALUE_TEXT, "%lld", fault->value);
	return buf;
}

/* All words in a row, or as many as fit */
static const char *words_text(const struct mbond_opt *opt, char *buf)
{
	static const char more[] = ", ...";
	const struct mbond_word *word;
	size_t len = 0;

	buf[0] = 0;
	for (word = opt->words; word->word; word++) {
		if (len + strlen(word->word) + 2 + sizeof(more) > WORDS_TEXT) {
			strscpy(buf + len, more, WORDS_TEXT - len);
			break;
		}
		len += scnprintf(buf + len, WORDS_TEXT - len, "%s%s",
				 len ? ", " : "", word->word);
	}
	return buf;
}

static void report_value(const struct mbond_fault *fault,
			 const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	const struct mbond_opt *opt = fault->opt;
	char words[WORDS_TEXT], buf[VALUE_TEXT];
	const char *value = value_text(fault, attr, buf);

	if (opt->words && !opt->max)
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "%s %s is none of %s",
					opt->name, value,
					words_text(opt, words));
	else if (opt->kind == MBOND_KIND_MAC || mbond_opt_is_list(opt))
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "%s %s is no address",
					opt->name, value);
	else if (opt->kind == MBOND_KIND_DEV)
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is no name of an interface",
					opt->name, value);
	else if (opt->flags & MBOND_OPT_POW2)
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is no power of two from %lld to %lld",
					opt->name, value, opt->min, opt->max);
	else
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is not within %lld to %lld",
					opt->name, value, opt->min, opt->max);
}

static const char *mode_text(u8 mode)
{
	const struct mbond_word *word;

	word = mbond_opt_word(&mbond_opt_table[MBOND_OPT_MODE], mode);
	return word ? word->word : "unknown";
}

/**
 * mbond_fault_report() - word a refusal
 * @fault: the refusal
 * @attr: attribute it concerns, or NULL
 * @extack: gets one sentence: option, value, what is in the way; at most 79
 *	characters, which is what an extack holds
 *
 * Return: the errno of @fault.
 */
int mbond_fault_report(const struct mbond_fault *fault,
		       const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	const struct mbond_opt *opt = fault->opt;
	const char *name = opt->name, *value;
	char buf[VALUE_TEXT];

	value = value_text(fault, attr, buf);
	switch (fault->kind) {
	case MBOND_FAULT_VALUE:
		report_value(fault, attr, extack);
		break;
	case MBOND_FAULT_MULTICAST:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is a multicast address", name,
					value);
		break;
	case MBOND_FAULT_TARGET:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is no address of a host", name,
					value);
		break;
	case MBOND_FAULT_TWICE:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "%s %s is named twice",
					name, value);
		break;
	case MBOND_FAULT_FULL:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is one more than %d", name,
					value, MLAGBOND_TARGETS);
		break;
	case MBOND_FAULT_MODE:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is not possible in mode %s",
					name, value, mode_text(fault->mode));
		break;
	case MBOND_FAULT_PORTS:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is not possible while ports are attached",
					name, value);
		break;
	case MBOND_FAULT_UP:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is not possible while the bond is up",
					name, value);
		break;
	case MBOND_FAULT_MIIMON:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s needs miimon above 0", name,
					value);
		break;
	case MBOND_FAULT_MLAG:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is not possible while mlag_id is %u",
					name, value, fault->mlag_id);
		break;
	case MBOND_FAULT_LEG:
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s %s is not possible with %s", name,
					value, fault->other->name);
		break;
	}
	return fault->err;
}

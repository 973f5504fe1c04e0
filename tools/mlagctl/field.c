// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rows at work: typed words become struct params, those become attributes of a
 * request; attributes of a reply are checked and printed. Numbers are only
 * held to the width of their type here: ranges are the kernel's to know and to
 * explain.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "field.h"
#include "mlagctl.h"
#include "print.h"
#include "transport.h"

enum field_text {
	FIELD_EXPECTED_SIZE = 384,
	FIELD_MAC_LEN = 17,
	FIELD_LACP_BITS = 8,
};

static uint64_t type_max(enum field_type type)
{
	switch (type) {
	case FIELD_U8:
		return UINT8_MAX;
	case FIELD_U16:
		return UINT16_MAX;
	case FIELD_U32:
		return UINT32_MAX;
	default:
		return UINT64_MAX;
	}
}

static const char *field_expected(const struct field *field, char *buf,
				  size_t size)
{
	if (field->words)
		return word_list(field->words, buf, size);

	switch (field->type) {
	case FIELD_MAC:
		return "an address like 02:00:00:00:00:01, or auto";
	case FIELD_ADDR:
		return "an address like 192.0.2.1 or 2001:db8::1";
	case FIELD_KEY:
		return "a file with the key, or none";
	case FIELD_NAME:
		return "a device";
	default:
		snprintf(buf, size, "a number 0..%" PRIu64 "%s%s",
			 type_max(field->type), field->unit ? " in " : "",
			 field->unit ? field->unit : "");
		return buf;
	}
}

/* Decimal or 0x; the unit may stand behind it, as it does in the output. */
static bool parse_number(const struct field *field, struct param *value)
{
	int base = strncmp(value->text, "0x", 2) ? 10 : 16;
	char *end;

	if (*value->text < '0' || *value->text > '9')
		return false;
	errno = 0;
	value->number = strtoull(value->text, &end, base);
	if (errno || value->number > type_max(field->type))
		return false;
	return !*end || (field->unit && !strcmp(end, field->unit));
}

/* Six bytes of two digits; "auto" is the zero address. */
static bool parse_mac(struct param *value)
{
	unsigned int byte[ETH_ALEN];
	unsigned int i;
	int used = 0;

	if (!strcmp(value->text, "auto"))
		return true;
	if (strlen(value->text) != FIELD_MAC_LEN ||
	    strspn(value->text, "0123456789abcdefABCDEF:") != FIELD_MAC_LEN)
		return false;
	if (sscanf(value->text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &byte[0], &byte[1],
		   &byte[2], &byte[3], &byte[4], &byte[5], &used) != ETH_ALEN)
		return false;
	for (i = 0; i < ETH_ALEN; i++)
		value->mac[i] = byte[i];
	return used == FIELD_MAC_LEN;
}

static bool parse_addr(struct param *value)
{
	bool v6 = strchr(value->text, ':');

	value->number = v6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
	return inet_pton(v6 ? AF_INET6 : AF_INET, value->text,
			 value->addr) == 1;
}

/* What is wrong with a file is said where it is found. */
static int parse_key(struct param *value)
{
	int len = 0;

	if (strcmp(value->text, "none"))
		len = key_file_read(value->text, value->key);
	if (len < 0)
		return MLAGCTL_USAGE;
	value->number = len;
	return 0;
}

static bool parse_value(const struct field *field, struct param *value)
{
	if (field->words)
		return word_find(field->words, value->text, &value->number);
	if (field->type == FIELD_MAC)
		return parse_mac(value);
	if (field->type == FIELD_ADDR)
		return parse_addr(value);
	return parse_number(field, value);
}

static int params_unknown(const struct params *params, const char *word)
{
	char expected[FIELD_EXPECTED_SIZE] = "";
	size_t used = 0;
	unsigned int i;

	for (i = 0; i < params->count && used < sizeof(expected); i++)
		if (params->fields[i].flags & FIELD_INPUT)
			used += snprintf(expected + used,
					 sizeof(expected) - used, "%s%s",
					 used ? ", " : "",
					 params->fields[i].label);
	return args_what(word, expected);
}

static int param_parse(struct params *params, unsigned int i, struct args *args)
{
	const struct field *field = &params->fields[i];
	struct param *value = &params->values[i];
	char buf[FIELD_EXPECTED_SIZE];
	const char *expected;

	if (value->text) {
		complain("\"%s\" stands twice", field->label);
		return MLAGCTL_USAGE;
	}
	if (field->type == FIELD_NAME) {
		value->text = args_device(args, "a device");
		return value->text ? 0 : MLAGCTL_USAGE;
	}
	expected = field_expected(field, buf, sizeof(buf));
	value->text = args_next(args);
	if (!value->text)
		return args_missing(field->label, expected);
	if (field->type == FIELD_KEY)
		return parse_key(value);
	if (parse_value(field, value))
		return field->tail ? field->tail(params, args, value->number) :
				     0;
	complain("what is \"%s\" after \"%s\"? expected %s", value->text,
		 field->label, expected);
	return MLAGCTL_USAGE;
}

int params_parse(struct params *params, struct args *args)
{
	const char *word;
	unsigned int i;
	int ret;

	while ((word = args_next(args))) {
		for (i = 0; i < params->count; i++)
			if (params->fields[i].flags & FIELD_INPUT &&
			    !strcmp(params->fields[i].label, word))
				break;
		if (i == params->count)
			return params_unknown(params, word);
		ret = param_parse(params, i, args);
		if (ret)
			return ret;
	}
	return 0;
}

static unsigned int row_of(const struct params *params, const char *label)
{
	unsigned int i = 0;

	while (strcmp(params->fields[i].label, label))
		i++;
	return i;
}

int params_take(struct params *params, const char *label, struct args *args)
{
	return param_parse(params, row_of(params, label), args);
}

struct param *params_get(struct params *params, const char *label)
{
	return &params->values[row_of(params, label)];
}

const struct field *params_by_attr(const struct params *params, uint16_t attr,
				   const char **text)
{
	unsigned int i;

	for (i = 0; i < params->count; i++) {
		if (params->fields[i].attr != attr)
			continue;
		*text = params->values[i].text;
		return &params->fields[i];
	}
	return NULL;
}

static void param_put(const struct field *field, const struct param *value,
		      struct nlmsghdr *request)
{
	switch (field->type) {
	case FIELD_U8:
		mnl_attr_put_u8(request, field->attr, value->number);
		break;
	case FIELD_U16:
		mnl_attr_put_u16(request, field->attr, value->number);
		break;
	case FIELD_U32:
	case FIELD_S32:
		mnl_attr_put_u32(request, field->attr, value->number);
		break;
	case FIELD_U64:
		mnl_attr_put_u64(request, field->attr, value->number);
		break;
	case FIELD_NAME:
		mnl_attr_put_strz(request, field->attr, value->text);
		break;
	case FIELD_MAC:
		mnl_attr_put(request, field->attr, ETH_ALEN, value->mac);
		break;
	case FIELD_ADDR:
		mnl_attr_put(request, field->attr, value->number, value->addr);
		break;
	case FIELD_KEY:
		mnl_attr_put(request, field->attr, value->number, value->key);
		break;
	case FIELD_NEST:
		break;
	}
}

void params_put(const struct params *params, struct nlmsghdr *request)
{
	unsigned int i;

	for (i = 0; i < params->count; i++)
		if (params->values[i].text)
			param_put(&params->fields[i], &params->values[i],
				  request);
}

static bool attr_valid(const struct nlattr *attr, enum field_type type)
{
	size_t len = mnl_attr_get_payload_len(attr);

	switch (type) {
	case FIELD_U8:
		return len == sizeof(uint8_t);
	case FIELD_U16:
		return len == sizeof(uint16_t);
	case FIELD_U32:
	case FIELD_S32:
		return len == sizeof(uint32_t);
	case FIELD_U64:
		return len == sizeof(uint64_t);
	case FIELD_MAC:
		return len == ETH_ALEN;
	case FIELD_ADDR:
		return len == sizeof(struct in_addr) ||
		       len == sizeof(struct in6_addr);
	case FIELD_NAME:
		return !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING);
	case FIELD_NEST:
		return true;
	case FIELD_KEY:
		break;
	}
	return false;
}

/* The row of @attr, NULL if the tool does not know it. */
static const struct field *field_of(const struct nlattr *attr,
				    const struct field *fields,
				    unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (fields[i].attr == mnl_attr_get_type(attr))
			return &fields[i];
	return NULL;
}

static int attrs_add(struct attrs *attrs, const struct nlattr *attr,
		     const struct field *fields, unsigned int count)
{
	const struct field *field = field_of(attr, fields, count);

	if (!field)
		return 0;
	if (!attr_valid(attr, field->type)) {
		complain("the kernel sent \"%s\" in %u bytes: this mlagctl does not fit the module",
			 field->label, mnl_attr_get_payload_len(attr));
		return -1;
	}
	attrs->at[field->attr] = attr;
	return 0;
}

int attrs_parse(struct attrs *attrs, const struct nlmsghdr *message,
		const struct field *fields, unsigned int count)
{
	const struct nlattr *attr;

	memset(attrs, 0, sizeof(*attrs));
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr))
		if (attrs_add(attrs, attr, fields, count))
			return -1;
	return 0;
}

int attrs_parse_nest(struct attrs *attrs, const struct nlattr *nest,
		     const struct field *fields, unsigned int count)
{
	const struct nlattr *attr;

	memset(attrs, 0, sizeof(*attrs));
	mnl_attr_for_each_nested(attr, nest)
		if (attrs_add(attrs, attr, fields, count))
			return -1;
	return 0;
}

uint64_t attrs_number(const struct attrs *attrs, uint16_t attr)
{
	const struct nlattr *at = attrs->at[attr];

	if (!at)
		return 0;
	switch (mnl_attr_get_payload_len(at)) {
	case sizeof(uint8_t):
		return mnl_attr_get_u8(at);
	case sizeof(uint16_t):
		return mnl_attr_get_u16(at);
	case sizeof(uint32_t):
		return mnl_attr_get_u32(at);
	default:
		return mnl_attr_get_u64(at);
	}
}

const char *attrs_text(const struct attrs *attrs, uint16_t attr)
{
	return attrs->at[attr] ? mnl_attr_get_str(attrs->at[attr]) : NULL;
}

void print_lacp_bits(struct printer *p, const char *label, uint32_t bits)
{
	static const char letters[] = "ATGSCDFE";
	char text[FIELD_LACP_BITS + 1] = "";
	unsigned int i;

	for (i = 0; i < FIELD_LACP_BITS; i++)
		text[i] = bits & 1u << i ? letters[i] : '-';
	print_quoted(p, label, text);
}

static void print_device(struct printer *p, const char *label, uint32_t ifindex)
{
	char name[IFNAMSIZ + 1];

	if (!transport_ifname(ifindex, name))
		snprintf(name, sizeof(name), "if%" PRIu32, ifindex);
	print_str(p, label, name);
}

static void print_mac_auto(struct printer *p, const char *label,
			   const uint8_t *mac)
{
	static const uint8_t zero[ETH_ALEN];

	if (memcmp(mac, zero, ETH_ALEN))
		print_mac(p, label, mac);
	else
		print_str(p, label, "auto");
}

static void print_addr(struct printer *p, const char *label,
		       const struct nlattr *attr)
{
	bool v6 = mnl_attr_get_payload_len(attr) == sizeof(struct in6_addr);
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(v6 ? AF_INET6 : AF_INET, mnl_attr_get_payload(attr), text,
		  sizeof(text));
	print_str(p, label, text);
}

static void print_id(struct printer *p, const char *label, uint32_t id)
{
	char text[] = "00000000";

	snprintf(text, sizeof(text), "%08" PRIx32, id);
	print_str(p, label, id ? text : "none");
}

static void print_bridge_id(struct printer *p, const char *label, uint64_t id)
{
	char text[] = "8000.020000000a00";

	snprintf(text, sizeof(text), "%04x.%012" PRIx64,
		 (unsigned int)(id >> 48), id & 0xffffffffffff);
	print_str(p, label, text);
}

static void print_plain(struct printer *p, const struct field *field,
			const struct nlattr *attr, uint64_t number)
{
	switch (field->type) {
	case FIELD_NAME:
		print_str(p, field->label, mnl_attr_get_str(attr));
		break;
	case FIELD_MAC:
		print_mac(p, field->label, mnl_attr_get_payload(attr));
		break;
	case FIELD_ADDR:
		print_addr(p, field->label, attr);
		break;
	case FIELD_S32:
		print_int(p, field->label, (int32_t)number);
		break;
	default:
		print_uint(p, field->label, number);
	}
}

static void print_field(struct printer *p, const struct field *field,
			const struct attrs *attrs)
{
	const struct nlattr *attr = attrs->at[field->attr];
	const char *label = field->label;
	uint64_t number = 0;

	if (field->type != FIELD_NAME && field->type != FIELD_MAC &&
	    field->type != FIELD_ADDR)
		number = attrs_number(attrs, field->attr);

	switch (field->form) {
	case FORM_PLAIN:
		print_plain(p, field, attr, number);
		break;
	case FORM_HIDDEN:
		break;
	case FORM_YES_NO:
		print_bool(p, label, number);
		break;
	case FORM_ON_OFF:
		print_on_off(p, label, number);
		break;
	case FORM_WORD:
		print_word(p, label, field->words, number);
		break;
	case FORM_BITS:
		print_bits(p, label, field->words, number);
		break;
	case FORM_UNIT:
		print_unit(p, label, number, field->unit);
		break;
	case FORM_DURATION:
		print_duration(p, label, number);
		break;
	case FORM_STAMP:
		print_stamp(p, label, number);
		break;
	case FORM_HEX:
		print_hex(p, label, number);
		break;
	case FORM_ID:
		print_id(p, label, number);
		break;
	case FORM_QUOTED:
		print_quoted(p, label, mnl_attr_get_str(attr));
		break;
	case FORM_DEVICE:
		print_device(p, label, number);
		break;
	case FORM_BRIDGE_ID:
		print_bridge_id(p, label, number);
		break;
	case FORM_LACP_BITS:
		print_lacp_bits(p, label, number);
		break;
	case FORM_MAC_AUTO:
		print_mac_auto(p, label, mnl_attr_get_payload(attr));
		break;
	}
}

static bool field_shown(const struct printer *p, const struct field *field,
			const struct attrs *attrs)
{
	if (!attrs->at[field->attr])
		return false;
	if (p->json)
		return true;
	if (field->flags & FIELD_QUIET && !attrs_number(attrs, field->attr))
		return false;
	return !(field->flags & FIELD_DETAIL);
}

void attrs_print(struct printer *p, const struct attrs *attrs,
		 const struct field *fields, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (field_shown(p, &fields[i], attrs))
			print_field(p, &fields[i], attrs);
}

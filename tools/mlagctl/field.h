/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One row for each netlink attribute the tool knows: the word an operator
 * types and reads, the type on the wire, the form on the screen. Parsing,
 * sending, checking and printing all go by the row.
 */
#ifndef MLAGCTL_FIELD_H
#define MLAGCTL_FIELD_H

#include <net/ethernet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

#include "key_file.h"
#include "words.h"

struct args;
struct params;
struct printer;

/* On the wire. */
enum field_type {
	FIELD_U8 = 1,
	FIELD_U16,
	FIELD_U32,
	FIELD_U64,
	FIELD_S32,
	FIELD_NAME,	/* string */
	FIELD_MAC,
	FIELD_ADDR,	/* IPv4 or IPv6, as many bytes */
	FIELD_KEY,	/* contents of the file that was named; only sent */
	FIELD_NEST,
};

/* On the screen. */
enum field_form {
	FORM_PLAIN,	/* as the type suggests */
	FORM_HIDDEN,	/* checked, not printed */
	FORM_YES_NO,
	FORM_ON_OFF,
	FORM_WORD,	/* one of @words */
	FORM_BITS,	/* some of @words */
	FORM_UNIT,	/* number of @unit */
	FORM_DURATION,	/* milliseconds, as a time */
	FORM_STAMP,	/* nanoseconds of the monotonic clock */
	FORM_HEX,
	FORM_ID,	/* eight hexadecimal digits, 0 is "none" */
	FORM_QUOTED,
	FORM_DEVICE,	/* interface index, shown as name */
	FORM_BRIDGE_ID,	/* 8000.020000000a00 */
	FORM_LACP_BITS,	/* "A-GSCD--" */
	FORM_MAC_AUTO,	/* the zero address is "auto" */
};

enum field_flags {
	FIELD_INPUT = 1,	/* may be typed */
	FIELD_DETAIL = 2,	/* JSON only */
	FIELD_QUIET = 4,	/* in text only if it is not 0 */
};

enum field_limits {
	FIELD_ADDR_MAX = 16,
	FIELD_ATTR_MAX = 127,
	FIELD_COUNT_MAX = 64,
};

/**
 * struct field - one attribute
 * @label: the word, as typed and as printed
 * @attr: netlink number
 * @type: on the wire
 * @form: on the screen
 * @words: table of FORM_WORD and FORM_BITS; makes a typed word valid
 * @unit: of FORM_UNIT
 * @flags: enum field_flags
 * @tail: reads what stands behind the value of this word; 0 or MLAGCTL_USAGE
 */
struct field {
	const char *label;
	uint16_t attr;
	enum field_type type;
	enum field_form form;
	const struct word *words;
	const char *unit;
	unsigned int flags;
	int (*tail)(struct params *params, struct args *args, uint64_t value);
};

/**
 * struct param - one value that was typed
 * @text: as typed, NULL if it was not
 * @number: value of a number or word
 * @mac: value of FIELD_MAC
 * @addr: value of FIELD_ADDR, @number bytes of it
 * @key: value of FIELD_KEY, @number bytes of it
 */
struct param {
	const char *text;
	uint64_t number;
	uint8_t mac[ETH_ALEN];
	uint8_t addr[FIELD_ADDR_MAX];
	uint8_t key[KEY_MAX];
};

/**
 * struct params - all values of one command
 * @fields: rows, of which those with FIELD_INPUT may be typed
 * @count: rows
 * @values: same index as @fields
 */
struct params {
	const struct field *fields;
	unsigned int count;
	struct param values[FIELD_COUNT_MAX];
};

/* Read pairs of word and value to the end. 0 or MLAGCTL_USAGE. */
int params_parse(struct params *params, struct args *args);
/* Read the value of the row of @label, typed without that word. Same. */
int params_take(struct params *params, const char *label, struct args *args);
/* The row of @label must exist. */
struct param *params_get(struct params *params, const char *label);
const struct field *params_by_attr(const struct params *params, uint16_t attr,
				   const char **text);
void params_put(const struct params *params, struct nlmsghdr *request);

/**
 * struct attrs - attributes of one message or nest by number
 * @at: NULL for what is absent; checked against the rows
 */
struct attrs {
	const struct nlattr *at[FIELD_ATTR_MAX + 1];
};

/*
 * Sort and check. Attributes without a row are skipped; one of the wrong size
 * is an error, explained on stderr: -1.
 */
int attrs_parse(struct attrs *attrs, const struct nlmsghdr *message,
		const struct field *fields, unsigned int count);
int attrs_parse_nest(struct attrs *attrs, const struct nlattr *nest,
		     const struct field *fields, unsigned int count);

/* Values by number; 0, NULL if absent. */
uint64_t attrs_number(const struct attrs *attrs, uint16_t attr);
const char *attrs_text(const struct attrs *attrs, uint16_t attr);

/* Print what is present, in the order of the rows. */
void attrs_print(struct printer *p, const struct attrs *attrs,
		 const struct field *fields, unsigned int count);

/* "A-GSCD--": activity, timeout, aggregation, synchronization, ... */
void print_lacp_bits(struct printer *p, const char *label, uint32_t bits);

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif /* MLAGCTL_FIELD_H */

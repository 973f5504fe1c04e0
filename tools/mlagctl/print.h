/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One writer for text and JSON: a command names each value once and both forms
 * come from that call. The JSON key is the text label with '_' for '-' and the
 * unit behind it.
 */
#ifndef MLAGCTL_PRINT_H
#define MLAGCTL_PRINT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum print_limits {
	PRINT_DEPTH = 8,
};

/**
 * enum print_layout - how the values of one object stand in text
 * @PRINT_RECORD: a line each, "label: value", labels flush right (RouterOS)
 * @PRINT_ROW: all on one line, "label=value"
 */
enum print_layout {
	PRINT_RECORD,
	PRINT_ROW,
};

/**
 * struct printer - where output goes and how deep it is nested
 * @out: stream, owned by the caller
 * @json: JSON instead of text
 * @pretty: JSON over several lines
 * @width: columns of a label in a record
 * @layout: of the innermost text object
 * @depth: open JSON brackets
 * @filled: the bracket at that depth has a member already
 * @records: text records written, to put a blank line between them
 * @columns: values written on the current row
 */
struct printer {
	FILE *out;
	bool json;
	bool pretty;
	int width;
	enum print_layout layout;
	unsigned int depth;
	bool filled[PRINT_DEPTH];
	unsigned int records;
	unsigned int columns;
};

void print_init(struct printer *p, FILE *out, bool json, bool pretty);

/* The whole answer is a list; in text it leaves no trace. */
void print_list_begin(struct printer *p);
void print_list_end(struct printer *p);

/* A member that is a list; in text its rows simply follow. */
void print_group_begin(struct printer *p, const char *label);
void print_group_end(struct printer *p);

/* A member that is an object; in text its values simply follow. */
void print_object_begin(struct printer *p, const char *label);
void print_object_end(struct printer *p);

void print_record_begin(struct printer *p, int width);
void print_record_end(struct printer *p);

/* @title stands first on the line, in text only; may be NULL. */
void print_row_begin(struct printer *p, const char *title);
void print_row_end(struct printer *p);

/* Text of somebody else, without what a terminal would act on. */
void print_text(struct printer *p, const char *text);

/* One line of text that JSON readers do not need (a legend). */
void print_legend(struct printer *p, const char *text);

/**
 * struct print_flag - one letter before a row, one boolean in JSON
 * @letter: shown when @on, a blank otherwise
 * @label: JSON key
 * @on: value
 */
struct print_flag {
	char letter;
	const char *label;
	bool on;
};

void print_flags(struct printer *p, const struct print_flag *flags,
		 unsigned int count);

void print_str(struct printer *p, const char *label, const char *value);
void print_quoted(struct printer *p, const char *label, const char *value);
/* "yes" or "no"; print_on_off() says "on" or "off". JSON: true or false. */
void print_bool(struct printer *p, const char *label, bool value);
void print_on_off(struct printer *p, const char *label, bool value);
void print_uint(struct printer *p, const char *label, uint64_t value);
void print_int(struct printer *p, const char *label, int64_t value);
void print_hex(struct printer *p, const char *label, uint64_t value);
void print_mac(struct printer *p, const char *label, const uint8_t *mac);

/* @unit: "ms" or "s"; 200ms in text, "label_ms": 200 in JSON. */
void print_unit(struct printer *p, const char *label, uint64_t value,
		const char *unit);
/* Milliseconds that people read as a time: 2h0m1.250s, "label_ms": 7201250. */
void print_duration(struct printer *p, const char *label, uint64_t ms);
/* "[1234.567890]" in text, "label_ns" in JSON. */
void print_stamp(struct printer *p, const char *label, uint64_t ns);
/* Words of a list: "a b" in text, ["a", "b"] in JSON. */
void print_words(struct printer *p, const char *label,
		 const char *const *words, unsigned int count);

#endif /* MLAGCTL_PRINT_H */

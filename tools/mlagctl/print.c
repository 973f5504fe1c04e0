// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writer of text and JSON. Calls come in from the commands, one for each
 * value; bytes leave on one stream. Nothing is kept but the nesting, so that
 * output of any length needs no memory.
 */
#include <inttypes.h>
#include <string.h>

#include "print.h"

enum utf8 {
	UTF8_TAIL_MASK = 0xc0,
	UTF8_TAIL = 0x80,
};

void print_init(struct printer *p, FILE *out, bool json, bool pretty)
{
	memset(p, 0, sizeof(*p));
	p->out = out;
	p->json = json;
	p->pretty = pretty;
}

/* Length of a well-formed UTF-8 sequence at @s, 0 if it is none. */
static unsigned int utf8_length(const unsigned char *s)
{
	unsigned int len, i;

	if (*s < 0x80)
		return 1;
	if (*s >= 0xc2 && *s <= 0xdf)
		len = 2;
	else if (*s >= 0xe0 && *s <= 0xef)
		len = 3;
	else if (*s >= 0xf0 && *s <= 0xf4)
		len = 4;
	else
		return 0;

	for (i = 1; i < len; i++)
		if ((s[i] & UTF8_TAIL_MASK) != UTF8_TAIL)
			return 0;
	return len;
}

static void put_json_char(struct printer *p, unsigned char c)
{
	if (c == '"' || c == '\\')
		fprintf(p->out, "\\%c", c);
	else if (c < 0x20 || c >= 0x7f)
		fprintf(p->out, "\\u%04x", c);
	else
		fputc(c, p->out);
}

/*
 * A device name may hold any byte but '/', ':' and blanks: it must neither
 * break JSON nor reach a terminal as an escape sequence.
 */
void print_text(struct printer *p, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		unsigned int len = utf8_length(s);

		if (!len) {
			fputs(p->json ? "\\ufffd" : "?", p->out);
			s++;
			continue;
		}
		if (len > 1)
			fwrite(s, 1, len, p->out);
		else if (p->json)
			put_json_char(p, *s);
		else
			fputc(*s < 0x20 || *s == 0x7f ? '?' : *s, p->out);
		s += len;
	}
}

static void put_json_string(struct printer *p, const char *text)
{
	fputc('"', p->out);
	print_text(p, text);
	fputc('"', p->out);
}

static void json_newline(struct printer *p)
{
	unsigned int i;

	if (!p->pretty)
		return;
	fputc('\n', p->out);
	for (i = 0; i < p->depth; i++)
		fputs("    ", p->out);
}

/* Before each member: the comma, the line, and the key if there is one. */
static void json_member(struct printer *p, const char *label, const char *unit)
{
	if (p->depth) {
		if (p->filled[p->depth])
			fputc(',', p->out);
		p->filled[p->depth] = true;
		json_newline(p);
	}
	if (!label)
		return;
	fputc('"', p->out);
	for (; *label; label++)
		put_json_char(p, *label == '-' ? '_' : *label);
	if (unit)
		fprintf(p->out, "_%s", unit);
	fputs(p->pretty ? "\": " : "\":", p->out);
}

static void json_open(struct printer *p, const char *label, char bracket)
{
	json_member(p, label, NULL);
	fputc(bracket, p->out);
	if (p->depth < PRINT_DEPTH - 1)
		p->depth++;
	p->filled[p->depth] = false;
}

static void json_close(struct printer *p, char bracket)
{
	bool filled = p->filled[p->depth];

	if (p->depth)
		p->depth--;
	if (filled)
		json_newline(p);
	fputc(bracket, p->out);
	if (!p->depth)
		fputc('\n', p->out);
}

void print_list_begin(struct printer *p)
{
	if (p->json)
		json_open(p, NULL, '[');
}

void print_list_end(struct printer *p)
{
	if (p->json)
		json_close(p, ']');
}

void print_group_begin(struct printer *p, const char *label)
{
	if (p->json)
		json_open(p, label, '[');
}

void print_group_end(struct printer *p)
{
	if (p->json)
		json_close(p, ']');
}

void print_object_begin(struct printer *p, const char *label)
{
	if (p->json)
		json_open(p, label, '{');
}

void print_object_end(struct printer *p)
{
	if (p->json)
		json_close(p, '}');
}

void print_record_begin(struct printer *p, int width)
{
	p->layout = PRINT_RECORD;
	p->width = width;
	if (p->json)
		json_open(p, NULL, '{');
	else if (p->records++)
		fputc('\n', p->out);
}

void print_record_end(struct printer *p)
{
	if (p->json)
		json_close(p, '}');
}

void print_row_begin(struct printer *p, const char *title)
{
	p->layout = PRINT_ROW;
	p->columns = 0;
	if (p->json) {
		json_open(p, NULL, '{');
	} else if (title) {
		fputs(title, p->out);
		p->columns++;
	}
}

void print_row_end(struct printer *p)
{
	if (p->json)
		json_close(p, '}');
	else
		fputc('\n', p->out);
	p->layout = PRINT_RECORD;
}

void print_legend(struct printer *p, const char *text)
{
	if (!p->json)
		fprintf(p->out, "%s\n", text);
}

/* What stands before a value, in either form. */
static void value_begin(struct printer *p, const char *label, const char *unit)
{
	if (p->json)
		json_member(p, label, unit);
	else if (p->layout == PRINT_RECORD)
		fprintf(p->out, "%*s: ", p->width, label);
	else
		fprintf(p->out, "%s%s=", p->columns++ ? " " : "", label);
}

static void value_end(struct printer *p)
{
	if (!p->json && p->layout == PRINT_RECORD)
		fputc('\n', p->out);
}

void print_str(struct printer *p, const char *label, const char *value)
{
	value_begin(p, label, NULL);
	if (p->json)
		put_json_string(p, value);
	else
		print_text(p, value);
	value_end(p);
}

void print_quoted(struct printer *p, const char *label, const char *value)
{
	value_begin(p, label, NULL);
	put_json_string(p, value);
	value_end(p);
}

static void print_choice(struct printer *p, const char *label,
			 const char *json, const char *text)
{
	value_begin(p, label, NULL);
	fputs(p->json ? json : text, p->out);
	value_end(p);
}

void print_bool(struct printer *p, const char *label, bool value)
{
	print_choice(p, label, value ? "true" : "false", value ? "yes" : "no");
}

void print_on_off(struct printer *p, const char *label, bool value)
{
	print_choice(p, label, value ? "true" : "false", value ? "on" : "off");
}

void print_flags(struct printer *p, const struct print_flag *flags,
		 unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (p->json)
			print_bool(p, flags[i].label, flags[i].on);
		else
			fputc(flags[i].on ? flags[i].letter : ' ', p->out);
	}
	if (!p->json)
		p->columns++;
}

void print_uint(struct printer *p, const char *label, uint64_t value)
{
	value_begin(p, label, NULL);
	fprintf(p->out, "%" PRIu64, value);
	value_end(p);
}

void print_int(struct printer *p, const char *label, int64_t value)
{
	value_begin(p, label, NULL);
	fprintf(p->out, "%" PRId64, value);
	value_end(p);
}

/* A string in JSON: readers that keep numbers as doubles would round it. */
void print_hex(struct printer *p, const char *label, uint64_t value)
{
	const char *quote = p->json ? "\"" : "";

	value_begin(p, label, NULL);
	fprintf(p->out, "%s0x%016" PRIx64 "%s", quote, value, quote);
	value_end(p);
}

void print_mac(struct printer *p, const char *label, const uint8_t *mac)
{
	const char *quote = p->json ? "\"" : "";

	value_begin(p, label, NULL);
	fprintf(p->out, "%s%02x:%02x:%02x:%02x:%02x:%02x%s", quote, mac[0],
		mac[1], mac[2], mac[3], mac[4], mac[5], quote);
	value_end(p);
}

void print_unit(struct printer *p, const char *label, uint64_t value,
		const char *unit)
{
	value_begin(p, label, unit);
	fprintf(p->out, "%" PRIu64 "%s", value, p->json ? "" : unit);
	value_end(p);
}

static void put_duration(struct printer *p, uint64_t ms)
{
	uint64_t seconds = ms / 1000;

	if (seconds >= 86400)
		fprintf(p->out, "%" PRIu64 "d", seconds / 86400);
	if (seconds >= 3600)
		fprintf(p->out, "%" PRIu64 "h", seconds / 3600 % 24);
	if (seconds >= 60)
		fprintf(p->out, "%" PRIu64 "m", seconds / 60 % 60);
	fprintf(p->out, "%" PRIu64 ".%03" PRIu64 "s", seconds % 60, ms % 1000);
}

void print_duration(struct printer *p, const char *label, uint64_t ms)
{
	value_begin(p, label, "ms");
	if (p->json)
		fprintf(p->out, "%" PRIu64, ms);
	else
		put_duration(p, ms);
	value_end(p);
}

void print_stamp(struct printer *p, const char *label, uint64_t ns)
{
	if (p->json) {
		value_begin(p, label, "ns");
		fprintf(p->out, "%" PRIu64, ns);
		return;
	}
	fprintf(p->out, "%s[%5" PRIu64 ".%06" PRIu64 "]",
		p->columns++ ? " " : "", ns / 1000000000, ns / 1000 % 1000000);
}

void print_words(struct printer *p, const char *label,
		 const char *const *words, unsigned int count)
{
	unsigned int i;

	if (p->json) {
		json_open(p, label, '[');
		for (i = 0; i < count; i++) {
			json_member(p, NULL, NULL);
			put_json_string(p, words[i]);
		}
		json_close(p, ']');
		return;
	}
	value_begin(p, label, NULL);
	for (i = 0; i < count; i++) {
		fputs(i ? " " : "", p->out);
		print_text(p, words[i]);
	}
	value_end(p);
}

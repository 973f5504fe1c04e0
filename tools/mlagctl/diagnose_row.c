// SPDX-License-Identifier: GPL-2.0-only
/*
 * A row of diagnose: what is wrong, in a sentence, and what to do, as a command
 * with the names of what it is about. Ailments and names come in; where
 * no name is known the word for it stays.
 */
#include <stdio.h>
#include <string.h>

#include "diagnose.h"
#include "mlagctl.h"

static const char *const words[DIAGNOSE_NAMES] = {
	[DIAGNOSE_BRIDGE] = "BRIDGE",
	[DIAGNOSE_PEER_PORT] = "PEER-PORT",
	[DIAGNOSE_LEG] = "LEG",
	[DIAGNOSE_BOND] = "BOND",
	[DIAGNOSE_VIDS] = "VIDS",
};

/* The name that @text begins with a word for; @len of the word. */
static const char *name_at(const struct diagnosis *d, const char *text,
			   size_t *len)
{
	unsigned int i;

	for (i = 0; i < DIAGNOSE_NAMES; i++) {
		*len = strlen(words[i]);
		if (d->names[i] && !strncmp(text, words[i], *len))
			return d->names[i];
	}
	return NULL;
}

/* A sentence that would not fit is cut. */
static void fill_in(const struct diagnosis *d, char *to, size_t size,
		    const char *from)
{
	const char *name;
	size_t len, n;

	while (*from && size > 1) {
		name = name_at(d, from, &len);
		n = name ? (size_t)snprintf(to, size, "%s", name) : 1;
		if (!name)
			*to = *from;
		if (n >= size)
			return;
		from += name ? len : 1;
		to += n;
		size -= n;
	}
	*to = '\0';
}

void diagnose_begin(struct diagnosis *d, const char *bridge)
{
	d->rows++;
	memset(d->names, 0, sizeof(d->names));
	d->names[DIAGNOSE_BRIDGE] = bridge;
	print_row_begin(d->p, NULL);
	if (bridge)
		print_str(d->p, "bridge", bridge);
}

static void print_sentence(struct diagnosis *d, const char *key,
			   const char *sentence)
{
	char text[DIAGNOSE_SENTENCE];

	if (!sentence)
		return;
	fill_in(d, text, sizeof(text), sentence);
	print_quoted(d->p, key, text);
}

void diagnose_end(struct diagnosis *d, const struct ailment *ailment)
{
	print_sentence(d, "finding", ailment->what);
	print_sentence(d, "advice", ailment->advice);
	print_row_end(d->p);
}

const struct ailment *ailment_find(const struct ailment *table,
				   unsigned int count, const char *reason)
{
	unsigned int i;

	for (i = 0; reason && i < count; i++)
		if (!strcmp(table[i].reason, reason))
			return &table[i];
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the tree as a unit test sees them: read one, or see that a table of
 * the manual is what the code makes of it. With DOC_WRITE in the environment
 * it becomes that first: see Documentation/tables.sh.
 */
#ifndef _SELFTESTS_TREE_H
#define _SELFTESTS_TREE_H

#include <stdlib.h>

#include "ktap.h"

enum { TREE_FILE_MAX = 1 << 17 };	/* of a document, bytes */

/* A file of the tree, found from this one; NULL if not there */
static inline FILE *tree_open(const char *name, const char *mode)
{
	const char *here = strstr(__FILE__, "selftests/unit/");
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%.*s%s", (int)(here - __FILE__),
		 __FILE__, name);
	f = fopen(path, mode);
	if (!f)
		printf("# cannot open %s\n", path);
	return f;
}

/* Its text, for free(); NULL if not there */
static inline char *tree_read(const char *name)
{
	char *text = malloc(TREE_FILE_MAX);
	FILE *f = tree_open(name, "r");

	if (!f || !text) {
		free(text);
		return NULL;
	}
	text[fread(text, 1, TREE_FILE_MAX - 1, f)] = 0;
	fclose(f);
	return text;
}

static inline void tree_write(const char *name, const char *text)
{
	FILE *f = tree_open(name, "w");

	ASSERT(f);
	fputs(text, f);
	EXPECT(!fclose(f));
}

/* The file is what it should be */
static inline void tree_expect(const char *name, const char *text)
{
	char *found;

	if (getenv("DOC_WRITE"))
		tree_write(name, text);
	found = tree_read(name);
	ASSERT(found);
	if (!EXPECT(!strcmp(found, text)))
		printf("# %s is out of date: run Documentation/tables.sh\n",
		       name);
	free(found);
}

#endif

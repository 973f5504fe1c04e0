/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of the diagnose command: one row for each thing that is
 * wrong, a word, a sentence and an advice.
 */
#ifndef MLAGCTL_DIAGNOSE_H
#define MLAGCTL_DIAGNOSE_H

#include <stdbool.h>
#include <stdint.h>

#include "mlagctl.h"

struct args;
struct attrs;
struct ctx;
struct nl_family;
struct nlmsghdr;
struct printer;

enum diagnose_limits {
	DIAGNOSE_SENTENCE = 256,
};

/* What a sentence may name: BRIDGE, PEER-PORT, LEG, BOND, VIDS. */
enum diagnose_name {
	DIAGNOSE_BRIDGE,
	DIAGNOSE_PEER_PORT,
	DIAGNOSE_LEG,
	DIAGNOSE_BOND,
	DIAGNOSE_VIDS,
	DIAGNOSE_NAMES
};

/**
 * struct diagnosis - one run of the command
 * @p: writer
 * @name: device that was named, NULL for all
 * @ifindex: of @name
 * @rows: printed so far
 * @domains: of these, seen
 * @replies: all domains
 * @names: of the row that was begun, by enum diagnose_name
 */
struct diagnosis {
	struct printer *p;
	const char *name;
	uint32_t ifindex;
	unsigned int rows;
	unsigned int domains;
	const struct nl_replies *replies;
	const char *names[DIAGNOSE_NAMES];
};

/**
 * struct ailment - what is wrong, in the words of the kernel and of people
 * @reason: word of the kernel
 * @what: sentence
 * @advice: what to do
 * @passes: no fault: it ends by itself, or somebody wanted it
 */
struct ailment {
	const char *reason;
	const char *what;
	const char *advice;
	bool passes;
};

/*
 * A row begins, of the domain @bridge if it is of one, and ends with sentence
 * and advice. Names that are set in between stand in these. diagnose_row.c
 */
void diagnose_begin(struct diagnosis *d, const char *bridge);
void diagnose_end(struct diagnosis *d, const struct ailment *ailment);

/* The ailment of a reason, NULL if nobody knows it. */
const struct ailment *ailment_find(const struct ailment *table,
				   unsigned int count, const char *reason);

/* The peer-port of a domain, by the index of its bridge. */
const char *diagnose_peer_port(const struct diagnosis *d, uint32_t bridge);

/* The same end, with severity and reason before it. */
void diagnose_domain_end(struct diagnosis *d, const char *severity,
			 const struct ailment *ailment);

/* Is it about the bridge or leg that was named? Attributes with an index. */
bool diagnose_wanted(const struct diagnosis *d, const struct attrs *attrs,
		     uint16_t bridge, uint16_t leg);

/* Domains, their legs and findings. Exit codes. diagnose_domain.c, _finding.c */
int diagnose_domains(struct ctx *ctx, const struct args *args,
		     struct diagnosis *d);
int diagnose_findings(struct ctx *ctx, const struct args *args,
		      const struct nl_family *family, struct diagnosis *d);

#endif /* MLAGCTL_DIAGNOSE_H */

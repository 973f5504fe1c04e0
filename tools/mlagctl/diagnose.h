/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files of the diagnose command: one row for each thing that is
 * wrong, a word, a sentence and an advice.
 */
#ifndef MLAGCTL_DIAGNOSE_H
#define MLAGCTL_DIAGNOSE_H

#include <stdbool.h>
#include <stdint.h>

struct args;
struct attrs;
struct ctx;
struct nl_family;
struct nlmsghdr;
struct printer;

enum diagnose_limits {
	DIAGNOSE_SENTENCE = 256,
};

/**
 * struct diagnosis - one run of the command
 * @p: writer
 * @name: device that was named, NULL for all
 * @ifindex: of @name
 * @rows: printed so far
 * @domains: of these, seen
 */
struct diagnosis {
	struct printer *p;
	const char *name;
	uint32_t ifindex;
	unsigned int rows;
	unsigned int domains;
};

/**
 * struct ailment - what is wrong, in the words of the kernel and of people
 * @reason: word of the kernel
 * @what: sentence
 * @advice: what to do
 */
struct ailment {
	const char *reason;
	const char *what;
	const char *advice;
};

/* Row of the domain @bridge begins, and ends with what is wrong. */
void diagnose_begin(struct diagnosis *d, const char *bridge);
void diagnose_end(struct diagnosis *d, const char *severity,
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

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every command gets and what it may call: context, exit codes,
 * complaints. The commands themselves are declared here, one line each, with
 * nothing of their insides.
 */
#ifndef MLAGCTL_H
#define MLAGCTL_H

#include <stdbool.h>
#include <stdint.h>

#include "args.h"
#include "field.h"
#include "nl.h"
#include "print.h"

/* Exit codes, also the return values of commands. */
enum mlagctl_exit {
	MLAGCTL_OK,
	MLAGCTL_REFUSED,	/* by the kernel, or it could not be asked */
	MLAGCTL_USAGE,
};

/**
 * struct ctx - one run of the tool
 * @out: writer of the answer
 * @nl: socket for requests, open
 * @follow: -f was given
 */
struct ctx {
	struct printer out;
	struct nl nl;
	bool follow;
};

/* The whole tool but main(); tests call it. */
int mlagctl_run(int argc, char **argv);

int cmd_domain(struct ctx *ctx, struct args *args);
int cmd_monitor(struct ctx *ctx, struct args *args);
int cmd_bond(struct ctx *ctx, struct args *args);
int cmd_fdb(struct ctx *ctx, struct args *args);
int cmd_events(struct ctx *ctx, struct args *args);
int cmd_counters(struct ctx *ctx, struct args *args);
int cmd_maintenance(struct ctx *ctx, struct args *args);
int cmd_diagnose(struct ctx *ctx, struct args *args);
int cmd_graph(struct ctx *ctx, struct args *args);
int cmd_metrics(struct ctx *ctx, struct args *args);

/* Ports of the bond with this index, of all bonds if it is 0: cmd_bond.c. */
int ports_get(struct ctx *ctx, const struct args *args, uint32_t bond,
	      struct nl_replies *ports);

/* "mlagctl: ..." on stderr. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Look up a family; without it, say which module is to be loaded. 0 or -1. */
int family_need(struct ctx *ctx, const char *name, struct nl_family *family);

/*
 * Send @request of the command @args stands at and collect the answer; a
 * refusal is put in the words that were typed. @params may be NULL. Returns an
 * exit code.
 */
int request_run(struct ctx *ctx, const struct args *args,
		const struct params *params, struct nlmsghdr *request,
		struct nl_replies *replies);

/* The same where there is no answer but that it was done. */
int request_do(struct ctx *ctx, const struct args *args,
	       const struct params *params, struct nlmsghdr *request);

/* Index of a device named on the command line; 0 after a complaint. */
uint32_t device_index(const char *name);

#endif /* MLAGCTL_H */

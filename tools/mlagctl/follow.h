/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * "-f" of commands that show a state: show it, then again after each event.
 */
#ifndef MLAGCTL_FOLLOW_H
#define MLAGCTL_FOLLOW_H

struct args;
struct ctx;

/**
 * typedef follow_fn - show the state once
 * @name: device it is about, NULL for all
 * Return: exit code
 */
typedef int follow_fn(struct ctx *ctx, const struct args *args,
		      const char *name);

/* Without -f: once. With it: until @show fails. Returns an exit code. */
int follow_show(struct ctx *ctx, struct args *args, const char *family,
		follow_fn *show);

#endif /* MLAGCTL_FOLLOW_H */

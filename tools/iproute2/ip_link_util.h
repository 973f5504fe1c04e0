/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a plug-in of `ip` needs to know of it. No package installs a header
 * for this; layout and prototypes are those of iproute2 from 5.10 to 7.x.
 */
#ifndef _IP_LINK_UTIL_H
#define _IP_LINK_UTIL_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdio.h>

struct link_util {
	struct link_util *next;
	const char *id;
	int maxattr;
	int (*parse_opt)(struct link_util *lu, int argc, char **argv,
			 struct nlmsghdr *n);
	void (*print_opt)(struct link_util *lu, FILE *f, struct rtattr *tb[]);
	void (*print_xstats)(struct link_util *lu, FILE *f,
			     struct rtattr *xstats);
	void (*print_help)(struct link_util *lu, int argc, char **argv,
			   FILE *f);
	int (*parse_ifla_xstats)(struct link_util *lu, int argc, char **argv);
	int (*print_ifla_xstats)(struct nlmsghdr *n, void *arg);
};

/* `ip link` builds its request in a buffer of this size. */
#define IP_REQUEST_SIZE	1024

enum output_type {
	PRINT_FP	= 1,
	PRINT_JSON	= 2,
	PRINT_ANY	= 4,
};

#define COLOR_NONE	6

int addattr8(struct nlmsghdr *n, int maxlen, int type, __u8 data);
int addattr16(struct nlmsghdr *n, int maxlen, int type, __u16 data);
int addattr32(struct nlmsghdr *n, int maxlen, int type, __u32 data);
int addattr_l(struct nlmsghdr *n, int maxlen, int type, const void *data,
	      int len);
struct rtattr *addattr_nest(struct nlmsghdr *n, int maxlen, int type);
int addattr_nest_end(struct nlmsghdr *n, struct rtattr *nest);
int parse_rtattr_flags(struct rtattr *tb[], int max, struct rtattr *rta,
		       int len, unsigned short flags);

void invarg(const char *msg, const char *arg) __attribute__((noreturn));
void incomplete_command(void) __attribute__((noreturn));
int nodev(const char *dev);

unsigned int ll_name_to_index(const char *name);
const char *ll_index_to_name(unsigned int idx);
int ll_addr_a2n(char *lladdr, int len, const char *arg);
const char *ll_addr_n2a(const unsigned char *addr, int alen, int type,
			char *buf, int blen);

int print_color_string(enum output_type t, int color, const char *key,
		       const char *fmt, const char *value);
int print_color_uint(enum output_type t, int color, const char *key,
		     const char *fmt, unsigned int value);
int print_color_int(enum output_type t, int color, const char *key,
		    const char *fmt, int value);
int print_color_null(enum output_type t, int color, const char *key,
		     const char *fmt, const char *value);
void open_json_object(const char *key);
void close_json_object(void);
void open_json_array(enum output_type t, const char *key);
void close_json_array(enum output_type t, const char *delim);

#endif

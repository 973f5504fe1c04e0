// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options as text.
 *
 * A line written to a file, or a module parameter, enters and becomes the same
 * request that netlink makes; what a file shows leaves. What a row of the table
 * does not say is not known here.
 */
#include <linux/etherdevice.h>
#include <linux/inet.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sysfs.h>

#include "core/opt_text.h"
#include "fault.h"
#include "mbond.h"
#include "opts.h"
#include "text.h"

enum {
	ADDR_TEXT	= 48,	/* the longest IPv6 address, its zero */
};

static int refuse(const char *word, struct mbond_fault *fault,
		  struct netlink_ext_ack *extack)
{
	fault->text = *word ? word : "(nothing)";
	return mbond_fault_report(fault, NULL, extack);
}

/* A word that stands for nothing */
static int refuse_word(const struct mbond_opt *opt, const char *word,
		       struct netlink_ext_ack *extack)
{
	struct mbond_fault fault = {
		.kind	= MBOND_FAULT_VALUE,
		.err	= -EINVAL,
		.opt	= opt,
	};

	return refuse(word, &fault, extack);
}

static int stage_number(struct mbond_request *req, const struct mbond_opt *opt,
			const char *word, struct netlink_ext_ack *extack)
{
	struct mbond_fault fault;
	s64 value;

	/* what is a number, but not a good one, is refused by the check */
	if (mbond_text_number(opt, word, &value) == -EINVAL)
		return refuse_word(opt, word, extack);
	if (mbond_request_set(req, opt, value, &fault))
		return refuse(word, &fault, extack);
	return 0;
}

static int stage_mac(struct mbond_request *req, const struct mbond_opt *opt,
		     const char *word, struct netlink_ext_ack *extack)
{
	struct mbond_fault fault;
	u8 mac[ETH_ALEN];

	if (mbond_text_mac(word, mac))
		return refuse_word(opt, word, extack);
	if (mbond_request_set_mac(req, opt, mac, &fault))
		return refuse(word, &fault, extack);
	return 0;
}

static int stage_name(struct mbond_request *req, const struct mbond_opt *opt,
		      const char *word, struct netlink_ext_ack *extack)
{
	if (strlen(word) >= IFNAMSIZ)
		return refuse_word(opt, word, extack);
	mbond_request_set_primary(req, word);
	return 0;
}

/* Nothing may follow; the kernel's own parsers are content with a beginning */
static bool read_addr(const struct mbond_opt *opt, const char *text, u8 *addr)
{
	const char *end;

	if (opt->kind == MBOND_KIND_IP4S)
		return in4_pton(text, -1, addr, '\0', &end) && !*end;
	return in6_pton(text, -1, addr, '\0', &end) && !*end;
}

static int add_addr(struct mbond_request *req, const struct mbond_opt *opt,
		    const char *text, struct netlink_ext_ack *extack)
{
	struct mbond_fault fault;
	u8 addr[MBOND_IP6_LEN];

	if (!read_addr(opt, text, addr))
		return refuse_word(opt, text, extack);
	if (mbond_request_add_addr(req, opt, addr, &fault))
		return refuse(text, &fault, extack);
	return 0;
}

static int del_addr(struct mbond_request *req, const struct mbond_opt *opt,
		    const char *text, struct netlink_ext_ack *extack)
{
	u8 addr[MBOND_IP6_LEN];

	if (read_addr(opt, text, addr) &&
	    mbond_request_del_addr(req, opt, addr))
		return 0;
	NL_SET_ERR_MSG_FMT(extack, "%s %s is not in the list", opt->name,
			   text);
	return -EINVAL;
}

/*
 * "+ADDR" or "-ADDR", as written to a file. Errors as bonding's: -EPERM for what
 * is neither, -EINVAL for an address that cannot come or go.
 */
static int stage_change(struct mbond_request *req, const struct mbond_opt *opt,
			const char *text, struct netlink_ext_ack *extack)
{
	char word[ADDR_TEXT];
	u8 addr[MBOND_IP6_LEN];

	strscpy(word, *text ? skip_spaces(text + 1) : "", sizeof(word));
	word[strcspn(word, " \t\r\n")] = 0;
	if (*text != '+' && *text != '-') {
		refuse_word(opt, "without + or -", extack);
		return -EPERM;
	}
	if (!read_addr(opt, word, addr)) {
		refuse_word(opt, word, extack);
		return -EPERM;
	}
	if (*text == '+')
		return add_addr(req, opt, word, extack);
	return del_addr(req, opt, word, extack);
}

/* "ADDR,ADDR" of a module parameter */
static int stage_list(struct mbond_request *req, const struct mbond_opt *opt,
		      const char *text, struct netlink_ext_ack *extack)
{
	char word[ADDR_TEXT];
	size_t len;
	int err;

	mbond_request_clear_list(req, opt);
	while (*text && *text != '\n') {
		len = strcspn(text, ",\n");
		strscpy(word, text, min(len + 1, sizeof(word)));
		err = add_addr(req, opt, word, extack);
		if (err)
			return err;
		text += len + (text[len] == ',');
	}
	return 0;
}

/**
 * mbond_text_stage() - stage an option that came as text
 * @req: request
 * @opt: row of a bond's part of the table, no action
 * @text: line; the first word counts. An empty one takes a port's name back
 * @extack: gets the refusal
 *
 * Return: 0, or -EINVAL for what is no value.
 */
int mbond_text_stage(struct mbond_request *req, const struct mbond_opt *opt,
		     const char *text, struct netlink_ext_ack *extack)
{
	char word[MBOND_WORD_LEN];

	if (mbond_opt_is_list(opt))
		return stage_list(req, opt, text, extack);
	if (!mbond_text_word(text, word))
		return refuse_word(opt, word, extack);
	switch (opt->kind) {
	case MBOND_KIND_DEV:
		return stage_name(req, opt, word, extack);
	case MBOND_KIND_MAC:
		return stage_mac(req, opt, word, extack);
	default:
		return stage_number(req, opt, word, extack);
	}
}

static int stage_active(struct mbond *bond, const struct mbond_opt *opt,
			const char *text, struct mbond_request *req,
			struct netlink_ext_ack *extack)
{
	struct net_device *dev = NULL;
	char word[MBOND_WORD_LEN];

	mbond_text_word(text, word);
	if (*word) {
		dev = __dev_get_by_name(dev_net(bond->dev), word);
		if (!dev) {
			NL_SET_ERR_MSG_FMT(extack,
					   "%s: there is no interface %s",
					   opt->name, word);
			return -ENODEV;
		}
	}
	mbond_request_set_active(req, dev ? dev->ifindex : 0);
	return 0;
}

static int stage(struct mbond *bond, const struct mbond_opt *opt,
		 const char *text, struct mbond_request *req,
		 struct netlink_ext_ack *extack)
{
	if (opt->flags & MBOND_OPT_ACTION)
		return stage_active(bond, opt, text, req, extack);
	if (mbond_opt_is_list(opt))
		return stage_change(req, opt, text, extack);
	return mbond_text_stage(req, opt, text, extack);
}

/* rtnetlink tells of what came by netlink, nobody of what came as text */
static void tell(struct net_device *dev)
{
	if (dev->flags & IFF_UP)
		call_netdevice_notifiers(NETDEV_CHANGEINFODATA, dev);
}

/**
 * mbond_text_set() - change an option of a live bond
 * @bond: the bond
 * @opt: row of a bond's part of the table
 * @text: line
 * @extack: gets the refusal
 *
 * RTNL held, may sleep.
 *
 * Return: 0, or as mbond_opts_stage() and mbond_opts_apply().
 */
int mbond_text_set(struct mbond *bond, const struct mbond_opt *opt,
		   const char *text, struct netlink_ext_ack *extack)
{
	char word[MBOND_WORD_LEN];
	struct mbond_fault fault;
	struct mbond_request req;
	bool changes;
	int err;

	ASSERT_RTNL();
	mbond_request_init(&req, &bond->params);
	err = stage(bond, opt, text, &req, extack);
	if (err)
		return err;
	mbond_text_word(text, word);
	if (mbond_opts_judge(bond, &req, &fault))
		return refuse(word, &fault, extack);
	err = mbond_opts_judge_active(bond, &req, NULL, extack);
	if (err)
		return err;
	changes = mbond_params_diff(&req.params, &bond->params);
	err = mbond_opts_apply(bond, &req, extack);
	if (!err && changes)
		tell(bond->dev);
	return err;
}

/**
 * mbond_text_set_port() - change an option of a port
 * @port: the port
 * @opt: row of the port's part of the table
 * @text: line
 * @extack: gets the refusal
 *
 * RTNL held, may sleep.
 *
 * Return: 0, or as mbond_port_opts_apply().
 */
int mbond_text_set_port(struct mbond_port *port, const struct mbond_opt *opt,
			const char *text, struct netlink_ext_ack *extack)
{
	struct mbond_port_params params = port->params;
	char word[MBOND_WORD_LEN];
	struct mbond_fault fault;
	bool changes;
	s64 value;
	int err;

	ASSERT_RTNL();
	mbond_text_word(text, word);
	if (mbond_text_number(opt, word, &value) == -EINVAL)
		return refuse_word(opt, word, extack);
	if (mbond_port_opt_set(&params, port->bond->params.mode, opt, value,
			       &fault))
		return refuse(word, &fault, extack);
	changes = memcmp(&params, &port->params, sizeof(params));
	err = mbond_port_opts_commit(port, &params, NULL, extack);
	if (!err && changes)
		tell(port->dev);
	return err;
}

static int print_list(const struct mbond_opt *opt,
		      const struct mbond_params *params, char *buf)
{
	const u8 *addr;
	int len = 0;
	int i;

	for (i = 0; (addr = mbond_opt_addr(opt, params, i)); i++)
		len += opt->kind == MBOND_KIND_IP4S ?
		       sysfs_emit_at(buf, len, "%pI4 ", addr) :
		       sysfs_emit_at(buf, len, "%pI6c ", addr);
	if (len)
		buf[len - 1] = '\n';
	return len;
}

/**
 * mbond_text_print() - what an option is set to, as bonding shows it in sysfs
 * @opt: row, no action
 * @params: struct mbond_params or mbond_port_params
 * @buf: a page, gets "WORD NUMBER", a number, an address or a name
 *
 * Return: length.
 */
int mbond_text_print(const struct mbond_opt *opt, const void *params,
		     char *buf)
{
	const void *field = (const char *)params + opt->offset;
	const struct mbond_word *word;
	s64 value;

	if (mbond_opt_is_list(opt))
		return print_list(opt, params, buf);
	if (opt->kind == MBOND_KIND_MAC)
		return sysfs_emit(buf, "%pM\n", field);
	if (opt->kind == MBOND_KIND_DEV)
		return sysfs_emit(buf, "%s\n", (const char *)field);
	value = mbond_opt_get(opt, params);
	word = mbond_opt_word(opt, value);
	if (word)
		return sysfs_emit(buf, "%s %lld\n", word->word, value);
	return sysfs_emit(buf, "%lld\n", value);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink family "mlagbond", as its specification says.
 *
 * Questions about bonds, ports and counters enter, one message for each thing
 * leaves; state changes leave as events of the multicast group.
 */
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "genl.h"
#include "mbond.h"
#include "netdev.h"
#include "show.h"

enum {
	EVENT_SIZE	= 512,	/* bytes of one event, its words included */
};

static const struct nla_policy bond_policy[] = {
	[MLAGBOND_A_BOND_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct nla_policy port_policy[] = {
	[MLAGBOND_A_PORT_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MLAGBOND_A_PORT_BOND]		= NLA_POLICY_MIN(NLA_U32, 1),
};

static const struct nla_policy counters_policy[] = {
	[MLAGBOND_A_COUNTERS_IFINDEX]	= NLA_POLICY_MIN(NLA_U32, 1),
	[MLAGBOND_A_COUNTERS_BOND]	= NLA_POLICY_MIN(NLA_U32, 1),
};

static struct genl_family genl_family;

/* Either argument of a show function; one is set. */
struct subject {
	struct mbond *bond;
	struct mbond_port *port;
};

typedef int (*show_fn)(struct sk_buff *skb, const struct subject *subject);

static int show_bond(struct sk_buff *skb, const struct subject *subject)
{
	return mbond_show_bond(skb, subject->bond);
}

static int show_port(struct sk_buff *skb, const struct subject *subject)
{
	return mbond_show_port(skb, subject->port);
}

static int show_counters(struct sk_buff *skb, const struct subject *subject)
{
	if (subject->port)
		return mbond_show_port_counters(skb, subject->port);
	return mbond_show_bond_counters(skb, subject->bond);
}

static struct net_device *find_dev(struct net *net, const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	u32 ifindex = nla_get_u32(attr);
	struct net_device *dev = NULL;

	if (ifindex <= INT_MAX)
		dev = __dev_get_by_index(net, ifindex);
	if (!dev)
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"there is no interface %u", ifindex);
	return dev;
}

/* What request attribute @attr names: a bond, a port, or either. */
static int find_subject(struct net *net, const struct nlattr *attr,
			bool bonds, bool ports, struct subject *subject,
			struct netlink_ext_ack *extack)
{
	struct net_device *dev = find_dev(net, attr, extack);

	memset(subject, 0, sizeof(*subject));
	if (!dev)
		return -ENODEV;
	if (bonds && mbond_dev_check(dev))
		subject->bond = netdev_priv(dev);
	else if (ports)
		subject->port = mbond_port_get_rtnl(dev);
	if (subject->bond || subject->port)
		return 0;
	NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "%s is no %s of kind mlagbond",
				dev->name, !ports ? "bond" :
				!bonds ? "port" : "bond or port");
	return -EINVAL;
}

static int reply(struct genl_info *info, const struct subject *subject,
		 show_fn show)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	void *hdr;

	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &genl_family, 0, info->genlhdr->cmd);
	if (!hdr || show(skb, subject)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

static int get_one(struct genl_info *info, int attr, int other_attr,
		   bool bonds, bool ports, show_fn show)
{
	struct subject subject;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, attr)) {
		NL_SET_ERR_MSG(info->extack, "ifindex is missing");
		return -EINVAL;
	}
	if (other_attr && info->attrs[other_attr]) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[other_attr],
				    "bond selects in a dump only");
		return -EINVAL;
	}
	rtnl_lock();
	err = find_subject(genl_info_net(info), info->attrs[attr], bonds,
			   ports, &subject, info->extack);
	if (!err)
		err = reply(info, &subject, show);
	rtnl_unlock();
	return err;
}

static int bond_get(struct sk_buff *skb, struct genl_info *info)
{
	return get_one(info, MLAGBOND_A_BOND_IFINDEX, 0, true, false,
		       show_bond);
}

static int port_get(struct sk_buff *skb, struct genl_info *info)
{
	return get_one(info, MLAGBOND_A_PORT_IFINDEX, MLAGBOND_A_PORT_BOND,
		       false, true, show_port);
}

static int counters_get(struct sk_buff *skb, struct genl_info *info)
{
	return get_one(info, MLAGBOND_A_COUNTERS_IFINDEX,
		       MLAGBOND_A_COUNTERS_BOND, true, true, show_counters);
}

/**
 * struct walk - one round of a dump
 * @skb: message to fill
 * @cb: of the dump; args[0] is how many subjects are done
 * @cmd: command of the messages
 * @show: what to put for each
 * @bonds: bonds are subjects
 * @ports: ports are subjects
 * @at: number of the subject the walk is at
 */
struct walk {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	u8 cmd;
	show_fn show;
	bool bonds;
	bool ports;
	long at;
};

static int walk_subject(struct walk *walk, const struct subject *subject)
{
	struct netlink_callback *cb = walk->cb;
	void *hdr;

	if (walk->at++ < cb->args[0])
		return 0;
	hdr = genlmsg_put(walk->skb, NETLINK_CB(cb->skb).portid,
			  cb->nlh->nlmsg_seq, &genl_family, NLM_F_MULTI,
			  walk->cmd);
	if (!hdr)
		return -EMSGSIZE;
	if (walk->show(walk->skb, subject)) {
		genlmsg_cancel(walk->skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(walk->skb, hdr);
	cb->args[0] = walk->at;
	return 0;
}

static int walk_bond(struct walk *walk, struct mbond *bond)
{
	struct subject subject = { .bond = bond };
	int err = 0;

	if (walk->bonds)
		err = walk_subject(walk, &subject);
	subject.bond = NULL;
	if (err || !walk->ports)
		return err;
	mbond_for_each_port(bond, subject.port) {
		err = walk_subject(walk, &subject);
		if (err)
			break;
	}
	return err;
}

static int walk_net(struct walk *walk, struct net *net)
{
	struct net_device *dev;
	int err = 0;

	for_each_netdev(net, dev) {
		if (mbond_dev_check(dev))
			err = walk_bond(walk, netdev_priv(dev));
		if (err)
			break;
	}
	return err;
}

/* All subjects of the namespace, or of the bond that @filter names. */
static int walk_all(struct walk *walk, const struct nlattr *filter)
{
	struct net *net = sock_net(walk->cb->skb->sk);
	struct subject subject;
	int err;

	rtnl_lock();
	if (filter)
		err = find_subject(net, filter, true, false, &subject,
				   walk->cb->extack);
	else
		err = walk_net(walk, net);
	if (filter && !err)
		err = walk_bond(walk, subject.bond);
	rtnl_unlock();
	if (err == -EMSGSIZE && walk->skb->len)
		err = 0;
	return err ?: walk->skb->len;
}

static int refuse_selector(struct netlink_callback *cb, int attr)
{
	const struct nlattr *nla = genl_info_dump(cb)->attrs[attr];

	if (!nla)
		return 0;
	NL_SET_ERR_MSG_ATTR(cb->extack, nla,
			    "ifindex selects outside of a dump only");
	return -EINVAL;
}

static int bonds_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct walk walk = {
		.skb = skb,
		.cb = cb,
		.cmd = MLAGBOND_CMD_BOND_GET,
		.show = show_bond,
		.bonds = true,
	};

	return refuse_selector(cb, MLAGBOND_A_BOND_IFINDEX) ?:
	       walk_all(&walk, NULL);
}

static int ports_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct walk walk = {
		.skb = skb,
		.cb = cb,
		.cmd = MLAGBOND_CMD_PORT_GET,
		.show = show_port,
		.ports = true,
	};

	return refuse_selector(cb, MLAGBOND_A_PORT_IFINDEX) ?:
	       walk_all(&walk, genl_info_dump(cb)->attrs[MLAGBOND_A_PORT_BOND]);
}

static int counters_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct walk walk = {
		.skb = skb,
		.cb = cb,
		.cmd = MLAGBOND_CMD_COUNTERS_GET,
		.show = show_counters,
		.bonds = true,
		.ports = true,
	};

	return refuse_selector(cb, MLAGBOND_A_COUNTERS_IFINDEX) ?:
	       walk_all(&walk,
			genl_info_dump(cb)->attrs[MLAGBOND_A_COUNTERS_BOND]);
}

static const struct genl_ops genl_ops[] = {
	{
		.cmd	= MLAGBOND_CMD_BOND_GET,
		.doit	= bond_get,
		.dumpit	= bonds_dump,
		.policy	= bond_policy,
		.maxattr = ARRAY_SIZE(bond_policy) - 1,
	},
	{
		.cmd	= MLAGBOND_CMD_PORT_GET,
		.doit	= port_get,
		.dumpit	= ports_dump,
		.policy	= port_policy,
		.maxattr = ARRAY_SIZE(port_policy) - 1,
	},
	{
		.cmd	= MLAGBOND_CMD_COUNTERS_GET,
		.doit	= counters_get,
		.dumpit	= counters_dump,
		.policy	= counters_policy,
		.maxattr = ARRAY_SIZE(counters_policy) - 1,
	},
};

static const struct genl_multicast_group genl_groups[] = {
	{ .name = MLAGBOND_MCGRP_EVENTS },
};

static struct genl_family genl_family __ro_after_init = {
	.name		= MLAGBOND_FAMILY_NAME,
	.version	= MLAGBOND_FAMILY_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= genl_ops,
	.n_ops		= ARRAY_SIZE(genl_ops),
	.mcgrps		= genl_groups,
	.n_mcgrps	= ARRAY_SIZE(genl_groups),
};

static int put_text(struct sk_buff *skb, int attr, const char *text)
{
	return text ? nla_put_string(skb, attr, text) : 0;
}

static int put_event(struct sk_buff *skb, const struct net_device *bond,
		     const struct net_device *port,
		     enum mlagbond_event_code code)
{
	if (nla_put_u64_64bit(skb, MLAGBOND_A_EVENT_TIME, ktime_get_ns(),
			      MLAGBOND_A_EVENT_PAD) ||
	    nla_put_u32(skb, MLAGBOND_A_EVENT_BOND, bond->ifindex) ||
	    nla_put_string(skb, MLAGBOND_A_EVENT_BOND_NAME, bond->name) ||
	    nla_put_u32(skb, MLAGBOND_A_EVENT_CODE, code))
		return -EMSGSIZE;
	if (!port)
		return 0;
	if (nla_put_u32(skb, MLAGBOND_A_EVENT_PORT, port->ifindex) ||
	    nla_put_string(skb, MLAGBOND_A_EVENT_PORT_NAME, port->name))
		return -EMSGSIZE;
	return 0;
}

void mbond_event(const struct net_device *bond, const struct net_device *port,
		 enum mlagbond_event_code code, const char *old,
		 const char *new, const char *cause)
{
	struct net *net = dev_net(bond);
	struct sk_buff *skb;
	void *hdr;

	if (!genl_has_listeners(&genl_family, net, 0))
		return;
	skb = genlmsg_new(EVENT_SIZE, GFP_ATOMIC);
	if (!skb)
		goto lost;
	hdr = genlmsg_put(skb, 0, 0, &genl_family, 0, MLAGBOND_CMD_EVENT_NTF);
	if (!hdr || put_event(skb, bond, port, code) ||
	    put_text(skb, MLAGBOND_A_EVENT_OLD, old) ||
	    put_text(skb, MLAGBOND_A_EVENT_NEW, new) ||
	    put_text(skb, MLAGBOND_A_EVENT_CAUSE, cause)) {
		nlmsg_free(skb);
		goto lost;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&genl_family, net, skb, 0, 0, GFP_ATOMIC);
	return;

lost:
	genl_set_err(&genl_family, net, 0, 0, -ENOBUFS);
}

/**
 * mbond_genl_register() - offer the family
 *
 * Return: 0 or what generic netlink says.
 */
int mbond_genl_register(void)
{
	return genl_register_family(&genl_family);
}

/**
 * mbond_genl_unregister() - withdraw it; no bond is left to tell of
 */
void mbond_genl_unregister(void)
{
	genl_unregister_family(&genl_family);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * rtnl link kind "mlagbond".
 *
 * Requests enter as nested attributes, are sorted by option and go to opts.c;
 * dumps leave with the attributes of kind "bond". Policy, dump and size are
 * made from the option table.
 */
#include <linux/build_bug.h>
#include <linux/capability.h>
#include <linux/etherdevice.h>
#include <linux/if_link.h>
#include <linux/netdevice.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>

#include "mbond.h"
#include "mlag.h"
#include "mode.h"
#include "modparam.h"
#include "netdev.h"
#include "netlink.h"
#include "opts.h"
#include "port.h"
#include "xstats.h"

static struct nla_policy link_policy[IFLA_MLAGBOND_MAX + 1];
static struct nla_policy ext_policy[IFLA_MLAGBOND_EXT_MAX + 1];
static struct nla_policy port_policy[IFLA_MLAGBOND_PORT_MAX + 1];

/* Ranges are not in the policy: its refusals do not name the option. */
static void policy_entry(const struct mbond_opt *opt, struct nla_policy *entry)
{
	static const u8 types[] = {
		[MBOND_KIND_U8]		= NLA_U8,
		[MBOND_KIND_U16]	= NLA_U16,
		[MBOND_KIND_U32]	= NLA_U32,
		[MBOND_KIND_S32]	= NLA_S32,
		[MBOND_KIND_MAC]	= NLA_BINARY,
		[MBOND_KIND_DEV]	= NLA_U32,
		[MBOND_KIND_IP4S]	= NLA_NESTED,
		[MBOND_KIND_IP6S]	= NLA_NESTED,
	};

	entry->type = types[opt->kind];
	if (opt->kind == MBOND_KIND_MAC) {
		entry->validation_type = NLA_VALIDATE_RANGE;
		entry->min = ETH_ALEN;
		entry->max = ETH_ALEN;
	}
}

static void make_policies(void)
{
	const struct mbond_opt *opt;
	int id;

	for (id = 0; id < MBOND_OPT_COUNT; id++) {
		opt = &mbond_opt_table[id];
		if (id >= MBOND_OPT_BOND_COUNT)
			policy_entry(opt, &port_policy[opt->attr]);
		else if (opt->flags & MBOND_OPT_EXT)
			policy_entry(opt, &ext_policy[opt->attr]);
		else
			policy_entry(opt, &link_policy[opt->attr]);
	}
	link_policy[IFLA_MLAGBOND_EXT].type = NLA_NESTED;
}

static int refuse_attr(u16 type, const struct nlattr *attr,
		       struct netlink_ext_ack *extack)
{
	const char *name = mbond_attr_foreign(type);

	if (name)
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"%s is not provided by this build",
					name);
	else
		NL_SET_ERR_MSG_ATTR_FMT(extack, attr,
					"bond attribute %u is unknown", type);
	return -EOPNOTSUPP;
}

static int sort_ext(const struct nlattr *nest, struct mbond_opt_attrs *attrs,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[IFLA_MLAGBOND_EXT_MAX + 1];
	const struct mbond_opt *opt;
	int type, err;

	err = nla_parse_nested(tb, IFLA_MLAGBOND_EXT_MAX, nest, ext_policy,
			       extack);
	if (err)
		return err;
	for (type = 1; type <= IFLA_MLAGBOND_EXT_MAX; type++) {
		opt = mbond_opt_by_attr(type, true);
		if (tb[type] && opt)
			attrs->attr[mbond_opt_id(opt)] = tb[type];
	}
	return 0;
}

static int sort_attrs(struct nlattr *data[], struct mbond_opt_attrs *attrs,
		      struct netlink_ext_ack *extack)
{
	const struct mbond_opt *opt;
	int type;

	memset(attrs, 0, sizeof(*attrs));
	if (!data)
		return 0;
	for (type = 1; type < IFLA_MLAGBOND_EXT; type++) {
		if (!data[type])
			continue;
		opt = mbond_opt_by_attr(type, false);
		if (!opt)
			return refuse_attr(type, data[type], extack);
		attrs->attr[mbond_opt_id(opt)] = data[type];
	}
	if (!data[IFLA_MLAGBOND_EXT])
		return 0;
	return sort_ext(data[IFLA_MLAGBOND_EXT], attrs, extack);
}

static int link_validate(struct nlattr *tb[], struct nlattr *data[],
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *addr = tb[IFLA_ADDRESS];

	if (!addr)
		return 0;
	if (nla_len(addr) != ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, addr,
					"address has %d bytes instead of 6",
					nla_len(addr));
		return -EINVAL;
	}
	if (!is_valid_ether_addr(nla_data(addr))) {
		NL_SET_ERR_MSG_ATTR_FMT(extack, addr,
					"address %pM is no unicast address",
					nla_data(addr));
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static int link_newlink(struct net_device *dev,
			struct rtnl_newlink_params *params,
			struct netlink_ext_ack *extack)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_opt_attrs attrs;
	struct mbond_request req;
	int err;

	err = sort_attrs(params->data, &attrs, extack);
	if (err)
		return err;
	err = mbond_opts_stage(bond, &attrs, &req, extack);
	if (err)
		return err;
	mbond_opts_adopt(bond, &req);
	err = register_netdevice(dev);
	if (err)
		return err;
	netif_carrier_off(dev);
	mbond_leg_update(bond);
	return 0;
}

RTNL_NEWLINK_OP(link_newlink)

static int link_changelink(struct net_device *dev, struct nlattr *tb[],
			   struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct mbond *bond = netdev_priv(dev);
	struct mbond_opt_attrs attrs;
	struct mbond_request req;
	int err;

	err = sort_attrs(data, &attrs, extack);
	if (err)
		return err;
	err = mbond_opts_stage(bond, &attrs, &req, extack);
	if (err)
		return err;
	return mbond_opts_apply(bond, &req, extack);
}

static void link_dellink(struct net_device *dev, struct list_head *head)
{
	unregister_netdevice_queue(dev, head);
}

static size_t opt_size(const struct mbond_opt *opt)
{
	switch (opt->kind) {
	case MBOND_KIND_U8:
		return nla_total_size(sizeof(u8));
	case MBOND_KIND_U16:
		return nla_total_size(sizeof(u16));
	case MBOND_KIND_MAC:
		return nla_total_size(ETH_ALEN);
	case MBOND_KIND_IP4S:
	case MBOND_KIND_IP6S:
		return nla_total_size(0) + MLAGBOND_TARGETS *
		       nla_total_size(mbond_opt_addr_len(opt));
	default:
		return nla_total_size(sizeof(u32));
	}
}

static size_t link_get_size(const struct net_device *dev)
{
	size_t size = 0;
	int id;

	for (id = 0; id < MBOND_OPT_BOND_COUNT; id++)
		size += opt_size(&mbond_opt_table[id]);
	return size +
	       nla_total_size(0) +			/* EXT */
	       nla_total_size(0) +			/* AD_INFO */
	       4 * nla_total_size(sizeof(u16)) +
	       nla_total_size(ETH_ALEN);
}

/* Number of the active port, or of the primary if it is attached; else 0. */
static u32 dev_value(const struct mbond *bond, const struct mbond_opt *opt)
{
	const struct net_device *active;
	const struct mbond_port *port;
	u32 ifindex = 0;

	rcu_read_lock();
	active = rcu_dereference(bond->active);
	if (mbond_opt_id(opt) == MBOND_OPT_ACTIVE_SLAVE) {
		ifindex = active ? active->ifindex : 0;
	} else {
		mbond_for_each_port_rcu(bond, port)
			if (!strcmp(port->dev->name, bond->params.primary))
				ifindex = port->dev->ifindex;
	}
	rcu_read_unlock();
	return ifindex;
}

static int put_number(struct sk_buff *skb, const struct mbond_opt *opt,
		      s64 value)
{
	switch (opt->kind) {
	case MBOND_KIND_U8:
		return nla_put_u8(skb, opt->attr, value);
	case MBOND_KIND_U16:
		return nla_put_u16(skb, opt->attr, value);
	case MBOND_KIND_S32:
		return nla_put_s32(skb, opt->attr, value);
	default:
		return nla_put_u32(skb, opt->attr, value);
	}
}

/* Entries are numbered from 0; without any there is no attribute */
static int put_list(struct sk_buff *skb, const struct mbond_opt *opt,
		    const struct mbond_params *params)
{
	const u8 *addr = mbond_opt_addr(opt, params, 0);
	struct nlattr *nest;
	int i;

	if (!addr)
		return 0;
	nest = nla_nest_start_noflag(skb, opt->attr);
	if (!nest)
		return -EMSGSIZE;
	for (i = 0; (addr = mbond_opt_addr(opt, params, i)); i++)
		if (nla_put(skb, i, mbond_opt_addr_len(opt), addr)) {
			nla_nest_cancel(skb, nest);
			return -EMSGSIZE;
		}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_opt(struct sk_buff *skb, const struct mbond *bond,
		   const struct mbond_opt *opt)
{
	const struct mbond_params *params = &bond->params;
	u32 ifindex;

	if (opt->kind == MBOND_KIND_MAC)
		return nla_put(skb, opt->attr, opt->size,
			       (const char *)params + opt->offset);
	if (mbond_opt_is_list(opt))
		return put_list(skb, opt, params);
	if (opt->kind != MBOND_KIND_DEV)
		return put_number(skb, opt, mbond_opt_get(opt, params));
	ifindex = dev_value(bond, opt);
	return ifindex ? nla_put_u32(skb, opt->attr, ifindex) : 0;
}

/* As in bonding, the LACP identity is for those who could change it. */
static bool opt_is_shown(const struct mbond *bond, const struct mbond_opt *opt)
{
	if (!(opt->flags & MBOND_OPT_ADMIN))
		return true;
	if (opt->badmodes & BIT(bond->params.mode))
		return false;
	return ns_capable_noaudit(dev_net(bond->dev)->user_ns, CAP_NET_ADMIN);
}

static int put_opts(struct sk_buff *skb, const struct mbond *bond, bool ext)
{
	const struct mbond_opt *opt;
	int id;

	for (id = 0; id < MBOND_OPT_BOND_COUNT; id++) {
		opt = &mbond_opt_table[id];
		if (!!(opt->flags & MBOND_OPT_EXT) != ext ||
		    !opt_is_shown(bond, opt))
			continue;
		if (put_opt(skb, bond, opt))
			return -EMSGSIZE;
	}
	return 0;
}

static int put_ext(struct sk_buff *skb, const struct mbond *bond)
{
	struct nlattr *nest = nla_nest_start(skb, IFLA_MLAGBOND_EXT);

	if (!nest)
		return -EMSGSIZE;
	if (put_opts(skb, bond, true)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_ad_info(struct sk_buff *skb, struct mbond *bond)
{
	struct mbond_ad_info info;
	struct nlattr *nest;

	if (bond->ops->ad_info(bond, &info))
		return 0;
	nest = nla_nest_start_noflag(skb, IFLA_MLAGBOND_AD_INFO);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_u16(skb, IFLA_MLAGBOND_AD_INFO_AGGREGATOR,
			info.aggregator) ||
	    nla_put_u16(skb, IFLA_MLAGBOND_AD_INFO_NUM_PORTS,
			info.num_ports) ||
	    nla_put_u16(skb, IFLA_MLAGBOND_AD_INFO_ACTOR_KEY,
			info.actor_key) ||
	    nla_put_u16(skb, IFLA_MLAGBOND_AD_INFO_PARTNER_KEY,
			info.partner_key) ||
	    nla_put(skb, IFLA_MLAGBOND_AD_INFO_PARTNER_MAC, ETH_ALEN,
		    info.partner_mac)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int link_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);

	if (put_opts(skb, bond, false) || put_ext(skb, bond) ||
	    put_ad_info(skb, bond))
		return -EMSGSIZE;
	return 0;
}

static int port_changelink(struct net_device *bond_dev, struct net_device *dev,
			   struct nlattr *tb[], struct nlattr *data[],
			   struct netlink_ext_ack *extack)
{
	struct mbond_port *port = mbond_port_get_rtnl(dev);
	struct mbond_opt_attrs attrs = {};
	const struct mbond_opt *opt;
	int type;

	if (!data)
		return 0;
	for (type = 1; type <= IFLA_MLAGBOND_PORT_MAX; type++) {
		if (!data[type])
			continue;
		opt = mbond_port_opt_by_attr(type);
		if (!opt) {
			NL_SET_ERR_MSG_ATTR_FMT(extack, data[type],
						"port attribute %u cannot be set",
						type);
			return -EOPNOTSUPP;
		}
		attrs.attr[mbond_opt_id(opt)] = data[type];
	}
	return mbond_port_opts_apply(port, &attrs, extack);
}

static size_t port_get_size(const struct net_device *bond_dev,
			    const struct net_device *dev)
{
	return nla_total_size(sizeof(u8)) +	/* STATE */
	       nla_total_size(sizeof(u8)) +	/* MII_STATUS */
	       nla_total_size(sizeof(u32)) +	/* LINK_FAILURE_COUNT */
	       nla_total_size(MAX_ADDR_LEN) +	/* PERM_HWADDR */
	       nla_total_size(sizeof(u16)) +	/* QUEUE_ID */
	       nla_total_size(sizeof(u16)) +	/* AD_AGGREGATOR_ID */
	       nla_total_size(sizeof(u8)) +	/* AD_ACTOR_STATE */
	       nla_total_size(sizeof(u16)) +	/* AD_PARTNER_STATE */
	       nla_total_size(sizeof(s32)) +	/* PRIO */
	       nla_total_size(sizeof(u16)) +	/* ACTOR_PORT_PRIO */
	       2 * nla_total_size(sizeof(u8));	/* AD_CHURN_* */
}

static int put_port_ad(struct sk_buff *skb, struct mbond_port *port)
{
	struct mbond_ad_port_info info = {};

	/* on its way in or out, a port means nothing to the mode */
	if (!port->ready || port->bond->ops->ad_port_info(port, &info))
		return 0;
	if (info.aggregator &&
	    nla_put_u16(skb, IFLA_MLAGBOND_PORT_AD_AGGREGATOR_ID,
			info.aggregator))
		return -EMSGSIZE;
	if (nla_put_u8(skb, IFLA_MLAGBOND_PORT_AD_ACTOR_STATE,
		       info.actor.state) ||
	    nla_put_u16(skb, IFLA_MLAGBOND_PORT_AD_PARTNER_STATE,
			info.partner.state) ||
	    nla_put_u8(skb, IFLA_MLAGBOND_PORT_AD_CHURN_ACTOR,
		       info.churn_actor) ||
	    nla_put_u8(skb, IFLA_MLAGBOND_PORT_AD_CHURN_PARTNER,
		       info.churn_partner))
		return -EMSGSIZE;
	return 0;
}

static int port_fill_info(struct sk_buff *skb, const struct net_device *bond_dev,
			  const struct net_device *dev)
{
	struct mbond_port *port = mbond_port_get_rtnl(dev);

	if (nla_put_u8(skb, IFLA_MLAGBOND_PORT_STATE,
		       !READ_ONCE(port->usable)) ||
	    nla_put_u8(skb, IFLA_MLAGBOND_PORT_MII_STATUS,
		       mbond_port_link(port)) ||
	    nla_put_u32(skb, IFLA_MLAGBOND_PORT_LINK_FAILURE_COUNT,
			READ_ONCE(port->link_failures)) ||
	    nla_put(skb, IFLA_MLAGBOND_PORT_PERM_HWADDR, dev->addr_len,
		    port->perm_addr) ||
	    nla_put_u16(skb, IFLA_MLAGBOND_PORT_QUEUE_ID,
			port->params.queue_id) ||
	    nla_put_s32(skb, IFLA_MLAGBOND_PORT_PRIO, port->params.prio) ||
	    nla_put_u16(skb, IFLA_MLAGBOND_PORT_ACTOR_PORT_PRIO,
			port->params.actor_port_prio))
		return -EMSGSIZE;
	return put_port_ad(skb, port);
}

static struct rtnl_link_ops link_ops __read_mostly = {
	.kind			= MLAGBOND_KIND,
	.priv_size		= sizeof(struct mbond),
	.setup			= mbond_setup,
	.maxtype		= IFLA_MLAGBOND_MAX,
	.policy			= link_policy,
	.validate		= link_validate,
	.newlink		= link_newlink_op,
	.changelink		= link_changelink,
	.dellink		= link_dellink,
	.get_size		= link_get_size,
	.fill_info		= link_fill_info,
	.get_num_tx_queues	= mbond_new_queues,
	.get_num_rx_queues	= mbond_new_queues,
	.get_linkxstats_size	= mbond_xstats_size,
	.fill_linkxstats	= mbond_xstats_fill,
	.slave_maxtype		= IFLA_MLAGBOND_PORT_MAX,
	.slave_policy		= port_policy,
	.slave_changelink	= port_changelink,
	.get_slave_size		= port_get_size,
	.fill_slave_info	= port_fill_info,
};

/* The kind is offered: bonds may come. RTNL */
static bool registered;

static void set_registered(bool on)
{
	rtnl_lock();
	registered = on;
	rtnl_unlock();
}

static int create(struct net *net, const char *name)
{
	unsigned int queues = mbond_new_queues();
	struct net_device *dev;
	int err;

	ASSERT_RTNL();
	if (!registered)
		return -ENODEV;
	dev = alloc_netdev_mqs(sizeof(struct mbond), name, NET_NAME_UNKNOWN,
			       mbond_setup, queues, queues);
	if (!dev)
		return -ENOMEM;
	dev_net_set(dev, net);
	dev->rtnl_link_ops = &link_ops;
	err = register_netdevice(dev);
	if (err) {
		free_netdev(dev);
		return err;
	}
	netif_carrier_off(dev);
	return 0;
}

/**
 * mbond_create() - create a bond with the options of the module parameters
 * @net: namespace
 * @name: its name, may have a "%d"
 *
 * Takes RTNL.
 *
 * Return: 0 or an error: -EEXIST, -EINVAL for a bad name, -ENOMEM.
 */
int mbond_create(struct net *net, const char *name)
{
	int err;

	if (!dev_valid_name(name))
		return -EINVAL;
	rtnl_lock();
	if (__dev_get_by_name(net, name))
		err = -EEXIST;
	else
		err = create(net, name);
	rtnl_unlock();
	return err;
}

#define SAME_NUMBER(ours, theirs) \
	BUILD_BUG_ON((int)IFLA_MLAGBOND_##ours != (int)IFLA_BOND_##theirs)

/**
 * mbond_netlink_register() - offer the link kind
 *
 * Return: 0 or what rtnetlink says.
 */
int mbond_netlink_register(void)
{
	int err;

	/* The core's own tables end at 50 and 40. */
	BUILD_BUG_ON(IFLA_MLAGBOND_MAX > 50 || IFLA_MLAGBOND_PORT_MAX > 40);
	BUILD_BUG_ON(MBOND_NAME_LEN != IFNAMSIZ);
	SAME_NUMBER(ACTIVE_SLAVE, ACTIVE_SLAVE);
	SAME_NUMBER(MIN_LINKS, MIN_LINKS);
	SAME_NUMBER(LP_INTERVAL, LP_INTERVAL);
	SAME_NUMBER(PACKETS_PER_SLAVE, PACKETS_PER_SLAVE);
	SAME_NUMBER(TLB_DYNAMIC_LB, TLB_DYNAMIC_LB);
	SAME_NUMBER(AD_INFO, AD_INFO);
	SAME_NUMBER(AD_INFO_PARTNER_MAC, AD_INFO_PARTNER_MAC);
	SAME_NUMBER(AD_ACTOR_SYSTEM, AD_ACTOR_SYSTEM);
	SAME_NUMBER(AD_LACP_ACTIVE, AD_LACP_ACTIVE);
	SAME_NUMBER(PORT_QUEUE_ID, SLAVE_QUEUE_ID);
	SAME_NUMBER(PORT_PRIO, SLAVE_PRIO);
	make_policies();
	err = rtnl_link_register(&link_ops);
	if (!err)
		set_registered(true);
	return err;
}

/**
 * mbond_netlink_unregister() - withdraw it and delete every bond
 */
void mbond_netlink_unregister(void)
{
	set_registered(false);
	rtnl_link_unregister(&link_ops);
}

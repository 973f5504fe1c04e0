// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the attributes of a request to a checked configuration. Every refusal is
 * one sentence that names option, value and what is in the way, and points at
 * the attribute. Nothing has an effect here.
 */
#include "config.h"

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/mlagbond.h>

#include "bridge.h"
#include "domain.h"

enum { MS_PER_S = 1000 };

/* A number an operator may give. */
struct number {
	const char *name;
	u32 min;
	u32 max;
	const char *unit;
};

static const struct number numbers[MLAG_ICCP_A_DOMAIN_MAX + 1] = {
	[MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX] = {
		"bridge-ifindex", 1, S32_MAX, "" },
	[MLAG_ICCP_A_DOMAIN_PEER_PORT_IFINDEX] = {
		"peer-port-ifindex", 1, S32_MAX, "" },
	[MLAG_ICCP_A_DOMAIN_SYSTEM_PRIO] = { "system-prio", 1, U16_MAX, "" },
	[MLAG_ICCP_A_DOMAIN_HELLO] = {
		"hello", ICCP_HELLO_MIN_MS, ICCP_HELLO_MAX_MS, " ms" },
	[MLAG_ICCP_A_DOMAIN_DEAD] = { "dead", 0, ICCP_DEAD_MAX_MS, " ms" },
	[MLAG_ICCP_A_DOMAIN_INIT_DELAY] = { "init-delay", 0, 3600, " s" },
	[MLAG_ICCP_A_DOMAIN_RELOAD_DELAY] = { "reload-delay", 0, 3600, " s" },
	[MLAG_ICCP_A_DOMAIN_SPLIT_ACTION] = {
		"split-action", 0, MLAG_ICCP_SPLIT_ACTION_ISOLATE, "" },
	[MLAG_ICCP_A_DOMAIN_PREEMPT] = { "preempt", 0, 1, "" },
	[MLAG_ICCP_A_DOMAIN_MAINTENANCE] = { "maintenance", 0, 1, "" },
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT] = {
		"heartbeat", 0, MLAG_ICCP_HEARTBEAT_UDP, "" },
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT_IFINDEX] = {
		"heartbeat-ifindex", 1, S32_MAX, "" },
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT_PORT] = {
		"heartbeat-port", 1, U16_MAX, "" },
	[MLAG_ICCP_A_DOMAIN_CONSISTENCY_ACTION] = {
		"consistency-action", 0, MLAG_ICCP_CONSISTENCY_ACTION_HOLD,
		"" },
};

static_assert((int)MLAG_ICCP_SPLIT_ACTION_KEEP == (int)ICCP_SPLIT_KEEP);
static_assert((int)MLAG_ICCP_SPLIT_ACTION_ISOLATE == (int)ICCP_SPLIT_ISOLATE);
static_assert((int)MLAG_ICCP_CONSISTENCY_ACTION_HOLD ==
	      (int)ICCP_CONSISTENCY_HOLD);

static u32 number_of(const struct nlattr *attr)
{
	switch (nla_len(attr)) {
	case sizeof(u8):
		return nla_get_u8(attr);
	case sizeof(u16):
		return nla_get_u16(attr);
	default:
		return nla_get_u32(attr);
	}
}

static int check_number(const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	const struct number *n = &numbers[nla_type(attr)];
	u32 value = number_of(attr);

	if (value >= n->min && value <= n->max)
		return 0;

	NL_SET_BAD_ATTR(extack, attr);
	NL_SET_ERR_MSG_FMT(extack, "%s %u is out of range: %u to %u%s",
			   n->name, value, n->min, n->max, n->unit);
	return -ERANGE;
}

static int check_key(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	int len = nla_len(attr);

	if (!len || (len >= ICCP_KEY_MIN && len <= ICCP_KEY_MAX))
		return 0;

	NL_SET_BAD_ATTR(extack, attr);
	NL_SET_ERR_MSG_FMT(extack,
			   "auth-key of %d bytes: %u to %u are needed, or none",
			   len, ICCP_KEY_MIN, ICCP_KEY_MAX);
	return -ERANGE;
}

const struct nla_policy mlag_domain_policy[MLAG_ICCP_A_DOMAIN_MAX + 1] = {
	[MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX] =
		NLA_POLICY_VALIDATE_FN(NLA_U32, check_number),
	[MLAG_ICCP_A_DOMAIN_BRIDGE_NAME] = {
		.type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[MLAG_ICCP_A_DOMAIN_PEER_PORT_IFINDEX] =
		NLA_POLICY_VALIDATE_FN(NLA_U32, check_number),
	[MLAG_ICCP_A_DOMAIN_PEER_PORT_NAME] = {
		.type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[MLAG_ICCP_A_DOMAIN_PRIORITY] = { .type = NLA_U8 },
	[MLAG_ICCP_A_DOMAIN_SYSTEM_ID] = NLA_POLICY_EXACT_LEN(ETH_ALEN),
	[MLAG_ICCP_A_DOMAIN_SYSTEM_PRIO] =
		NLA_POLICY_VALIDATE_FN(NLA_U16, check_number),
	[MLAG_ICCP_A_DOMAIN_HELLO] =
		NLA_POLICY_VALIDATE_FN(NLA_U32, check_number),
	[MLAG_ICCP_A_DOMAIN_DEAD] =
		NLA_POLICY_VALIDATE_FN(NLA_U32, check_number),
	[MLAG_ICCP_A_DOMAIN_INIT_DELAY] =
		NLA_POLICY_VALIDATE_FN(NLA_U32, check_number),
	[MLAG_ICCP_A_DOMAIN_RELOAD_DELAY] =
		NLA_POLICY_VALIDATE_FN(NLA_U32, check_number),
	[MLAG_ICCP_A_DOMAIN_SPLIT_ACTION] =
		NLA_POLICY_VALIDATE_FN(NLA_U8, check_number),
	[MLAG_ICCP_A_DOMAIN_PREEMPT] =
		NLA_POLICY_VALIDATE_FN(NLA_U8, check_number),
	[MLAG_ICCP_A_DOMAIN_TAG] = { .type = NLA_U32 },
	[MLAG_ICCP_A_DOMAIN_MAINTENANCE] =
		NLA_POLICY_VALIDATE_FN(NLA_U8, check_number),
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT] =
		NLA_POLICY_VALIDATE_FN(NLA_U8, check_number),
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT_IFINDEX] =
		NLA_POLICY_VALIDATE_FN(NLA_U32, check_number),
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT_NAME] = {
		.type = NLA_NUL_STRING, .len = IFNAMSIZ - 1 },
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT_LOCAL] = {
		.type = NLA_BINARY, .len = sizeof(struct in6_addr) },
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT_PEER] = {
		.type = NLA_BINARY, .len = sizeof(struct in6_addr) },
	[MLAG_ICCP_A_DOMAIN_HEARTBEAT_PORT] =
		NLA_POLICY_VALIDATE_FN(NLA_U16, check_number),
	[MLAG_ICCP_A_DOMAIN_AUTH_KEY] =
		NLA_POLICY_VALIDATE_FN(NLA_BINARY, check_key),
	[MLAG_ICCP_A_DOMAIN_CONSISTENCY_ACTION] =
		NLA_POLICY_VALIDATE_FN(NLA_U8, check_number),
};

/**
 * mlag_config_device - the device a request names
 * @net: namespace
 * @index: attribute with its ifindex, or NULL
 * @name: attribute with its name, or NULL; one of the two is enough
 * @what: what the device is to the request
 * @extack: says what is wrong
 *
 * Context: RTNL.
 * Return: the device, or -EINVAL, -ENODEV.
 */
struct net_device *mlag_config_device(struct net *net,
				      const struct nlattr *index,
				      const struct nlattr *name,
				      const char *what,
				      struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	if (index)
		dev = __dev_get_by_index(net, nla_get_u32(index));
	else if (name)
		dev = __dev_get_by_name(net, nla_data(name));
	else
		return ERR_PTR(-EINVAL);

	NL_SET_BAD_ATTR(extack, index ? index : name);
	if (!dev && index)
		NL_SET_ERR_MSG_FMT(extack, "%s with ifindex %u does not exist",
				   what, nla_get_u32(index));
	else if (!dev)
		NL_SET_ERR_MSG_FMT(extack, "%s %s does not exist", what,
				   (char *)nla_data(name));
	if (!dev)
		return ERR_PTR(-ENODEV);

	if (index && name && dev != __dev_get_by_name(net, nla_data(name))) {
		NL_SET_ERR_MSG_FMT(extack, "%s %s has another ifindex than %u",
				   what, (char *)nla_data(name),
				   nla_get_u32(index));
		return ERR_PTR(-EINVAL);
	}
	NL_SET_BAD_ATTR(extack, NULL);

	return dev;
}

static int check_bridge(const struct net_device *br,
			struct netlink_ext_ack *extack)
{
	const struct mlag_domain *dom = mlag_domain_by_bridge(br);

	if (!netif_is_bridge_master(br)) {
		NL_SET_ERR_MSG_FMT(extack, "%s is not a bridge", br->name);
		return -EINVAL;
	}
	if (dom) {
		NL_SET_ERR_MSG_FMT(extack,
				   "bridge %s has a domain, with peer-port %s",
				   br->name, dom->peer_name);
		return -EEXIST;
	}
	if (!mlag_bridge_can_manage(br)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "ports of bridge %s cannot be managed",
				   br->name);
		return -EOPNOTSUPP;
	}

	return 0;
}

static int check_port_kind(const struct net_device *port,
			   struct netlink_ext_ack *extack)
{
	if (port->type != ARPHRD_ETHER) {
		NL_SET_ERR_MSG_FMT(extack,
				   "peer-port %s is not an Ethernet device",
				   port->name);
		return -EINVAL;
	}
	if (port->mtu < ICCP_FRAME_MIN_MTU) {
		NL_SET_ERR_MSG_FMT(extack,
				   "peer-port %s has MTU %u, %u is the least",
				   port->name, port->mtu, ICCP_FRAME_MIN_MTU);
		return -EINVAL;
	}
	if (mlagbond_is_leg(port)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "peer-port %s has an mlag_id: it is a leg",
				   port->name);
		return -EINVAL;
	}

	return 0;
}

static int check_port(const struct net_device *br, struct net_device *port,
		      struct netlink_ext_ack *extack)
{
	const struct mlag_domain *dom = mlag_domain_by_peer_port(port);

	if (netdev_master_upper_dev_get(port) != br) {
		NL_SET_ERR_MSG_FMT(extack,
				   "peer-port %s is not a port of bridge %s",
				   port->name, br->name);
		return -EINVAL;
	}
	if (dom && dom->bridge != br) {
		NL_SET_ERR_MSG_FMT(extack,
				   "peer-port %s still serves the domain of %s",
				   port->name, dom->bridge->name);
		return -EBUSY;
	}

	return check_port_kind(port, extack);
}

static struct net_device *parse_port(struct genl_info *info,
				     const struct net_device *br)
{
	const struct nlattr *index, *name;
	struct net_device *port;
	int err;

	index = info->attrs[MLAG_ICCP_A_DOMAIN_PEER_PORT_IFINDEX];
	name = info->attrs[MLAG_ICCP_A_DOMAIN_PEER_PORT_NAME];
	port = mlag_config_device(genl_info_net(info), index, name,
				  "peer-port", info->extack);
	if (IS_ERR(port))
		return port;

	err = check_port(br, port, info->extack);
	if (err)
		NL_SET_BAD_ATTR(info->extack, index ? index : name);

	return err ? ERR_PTR(err) : port;
}

static void parse_number(struct genl_info *info, int type, u32 scale, u32 *to)
{
	if (info->attrs[type])
		*to = number_of(info->attrs[type]) * scale;
}

static void parse_numbers(struct genl_info *info, struct mlag_config *cfg)
{
	struct iccp_config *node = &cfg->node;
	struct nlattr **attrs = info->attrs;

	parse_number(info, MLAG_ICCP_A_DOMAIN_HELLO, 1, &node->hello);
	parse_number(info, MLAG_ICCP_A_DOMAIN_DEAD, 1, &node->dead);
	parse_number(info, MLAG_ICCP_A_DOMAIN_INIT_DELAY, MS_PER_S,
		     &node->init_delay);
	parse_number(info, MLAG_ICCP_A_DOMAIN_RELOAD_DELAY, MS_PER_S,
		     &node->reload_delay);
	parse_number(info, MLAG_ICCP_A_DOMAIN_TAG, 1, &node->domain);
	if (attrs[MLAG_ICCP_A_DOMAIN_PRIORITY])
		node->priority =
			nla_get_u8(attrs[MLAG_ICCP_A_DOMAIN_PRIORITY]);
	if (attrs[MLAG_ICCP_A_DOMAIN_SYSTEM_PRIO])
		node->system_prio =
			nla_get_u16(attrs[MLAG_ICCP_A_DOMAIN_SYSTEM_PRIO]);
	if (attrs[MLAG_ICCP_A_DOMAIN_SPLIT_ACTION])
		node->split_action =
			nla_get_u8(attrs[MLAG_ICCP_A_DOMAIN_SPLIT_ACTION]);
	if (attrs[MLAG_ICCP_A_DOMAIN_CONSISTENCY_ACTION])
		node->consistency_action = nla_get_u8(
			attrs[MLAG_ICCP_A_DOMAIN_CONSISTENCY_ACTION]);
	if (attrs[MLAG_ICCP_A_DOMAIN_PREEMPT])
		node->preempt = nla_get_u8(attrs[MLAG_ICCP_A_DOMAIN_PREEMPT]);
	if (attrs[MLAG_ICCP_A_DOMAIN_MAINTENANCE])
		node->maintenance =
			nla_get_u8(attrs[MLAG_ICCP_A_DOMAIN_MAINTENANCE]);
}

static int parse_system_id(struct genl_info *info, struct iccp_config *node)
{
	const struct nlattr *attr = info->attrs[MLAG_ICCP_A_DOMAIN_SYSTEM_ID];

	if (!attr)
		return 0;
	nla_memcpy(node->system, attr, ETH_ALEN);
	if (!is_multicast_ether_addr(node->system))
		return 0;

	NL_SET_BAD_ATTR(info->extack, attr);
	NL_SET_ERR_MSG_FMT(info->extack,
			   "system-id %pM is not a unicast address",
			   node->system);
	return -EINVAL;
}

static int check_dead(struct genl_info *info, const struct iccp_config *node)
{
	const struct nlattr *dead = info->attrs[MLAG_ICCP_A_DOMAIN_DEAD];
	const struct nlattr *hello = info->attrs[MLAG_ICCP_A_DOMAIN_HELLO];

	if (!node->dead || node->dead >= 2 * node->hello)
		return 0;

	NL_SET_BAD_ATTR(info->extack, dead ? dead : hello);
	NL_SET_ERR_MSG_FMT(info->extack,
			   "dead %u ms is less than two hellos of %u ms",
			   node->dead, node->hello);
	return -ERANGE;
}

/* Stays where it is: the configuration points into the request. */
static void parse_key(struct genl_info *info, struct mlag_config *cfg)
{
	const struct nlattr *attr = info->attrs[MLAG_ICCP_A_DOMAIN_AUTH_KEY];

	if (!attr)
		return;
	cfg->key = nla_data(attr);
	cfg->key_len = nla_len(attr);
}

static int parse_options(struct genl_info *info, struct mlag_config *cfg)
{
	int err;

	parse_numbers(info, cfg);
	parse_key(info, cfg);
	err = parse_system_id(info, &cfg->node);

	return err ? err : check_dead(info, &cfg->node);
}

/**
 * mlag_config_new - configuration of a domain that is to be added
 * @info: request
 * @cfg: result
 *
 * Context: RTNL.
 * Return: 0 or a negative errno, the extack says why.
 */
int mlag_config_new(struct genl_info *info, struct mlag_config *cfg)
{
	const struct nlattr *index, *name;
	int err;

	index = info->attrs[MLAG_ICCP_A_DOMAIN_BRIDGE_IFINDEX];
	name = info->attrs[MLAG_ICCP_A_DOMAIN_BRIDGE_NAME];
	*cfg = (struct mlag_config){};
	iccp_config_default(&cfg->node);
	if (!index && !name) {
		NL_SET_ERR_MSG(info->extack, "a domain needs a bridge");
		return -EINVAL;
	}
	cfg->bridge = mlag_config_device(genl_info_net(info), index, name,
					 "bridge", info->extack);
	if (IS_ERR(cfg->bridge))
		return PTR_ERR(cfg->bridge);

	err = check_bridge(cfg->bridge, info->extack);
	if (err) {
		NL_SET_BAD_ATTR(info->extack, index ? index : name);
		return err;
	}
	if (!info->attrs[MLAG_ICCP_A_DOMAIN_PEER_PORT_IFINDEX] &&
	    !info->attrs[MLAG_ICCP_A_DOMAIN_PEER_PORT_NAME]) {
		NL_SET_ERR_MSG(info->extack, "a domain needs a peer-port");
		return -EINVAL;
	}
	cfg->peer_port = parse_port(info, cfg->bridge);
	if (IS_ERR(cfg->peer_port))
		return PTR_ERR(cfg->peer_port);
	err = parse_options(info, cfg);

	return err ? err : mlag_config_heartbeat(info, NULL, cfg);
}

/**
 * mlag_config_change - configuration of a domain with the changes asked for
 * @info: request
 * @dom: domain
 * @cfg: result; its peer_port is NULL if that was not named
 *
 * Context: RTNL.
 * Return: 0 or a negative errno, the extack says why.
 */
int mlag_config_change(struct genl_info *info, const struct mlag_domain *dom,
		       struct mlag_config *cfg)
{
	int err;

	*cfg = (struct mlag_config){
		.bridge = dom->bridge,
		.node = dom->config,
		.heartbeat = dom->heartbeat.config,
	};
	if (info->attrs[MLAG_ICCP_A_DOMAIN_PEER_PORT_IFINDEX] ||
	    info->attrs[MLAG_ICCP_A_DOMAIN_PEER_PORT_NAME]) {
		cfg->peer_port = parse_port(info, dom->bridge);
		if (IS_ERR(cfg->peer_port))
			return PTR_ERR(cfg->peer_port);
	}
	err = parse_options(info, cfg);

	return err ? err : mlag_config_heartbeat(info, dom, cfg);
}

/**
 * mlag_config_forget - a request that is done holds no key any more
 * @info: request; its answer may quote it
 */
void mlag_config_forget(struct genl_info *info)
{
	struct nlattr *attr = info->attrs[MLAG_ICCP_A_DOMAIN_AUTH_KEY];

	if (attr)
		memzero_explicit(nla_data(attr), nla_len(attr));
}

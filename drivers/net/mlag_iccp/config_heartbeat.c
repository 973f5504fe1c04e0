// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second path in a request: from its attributes to a checked configuration.
 * It is named whole or not at all, must not be the first path in disguise, and
 * is refused in one sentence.
 */
#include <linux/if_arp.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "config.h"
#include "domain.h"
#include "heartbeat.h"

#define ATTR(info, name)	((info)->attrs[MLAG_ICCP_A_DOMAIN_##name])

static int refuse(struct genl_info *info, const struct nlattr *attr)
{
	NL_SET_BAD_ATTR(info->extack, attr);

	return -EINVAL;
}

/* The first attribute that says more about a second path */
static const struct nlattr *details(const struct genl_info *info, int from,
				    int to)
{
	int type;

	for (type = from; type <= to; type++)
		if (info->attrs[type])
			return info->attrs[type];

	return NULL;
}

static const struct nlattr *device_attr(const struct genl_info *info)
{
	return details(info, MLAG_ICCP_A_DOMAIN_HEARTBEAT_IFINDEX,
		       MLAG_ICCP_A_DOMAIN_HEARTBEAT_NAME);
}

static const struct nlattr *address_attr(const struct genl_info *info)
{
	return details(info, MLAG_ICCP_A_DOMAIN_HEARTBEAT_LOCAL,
		       MLAG_ICCP_A_DOMAIN_HEARTBEAT_PORT);
}

static int parse_device(struct genl_info *info,
			struct mlag_heartbeat_config *hb)
{
	struct net_device *dev;

	dev = mlag_config_device(genl_info_net(info),
				 ATTR(info, HEARTBEAT_IFINDEX),
				 ATTR(info, HEARTBEAT_NAME),
				 "heartbeat device", info->extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	strscpy(hb->name, dev->name, sizeof(hb->name));

	return 0;
}

static bool host_address(const u8 *addr, u8 len)
{
	const struct in6_addr *in6 = (const struct in6_addr *)addr;
	__be32 in;

	if (len == sizeof(*in6))
		return !ipv6_addr_any(in6) && !ipv6_addr_is_multicast(in6) &&
		       !ipv6_addr_loopback(in6) && !ipv6_addr_v4mapped(in6);
	memcpy(&in, addr, sizeof(in));
	return !ipv4_is_zeronet(in) && !ipv4_is_multicast(in) &&
	       !ipv4_is_lbcast(in) && !ipv4_is_loopback(in);
}

static int parse_address(struct genl_info *info, const struct nlattr *attr,
			 u8 *to, u8 *len)
{
	*len = nla_len(attr);
	if (*len != sizeof(struct in_addr) && *len != sizeof(struct in6_addr)) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "heartbeat udp: address of %u bytes", *len);
		return refuse(info, attr);
	}
	memcpy(to, nla_data(attr), *len);
	if (host_address(to, *len))
		return 0;

	if (*len == sizeof(struct in_addr))
		NL_SET_ERR_MSG_FMT(info->extack,
				   "heartbeat udp: %pI4 is no address of a host",
				   to);
	else
		NL_SET_ERR_MSG_FMT(info->extack,
				   "heartbeat udp: %pI6c is no address of a host",
				   to);
	return refuse(info, attr);
}

static bool linklocal(const struct mlag_heartbeat_config *hb)
{
	const struct in6_addr *peer = (const struct in6_addr *)hb->peer;

	return hb->len == sizeof(*peer) &&
	       ipv6_addr_type(peer) & IPV6_ADDR_LINKLOCAL;
}

static int check_pair(struct genl_info *info,
		      const struct mlag_heartbeat_config *hb, u8 local_len)
{
	const struct nlattr *attr = ATTR(info, HEARTBEAT_PEER);

	if (local_len != hb->len)
		NL_SET_ERR_MSG(info->extack,
			       "heartbeat udp: one address is IPv4, one IPv6");
	else if (!memcmp(hb->local, hb->peer, hb->len))
		NL_SET_ERR_MSG(info->extack,
			       "heartbeat udp: both addresses are the same");
	else if (linklocal(hb) && !hb->name[0])
		NL_SET_ERR_MSG(info->extack,
			       "heartbeat udp: a link-local address needs a device");
	else
		return 0;

	return refuse(info, attr);
}

static int parse_udp(struct genl_info *info, struct mlag_heartbeat_config *hb)
{
	const struct nlattr *local = ATTR(info, HEARTBEAT_LOCAL);
	const struct nlattr *peer = ATTR(info, HEARTBEAT_PEER);
	u8 local_len;
	int err;

	if (!local || !peer) {
		NL_SET_ERR_MSG(info->extack,
			       "heartbeat udp needs the own address and the peer's");
		return refuse(info, ATTR(info, HEARTBEAT));
	}
	if (device_attr(info)) {
		err = parse_device(info, hb);
		if (err)
			return err;
	}
	hb->port = MLAG_HEARTBEAT_PORT;
	if (ATTR(info, HEARTBEAT_PORT))
		hb->port = nla_get_u16(ATTR(info, HEARTBEAT_PORT));
	err = parse_address(info, local, hb->local, &local_len);
	if (!err)
		err = parse_address(info, peer, hb->peer, &hb->len);

	return err ? err : check_pair(info, hb, local_len);
}

static int parse_dev(struct genl_info *info, struct mlag_heartbeat_config *hb)
{
	if (address_attr(info)) {
		NL_SET_ERR_MSG(info->extack,
			       "heartbeat dev takes no address and no port");
		return refuse(info, address_attr(info));
	}
	if (!device_attr(info)) {
		NL_SET_ERR_MSG(info->extack, "heartbeat dev needs a device");
		return refuse(info, ATTR(info, HEARTBEAT));
	}

	return parse_device(info, hb);
}

static int parse(struct genl_info *info, struct mlag_heartbeat_config *hb)
{
	const struct nlattr *kind = ATTR(info, HEARTBEAT), *other;

	other = device_attr(info);
	if (!other)
		other = address_attr(info);
	if (kind) {
		*hb = (struct mlag_heartbeat_config){
			.kind = nla_get_u8(kind) };
		if (hb->kind == MLAG_ICCP_HEARTBEAT_UDP)
			return parse_udp(info, hb);
		if (hb->kind == MLAG_ICCP_HEARTBEAT_DEV)
			return parse_dev(info, hb);
	}
	if (!other)
		return 0;

	if (kind)
		NL_SET_ERR_MSG(info->extack,
			       "heartbeat none takes no device and no address");
	else
		NL_SET_ERR_MSG(info->extack,
			       "a device or address without heartbeat");
	return refuse(info, other);
}

/* A second path that is cut with the first one is none. */
static bool is_first_path(struct net_device *dev, const struct mlag_config *cfg,
			  const struct net_device *port)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);

	if (dev == cfg->bridge || dev == port || master == cfg->bridge)
		return true;

	return port && master == port;
}

static int check_device(struct genl_info *info, struct net_device *dev,
			const struct mlag_domain *dom,
			const struct mlag_config *cfg)
{
	const struct mlag_domain *other;

	if (dev->type != ARPHRD_ETHER || dev->mtu < ICCP_FRAME_MIN_MTU) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "heartbeat %s is no Ethernet device of MTU %u or more",
				   dev->name, ICCP_FRAME_MIN_MTU);
		return -EINVAL;
	}
	other = mlag_domain_by_heartbeat(dev, cfg->node.domain);
	if (!other || other == dom)
		return 0;

	NL_SET_ERR_MSG_FMT(info->extack,
			   "heartbeat %s serves %s, which has domain tag %u too",
			   dev->name, other->bridge->name, cfg->node.domain);
	return -EBUSY;
}

/**
 * mlag_config_heartbeat - the second path, as asked for or as it is
 * @info: request
 * @dom: domain, NULL for one that is to be added
 * @cfg: the rest of the configuration; its heartbeat is filled in
 *
 * Context: RTNL.
 * Return: 0 or a negative errno, the extack says why.
 */
int mlag_config_heartbeat(struct genl_info *info, const struct mlag_domain *dom,
			  struct mlag_config *cfg)
{
	struct mlag_heartbeat_config *hb = &cfg->heartbeat;
	const struct net_device *port = cfg->peer_port;
	struct net_device *dev = NULL;
	int err;

	ASSERT_RTNL();

	err = parse(info, hb);
	if (err)
		return err;
	cfg->node.heartbeat = hb->kind != MLAG_ICCP_HEARTBEAT_NONE;
	if (hb->name[0])
		dev = __dev_get_by_name(genl_info_net(info), hb->name);
	if (!dev)
		return 0;
	if (!port && dom)
		port = rtnl_dereference(dom->peer_port);
	NL_SET_BAD_ATTR(info->extack, device_attr(info));
	if (is_first_path(dev, cfg, port)) {
		NL_SET_ERR_MSG_FMT(info->extack,
				   "heartbeat %s would be cut with the peer-port",
				   dev->name);
		return -EINVAL;
	}
	err = 0;
	if (hb->kind == MLAG_ICCP_HEARTBEAT_DEV)
		err = check_device(info, dev, dom, cfg);
	if (!err)
		NL_SET_BAD_ATTR(info->extack, NULL);

	return err;
}

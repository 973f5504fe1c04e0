// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything done to the bridge: learning and backup_port of its ports, reading
 * its address table, putting entries there. The bridge exports little of this
 * to modules, so it is asked through the tables it registers with rtnetlink and
 * through switchdev notifications. No state of our own.
 */
#include "bridge.h"

#include <linux/err.h>
#include <linux/etherdevice.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/jiffies.h>
#include <linux/neighbour.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sizes.h>
#include <net/netlink.h>
#include <net/rtnetlink.h>
#include <net/switchdev.h>

enum {
	SCRATCH_SIZE = SZ_1K,		/* one entry, several times over */
	SLAVE_INFO_SIZE = SZ_2K,	/* all attributes of one bridge port */
	BRIDGE_INFO_SIZE = SZ_4K,	/* all attributes of one bridge */
	WALK_SIZE = SZ_128K,		/* about 1500 entries */
	WALK_SIZE_MIN = SZ_8K,
};

/* IEEE 802.1D reserved address 0E, the one ICCP is sent to */
#define CONTROL_GROUP_BIT	BIT(0xe)

/**
 * mlag_bridge_can_manage - whether a bridge offers what a domain needs
 * @br: a bridge
 */
bool mlag_bridge_can_manage(const struct net_device *br)
{
	const struct rtnl_link_ops *ops = br->rtnl_link_ops;

	return ops && ops->slave_changelink && ops->fill_slave_info &&
	       ops->fill_info && br->netdev_ops->ndo_fdb_get &&
	       br->netdev_ops->ndo_fdb_dump;
}

/* A netlink attribute with a number in it, made by hand. */
struct number_attr {
	struct nlattr attr;
	union {
		u8 byte;
		u32 word;
	};
};

static int change_port(struct net_device *br, struct net_device *port, int type,
		       struct number_attr *value)
{
	struct nlattr *data[IFLA_BRPORT_MAX + 1] = {};

	ASSERT_RTNL();

	if (netdev_master_upper_dev_get(port) != br)
		return -ENODEV;
	value->attr.nla_type = type;
	data[type] = &value->attr;

	return br->rtnl_link_ops->slave_changelink(br, port, NULL, data, NULL);
}

/**
 * mlag_bridge_learning - whether the bridge learns on a port
 * @port: bridge port
 *
 * Context: RTNL or RCU.
 */
bool mlag_bridge_learning(const struct net_device *port)
{
	return br_port_flag_is_set(port, BR_LEARNING);
}

/**
 * mlag_bridge_set_learning - let the bridge learn on a port, or not
 * @br: bridge
 * @port: a port of it
 * @on: learn
 *
 * Context: RTNL.
 * Return: 0 or what the bridge says.
 */
int mlag_bridge_set_learning(struct net_device *br, struct net_device *port,
			     bool on)
{
	struct number_attr value = {
		.attr.nla_len = nla_attr_size(sizeof(u8)),
		.byte = on,
	};

	if (mlag_bridge_learning(port) == on)
		return 0;

	return change_port(br, port, IFLA_BRPORT_LEARNING, &value);
}

/* Attributes of a port. Return: for kfree_skb(), or ERR_PTR(). */
static struct sk_buff *port_info(struct net_device *br, struct net_device *port)
{
	struct sk_buff *skb;

	ASSERT_RTNL();

	if (netdev_master_upper_dev_get(port) != br)
		return ERR_PTR(-ENODEV);
	skb = alloc_skb(SLAVE_INFO_SIZE, GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOMEM);
	if (br->rtnl_link_ops->fill_slave_info(skb, br, port)) {
		kfree_skb(skb);
		return ERR_PTR(-ENODATA);
	}

	return skb;
}

/* As port_info(), of the bridge itself. */
static struct sk_buff *bridge_info(struct net_device *br)
{
	struct sk_buff *skb;

	ASSERT_RTNL();

	skb = alloc_skb(BRIDGE_INFO_SIZE, GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOMEM);
	if (br->rtnl_link_ops->fill_info(skb, br)) {
		kfree_skb(skb);
		return ERR_PTR(-ENODATA);
	}

	return skb;
}

static const struct nlattr *info_attr(const struct sk_buff *skb, int type)
{
	return nla_find((const struct nlattr *)skb->data, skb->len, type);
}

/* A number among them, @none if it is not told. */
static int info_number(const struct sk_buff *skb, int type, int none)
{
	const struct nlattr *attr = info_attr(skb, type);

	if (!attr)
		return none;
	switch (nla_len(attr)) {
	case sizeof(u8):
		return nla_get_u8(attr);
	case sizeof(u16):
		return nla_get_u16(attr);
	default:
		return nla_get_u32(attr);
	}
}

static int port_number(struct net_device *br, struct net_device *port,
		       int type, int none)
{
	struct sk_buff *skb = port_info(br, port);
	int ret;

	if (IS_ERR(skb))
		return PTR_ERR(skb);
	ret = info_number(skb, type, none);
	kfree_skb(skb);

	return ret;
}

/**
 * mlag_bridge_backup_port - ifindex of the backup port of a port
 * @br: bridge
 * @port: a port of it
 *
 * Context: RTNL, may sleep.
 * Return: ifindex, 0 if there is none, negative if the bridge does not say.
 */
int mlag_bridge_backup_port(struct net_device *br, struct net_device *port)
{
	return port_number(br, port, IFLA_BRPORT_BACKUP_PORT, 0);
}

/**
 * mlag_bridge_set_backup_port - where frames go when a port has no carrier
 * @br: bridge
 * @port: a port of it
 * @ifindex: another port of it, 0 for none
 *
 * Context: RTNL.
 * Return: 0 or what the bridge says.
 */
int mlag_bridge_set_backup_port(struct net_device *br, struct net_device *port,
				int ifindex)
{
	struct number_attr value = {
		.attr.nla_len = nla_attr_size(sizeof(u32)),
		.word = ifindex,
	};

	return change_port(br, port, IFLA_BRPORT_BACKUP_PORT, &value);
}

/**
 * mlag_bridge_router - whether a port is taken for that of a multicast router
 * @br: bridge
 * @port: a port of it
 *
 * Context: RTNL, may sleep.
 * Return: enum MDB_RTR_TYPE_*, negative if the bridge does not say.
 */
int mlag_bridge_router(struct net_device *br, struct net_device *port)
{
	return port_number(br, port, IFLA_BRPORT_MULTICAST_ROUTER, -ENODATA);
}

/**
 * mlag_bridge_set_router - say whether a port is that of a multicast router
 * @br: bridge
 * @port: a port of it
 * @router: MDB_RTR_TYPE_*
 *
 * Context: RTNL.
 * Return: 0 or what the bridge says.
 */
int mlag_bridge_set_router(struct net_device *br, struct net_device *port,
			   u8 router)
{
	struct number_attr value = {
		.attr.nla_len = nla_attr_size(sizeof(u8)),
		.byte = router,
	};

	return change_port(br, port, IFLA_BRPORT_MULTICAST_ROUTER, &value);
}

static bool takes_control(struct sk_buff *skb, int type)
{
	bool ret;

	if (IS_ERR(skb))
		return false;
	ret = info_number(skb, type, 0) & CONTROL_GROUP_BIT;
	kfree_skb(skb);

	return ret;
}

/**
 * mlag_bridge_forwards_control - whether the bridge was told to forward ICCP
 * @br: bridge
 * @port: its peer-port
 *
 * Context: RTNL, may sleep.
 */
bool mlag_bridge_forwards_control(struct net_device *br,
				  struct net_device *port)
{
	return takes_control(port_info(br, port), IFLA_BRPORT_GROUP_FWD_MASK) ||
	       takes_control(bridge_info(br), IFLA_BR_GROUP_FWD_MASK);
}

static int parse_settings(const struct sk_buff *skb,
			  struct mlag_bridge_settings *s)
{
	const struct nlattr *mode = info_attr(skb, IFLA_BR_STP_STATE);
	const struct nlattr *id = info_attr(skb, IFLA_BR_BRIDGE_ID);
	const struct nlattr *group = info_attr(skb, IFLA_BR_GROUP_ADDR);
	const struct ifla_bridge_id *own;

	if (!mode || !id || nla_len(id) < (int)sizeof(*own) || !group)
		return -ENODATA;
	own = nla_data(id);
	s->stp_mode = nla_get_u32(mode);
	s->stp_priority = own->prio[0] << 8 | own->prio[1];
	ether_addr_copy(s->mac, own->addr);
	nla_memcpy(s->bpdu_group, group, ETH_ALEN);
	s->default_pvid = info_number(skb, IFLA_BR_VLAN_DEFAULT_PVID,
				      MLAG_BRIDGE_UNTOLD);
	s->mcast_snooping = info_number(skb, IFLA_BR_MCAST_SNOOPING,
					MLAG_BRIDGE_UNTOLD);

	return 0;
}

/**
 * mlag_bridge_settings_get - read settings of a bridge
 * @br: bridge
 * @s: result
 *
 * Context: RTNL, may sleep.
 * Return: 0, -ENOMEM, -ENODATA if the kernel does not tell.
 */
int mlag_bridge_settings_get(struct net_device *br,
			     struct mlag_bridge_settings *s)
{
	struct sk_buff *skb = bridge_info(br);
	int err;

	if (IS_ERR(skb))
		return PTR_ERR(skb);
	err = parse_settings(skb, s);
	kfree_skb(skb);

	return err;
}

/**
 * mlag_bridge_stp_port_get - read what the spanning tree makes of a port
 * @br: bridge
 * @port: a port of it
 * @out: result
 *
 * Context: RTNL, may sleep.
 * Return: 0, -ENODEV if it is no port of it, -ENOMEM, -ENODATA.
 */
int mlag_bridge_stp_port_get(struct net_device *br, struct net_device *port,
			     struct mlag_bridge_stp_port *out)
{
	struct sk_buff *skb = port_info(br, port);
	int err = -ENODATA;

	if (IS_ERR(skb))
		return PTR_ERR(skb);
	if (info_attr(skb, IFLA_BRPORT_COST) &&
	    info_attr(skb, IFLA_BRPORT_ID)) {
		out->cost = info_number(skb, IFLA_BRPORT_COST, 0);
		out->number = info_number(skb, IFLA_BRPORT_ID, 0);
		out->no_root = info_number(skb, IFLA_BRPORT_PROTECT, 0);
		err = 0;
	}
	kfree_skb(skb);

	return err;
}

/**
 * mlag_bridge_port_forwarding - whether a port is in STP state forwarding
 * @port: bridge port
 *
 * Context: RTNL.
 */
bool mlag_bridge_port_forwarding(const struct net_device *port)
{
	return br_port_get_stp_state(port) == BR_STATE_FORWARDING;
}

static void parse_entry(const struct nlmsghdr *nlh, struct mlag_bridge_fdb *e)
{
	const struct ndmsg *ndm = nlmsg_data(nlh);
	const struct nda_cacheinfo *ci;
	const struct nlattr *attr;

	memset(e, 0, sizeof(*e));
	e->ifindex = ndm->ndm_ifindex;
	e->permanent = ndm->ndm_state & NUD_PERMANENT;
	e->fixed = ndm->ndm_state & NUD_NOARP;
	e->extern_learn = ndm->ndm_flags & NTF_EXT_LEARNED;

	attr = nlmsg_find_attr(nlh, sizeof(*ndm), NDA_LLADDR);
	if (attr)
		nla_memcpy(e->mac, attr, ETH_ALEN);
	attr = nlmsg_find_attr(nlh, sizeof(*ndm), NDA_VLAN);
	if (attr)
		e->vid = nla_get_u16(attr);
	attr = nlmsg_find_attr(nlh, sizeof(*ndm), NDA_CACHEINFO);
	if (attr && nla_len(attr) >= (int)sizeof(*ci)) {
		ci = nla_data(attr);
		e->idle_ms = jiffies_to_msecs(
			clock_t_to_jiffies(ci->ndm_updated));
	}
}

/**
 * mlag_bridge_fdb_scratch - room for mlag_bridge_fdb_get()
 *
 * Return: a buffer that kfree_skb() frees, NULL without memory.
 */
struct sk_buff *mlag_bridge_fdb_scratch(void)
{
	return alloc_skb(SCRATCH_SIZE, GFP_KERNEL);
}

/**
 * mlag_bridge_fdb_get - read one entry of the bridge
 * @br: bridge
 * @scratch: from mlag_bridge_fdb_scratch(), overwritten
 * @mac: address
 * @vid: VLAN
 * @e: result
 *
 * Context: RCU held.
 * Return: 0, -ENOENT if the bridge does not know the address.
 */
int mlag_bridge_fdb_get(struct net_device *br, struct sk_buff *scratch,
			const u8 *mac, u16 vid, struct mlag_bridge_fdb *e)
{
	int err;

	skb_trim(scratch, 0);
	err = br->netdev_ops->ndo_fdb_get(scratch, NULL, br, mac, vid, 0, 0,
					  NULL);
	if (err)
		return err;
	parse_entry((const struct nlmsghdr *)scratch->data, e);

	return 0;
}

static int notify_bridge(unsigned long event, struct net_device *port,
			 const u8 *mac, u16 vid)
{
	struct switchdev_notifier_fdb_info info = {
		.addr = mac,
		.vid = vid,
	};

	/* RCU alone would do for the notifier, but not for a port that leaves */
	ASSERT_RTNL();

	return notifier_to_errno(call_switchdev_notifiers(event, port,
							  &info.info, NULL));
}

/**
 * mlag_bridge_fdb_install - make the bridge send to an address through a port
 * @port: bridge port
 * @mac: address
 * @vid: VLAN
 *
 * The entry does not age. It is not left marked as offloaded: the bridge would
 * throw it away whenever the port loses its carrier.
 *
 * Context: RTNL and RCU held.
 * Return: 0, -ENOMEM.
 */
int mlag_bridge_fdb_install(struct net_device *port, const u8 *mac, u16 vid)
{
	int err;

	err = notify_bridge(SWITCHDEV_FDB_ADD_TO_BRIDGE, port, mac, vid);
	if (err)
		return err;

	return notify_bridge(SWITCHDEV_FDB_OFFLOADED, port, mac, vid);
}

/**
 * mlag_bridge_fdb_remove - take back what mlag_bridge_fdb_install() put in
 * @port: any port of the bridge
 * @mac: address
 * @vid: VLAN
 *
 * Context: RTNL and RCU held.
 * Return: 0, -ENOENT if the bridge has none, or has learned it itself by now.
 */
int mlag_bridge_fdb_remove(struct net_device *port, const u8 *mac, u16 vid)
{
	return notify_bridge(SWITCHDEV_FDB_DEL_TO_BRIDGE, port, mac, vid);
}

/**
 * mlag_bridge_fdb_flush - forget what the bridge learned on a port
 * @port: bridge port
 * @vid: VLAN, 0 = all
 *
 * Entries that an operator or we put there stay.
 *
 * Context: RTNL and RCU held.
 * Return: 0.
 */
int mlag_bridge_fdb_flush(struct net_device *port, u16 vid)
{
	return notify_bridge(SWITCHDEV_FDB_FLUSH_TO_BRIDGE, port, NULL, vid);
}

static void walk_messages(const struct sk_buff *skb, mlag_bridge_fdb_fn fn,
			  void *arg)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)skb->data;
	struct mlag_bridge_fdb e;
	int left = skb->len;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left)) {
		parse_entry(nlh, &e);
		fn(arg, &e);
	}
}

static struct sk_buff *walk_buffer(void)
{
	struct sk_buff *skb;

	skb = alloc_skb(WALK_SIZE, GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY);

	return skb ? skb : alloc_skb(WALK_SIZE_MIN, GFP_KERNEL);
}

/**
 * mlag_bridge_fdb_walk - call @fn for each entry that points to a port
 * @br: bridge
 * @port: a port of it, or @br for the bridge's own addresses
 * @fn: called without locks, may sleep
 * @arg: passed to @fn
 *
 * The bridge fills a dump that nobody asked for over netlink, and goes on where
 * it stopped when the buffer was full. An entry that comes or goes meanwhile
 * may be missed or seen twice; notifications tell of those.
 *
 * Context: RTNL, may sleep.
 * Return: 0, -ENOMEM.
 */
int mlag_bridge_fdb_walk(struct net_device *br, struct net_device *port,
			 mlag_bridge_fdb_fn fn, void *arg)
{
	struct ndo_fdb_dump_context *ctx;
	struct netlink_callback cb = {};
	struct nlmsghdr nlh = {};
	struct sk_buff *skb;
	int idx, err;

	ASSERT_RTNL();

	skb = walk_buffer();
	if (!skb)
		return -ENOMEM;

	cb.skb = skb;
	cb.nlh = &nlh;
	ctx = (void *)cb.ctx;
	do {
		skb_trim(skb, 0);
		idx = 0;
		err = br->netdev_ops->ndo_fdb_dump(skb, &cb, br, port, &idx);
		walk_messages(skb, fn, arg);
		ctx->fdb_idx = idx;
	} while (err == -EMSGSIZE && skb->len);
	kfree_skb(skb);

	return err;
}

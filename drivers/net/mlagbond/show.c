// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the netlink family shows: live state of a bond or port and its
 * counters enter, attributes of the specification leave.
 */
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/mlagbond_gate.h>
#include <net/netlink.h>

#include "mbond.h"
#include "mode.h"
#include "show.h"
#include "stats.h"

static int put_dev(struct sk_buff *skb, const struct net_device *dev,
		   int index_attr, int name_attr)
{
	if (nla_put_u32(skb, index_attr, dev->ifindex) ||
	    nla_put_string(skb, name_attr, dev->name))
		return -EMSGSIZE;
	return 0;
}

static unsigned int tx_ports(const struct mbond *bond)
{
	const struct mbond_port *port;
	unsigned int count = 0;

	mbond_for_each_port(bond, port)
		count += READ_ONCE(port->usable);
	return count;
}

static int put_active(struct sk_buff *skb, const struct mbond *bond)
{
	const struct net_device *active;
	int ifindex;

	rcu_read_lock();
	active = rcu_dereference(bond->active);
	ifindex = active ? active->ifindex : 0;
	rcu_read_unlock();
	if (!ifindex)
		return 0;
	return nla_put_u32(skb, MLAGBOND_A_BOND_ACTIVE_PORT, ifindex);
}

/* LACP side of a port in the active aggregator, or of any port. */
static int aggregator_port(struct mbond *bond, u16 aggregator,
			   struct mbond_ad_port_info *info)
{
	struct mbond_port *port;
	int err = -ENODATA;

	mbond_for_each_port(bond, port) {
		memset(info, 0, sizeof(*info));
		err = bond->ops->ad_port_info(port, info);
		if (err || info->aggregator == aggregator)
			break;
	}
	return err;
}

static int put_actor(struct sk_buff *skb, struct mbond *bond, u16 aggregator)
{
	struct mbond_ad_port_info info;

	if (aggregator_port(bond, aggregator, &info))
		return 0;
	if (nla_put(skb, MLAGBOND_A_BOND_ACTOR_SYSTEM, ETH_ALEN,
		    info.actor.system) ||
	    nla_put_u16(skb, MLAGBOND_A_BOND_ACTOR_SYS_PRIO,
			info.actor.system_prio))
		return -EMSGSIZE;
	if (!aggregator)
		return 0;
	return nla_put_u16(skb, MLAGBOND_A_BOND_PARTNER_SYS_PRIO,
			   info.partner.system_prio);
}

static int put_aggregator(struct sk_buff *skb, struct mbond *bond)
{
	struct mbond_ad_info info = {};

	if (bond->ops->ad_info(bond, &info))
		return put_actor(skb, bond, 0);
	if (nla_put_u16(skb, MLAGBOND_A_BOND_AGGREGATOR, info.aggregator) ||
	    nla_put_u16(skb, MLAGBOND_A_BOND_AGGREGATOR_PORTS,
			info.num_ports) ||
	    nla_put_u16(skb, MLAGBOND_A_BOND_ACTOR_KEY, info.actor_key) ||
	    nla_put_u16(skb, MLAGBOND_A_BOND_PARTNER_KEY, info.partner_key) ||
	    nla_put(skb, MLAGBOND_A_BOND_PARTNER_SYSTEM, ETH_ALEN,
		    info.partner_mac))
		return -EMSGSIZE;
	return put_actor(skb, bond, info.aggregator);
}

static int put_hold(struct sk_buff *skb, struct mbond *bond)
{
	char reason[MBOND_HOLD_REASON_LEN];
	bool allowed;

	mbond_lock(bond);
	allowed = bond->leg.sync == MLAGBOND_SYNC_ALLOWED;
	strscpy(reason, bond->leg.hold_reason, sizeof(reason));
	mbond_unlock(bond);

	if (nla_put_u8(skb, MLAGBOND_A_BOND_SYNC_ALLOWED, allowed))
		return -EMSGSIZE;
	if (allowed || !reason[0])
		return 0;
	return nla_put_string(skb, MLAGBOND_A_BOND_HOLD_REASON, reason);
}

static int put_leg(struct sk_buff *skb, struct mbond *bond)
{
	u32 gate = READ_ONCE(bond->gate);
	int peer = READ_ONCE(bond->peer_ifindex);

	if (!mbond_is_leg(bond))
		return 0;
	if (nla_put_u32(skb, MLAGBOND_A_BOND_MLAG_ID, bond->params.mlag_id) ||
	    nla_put_u32(skb, MLAGBOND_A_BOND_RX_GATE,
			MLAGBOND_GATE_RX(gate)) ||
	    nla_put_u32(skb, MLAGBOND_A_BOND_TX_GATE,
			MLAGBOND_GATE_TX(gate)) ||
	    nla_put_u32(skb, MLAGBOND_A_BOND_FILTER,
			MLAGBOND_GATE_FILTER(gate)))
		return -EMSGSIZE;
	if (peer && nla_put_u32(skb, MLAGBOND_A_BOND_PEER_PORT, peer))
		return -EMSGSIZE;
	return put_hold(skb, bond);
}

/**
 * mbond_show_bond() - attributes of bond-get
 * @skb: message
 * @bond: the bond
 *
 * Return: 0 or -EMSGSIZE.
 */
int mbond_show_bond(struct sk_buff *skb, struct mbond *bond)
{
	ASSERT_RTNL();
	if (put_dev(skb, bond->dev, MLAGBOND_A_BOND_IFINDEX,
		    MLAGBOND_A_BOND_IFNAME) ||
	    nla_put_u32(skb, MLAGBOND_A_BOND_MODE, bond->params.mode) ||
	    nla_put_u8(skb, MLAGBOND_A_BOND_CARRIER,
		       netif_carrier_ok(bond->dev)) ||
	    nla_put_u32(skb, MLAGBOND_A_BOND_NUM_PORTS,
			mbond_port_count(bond)) ||
	    nla_put_u32(skb, MLAGBOND_A_BOND_TX_PORTS, tx_ports(bond)))
		return -EMSGSIZE;
	if (put_active(skb, bond) || put_aggregator(skb, bond) ||
	    put_leg(skb, bond))
		return -EMSGSIZE;
	return 0;
}

static int put_speed(struct sk_buff *skb, const struct mbond_port *port)
{
	u32 speed = READ_ONCE(port->speed);
	u8 duplex = READ_ONCE(port->duplex);

	if (speed != (u32)SPEED_UNKNOWN &&
	    nla_put_u32(skb, MLAGBOND_A_PORT_SPEED, speed))
		return -EMSGSIZE;
	if (duplex != DUPLEX_UNKNOWN &&
	    nla_put_u8(skb, MLAGBOND_A_PORT_FULL_DUPLEX,
		       duplex == DUPLEX_FULL))
		return -EMSGSIZE;
	return 0;
}

/* Attribute numbers of one side of a port */
struct side_attrs {
	int system, sys_prio, key, port, port_prio, state;
};

static int put_side(struct sk_buff *skb, const struct mbond_ad_side *side,
		    const struct side_attrs *attrs)
{
	if (nla_put_u16(skb, attrs->key, side->key) ||
	    nla_put_u16(skb, attrs->port, side->port) ||
	    nla_put_u16(skb, attrs->port_prio, side->port_prio) ||
	    nla_put_u32(skb, attrs->state, side->state))
		return -EMSGSIZE;
	if (!attrs->system)
		return 0;
	if (nla_put(skb, attrs->system, ETH_ALEN, side->system) ||
	    nla_put_u16(skb, attrs->sys_prio, side->system_prio))
		return -EMSGSIZE;
	return 0;
}

static int put_word(struct sk_buff *skb, int attr, const char *word)
{
	return word ? nla_put_string(skb, attr, word) : 0;
}

static const char *churn_word(u8 state)
{
	static const char *const words[] = { "monitoring", "churned", "none" };

	return state < ARRAY_SIZE(words) ? words[state] : NULL;
}

static int put_machines(struct sk_buff *skb,
			const struct mbond_ad_port_info *info)
{
	if (put_word(skb, MLAGBOND_A_PORT_RX_MACHINE, info->rx_machine) ||
	    put_word(skb, MLAGBOND_A_PORT_PERIODIC_MACHINE,
		     info->periodic_machine) ||
	    put_word(skb, MLAGBOND_A_PORT_MUX_MACHINE, info->mux_machine) ||
	    put_word(skb, MLAGBOND_A_PORT_ACTOR_CHURN,
		     churn_word(info->churn_actor)) ||
	    put_word(skb, MLAGBOND_A_PORT_PARTNER_CHURN,
		     churn_word(info->churn_partner)))
		return -EMSGSIZE;
	return 0;
}

static int put_age(struct sk_buff *skb, int attr, u64 age)
{
	return age == U64_MAX ? 0 :
	       nla_put_u32(skb, attr, min_t(u64, age, U32_MAX));
}

static int put_history(struct sk_buff *skb,
		       const struct mbond_ad_port_info *info)
{
	if (put_age(skb, MLAGBOND_A_PORT_LACPDU_AGE, info->pdu_age) ||
	    nla_put_u32(skb, MLAGBOND_A_PORT_FLAPS, info->flaps) ||
	    put_age(skb, MLAGBOND_A_PORT_FLAP_AGE, info->flap_age) ||
	    put_word(skb, MLAGBOND_A_PORT_FLAP_CAUSE, info->flap_cause))
		return -EMSGSIZE;
	return 0;
}

static int put_lacp(struct sk_buff *skb, const struct mbond_ad_port_info *info)
{
	static const struct side_attrs actor = {
		.key = MLAGBOND_A_PORT_ACTOR_KEY,
		.port = MLAGBOND_A_PORT_ACTOR_PORT,
		.port_prio = MLAGBOND_A_PORT_ACTOR_PORT_PRIO,
		.state = MLAGBOND_A_PORT_ACTOR_STATE,
	};
	static const struct side_attrs partner = {
		.system = MLAGBOND_A_PORT_PARTNER_SYSTEM,
		.sys_prio = MLAGBOND_A_PORT_PARTNER_SYS_PRIO,
		.key = MLAGBOND_A_PORT_PARTNER_KEY,
		.port = MLAGBOND_A_PORT_PARTNER_PORT,
		.port_prio = MLAGBOND_A_PORT_PARTNER_PORT_PRIO,
		.state = MLAGBOND_A_PORT_PARTNER_STATE,
	};

	if (info->aggregator &&
	    nla_put_u16(skb, MLAGBOND_A_PORT_AGGREGATOR, info->aggregator))
		return -EMSGSIZE;
	if (put_side(skb, &info->actor, &actor) ||
	    put_side(skb, &info->partner, &partner) ||
	    put_machines(skb, info))
		return -EMSGSIZE;
	return put_history(skb, info);
}

/* Why a port carries no traffic, the nearest cause first. */
static const char *idle_reason(const struct mbond_port *port,
			       const struct mbond_ad_port_info *info)
{
	if (READ_ONCE(port->usable))
		return info->reason;
	if (!netif_running(port->bond->dev))
		return "bond-down";
	if (!mbond_port_has_link(port))
		return READ_ONCE(port->silent) ? "no-answer" : "no-link";
	if (info->reason)
		return info->reason;
	return "backup";
}

/**
 * mbond_show_port() - attributes of port-get
 * @skb: message
 * @port: the port
 *
 * Return: 0 or -EMSGSIZE.
 */
int mbond_show_port(struct sk_buff *skb, struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	struct mbond_ad_port_info info = {};
	bool lacp;

	ASSERT_RTNL();
	lacp = !bond->ops->ad_port_info(port, &info);
	if (put_dev(skb, port->dev, MLAGBOND_A_PORT_IFINDEX,
		    MLAGBOND_A_PORT_IFNAME) ||
	    nla_put_u32(skb, MLAGBOND_A_PORT_BOND, bond->dev->ifindex) ||
	    nla_put_u32(skb, MLAGBOND_A_PORT_LINK,
			mbond_port_link(port)) ||
	    nla_put_u8(skb, MLAGBOND_A_PORT_ACTIVE,
		       READ_ONCE(port->usable)) ||
	    nla_put_u32(skb, MLAGBOND_A_PORT_LINK_FAILURES,
			READ_ONCE(port->link_failures)) ||
	    nla_put_s32(skb, MLAGBOND_A_PORT_PRIO, port->params.prio) ||
	    put_speed(skb, port) ||
	    put_word(skb, MLAGBOND_A_PORT_REASON, idle_reason(port, &info)))
		return -EMSGSIZE;
	return lacp ? put_lacp(skb, &info) : 0;
}

static int put_counter(struct sk_buff *skb, const char *name, u64 value)
{
	struct nlattr *nest;

	nest = nla_nest_start(skb, MLAGBOND_A_COUNTERS_COUNTER);
	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, MLAGBOND_A_COUNTER_NAME, name) ||
	    nla_put_u64_64bit(skb, MLAGBOND_A_COUNTER_VALUE, value,
			      MLAGBOND_A_COUNTER_PAD)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * mbond_show_bond_counters() - attributes of counters-get for a bond
 * @skb: message
 * @bond: the bond
 *
 * Return: 0 or -EMSGSIZE.
 */
int mbond_show_bond_counters(struct sk_buff *skb, struct mbond *bond)
{
	u64 sum[MBOND_DROP_COUNT];
	char name[32];
	int i;

	if (put_dev(skb, bond->dev, MLAGBOND_A_COUNTERS_IFINDEX,
		    MLAGBOND_A_COUNTERS_IFNAME))
		return -EMSGSIZE;
	mbond_drops_sum(bond, sum);
	for (i = 0; i < MBOND_DROP_COUNT; i++) {
		snprintf(name, sizeof(name), "drop_%s", mbond_drop_names[i]);
		if (put_counter(skb, name, sum[i]))
			return -EMSGSIZE;
	}
	return 0;
}

/**
 * mbond_show_port_counters() - attributes of counters-get for a port
 * @skb: message
 * @port: the port
 *
 * Return: 0 or -EMSGSIZE.
 */
int mbond_show_port_counters(struct sk_buff *skb, struct mbond_port *port)
{
	const struct mbond_mode_ops *ops = port->bond->ops;
	struct mbond_counter counters[MBOND_MODE_COUNTERS];
	unsigned int i, count = 0;

	ASSERT_RTNL();
	if (put_dev(skb, port->dev, MLAGBOND_A_COUNTERS_IFINDEX,
		    MLAGBOND_A_COUNTERS_IFNAME) ||
	    nla_put_u32(skb, MLAGBOND_A_COUNTERS_BOND,
			port->bond->dev->ifindex) ||
	    put_counter(skb, "link_failures",
			READ_ONCE(port->link_failures)) ||
	    put_counter(skb, "probe_tx", READ_ONCE(port->arp.probes)) ||
	    put_counter(skb, "probe_answered", READ_ONCE(port->arp.answers)) ||
	    put_counter(skb, "probe_ignored", READ_ONCE(port->arp.ignored)))
		return -EMSGSIZE;
	if (ops->counters)
		count = ops->counters(port, counters);
	for (i = 0; i < count; i++)
		if (put_counter(skb, counters[i].name, counters[i].value))
			return -EMSGSIZE;
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * ARP and ND monitor.
 *
 * Deadlines and frames of the ports enter, core/arp_mon.c decides, the mode is
 * told of ports that fell silent or are heard again, probes leave. Rules and
 * state machine are in Documentation/monitors.rst.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "arp_probe.h"
#include "mbond.h"
#include "mode.h"
#include "monitor.h"
#include "monitor_arp.h"

static_assert(ARP_MON_TARGETS == 2 * MLAGBOND_TARGETS);
static_assert(ARP_MON_ACTIVE == (u64)MLAGBOND_VALIDATE_ACTIVE);
static_assert(ARP_MON_BACKUP == (u64)MLAGBOND_VALIDATE_BACKUP);
static_assert(ARP_MON_FILTER == (u64)MLAGBOND_VALIDATE_FILTER);
static_assert(ARP_MON_NEVER == LINK_FSM_NEVER);

static bool one_active(const struct mbond *bond)
{
	return bond->ops->flags & MBOND_MODE_ONE_ACTIVE;
}

static bool is_active(const struct mbond_port *port)
{
	const struct mbond *bond = port->bond;

	return rcu_dereference_protected(bond->active_port,
					 lockdep_is_held(&bond->lock)) == port;
}

/* The port speaks for the bond: to the address of the bond it is answered */
static bool speaks(const struct mbond_port *port)
{
	return one_active(port->bond) && is_active(port);
}

/* Inspection */

/* What the receive path has noted since the last look */
static void take_traffic(struct mbond_arp_port *arp, u64 now)
{
	unsigned long when = READ_ONCE(arp->traffic);
	u64 age = jiffies_to_msecs(jiffies - when);

	if (when == arp->traffic_seen)
		return;
	arp->traffic_seen = when;
	arp_mon_traffic(&arp->mon, now > age ? now - age : 0);
}

/* Returns true if the mode was told */
static bool judge(struct mbond_port *port, const struct arp_mon_conf *conf,
		  u64 now)
{
	bool active = !one_active(port->bond) || is_active(port);
	bool was_up = mbond_port_has_link(port);
	u8 was = mbond_port_link(port);
	u32 events;

	take_traffic(&port->arp, now);
	events = arp_mon_run(&port->arp.mon, conf, active, now);
	if (events & ARP_MON_PROBE) {
		port->arp.due = true;
		port->bond->arp.due = true;
	}
	WRITE_ONCE(port->silent, port->arp.mon.silent);
	return mbond_link_tell(port, was, was_up,
			       events & ARP_MON_LOST ? "no-answer" : "answer");
}

/**
 * mbond_arp_inspect() - judge all ports
 * @bond: the bond, locked
 * @now: ms
 *
 * Monitor work.
 *
 * Return: when to call again at the latest, ms.
 */
u64 mbond_arp_inspect(struct mbond *bond, u64 now)
{
	const struct mbond_params *params = &bond->params;
	const struct arp_mon_conf conf = {
		.interval	= params->arp_interval,
		.targets	= bond->arp.targets,
		.missed_max	= params->arp_missed_max,
		.validate	= params->arp_validate,
		.all		= params->arp_all_targets,
	};
	u64 next = ARP_MON_NEVER;
	struct mbond_port *port;
	bool changed = false;

	lockdep_assert_held(&bond->lock);
	mbond_for_each_port_rcu(bond, port) {
		if (!port->ready || !port->arp.on)
			continue;
		changed |= judge(port, &conf, now);
		next = min(next, port->arp.mon.deadline);
	}
	if (changed)
		mbond_update(bond);
	return next;
}

/* Probes */

/* Without the lock: routing is not ours */
static void resolve(struct mbond *bond)
{
	struct mbond_target target;
	u32 left;
	int i;

	for (left = READ_ONCE(bond->arp.targets); left; left &= left - 1) {
		i = __ffs(left);
		mbond_lock(bond);
		target = bond->arp.target[i];
		mbond_unlock(bond);
		mbond_target_resolve(bond, &target);
		mbond_lock(bond);
		if (!memcmp(target.addr, bond->arp.target[i].addr,
			    sizeof(target.addr)))
			bond->arp.target[i] = target;
		mbond_unlock(bond);
	}
}

static void queue_port(struct mbond_port *port, struct sk_buff_head *frames)
{
	const struct mbond_arp *arp = &port->bond->arp;
	const struct mbond_target *target;
	struct sk_buff *skb;
	u32 left;

	for (left = arp->targets; left; left &= left - 1) {
		target = &arp->target[__ffs(left)];
		if (target->elsewhere)
			continue;
		skb = mbond_probe_build(port, target, speaks(port));
		if (!skb)
			continue;
		__skb_queue_tail(frames, skb);
		port->arp.probes++;
	}
}

/**
 * mbond_arp_probe() - ask where it is due
 * @bond: the bond
 *
 * Monitor work, after mbond_arp_inspect(). The devices stay until the end of
 * the RCU section.
 */
void mbond_arp_probe(struct mbond *bond)
{
	struct sk_buff_head frames;
	struct mbond_port *port;
	struct sk_buff *skb;

	if (!bond->arp.due)
		return;
	bond->arp.due = false;
	__skb_queue_head_init(&frames);
	rcu_read_lock();
	resolve(bond);
	mbond_lock(bond);
	mbond_for_each_port_rcu(bond, port) {
		if (port->arp.on && port->arp.due)
			queue_port(port, &frames);
		port->arp.due = false;
	}
	mbond_unlock(bond);
	while ((skb = __skb_dequeue(&frames)))
		dev_queue_xmit(skb);
	rcu_read_unlock();
}

/* Begin and end */

static u32 load_list(struct mbond *bond, enum mbond_opt_id id, int first)
{
	const struct mbond_opt *opt = &mbond_opt_table[id];
	struct mbond_target *target;
	const u8 *addr;
	u32 bits = 0;
	int i;

	for (i = 0; (addr = mbond_opt_addr(opt, &bond->params, i)); i++) {
		target = &bond->arp.target[first + i];
		memset(target, 0, sizeof(*target));
		target->ip6 = opt->kind == MBOND_KIND_IP6S;
		memcpy(target->addr, addr, mbond_opt_addr_len(opt));
		bits |= BIT(first + i);
	}
	return bits;
}

static u32 load_targets(struct mbond *bond)
{
	if (!bond->monitoring || !bond->params.arp_interval)
		return 0;
	return load_list(bond, MBOND_OPT_ARP_IP_TARGET, 0) |
	       load_list(bond, MBOND_OPT_NS_IP6_TARGET, MLAGBOND_TARGETS);
}

static void begin(struct mbond_port *port, u64 now)
{
	struct mbond_arp_port *arp = &port->arp;

	arp->on = true;
	arp->due = false;
	WRITE_ONCE(arp->traffic, jiffies);
	arp->traffic_seen = arp->traffic;
	arp_mon_start(&arp->mon, !one_active(port->bond) || is_active(port),
		      now);
	WRITE_ONCE(port->rx, port->rx | MBOND_RX_HEAR);
}

/* Returns true if the mode was told */
static bool end(struct mbond_port *port)
{
	bool was_up = mbond_port_has_link(port);
	u8 was = mbond_port_link(port);

	port->arp.on = false;
	WRITE_ONCE(port->rx, port->rx & ~MBOND_RX_HEAR);
	WRITE_ONCE(port->silent, false);
	return mbond_link_tell(port, was, was_up, NULL);
}

/* Let the device of @by take answers to what @port asked, or no longer */
static void set_filter(struct mbond_port *port, struct mbond_port *by, bool on)
{
	struct mbond_arp_port *arp = &port->arp;
	u64 bit = BIT_ULL(by->slot);

	ASSERT_RTNL();
	if (on && !(arp->filtered & bit) && !dev_uc_add(by->dev, arp->addr))
		arp->filtered |= bit;
	if (!on && arp->filtered & bit) {
		dev_uc_del(by->dev, arp->addr);
		arp->filtered &= ~bit;
	}
}

/* Where a switch shares out what it sends, an answer comes in by any port */
static bool comes_by(const struct mbond_port *port,
		     const struct mbond_port *by)
{
	return port->arp.on && by->ready &&
	       (port == by || !one_active(port->bond));
}

static void update_filters(struct mbond *bond)
{
	struct mbond_port *port, *by;

	mbond_for_each_port(bond, port)
		mbond_for_each_port(bond, by)
			set_filter(port, by, comes_by(port, by));
}

/* Returns true if the mode was told */
static bool update_port(struct mbond_port *port, bool renew, u64 now)
{
	bool on = port->bond->arp.targets;

	if (!port->ready)
		return false;
	if (on && !port->arp.on)
		begin(port, now);
	else if (on && renew)
		arp_mon_renew(&port->arp.mon, now);
	else if (!on && port->arp.on)
		return end(port);
	return false;
}

/**
 * mbond_arp_update() - begin or end the monitor as is wanted now
 * @bond: the bond: up or down, with ports and options
 * @renew: options changed, what was heard so far does not count
 *
 * RTNL held, bond->lock not.
 */
void mbond_arp_update(struct mbond *bond, bool renew)
{
	struct mbond_port *port;
	bool changed = false;
	u64 now = mbond_now();

	ASSERT_RTNL();
	mbond_lock(bond);
	WRITE_ONCE(bond->arp.targets, load_targets(bond));
	mbond_for_each_port_rcu(bond, port)
		changed |= update_port(port, renew, now);
	if (changed)
		mbond_update(bond);
	mbond_do(bond, MBOND_DO_MONITOR);
	mbond_unlock(bond);
	update_filters(bond);
}

/* Does a frame to or from @addr mean anybody but @port and its probes? */
static bool addr_is_taken(const struct mbond_port *port, const u8 *addr)
{
	struct mbond *bond = port->bond;
	const struct mbond_port *other;

	if (ether_addr_equal(addr, bond->dev->dev_addr))
		return true;
	mbond_for_each_port(bond, other)
		if (ether_addr_equal(addr, other->arp.addr) ||
		    ether_addr_equal(addr, other->dev->dev_addr) ||
		    ether_addr_equal(addr, other->perm_addr))
			return true;
	return false;
}

/**
 * mbond_arp_enter() - choose the address under which a port asks for itself
 * @port: port that is not in the list yet
 *
 * RTNL held. Devices may come with equal addresses, the probes must tell them
 * apart all the same.
 */
void mbond_arp_enter(struct mbond_port *port)
{
	ASSERT_RTNL();
	arp_msg_own_mac(port->arp.addr, port->perm_addr);
	while (addr_is_taken(port, port->arp.addr))
		eth_random_addr(port->arp.addr);
}

/**
 * mbond_arp_leave() - a port is about to leave
 * @port: port that is no longer ready
 *
 * RTNL held, bond->lock not.
 */
void mbond_arp_leave(struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	struct mbond_port *other;

	ASSERT_RTNL();
	mbond_lock(bond);
	port->arp.on = false;
	WRITE_ONCE(port->rx, port->rx & ~MBOND_RX_HEAR);
	mbond_unlock(bond);
	mbond_for_each_port(bond, other) {
		set_filter(port, other, false);
		set_filter(other, port, false);
	}
}

/* Receive */

static bool parse(const struct sk_buff *skb, struct arp_msg *msg)
{
	unsigned int len = min_t(unsigned int, skb->len, ARP_MSG_LOOK);
	u8 buf[ARP_MSG_LOOK];
	const u8 *data;

	data = skb_header_pointer(skb, 0, len, buf);
	if (!data || !arp_msg_parse(data, len, ntohs(skb->protocol), msg))
		return false;
	if (skb_vlan_tag_present(skb))
		arp_msg_outer_tag(msg, ntohs(skb->vlan_proto),
				  skb_vlan_tag_get(skb));
	return true;
}

/* Port of the bond that asks under the address @mac */
static struct mbond_port *port_of_addr(const struct mbond *bond, const u8 *mac)
{
	struct mbond_port *port;

	mbond_for_each_port_rcu(bond, port)
		if (ether_addr_equal_unaligned(port->arp.addr, mac))
			return port;
	return NULL;
}

/* Port to whose own address an answer is sent */
static struct mbond_port *port_asked(const struct mbond *bond,
				     const struct arp_msg *msg)
{
	struct mbond_port *port;
	u8 ip[ARP_MSG_IP6];

	if (!msg->ip6)
		return port_of_addr(bond, msg->dst_mac);
	mbond_for_each_port_rcu(bond, port) {
		arp_msg_link_local(ip, port->arp.addr);
		if (!memcmp(ip, msg->dst, sizeof(ip)))
			return port;
	}
	return NULL;
}

/* Does it carry the tags of the question? */
static bool same_vlan(const struct mbond_target *target,
		      const struct arp_msg *msg)
{
	int i, n = 0;

	for (i = 0; i < target->tags; i++) {
		if (!target->tag[i].vid)
			continue;
		if (n == msg->tags ||
		    msg->tag[n].vid != target->tag[i].vid ||
		    msg->tag[n].proto != ntohs(target->tag[i].proto))
			return false;
		n++;
	}
	return n == msg->tags;
}

/* Target that has answered so, or -1: nobody who was asked, or elsewhere */
static int target_of(const struct mbond *bond, const struct arp_msg *msg)
{
	const struct mbond_target *target;
	u32 left;

	for (left = bond->arp.targets; left; left &= left - 1) {
		target = &bond->arp.target[__ffs(left)];
		if (target->ip6 == msg->ip6 &&
		    !memcmp(target->addr, msg->src, sizeof(msg->src)))
			return same_vlan(target, msg) ? __ffs(left) : -1;
	}
	return -1;
}

static void heard(struct mbond_port *port, int target)
{
	arp_mon_answer(&port->arp.mon, target, mbond_now());
	port->arp.answers++;
	if (port->silent)
		mbond_do(port->bond, MBOND_DO_MONITOR);
}

/* Answer to a question that a port asked for itself */
static void answered_port(struct mbond_port *asked, struct mbond_port *port,
			  int target)
{
	if (target < 0 || !asked->arp.on ||
	    (one_active(port->bond) && asked != port))
		port->arp.ignored++;
	else
		heard(asked, target);
}

/* Answer to a question of the active port, to the address of the bond */
static void answered_bond(struct mbond_port *port, const struct arp_msg *msg,
			  int nr)
{
	const struct mbond *bond = port->bond;
	const struct mbond_target *target;

	if (nr < 0 || !port->arp.on || !speaks(port))
		return;
	target = &bond->arp.target[nr];
	if (!target->own ||
	    memcmp(target->source, msg->dst, sizeof(msg->dst)) ||
	    (!msg->ip6 &&
	     !ether_addr_equal_unaligned(msg->dst_mac, bond->dev->dev_addr)))
		return;
	heard(port, nr);
}

/* Returns true if it was to an address that nobody else has */
static bool answer(struct mbond_port *port, const struct arp_msg *msg)
{
	struct mbond_port *asked = port_asked(port->bond, msg);
	struct mbond *bond = port->bond;
	int target;

	mbond_lock(bond);
	target = target_of(bond, msg);
	if (asked)
		answered_port(asked, port, target);
	else
		answered_bond(port, msg, target);
	mbond_unlock(bond);
	return asked;
}

/* Sent by this bond and come back, by a switch that floods it */
static bool is_from_us(const struct mbond *bond, const u8 *src)
{
	const struct mbond_port *port;

	if (ether_addr_equal(src, bond->dev->dev_addr))
		return true;
	if (!(bond->ops->flags & MBOND_MODE_BALANCE))
		return false;
	mbond_for_each_port_rcu(bond, port)
		if (ether_addr_equal(src, port->dev->dev_addr))
			return true;
	return false;
}

/* Would a frame that is no ARP and no ND tell anything new? */
static bool is_news(const struct mbond_port *port)
{
	return !(READ_ONCE(port->bond->params.arp_validate) &
		 ARP_MON_FILTER) && READ_ONCE(port->arp.traffic) != jiffies;
}

/**
 * mbond_arp_rx() - look at a frame that came in while the monitor runs
 * @port: port it came in on
 * @skb: the frame; stays as it is
 *
 * Receive path: RCU held, bottom halves disabled.
 *
 * Return: true if it belongs to the monitor and to nobody else.
 */
bool mbond_arp_rx(struct mbond_port *port, const struct sk_buff *skb)
{
	const u8 *src = eth_hdr(skb)->h_source;
	struct mbond *bond = port->bond;
	struct arp_msg msg;
	bool ours;

	ours = parse(skb, &msg);
	if (ours && port_of_addr(bond, src))
		return true;
	if ((!ours && !is_news(port)) || is_from_us(bond, src))
		return false;
	WRITE_ONCE(port->arp.traffic, jiffies);
	return msg.kind == ARP_MSG_REPLY && answer(port, &msg);
}

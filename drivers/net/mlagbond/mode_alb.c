// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode balance-alb: all ports send, and each receives from its own clients.
 *
 * Transmit is that of balance-tlb. ARP that we send and ARP that comes in
 * enter; core/rlb.c says which port a client shall use, and ARP replies that
 * carry the address of that port teach it. IPv6 comes in by the active port.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/arp.h>

#include "active.h"
#include "balance.h"
#include "core/rlb.h"
#include "mbond.h"
#include "mode.h"
#include "tx.h"

enum {
	LESSONS_AT_ONCE	= 16,
};

/**
 * struct alb - the mode's part of a bond
 * @balance: transmit; first
 * @rlb: clients; bond->lock
 */
struct alb {
	struct balance balance;
	struct rlb rlb;
};

/* RFC 826, Ethernet and IPv4; field names as in <linux/if_arp.h> */
struct arp_eth {
	struct arphdr hdr;
	u8 ar_sha[ETH_ALEN];
	__be32 ar_sip;
	u8 ar_tha[ETH_ALEN];
	__be32 ar_tip;
} __packed;

/* Lessons carry tags of customers' VLANs alone */
static bool is_service_tagged(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) &&
	       skb->vlan_proto != htons(ETH_P_8021Q);
}

/* ARP at @off, copied; false if it is none of IPv4 on Ethernet, or not ours */
static bool read_arp(const struct sk_buff *skb, int off, struct arp_eth *arp)
{
	return !is_service_tagged(skb) &&
	       !skb_copy_bits(skb, off, arp, sizeof(*arp)) &&
	       arp->hdr.ar_hrd == htons(ARPHRD_ETHER) &&
	       arp->hdr.ar_pro == htons(ETH_P_IP) &&
	       arp->hdr.ar_hln == ETH_ALEN && arp->hdr.ar_pln == 4;
}

static u16 vlan_of(const struct sk_buff *skb)
{
	return skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;
}

static u8 active_slot(const struct mbond *bond)
{
	const struct mbond_port *port;

	port = rcu_dereference_protected(bond->active_port,
					 lockdep_is_held(&bond->lock));
	return port ? port->slot : RLB_NONE;
}

static struct rlb *rlb_locked(struct mbond *bond)
{
	struct alb *alb = mbond_mode_priv(bond);

	lockdep_assert_held(&bond->lock);
	alb->rlb.active = active_slot(bond);
	return &alb->rlb;
}

/* Device of a slot, NULL if the port is gone or has no carrier */
static struct net_device *slot_dev(const struct mbond *bond, u8 slot)
{
	const struct mbond_port *port;

	list_for_each_entry_rcu(port, &bond->ports, list)
		if (port->slot == slot)
			return mbond_tx_ok(port->dev) ? port->dev : NULL;
	return NULL;
}

/*
 * What we say to all carries the address of the active port; what we say to
 * one client carries that of its port, and goes there.
 */
static u8 port_for_arp(struct mbond *bond, const struct sk_buff *skb,
		       const struct arp_eth *arp)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	struct rlb_key key = {
		.ip	= (__force u32)arp->ar_tip,
		.our	= (__force u32)arp->ar_sip,
		.vlan	= vlan_of(skb),
	};
	u8 slot = RLB_NONE;
	struct rlb *rlb;

	mbond_lock(bond);
	rlb = rlb_locked(bond);
	if (!is_multicast_ether_addr(eth->h_dest)) {
		slot = rlb_speak(rlb, &key, eth->h_dest, mbond_now());
	} else {
		if (key.ip != key.our)
			rlb_speak(rlb, &key, NULL, mbond_now());
		rlb_all_heard(rlb, key.our, key.vlan, mbond_now());
		mbond_balance_kick(bond);
	}
	mbond_unlock(bond);
	return slot;
}

/* What has another address than we does not send with ours */
static bool leads_to(struct net_device *upper, const u8 *our, u16 vlan)
{
	if (is_vlan_dev(upper))
		return vlan_dev_vlan_id(upper) == vlan &&
		       vlan_dev_vlan_proto(upper) == htons(ETH_P_8021Q);
	return !netif_is_macvlan(upper) ||
	       ether_addr_equal(upper->dev_addr, our);
}

/*
 * Do frames of @vlan, 0 for untagged ones, come out of a bridge? It may be
 * far above: on the VLAN, or on a bond that we are a port of. Depth is
 * bounded by that of nested devices.
 */
static bool is_bridged(struct net_device *dev, const u8 *our, u16 vlan)
{
	struct net_device *upper;
	struct list_head *iter;

	if (netif_is_any_bridge_port(dev))
		return true;
	netdev_for_each_upper_dev_rcu(dev, upper, iter)
		if (leads_to(upper, our, vlan) &&
		    is_bridged(upper, our, is_vlan_dev(upper) ? 0 : vlan))
			return true;
	return false;
}

/* An address of ours that has moved into a bridge is taught to nobody more */
static void disown(struct mbond *bond, u32 ip, u16 vlan)
{
	const struct alb *alb = mbond_mode_priv(bond);

	if (!rlb_may_be_ours(READ_ONCE(alb->rlb.ours), ip))
		return;
	mbond_lock(bond);
	rlb_forget(rlb_locked(bond), ip, vlan);
	mbond_unlock(bond);
}

/*
 * Not our business: addresses of others (a macvlan), probes without address,
 * and what comes out of a bridge. That knows its own address alone, and would
 * not take what a client sends to that of a port.
 */
static bool is_foreign(struct mbond *bond, const struct sk_buff *skb,
		       const struct arp_eth *arp)
{
	const u8 *our = bond->dev->dev_addr;
	bool bridged;

	if (!arp->ar_sip || !ether_addr_equal(arp->ar_sha, our))
		return true;
	rcu_read_lock();
	bridged = is_bridged(bond->dev, our, vlan_of(skb));
	rcu_read_unlock();
	if (bridged)
		disown(bond, (__force u32)arp->ar_sip, vlan_of(skb));
	return bridged;
}

static netdev_tx_t xmit_arp(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *dev;
	struct arp_eth arp;

	if (!read_arp(skb, ETH_HLEN, &arp) || is_foreign(bond, skb, &arp))
		return mbond_xmit_active(bond, skb);
	dev = slot_dev(bond, port_for_arp(bond, skb, &arp));
	if (!dev || dev == rcu_access_pointer(bond->active))
		return mbond_xmit_active(bond, skb);
	if (skb_ensure_writable(skb, ETH_HLEN + sizeof(arp)))
		return mbond_tx_drop(bond, skb, MBOND_DROP_NO_MEM);
	ether_addr_copy(arp.ar_sha, dev->dev_addr);
	skb_store_bits(skb, ETH_HLEN, &arp, sizeof(arp));
	ether_addr_copy(((struct ethhdr *)skb->data)->h_source, dev->dev_addr);
	return mbond_tx_send(skb, dev);
}

static netdev_tx_t alb_xmit(struct mbond *bond, struct sk_buff *skb)
{
	if (unlikely(skb->protocol == htons(ETH_P_ARP)))
		return xmit_arp(bond, skb);
	return mbond_xmit_balance(bond, skb);
}

static bool is_our_mac(const struct mbond *bond, const u8 *addr)
{
	const struct mbond_port *port;

	if (ether_addr_equal(bond->dev->dev_addr, addr))
		return true;
	list_for_each_entry_rcu(port, &bond->ports, list)
		if (ether_addr_equal(port->dev->dev_addr, addr))
			return true;
	return false;
}

/* Most of what comes in is between others: it costs no lock */
static bool concerns_us(const struct mbond *bond, const struct sk_buff *skb,
			const struct arp_eth *arp)
{
	const struct alb *alb = mbond_mode_priv(bond);

	return (arp->hdr.ar_op == htons(ARPOP_REPLY) &&
		skb->pkt_type == PACKET_HOST) ||
	       rlb_may_be_ours(READ_ONCE(alb->rlb.ours),
			       (__force u32)arp->ar_sip);
}

static void alb_rx_arp(struct mbond_port *port, const struct sk_buff *skb)
{
	struct mbond *bond = port->bond;
	struct arp_eth arp;
	struct rlb_key key;
	struct rlb *rlb;

	if (!read_arp(skb, 0, &arp) || !concerns_us(bond, skb, &arp) ||
	    is_our_mac(bond, arp.ar_sha))
		return;
	key = (struct rlb_key) {
		.ip	= (__force u32)arp.ar_sip,
		.our	= (__force u32)arp.ar_tip,
		.vlan	= vlan_of(skb),
	};
	mbond_lock(bond);
	rlb = rlb_locked(bond);
	/* somebody else has an address we speak for: it is no longer ours */
	rlb_forget(rlb, key.ip, key.vlan);
	if (arp.hdr.ar_op == htons(ARPOP_REPLY) &&
	    skb->pkt_type == PACKET_HOST) {
		rlb_heard(rlb, &key, arp.ar_sha, mbond_now());
		mbond_balance_kick(bond);
	}
	mbond_unlock(bond);
}

static void send_lesson(struct mbond *bond, const struct rlb_lesson *lesson)
{
	struct net_device *dev;
	struct sk_buff *skb;

	rcu_read_lock();
	dev = slot_dev(bond, lesson->slot);
	if (!dev)
		goto out;
	skb = arp_create(ARPOP_REPLY, ETH_P_ARP,
			 (__force __be32)lesson->key.ip, dev,
			 (__force __be32)lesson->key.our, lesson->mac,
			 dev->dev_addr, lesson->mac);
	if (!skb)
		goto out;
	if (lesson->key.vlan)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       lesson->key.vlan);
	mbond_tx_send(skb, dev);
out:
	rcu_read_unlock();
}

/* Teach whoever is to be taught; returns when to do it again, ms */
static u64 alb_turn(struct mbond *bond, u64 now)
{
	struct rlb_lesson lessons[LESSONS_AT_ONCE];
	unsigned int i, n;
	struct rlb *rlb;
	u64 next;

	do {
		mbond_lock(bond);
		rlb = rlb_locked(bond);
		for (n = 0; n < LESSONS_AT_ONCE; n++)
			if (!rlb_next(rlb, now, &lessons[n]))
				break;
		next = rlb_deadline(rlb);
		mbond_unlock(bond);
		for (i = 0; i < n; i++)
			send_lesson(bond, &lessons[i]);
	} while (n == LESSONS_AT_ONCE);
	return next;
}

/* The ports, their speeds or the active one changed */
static void share(struct mbond *bond)
{
	u32 speed[MBOND_MAX_PORTS];
	struct rlb *rlb;
	u64 ports;

	BUILD_BUG_ON((int)RLB_SLOTS != (int)MBOND_MAX_PORTS);
	mbond_balance_update(bond);
	ports = mbond_balance_ports(bond, speed);
	rlb = rlb_locked(bond);
	rlb_set(rlb, ports, speed, rlb->active, mbond_now());
	mbond_balance_kick(bond);
}

static void choose(struct mbond *bond)
{
	mbond_reselect(bond, false);
	share(bond);
}

static void alb_port_link(struct mbond_port *port)
{
	choose(port->bond);
}

static void alb_reconfigure(struct mbond *bond, u64 changed)
{
	mbond_lock(bond);
	mbond_active_options(bond, changed);
	share(bond);
	mbond_update(bond);
	mbond_balance_learn(bond);
	mbond_unlock(bond);
}

static void alb_port_reconfigure(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	choose(bond);
	mbond_update(bond);
	mbond_unlock(bond);
}

/* Its clients and the switch must know */
static void alb_port_address(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	rlb_port_changed(rlb_locked(bond), port->slot, mbond_now());
	mbond_balance_learn(bond);
	mbond_unlock(bond);
}

static void alb_port_detach(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	choose(bond);
	mbond_unlock(bond);
}

static int alb_init(struct mbond *bond, struct netlink_ext_ack *extack)
{
	struct alb *alb = mbond_mode_priv(bond);

	BUILD_BUG_ON(offsetof(struct alb, balance));
	rlb_init(&alb->rlb);
	alb->balance.by_destination = true;
	alb->balance.turn = alb_turn;
	return mbond_balance_init(bond);
}

const struct mbond_mode_ops mbond_mode_alb = {
	.name			= "balance-alb",
	.mode			= MLAGBOND_MODE_BALANCE_ALB,
	.flags			= MBOND_MODE_ONE_ACTIVE | MBOND_MODE_HASH |
				  MBOND_MODE_BALANCE,
	.rx_active		= MBOND_RX_DATA | MBOND_RX_ARP,
	.rx_waiting		= MBOND_RX_OWN | MBOND_RX_ARP,
	.lag_tx_type		= NETDEV_LAG_TX_TYPE_UNKNOWN,
	.priv_size		= sizeof(struct alb),

	.init			= alb_init,
	.exit			= mbond_balance_exit,
	.open			= mbond_balance_open,
	.stop			= mbond_balance_stop,
	.reconfigure		= alb_reconfigure,

	.port_check		= mbond_port_check_none,
	.port_attach		= mbond_port_attach_none,
	.port_detach		= alb_port_detach,
	.port_reconfigure	= alb_port_reconfigure,
	.port_address		= alb_port_address,

	.port_link		= alb_port_link,
	.carrier		= mbond_carrier_any,
	.leg_changed		= mbond_mode_none,
	.leg_info		= mbond_leg_info_none,

	.xmit			= alb_xmit,
	.pick			= mbond_pick_balance,
	.rx_control		= mbond_rx_control_none,
	.rx_data		= mbond_port_none,
	.rx_arp			= alb_rx_arp,

	.ad_info		= mbond_ad_info_none,
	.ad_port_info		= mbond_ad_port_info_none,
};

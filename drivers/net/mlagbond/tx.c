// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit.
 *
 * Frames enter by ndo_start_xmit and leave by dev_queue_xmit() on a port. The
 * data path reads device pointers under RCU and looks at the carrier of the
 * chosen device itself: events of a lost carrier can be a second late. It
 * writes nothing that CPUs share. A queue_id may overrule the mode.
 */
#include <linux/etherdevice.h>
#include <linux/indirect_call_wrapper.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "flush.h"
#include "hash.h"
#include "mbond.h"
#include "mlag.h"
#include "mode.h"
#include "monitor.h"
#include "table.h"
#include "tx.h"

/**
 * mbond_tx_drop() - give a frame up
 * @bond: the bond
 * @skb: frame, consumed
 * @reason: counted
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_tx_drop(struct mbond *bond, struct sk_buff *skb,
			  enum mbond_drop reason)
{
	mbond_drop(bond, reason);
	dev_kfree_skb_any(skb);
	return NETDEV_TX_OK;
}

/**
 * mbond_xmit_none() - transmit where nothing can be sent
 * @bond: the bond
 * @skb: frame, consumed
 *
 * What is seldom stays out of line, here and below: it costs registers.
 *
 * Return: NETDEV_TX_OK.
 */
noinline netdev_tx_t mbond_xmit_none(struct mbond *bond, struct sk_buff *skb)
{
	return mbond_tx_drop(bond, skb, MBOND_DROP_NO_PORT);
}

/**
 * mbond_tx_send() - hand a frame to a port
 * @skb: frame, consumed
 * @dev: device of the port
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_tx_send(struct sk_buff *skb, struct net_device *dev)
{
	skb->dev = dev;
	dev_queue_xmit(skb);
	return NETDEV_TX_OK;
}

/**
 * mbond_tx_send_own() - hand a frame to a port that has an address of its own
 * @bond: the bond
 * @skb: frame with the address of the bond, consumed
 * @dev: device of the port, whose address it gets
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_tx_send_own(struct mbond *bond, struct sk_buff *skb,
			      struct net_device *dev)
{
	if (skb_cow_head(skb, 0))
		return mbond_tx_drop(bond, skb, MBOND_DROP_NO_MEM);
	ether_addr_copy(((struct ethhdr *)skb->data)->h_source, dev->dev_addr);
	return mbond_tx_send(skb, dev);
}

/**
 * mbond_tx_any() - any port that may send and can
 * @bond: the bond
 *
 * Data path, where what was chosen has no carrier.
 *
 * Return: a device with carrier, or NULL.
 */
struct net_device *mbond_tx_any(struct mbond *bond)
{
	struct mbond_port *port;

	list_for_each_entry_rcu(port, &bond->ports, list)
		if (READ_ONCE(port->usable) && netif_carrier_ok(port->dev))
			return port->dev;
	return NULL;
}

/* The first choice has no carrier: have it confirmed, use the second */
static noinline struct net_device *second_choice(struct mbond *bond)
{
	struct net_device *dev = rcu_dereference(bond->standby);

	mbond_monitor_dead(bond);
	return mbond_tx_ok(dev) ? dev : NULL;
}

/**
 * mbond_pick_active() - device that sends in modes with one active port
 * @bond: the bond
 * @skb: unused
 *
 * Data path.
 *
 * Return: a device with carrier, or NULL.
 */
struct net_device *mbond_pick_active(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *dev = rcu_dereference(bond->active);

	if (likely(mbond_tx_ok(dev)))
		return dev;
	return second_choice(bond);
}

/* Where the first choice was none, frames of the bucket are held, or were */
static struct net_device *bucket_dev(struct mbond *bond,
				     struct mbond_bucket *bucket)
{
	struct net_device *dev = rcu_dereference(bucket->dev), *standby;

	if (likely(mbond_tx_ok(dev)))
		return dev;
	if (dev)
		mbond_monitor_dead(bond);
	standby = rcu_dereference(bucket->standby);
	if (!dev) {
		/* it got one just now, and another standby with it */
		smp_rmb();
		dev = rcu_dereference(bucket->dev);
		if (mbond_tx_ok(dev))
			return dev;
	}
	return mbond_tx_ok(standby) ? standby : mbond_tx_any(bond);
}

/* The first choice cannot send, or there is none */
static noinline netdev_tx_t xmit_second(struct mbond *bond,
					struct sk_buff *skb,
					struct mbond_table *table, u32 bucket)
{
	struct net_device *dev;

	if (mbond_flush_take(bond, bucket, skb))
		return NETDEV_TX_OK;
	dev = bucket_dev(bond, &table->bucket[bucket]);
	return dev ? mbond_tx_send(skb, dev) : mbond_xmit_none(bond, skb);
}

/* Bottom halves are off */
static noinline void count_bytes(unsigned long __percpu *bytes, u32 bucket,
				 u32 len)
{
	__this_cpu_add(bytes[bucket], len);
}

/**
 * mbond_pick_hash() - device that sends in modes that share by hash
 * @bond: the bond
 * @skb: frame
 *
 * Data path.
 *
 * Return: a device with carrier, or NULL.
 */
struct net_device *mbond_pick_hash(struct mbond *bond, struct sk_buff *skb)
{
	struct mbond_table *table = rcu_dereference(bond->table);
	u32 bucket = mbond_hash_skb(bond, skb) & table->mask;

	return bucket_dev(bond, &table->bucket[bucket]);
}

/**
 * mbond_xmit_active() - mbond_mode_ops.xmit of modes with one active port
 * @bond: the bond
 * @skb: frame, consumed
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_xmit_active(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *dev = mbond_pick_active(bond, skb);

	return likely(dev) ? mbond_tx_send(skb, dev) : mbond_xmit_none(bond, skb);
}

/**
 * mbond_xmit_hash() - mbond_mode_ops.xmit of modes that share by hash
 * @bond: the bond
 * @skb: frame, consumed
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_xmit_hash(struct mbond *bond, struct sk_buff *skb)
{
	struct mbond_table *table = rcu_dereference(bond->table);
	u32 bucket = mbond_hash_skb(bond, skb) & table->mask;
	unsigned long __percpu *bytes = READ_ONCE(table->bytes);
	struct net_device *dev;

	if (unlikely(bytes))
		count_bytes(bytes, bucket, skb->len);
	dev = rcu_dereference(table->bucket[bucket].dev);
	if (unlikely(!mbond_tx_ok(dev)))
		return xmit_second(bond, skb, table, bucket);
	return mbond_tx_send(skb, dev);
}

/**
 * mbond_ring_first() - first port of the ring that works
 * @bond: the bond
 *
 * Data path.
 *
 * Return: a device with carrier, or NULL.
 */
struct net_device *mbond_ring_first(struct mbond *bond)
{
	const struct mbond_ring *ring = &bond->ring;
	u32 i, count = READ_ONCE(ring->count);
	struct net_device *dev;

	for (i = 0; i < count; i++) {
		dev = rcu_dereference(ring->dev[i]);
		if (likely(mbond_tx_ok(dev)))
			return dev;
		mbond_monitor_dead(bond);
	}
	return NULL;
}

static void send_copy(struct mbond *bond, struct sk_buff *skb,
		      struct net_device *dev)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy))
		mbond_tx_send(copy, dev);
	else
		mbond_drop(bond, MBOND_DROP_NO_MEM);
}

/**
 * mbond_xmit_all() - send a frame by every port that may send
 * @bond: the bond
 * @skb: frame, consumed
 *
 * The frame itself goes to the last port, which is known only at the end. The
 * list of ports, unlike a row that is written in place, shows each port once
 * whatever happens to the others meanwhile.
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_xmit_all(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *last = NULL;
	struct mbond_port *port;

	list_for_each_entry_rcu(port, &bond->ports, list) {
		if (!READ_ONCE(port->usable))
			continue;
		if (unlikely(!netif_carrier_ok(port->dev))) {
			mbond_monitor_dead(bond);
			continue;
		}
		if (last)
			send_copy(bond, skb, last);
		last = port->dev;
	}
	return last ? mbond_tx_send(skb, last) : mbond_xmit_none(bond, skb);
}

static bool may_override(const struct mbond_port *port)
{
	if (port->bond->ops->flags & MBOND_MODE_LACP &&
	    !READ_ONCE(port->usable))
		return false;
	return mbond_port_has_link(port) && mbond_port_has_carrier(port);
}

/* Port whose queue_id is the queue of the frame, if it can send; else NULL */
static noinline struct net_device *queue_port(struct mbond *bond,
					      const struct sk_buff *skb)
{
	u16 id = skb_get_queue_mapping(skb);
	struct mbond_port *port;

	if (!id)
		return NULL;
	list_for_each_entry_rcu(port, &bond->ports, list)
		if (READ_ONCE(port->params.queue_id) == id)
			return may_override(port) ? port->dev : NULL;
	return NULL;
}

/* Only the active port may show the address of the bond to a switch */
static bool wants_own(const struct mbond *bond, const struct sk_buff *skb,
		      const struct net_device *dev)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	return bond->ops->flags & MBOND_MODE_BALANCE &&
	       dev != rcu_access_pointer(bond->active) &&
	       ether_addr_equal(eth->h_source, bond->dev->dev_addr);
}

static netdev_tx_t xmit(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *dev;

	if (unlikely(READ_ONCE(bond->queue_ids))) {
		dev = queue_port(bond, skb);
		if (dev)
			return wants_own(bond, skb, dev) ?
			       mbond_tx_send_own(bond, skb, dev) :
			       mbond_tx_send(skb, dev);
	}
	return INDIRECT_CALL_4(bond->xmit, mbond_xmit_hash, mbond_xmit_active,
			       mbond_xmit_rr, mbond_xmit_balance, bond, skb);
}

/**
 * mbond_start_xmit() - ndo_start_xmit
 * @skb: frame, consumed
 * @dev: the bond
 *
 * Return: NETDEV_TX_OK.
 */
netdev_tx_t mbond_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct mbond *bond = netdev_priv(dev);
	u32 gate = READ_ONCE(bond->gate);
	netdev_tx_t ret = NETDEV_TX_OK;

	rcu_read_lock();
	if (gate == MLAGBOND_GATE_OPEN || mbond_leg_tx_pass(bond, skb, gate))
		ret = xmit(bond, skb);
	else
		dev_kfree_skb_any(skb);
	rcu_read_unlock();
	return ret;
}

/**
 * mbond_select_queue() - ndo_select_queue: leave the choice to the port
 * @dev: the bond
 * @skb: frame
 * @sb_dev: unused
 *
 * Queues of a bond queue nothing. Handing back the mapping the frame came
 * with keeps a recorded receive queue for the port's own selection. Where a
 * queue picks a port (queue_id), receive queue N stands for queue N, as in
 * bonding.
 *
 * Return: queue.
 */
u16 mbond_select_queue(struct net_device *dev, struct sk_buff *skb,
		       struct net_device *sb_dev)
{
	const struct mbond *bond = netdev_priv(dev);
	u16 queue = skb_get_queue_mapping(skb);

	if (unlikely(READ_ONCE(bond->queue_ids)) && queue)
		queue--;
	while (unlikely(queue >= dev->real_num_tx_queues))
		queue -= dev->real_num_tx_queues;
	return queue;
}

/**
 * mbond_get_xmit_slave() - ndo_get_xmit_slave: port a frame would take
 * @dev: the bond
 * @skb: frame
 * @all_slaves: as if every port were usable; not told apart
 *
 * RCU held.
 *
 * Return: its device, or NULL.
 */
struct net_device *mbond_get_xmit_slave(struct net_device *dev,
					struct sk_buff *skb, bool all_slaves)
{
	struct mbond *bond = netdev_priv(dev);

	/* without ports the mode may be about to change */
	if (!list_first_or_null_rcu(&bond->ports, struct mbond_port, list))
		return NULL;
	return bond->ops->pick(bond, skb);
}

/**
 * mbond_ring_update() - put the ports that are usable now in a row
 * @bond: the bond, locked
 */
void mbond_ring_update(struct mbond *bond)
{
	struct mbond_ring *ring = &bond->ring;
	struct mbond_port *port;
	u32 i, count = 0;

	lockdep_assert_held(&bond->lock);
	mbond_for_each_port_rcu(bond, port)
		if (port->usable)
			rcu_assign_pointer(ring->dev[count++], port->dev);
	for (i = count; i < MBOND_MAX_PORTS; i++)
		RCU_INIT_POINTER(ring->dev[i], NULL);
	WRITE_ONCE(ring->count, count);
}

/**
 * mbond_queue_ids_update() - does a queue pick a port?
 * @bond: the bond, locked
 */
void mbond_queue_ids_update(struct mbond *bond)
{
	struct mbond_port *port;
	bool some = false;

	lockdep_assert_held(&bond->lock);
	mbond_for_each_port_rcu(bond, port)
		some |= port->params.queue_id;
	WRITE_ONCE(bond->queue_ids, some);
}

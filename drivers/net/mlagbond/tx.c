// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit.
 *
 * Frames enter by ndo_start_xmit and leave by dev_queue_xmit() on a port. The
 * data path reads device pointers under RCU and looks at the carrier of the
 * chosen device itself: events of a lost carrier can be a second late. It
 * writes nothing that CPUs share. A queue_id may overrule the mode. Tables are
 * replaced entry by entry under bond->lock, so a change of the ports needs no
 * memory and cannot fail.
 */
#include <linux/etherdevice.h>
#include <linux/indirect_call_wrapper.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "hash.h"
#include "mbond.h"
#include "mlag.h"
#include "mode.h"
#include "monitor.h"
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
static noinline struct net_device *
second_choice(struct mbond *bond, struct net_device __rcu **standby)
{
	struct net_device *dev = rcu_dereference(*standby);

	mbond_monitor_dead(bond);
	return dev && netif_carrier_ok(dev) ? dev : NULL;
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

	if (likely(dev && netif_carrier_ok(dev)))
		return dev;
	return second_choice(bond, &bond->standby);
}

static struct net_device *bucket_dev(struct mbond *bond,
				     struct mbond_bucket *bucket)
{
	struct net_device *dev = rcu_dereference(bucket->dev);

	if (likely(dev && netif_carrier_ok(dev)))
		return dev;
	dev = second_choice(bond, &bucket->standby);
	return dev ? dev : mbond_tx_any(bond);
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
	dev = bucket_dev(bond, &table->bucket[bucket]);
	return likely(dev) ? mbond_tx_send(skb, dev) : mbond_xmit_none(bond, skb);
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

static struct mbond_table *table_alloc(u32 count)
{
	struct mbond_table *table;

	table = kvzalloc(struct_size(table, bucket, count), GFP_KERNEL);
	if (table)
		table->mask = count - 1;
	return table;
}

/* Owner and home of each bucket, in one piece */
static u8 *owner_alloc(u32 count)
{
	return kvzalloc(2 * count, GFP_KERNEL);
}

static struct mbond_table *table_locked(const struct mbond *bond)
{
	return rcu_dereference_protected(bond->table,
					 lockdep_is_held(&bond->lock));
}

/* A table that no mode keeps up to date must not know any device */
static u64 sharing_slots(struct mbond *bond)
{
	struct mbond_port *port;
	u64 slots = 0;

	if (!bond->ops || !(bond->ops->flags & MBOND_MODE_HASH))
		return 0;
	mbond_for_each_port_rcu(bond, port)
		if (port->usable)
			slots |= BIT_ULL(port->slot);
	return slots;
}

static void collect_devs(struct mbond *bond, struct net_device **devs)
{
	struct mbond_port *port;

	mbond_for_each_port_rcu(bond, port)
		devs[port->slot] = port->dev;
}

static void table_fill(struct mbond *bond, struct mbond_table *table)
{
	struct net_device *devs[MBOND_MAX_PORTS] = {};
	struct mbond_buckets *b = &bond->buckets;
	struct mbond_bucket *bucket;
	u8 owner, standby;
	u32 i;

	collect_devs(bond, devs);
	for (i = 0; i < b->count; i++) {
		bucket = &table->bucket[i];
		owner = b->owner[i];
		standby = mbond_buckets_standby(b, i);
		rcu_assign_pointer(bucket->dev, owner == MBOND_BUCKET_NONE ?
				   NULL : devs[owner]);
		rcu_assign_pointer(bucket->standby,
				   standby == MBOND_BUCKET_NONE ?
				   NULL : devs[standby]);
	}
}

/**
 * mbond_table_update() - let the ports that are usable now share the buckets
 * @bond: the bond, locked
 *
 * In modes that do not hash the table is empty.
 */
void mbond_table_update(struct mbond *bond)
{
	u64 slots = sharing_slots(bond);

	lockdep_assert_held(&bond->lock);
	if (slots == bond->buckets.ports)
		return;
	mbond_buckets_set(&bond->buckets, slots);
	table_fill(bond, table_locked(bond));
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

/**
 * mbond_table_forget() - a port leaves the bond, another may get its slot
 * @bond: the bond, locked
 * @slot: its slot, no longer usable
 */
void mbond_table_forget(struct mbond *bond, u8 slot)
{
	lockdep_assert_held(&bond->lock);
	mbond_buckets_forget(&bond->buckets, slot);
}

/**
 * mbond_table_rebalance() - move buckets to where there is less to send
 * @bond: the bond, locked
 * @load: bytes of each bucket since the last call
 * @moves: at most so many buckets
 *
 * Return: number of buckets moved.
 */
u32 mbond_table_rebalance(struct mbond *bond, const u64 *load, u32 moves)
{
	u32 moved;

	lockdep_assert_held(&bond->lock);
	moved = mbond_buckets_rebalance(&bond->buckets, load, moves);
	if (moved)
		table_fill(bond, table_locked(bond));
	return moved;
}

/**
 * mbond_table_count() - count the bytes of each bucket, or not
 * @bond: the bond
 * @bytes: a counter for each bucket of the table in use, or NULL
 *
 * RTNL held. What was counted in before is in use for a grace period.
 */
void mbond_table_count(struct mbond *bond, unsigned long __percpu *bytes)
{
	ASSERT_RTNL();
	mbond_lock(bond);
	WRITE_ONCE(table_locked(bond)->bytes, bytes);
	mbond_unlock(bond);
}

/**
 * mbond_table_prepare() - get the memory for another number of buckets
 * @new: result, for mbond_table_commit() or mbond_table_discard()
 * @count: power of two between MBOND_BUCKETS_MIN and MBOND_BUCKETS_MAX
 *
 * May sleep.
 *
 * Return: 0 or -ENOMEM.
 */
int mbond_table_prepare(struct mbond_table_new *new, u32 count)
{
	new->count = count;
	new->table = table_alloc(count);
	new->owner = owner_alloc(count);
	if (new->table && new->owner)
		return 0;
	mbond_table_discard(new);
	return -ENOMEM;
}

/**
 * mbond_table_discard() - free what was prepared and is not wanted
 * @new: prepared, or zeroed
 */
void mbond_table_discard(struct mbond_table_new *new)
{
	kvfree(new->table);
	kvfree(new->owner);
	memset(new, 0, sizeof(*new));
}

/**
 * mbond_table_commit() - put a prepared table into use
 * @bond: the bond
 * @new: prepared
 *
 * RTNL held. Flows are spread anew. Cannot fail.
 */
void mbond_table_commit(struct mbond *bond, const struct mbond_table_new *new)
{
	struct mbond_table *old;
	u8 *old_owner;

	mbond_lock(bond);
	old = table_locked(bond);
	old_owner = bond->buckets.owner;
	mbond_buckets_init(&bond->buckets, new->owner, new->owner + new->count,
			   new->count);
	mbond_buckets_set(&bond->buckets, sharing_slots(bond));
	table_fill(bond, new->table);
	rcu_assign_pointer(bond->table, new->table);
	mbond_unlock(bond);

	kvfree(old_owner);
	if (old)
		kvfree_rcu(old, rcu);
}

/**
 * mbond_table_init() - table of a new bond
 * @bond: the bond
 *
 * Return: 0 or -ENOMEM.
 */
int mbond_table_init(struct mbond *bond)
{
	struct mbond_table_new new;
	int err;

	err = mbond_table_prepare(&new, bond->params.hash_buckets);
	if (!err)
		mbond_table_commit(bond, &new);
	return err;
}

/**
 * mbond_table_exit() - free it; nobody transmits any more
 * @bond: the bond
 */
void mbond_table_exit(struct mbond *bond)
{
	kvfree(rcu_dereference_protected(bond->table, true));
	kvfree(bond->buckets.owner);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transmit table: which port sends the frames of which bucket.
 *
 * The ports that may send enter, and what the operator wants of the table; the
 * owners that core/bucket.c decides become devices that the data path looks up.
 * Entries are replaced one by one under bond->lock, so a change of the ports
 * needs no memory and cannot fail.
 */
#include <linux/netdevice.h>
#include <linux/slab.h>

#include "flush.h"
#include "mbond.h"
#include "mode.h"
#include "table.h"

static struct mbond_table *table_alloc(u32 count)
{
	struct mbond_table *table;

	table = kvzalloc(struct_size(table, bucket, count), GFP_KERNEL);
	if (table)
		table->mask = count - 1;
	return table;
}

/* Owner, home and sender of each bucket, in one piece */
static u8 *owner_alloc(u32 count)
{
	return kvzalloc(3 * count, GFP_KERNEL);
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

/*
 * The bucket would leave a port that goes on sending, and whose partner says
 * when the last frame has arrived: that is waited for.
 */
static bool must_wait(const struct mbond *bond, u32 bucket)
{
	u8 from = bond->senders[bucket], to = bond->buckets.owner[bucket];

	return from != to && from != MBOND_BUCKET_NONE &&
	       to != MBOND_BUCKET_NONE &&
	       bond->buckets.ports & mbond_flush_ports(bond) & BIT_ULL(from);
}

static struct net_device *dev_of(struct net_device *const *devs, u8 slot)
{
	return slot == MBOND_BUCKET_NONE ? NULL : devs[slot];
}

/*
 * The device comes first: whoever finds none, and then this standby, finds it
 * when looking again.
 */
static void bucket_set(struct mbond_bucket *bucket, struct net_device *dev,
		       struct net_device *standby)
{
	rcu_assign_pointer(bucket->dev, dev);
	rcu_assign_pointer(bucket->standby, standby);
}

static void bucket_fill(struct mbond *bond, struct mbond_table *table, u32 i,
			struct net_device *const *devs)
{
	struct mbond_bucket *bucket = &table->bucket[i];
	struct net_device *owner = dev_of(devs, bond->buckets.owner[i]);

	bond->senders[i] = bond->buckets.owner[i];
	if (mbond_flush_holds(bond, i))
		rcu_assign_pointer(bucket->standby, owner);
	else
		bucket_set(bucket, owner,
			   dev_of(devs, mbond_buckets_standby(&bond->buckets,
							      i)));
}

/* It stays where it is; the one that would have stood in may have left */
static void bucket_keep(struct mbond *bond, struct mbond_table *table, u32 i,
			struct net_device *const *devs)
{
	struct mbond_bucket *bucket = &table->bucket[i];
	struct net_device *sender = dev_of(devs, bond->senders[i]);

	if (mbond_flush_holds(bond, i))
		rcu_assign_pointer(bucket->standby, sender);
	else
		bucket_set(bucket, sender,
			   dev_of(devs, bond->buckets.owner[i]));
}

/* Buckets that must wait stay where they are, and the mode is told of them */
static void table_fill(struct mbond *bond, struct mbond_table *table)
{
	struct net_device *devs[MBOND_MAX_PORTS] = {};
	bool waiting = false;
	u32 i;

	collect_devs(bond, devs);
	for (i = 0; i < bond->buckets.count; i++) {
		if (must_wait(bond, i)) {
			bucket_keep(bond, table, i, devs);
			waiting = true;
		} else {
			bucket_fill(bond, table, i, devs);
		}
	}
	if (waiting)
		mbond_flush_want(bond);
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

static void bucket_hold(struct mbond *bond, struct mbond_table *table, u32 i,
			struct net_device *const *devs)
{
	struct mbond_bucket *bucket = &table->bucket[i];

	mbond_flush_hold(bond, i);
	bucket_fill(bond, table, i, devs);
	/* whoever finds no device finds the bucket held, and where to go then */
	smp_wmb();
	RCU_INIT_POINTER(bucket->dev, NULL);
}

/**
 * mbond_table_hold() - hold the frames of the buckets that wait
 * @bond: the bond, locked
 *
 * In force for frames that enter the data path from now on; see
 * mbond_table_refill().
 *
 * Return: ports that these buckets leave, bit = slot.
 */
u64 mbond_table_hold(struct mbond *bond)
{
	struct mbond_table *table = table_locked(bond);
	struct net_device *devs[MBOND_MAX_PORTS] = {};
	u64 ports = 0;
	u32 i;

	collect_devs(bond, devs);
	for (i = 0; i < bond->buckets.count; i++) {
		if (!must_wait(bond, i))
			continue;
		ports |= BIT_ULL(bond->senders[i]);
		bucket_hold(bond, table, i, devs);
	}
	return ports;
}

/**
 * mbond_table_refill() - what may wait for a flush, or is held, has changed
 * @bond: the bond, locked
 */
void mbond_table_refill(struct mbond *bond)
{
	table_fill(bond, table_locked(bond));
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
	mbond_flush_forget(bond);
	mbond_buckets_init(&bond->buckets, new->owner, new->owner + new->count,
			   new->count);
	bond->senders = new->owner + 2 * new->count;
	memset(bond->senders, MBOND_BUCKET_NONE, new->count);
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

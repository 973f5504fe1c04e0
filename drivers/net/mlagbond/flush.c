// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds frames of buckets that move: see flush.h.
 *
 * The data path comes here where a bucket has no device, and leaves frames of
 * held buckets in a queue. When the mode says that they may go, they are sent in
 * the order in which they came, and the buckets get their new device when none
 * is left. Memory is bounded; so is the time, by the mode.
 */
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/skbuff.h>

#include "flush.h"
#include "mbond.h"
#include "table.h"
#include "tx.h"

enum {
	FRAMES_ENOUGH	= 1024,	/* held: the mode is asked to end it */
	FRAMES_MAX	= 4096,	/* not one more */
	BYTES_ENOUGH	= 8 << 20,
	BYTES_MAX	= 32 << 20,
	BATCH		= 64,	/* sent with bottom halves disabled */
	ROUNDS_MAX	= 64,	/* of a release that frames keep coming to */
};

/**
 * mbond_flush_init() - nothing is held
 * @flush: part of the mode, zeroed; it sets @want and @full
 */
void mbond_flush_init(struct mbond_flush *flush)
{
	spin_lock_init(&flush->lock);
	__skb_queue_head_init(&flush->frames);
}

/**
 * mbond_flush_ports() - ports that buckets do not leave without a flush
 * @bond: the bond, locked
 *
 * Return: bit = slot.
 */
u64 mbond_flush_ports(const struct mbond *bond)
{
	return bond->flush ? bond->flush->ports : 0;
}

/**
 * mbond_flush_want() - buckets wait
 * @bond: the bond, locked
 */
void mbond_flush_want(struct mbond *bond)
{
	lockdep_assert_held(&bond->lock);
	bond->flush->want(bond);
}

/**
 * mbond_flush_hold() - hold the frames of a bucket
 * @bond: the bond, locked
 * @bucket: its number
 */
void mbond_flush_hold(struct mbond *bond, u32 bucket)
{
	lockdep_assert_held(&bond->lock);
	set_bit(bucket, bond->flush->held);
}

/**
 * mbond_flush_holds() - are frames of this bucket held?
 * @bond: the bond, locked
 * @bucket: its number
 *
 * Return: true if so.
 */
bool mbond_flush_holds(const struct mbond *bond, u32 bucket)
{
	return bond->flush && test_bit(bucket, bond->flush->held);
}

/**
 * mbond_flush_forget() - no bucket is held any longer
 * @bond: the bond, locked
 *
 * What frames there are wait for mbond_flush_release().
 */
void mbond_flush_forget(struct mbond *bond)
{
	struct mbond_flush *flush = bond->flush;

	lockdep_assert_held(&bond->lock);
	if (!flush)
		return;
	spin_lock(&flush->lock);
	bitmap_zero(flush->held, MBOND_BUCKETS_MAX);
	spin_unlock(&flush->lock);
}

static bool is_enough(const struct mbond_flush *flush)
{
	return skb_queue_len(&flush->frames) >= FRAMES_ENOUGH ||
	       flush->bytes >= BYTES_ENOUGH;
}

/* Returns true if somebody should hear that there are too many */
static bool queue_frame(struct mbond *bond, struct sk_buff *skb)
{
	struct mbond_flush *flush = bond->flush;
	bool was_enough = is_enough(flush);

	if (skb_queue_len(&flush->frames) >= FRAMES_MAX ||
	    flush->bytes >= BYTES_MAX) {
		mbond_tx_drop(bond, skb, MBOND_DROP_HELD);
		return false;
	}
	flush->bytes += skb->truesize;
	__skb_queue_tail(&flush->frames, skb);
	return !was_enough && is_enough(flush);
}

/**
 * mbond_flush_take() - keep a frame, if its bucket is held
 * @bond: the bond
 * @bucket: its bucket, found without a device
 * @skb: frame, consumed if kept
 *
 * Data path. A console that writes from an interrupt is not made to wait.
 *
 * Return: whether it was kept.
 */
bool mbond_flush_take(struct mbond *bond, u32 bucket, struct sk_buff *skb)
{
	struct mbond_flush *flush = READ_ONCE(bond->flush);
	bool held, full = false;

	/* the bit was set before the device went */
	smp_rmb();
	if (!flush || !test_bit(bucket, flush->held) || irqs_disabled())
		return false;
	spin_lock_bh(&flush->lock);
	held = test_bit(bucket, flush->held);
	if (held)
		full = queue_frame(bond, skb);
	spin_unlock_bh(&flush->lock);
	if (full)
		flush->full(bond);
	return held;
}

static void send_some(struct mbond *bond, struct sk_buff_head *frames)
{
	struct net_device *dev;
	struct sk_buff *skb;
	int budget = BATCH;

	local_bh_disable();
	rcu_read_lock();
	while (budget-- && (skb = __skb_dequeue(frames))) {
		dev = mbond_pick_hash(bond, skb);
		if (dev)
			mbond_tx_send(skb, dev);
		else
			mbond_xmit_none(bond, skb);
	}
	rcu_read_unlock();
	local_bh_enable();
}

/* In batches: a software device behind a port may queue to this CPU */
static void send_all(struct mbond *bond, struct sk_buff_head *frames)
{
	while (!skb_queue_empty(frames)) {
		send_some(bond, frames);
		cond_resched();
	}
}

static void take_all(struct mbond_flush *flush, struct sk_buff_head *frames)
{
	__skb_queue_head_init(frames);
	spin_lock_bh(&flush->lock);
	skb_queue_splice_init(&flush->frames, frames);
	flush->bytes = 0;
	spin_unlock_bh(&flush->lock);
}

/* Without @at_last only if no frame has come meanwhile, or far too many */
static bool let_go(struct mbond *bond, bool at_last)
{
	struct mbond_flush *flush = bond->flush;
	bool done;

	mbond_lock(bond);
	spin_lock(&flush->lock);
	done = at_last || skb_queue_empty(&flush->frames) || is_enough(flush);
	if (done)
		bitmap_zero(flush->held, MBOND_BUCKETS_MAX);
	spin_unlock(&flush->lock);
	if (done)
		mbond_table_refill(bond);
	mbond_unlock(bond);
	return done;
}

/**
 * mbond_flush_release() - send what is held by where it goes now
 * @bond: the bond; one caller at a time
 *
 * Frames that come meanwhile wait behind those before them. If they come faster
 * than they can be sent, order is given up at last.
 */
void mbond_flush_release(struct mbond *bond)
{
	struct sk_buff_head frames;
	int round = 0;

	do {
		take_all(bond->flush, &frames);
		send_all(bond, &frames);
	} while (!let_go(bond, ++round == ROUNDS_MAX));
	take_all(bond->flush, &frames);
	send_all(bond, &frames);
}

/**
 * mbond_flush_purge() - drop what is held
 * @bond: the bond; its device is down, so that no frame comes
 */
void mbond_flush_purge(struct mbond *bond)
{
	struct sk_buff_head frames;
	struct sk_buff *skb;

	let_go(bond, true);
	take_all(bond->flush, &frames);
	while ((skb = __skb_dequeue(&frames))) {
		local_bh_disable();
		mbond_tx_drop(bond, skb, MBOND_DROP_HELD);
		local_bh_enable();
	}
}

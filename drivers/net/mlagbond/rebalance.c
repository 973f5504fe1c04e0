// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moves buckets between ports by measured load.
 *
 * While rebalance_interval is set, the data path counts the bytes of each
 * bucket per CPU. Once an interval the sums enter core/bucket.c, which moves a
 * few buckets from the busiest port to the idlest. Off, nothing is counted.
 */
#include <linux/netdevice.h>
#include <linux/percpu.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

#include "mbond.h"
#include "rebalance.h"
#include "table.h"
#include "tx.h"

enum {
	MOVES_MAX	= 16,	/* buckets in one interval */
};

/**
 * mbond_loads_alloc() - counters for a table
 * @count: its buckets
 *
 * Return: the counters, NULL without memory.
 */
struct mbond_loads *mbond_loads_alloc(u32 count)
{
	struct mbond_loads *loads = kzalloc(sizeof(*loads), GFP_KERNEL);

	if (!loads)
		return NULL;
	loads->count = count;
	loads->bytes = __alloc_percpu(count * sizeof(long), sizeof(long));
	loads->seen = kvcalloc(count, sizeof(long), GFP_KERNEL);
	loads->load = kvcalloc(count, sizeof(u64), GFP_KERNEL);
	if (loads->bytes && loads->seen && loads->load)
		return loads;
	mbond_loads_free(loads);
	return NULL;
}

/**
 * mbond_loads_free() - free counters that nobody uses
 * @loads: counters, or NULL
 */
void mbond_loads_free(struct mbond_loads *loads)
{
	if (!loads)
		return;
	free_percpu(loads->bytes);
	kvfree(loads->seen);
	kvfree(loads->load);
	kfree(loads);
}

static void measure(struct mbond_loads *loads)
{
	const unsigned long *bytes;
	unsigned long sum;
	u32 i;
	int cpu;

	for (i = 0; i < loads->count; i++) {
		sum = 0;
		for_each_possible_cpu(cpu) {
			bytes = per_cpu_ptr(loads->bytes, cpu);
			sum += READ_ONCE(bytes[i]);
		}
		loads->load[i] = sum - loads->seen[i];
		loads->seen[i] = sum;
	}
}

static void queue(struct mbond *bond)
{
	u32 interval = READ_ONCE(bond->params.rebalance_interval);

	queue_delayed_work(system_wq, &bond->rebalance,
			   msecs_to_jiffies(interval));
}

/* bond->loads stays: whoever replaces it stops this work first */
static void rebalance(struct work_struct *work)
{
	struct mbond *bond = container_of(to_delayed_work(work), struct mbond,
					  rebalance);
	struct mbond_loads *loads = bond->loads;

	measure(loads);
	mbond_lock(bond);
	if (loads->count == bond->buckets.count)
		bond->rebalanced += mbond_table_rebalance(bond, loads->load,
							  MOVES_MAX);
	mbond_unlock(bond);
	queue(bond);
}

/**
 * mbond_rebalance_setup() - prepare a new bond
 * @bond: the bond
 */
void mbond_rebalance_setup(struct mbond *bond)
{
	INIT_DELAYED_WORK(&bond->rebalance, rebalance);
}

/* The option may be from a mode that the bond had before */
static bool mode_counts(const struct mbond *bond)
{
	return !(mbond_opt_table[MBOND_OPT_REBALANCE_INTERVAL].badmodes &
		 BIT(bond->params.mode));
}

/**
 * mbond_rebalance_start() - the bond goes up
 * @bond: the bond
 */
void mbond_rebalance_start(struct mbond *bond)
{
	ASSERT_RTNL();
	if (bond->loads && mode_counts(bond))
		queue(bond);
}

/**
 * mbond_rebalance_stop() - the bond goes down, or its counters do
 * @bond: the bond
 */
void mbond_rebalance_stop(struct mbond *bond)
{
	ASSERT_RTNL();
	cancel_delayed_work_sync(&bond->rebalance);
}

/**
 * mbond_rebalance_swap() - count in other counters, or not at all
 * @bond: the bond; bond->params have the interval that belongs to @loads
 * @loads: counters for the table in use, or NULL
 */
void mbond_rebalance_swap(struct mbond *bond, struct mbond_loads *loads)
{
	struct mbond_loads *old = bond->loads;

	ASSERT_RTNL();
	mbond_rebalance_stop(bond);
	mbond_table_count(bond, loads ? loads->bytes : NULL);
	bond->loads = loads;
	if (old)
		synchronize_net();
	mbond_loads_free(old);
	if (netif_running(bond->dev))
		mbond_rebalance_start(bond);
}

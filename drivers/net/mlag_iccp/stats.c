// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of a domain under one numbering: of the protocol, frames dropped by
 * reason, of the address table, and of what stands between them and the kernel.
 * Only names and reading; whoever sees an event counts it.
 */
#include "stats.h"

#include <linux/kernel.h>
#include <linux/string.h>

#include "domain.h"

static const char * const names[MLAG_C_MAX] = {
	[MLAG_C_RX_NOT_LINK] = "rx_not_link",
	[MLAG_C_RX_NOT_PEER] = "rx_not_peer",
	[MLAG_C_RX_NO_MEMORY] = "rx_no_memory",
	[MLAG_C_TX_NO_LINK] = "tx_no_link",
	[MLAG_C_TX_NO_MEMORY] = "tx_no_memory",
	[MLAG_C_TX_ERRORS] = "tx_errors",
	[MLAG_C_FDB_RESIZES] = "fdb_resizes",
	[MLAG_C_FDB_NO_MEMORY] = "fdb_no_memory",
	[MLAG_C_FDB_REFUSED] = "fdb_refused",
	[MLAG_C_BRIDGE_ERRORS] = "bridge_errors",
	[MLAG_C_STP_NO_ROOM] = "stp_no_room",
};

static const char *protocol_name(u32 n)
{
	return iccp_counter_name(n);
}

static const char *drop_name(u32 n)
{
	return iccp_drop_name(n + 1);
}

static const char *fdb_name(u32 n)
{
	return iccp_fdb_counter_name(n);
}

static const char *own_name(u32 n)
{
	return names[n];
}

/**
 * mlag_stat - one counter
 * @dom: domain
 * @n: number, from 0
 * @name: MLAG_STAT_NAME bytes, filled in
 * @value: result
 *
 * Return: false if there is no counter of that number.
 */
bool mlag_stat(struct mlag_domain *dom, u32 n, char *name, u64 *value)
{
	const struct {
		const char *prefix;
		const char *(*name)(u32 n);
		const u64 *values;
		u32 count;
	} groups[] = {
		{ "", protocol_name, dom->node->counters, ICCP_C_MAX },
		{ "drop_", drop_name, dom->node->drops + 1, ICCP_DROP_MAX - 1 },
		{ "fdb_", fdb_name, dom->node->fdb.counters, ICCP_FDB_C_MAX },
		{ "", own_name, dom->counters, MLAG_C_MAX },
	};
	u32 g;

	for (g = 0; g < ARRAY_SIZE(groups); n -= groups[g++].count) {
		if (n >= groups[g].count)
			continue;
		snprintf(name, MLAG_STAT_NAME, "%s%s", groups[g].prefix,
			 groups[g].name(n));
		strreplace(name, '-', '_');
		spin_lock_bh(&dom->lock);
		*value = groups[g].values[n];
		spin_unlock_bh(&dom->lock);
		return true;
	}

	return false;
}

/**
 * mlag_stat_bridge_error - the bridge refused something we need
 * @dom: domain
 */
void mlag_stat_bridge_error(struct mlag_domain *dom)
{
	spin_lock_bh(&dom->lock);
	dom->counters[MLAG_C_BRIDGE_ERRORS]++;
	spin_unlock_bh(&dom->lock);
}

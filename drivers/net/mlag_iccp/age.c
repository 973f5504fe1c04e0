// SPDX-License-Identifier: GPL-2.0-only
/*
 * Age of addresses we installed: the bridge does not age them, but it notes
 * when it last saw a frame from each. A slow scan, four times in an ageing
 * time, tells the core which are alive here; so does one when VLANs went.
 *
 * An installation looks to the bridge like a frame. So when an entry was
 * installed is kept beside the table, and only what the bridge noted later
 * counts as life.
 */
#include <linux/if_bridge.h>
#include <linux/jiffies.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/skbuff.h>

#include "bridge.h"
#include "consistency.h"
#include "domain.h"
#include "drain.h"
#include "fdb.h"

enum {
	BATCH = 16,			/* entries in one go */
	SLACK_MS = 100,			/* the bridge tells in 10 ms */
	PERIOD_MIN_MS = 1000,
};

enum verdict {
	UNDECIDED,
	ALIVE,
	SILENT,
};

/* An entry we installed, as it was when we looked. */
struct suspect {
	struct iccp_fdb_status st;
	u32 installed_ms;		/* ago */
	enum verdict verdict;
};

/* Fills @s with entries from index @*cursor on; false at the end. */
static bool collect(struct mlag_domain *dom, u32 *cursor, struct suspect *s,
		    u32 *n)
{
	unsigned long stamp;
	bool more = true;
	u32 looked = 0;

	spin_lock_bh(&dom->lock);
	for (*n = 0; *n < BATCH && more && looked < 8 * BATCH; looked++) {
		more = !dom->dead &&
		       iccp_node_fdb_status(dom->node, cursor, &s[*n].st);
		if (!more || !(s[*n].st.flags & ICCP_FDB_OURS))
			continue;
		stamp = dom->stamps[*cursor - 1];
		s[*n].installed_ms = jiffies_to_msecs(jiffies - stamp);
		(*n)++;
	}
	spin_unlock_bh(&dom->lock);

	return more;
}

/* Does a port carry the VLAN of an address? The bridge leaves ours alone. */
static bool carries(const struct mlag_domain *dom, int ifindex, u16 vid)
{
	struct net_device *port = dev_get_by_index_rcu(dom->net, ifindex);
	struct bridge_vlan_info info;

	if (!br_vlan_enabled(dom->bridge))
		return !vid;

	return port && !br_vlan_get_info_rcu(port, vid, &info);
}

static enum verdict judge_leg(const struct mlag_domain *dom,
			      struct sk_buff *scratch, const u8 *mac, u16 vid,
			      u32 installed_ms)
{
	struct mlag_bridge_fdb e;

	if (mlag_bridge_fdb_get(dom->bridge, scratch, mac, vid, &e))
		return UNDECIDED;
	if (e.idle_ms >= READ_ONCE(dom->config.ageing) ||
	    !carries(dom, e.ifindex, vid))
		return SILENT;

	return e.idle_ms + SLACK_MS < installed_ms ? ALIVE : UNDECIDED;
}

/**
 * mlag_fdb_is_alive - did the bridge see traffic from an address on a leg?
 * @dom: domain
 * @scratch: from mlag_bridge_fdb_scratch()
 * @mac: address
 * @vid: VLAN
 * @installed_ms: when we installed it, ms ago
 *
 * Context: RCU.
 * Return: true if so, within the ageing time and after it was installed.
 */
bool mlag_fdb_is_alive(const struct mlag_domain *dom, struct sk_buff *scratch,
		       const u8 *mac, u16 vid, u32 installed_ms)
{
	return judge_leg(dom, scratch, mac, vid, installed_ms) == ALIVE;
}

static enum verdict judge(const struct mlag_domain *dom,
			  struct sk_buff *scratch, const struct suspect *s)
{
	if (s->st.installed == ICCP_PLACE_LEG)
		return judge_leg(dom, scratch, s->st.mac, s->st.vid,
				 s->installed_ms);

	return s->installed_ms >= READ_ONCE(dom->config.ageing) ? SILENT :
								  UNDECIDED;
}

static void tell(struct mlag_domain *dom, const struct suspect *s, u32 n)
{
	u32 i;

	spin_lock_bh(&dom->lock);
	for (i = 0; i < n && !dom->dead; i++)
		if (s[i].verdict != UNDECIDED)
			iccp_node_fdb_activity(dom->node, mlag_clock(dom),
					       s[i].st.mac, s[i].st.vid,
					       s[i].verdict == ALIVE);
	spin_unlock_bh(&dom->lock);
}

static void scan_table(struct mlag_domain *dom, struct sk_buff *scratch)
{
	struct suspect s[BATCH];
	u32 cursor = 0;
	bool more;
	u32 i, n;

	do {
		more = collect(dom, &cursor, s, &n);
		rcu_read_lock();
		for (i = 0; i < n; i++)
			s[i].verdict = judge(dom, scratch, &s[i]);
		rcu_read_unlock();
		tell(dom, s, n);
		cond_resched();
	} while (more);
}

/**
 * mlag_fdb_scan - worker: which installed addresses are alive
 * @work: mlag_domain.scan_work
 *
 * Takes no RTNL, so that it can be waited for under RTNL.
 */
void mlag_fdb_scan(struct work_struct *work)
{
	struct mlag_domain *dom;
	struct sk_buff *scratch;

	dom = container_of(work, struct mlag_domain, scan_work.work);
	scratch = mlag_bridge_fdb_scratch();
	if (scratch) {
		scan_table(dom, scratch);
		kfree_skb(scratch);
	}
	mlag_drain(dom);
	mlag_fdb_make_good(dom);
	rcu_read_lock();
	if (!READ_ONCE(dom->dead)) {
		mlag_domain_work(dom, MLAG_WORK_ALARMS);
		mlag_consistency_again(dom);
	}
	rcu_read_unlock();
	mlag_fdb_scan_arm(dom);
}

/**
 * mlag_fdb_scan_arm - look again after a quarter of the ageing time
 * @dom: domain
 */
void mlag_fdb_scan_arm(struct mlag_domain *dom)
{
	u32 period = max_t(u32, READ_ONCE(dom->config.ageing) / 4,
			   PERIOD_MIN_MS);

	queue_delayed_work(mlag_wq, &dom->scan_work, msecs_to_jiffies(period));
}

/**
 * mlag_fdb_scan_now - look now: a port has lost a VLAN, and with it addresses
 * @dom: domain in the list
 *
 * Context: RTNL.
 */
void mlag_fdb_scan_now(struct mlag_domain *dom)
{
	ASSERT_RTNL();

	mod_delayed_work(mlag_wq, &dom->scan_work, 0);
}

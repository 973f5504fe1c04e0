// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/mlagbond/BOND: state of a bond and its ports in the lines that
 * bonding prints, which monitoring programs read.
 *
 * Readers hold RCU and no RTNL, because whoever removes a file holds that and
 * waits for them.
 */
#include <linux/capability.h>
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/seq_file.h>
#include <linux/utsname.h>

#include "mbond.h"
#include "mode.h"
#include "netns.h"
#include "proc.h"

static const char *const mode_texts[] = {
	[MLAGBOND_MODE_BALANCE_RR]	= "load balancing (round-robin)",
	[MLAGBOND_MODE_ACTIVE_BACKUP]	= "fault-tolerance (active-backup)",
	[MLAGBOND_MODE_BALANCE_XOR]	= "load balancing (xor)",
	[MLAGBOND_MODE_BROADCAST]	= "fault-tolerance (broadcast)",
	[MLAGBOND_MODE_8023AD]	= "IEEE 802.3ad Dynamic link aggregation",
	[MLAGBOND_MODE_BALANCE_TLB]	= "transmit load balancing",
	[MLAGBOND_MODE_BALANCE_ALB]	= "adaptive load balancing",
};

static const char *word_of(enum mbond_opt_id id,
			   const struct mbond_params *params)
{
	const struct mbond_opt *opt = &mbond_opt_table[id];
	const struct mbond_word *word;

	word = mbond_opt_word(opt, mbond_opt_get(opt, params));
	return word ? word->word : "unknown";
}

static bool has_option(enum mbond_opt_id id, const struct mbond_params *params)
{
	return !(mbond_opt_table[id].badmodes & BIT(params->mode));
}

/* Where bonding has the line: balance-tlb and balance-alb may go by load */
static bool is_hashing(const struct mbond_params *params)
{
	switch (params->mode) {
	case MLAGBOND_MODE_BALANCE_XOR:
	case MLAGBOND_MODE_8023AD:
		return true;
	case MLAGBOND_MODE_BALANCE_TLB:
	case MLAGBOND_MODE_BALANCE_ALB:
		return !params->tlb_dynamic_lb;
	default:
		return false;
	}
}

static void show_primary(struct seq_file *seq, const struct mbond *bond,
			 const struct mbond_params *params)
{
	const struct net_device *active = rcu_dereference(bond->active);
	const struct mbond_port *port;
	bool attached = false;

	mbond_for_each_port_rcu(bond, port)
		attached |= !strcmp(port->dev->name, params->primary);
	if (attached)
		seq_printf(seq, "Primary Slave: %s (primary_reselect %s)\n",
			   params->primary,
			   word_of(MBOND_OPT_PRIMARY_RESELECT, params));
	else
		seq_puts(seq, "Primary Slave: None\n");
	seq_printf(seq, "Currently Active Slave: %s\n",
		   active ? active->name : "None");
}

static void show_mode(struct seq_file *seq, const struct mbond *bond,
		      const struct mbond_params *params)
{
	seq_printf(seq, "Bonding Mode: %s", mode_texts[params->mode]);
	if (params->mode == MLAGBOND_MODE_ACTIVE_BACKUP &&
	    params->fail_over_mac)
		seq_printf(seq, " (fail_over_mac %s)",
			   word_of(MBOND_OPT_FAIL_OVER_MAC, params));
	seq_putc(seq, '\n');
	if (is_hashing(params))
		seq_printf(seq, "Transmit Hash Policy: %s (%u)\n",
			   word_of(MBOND_OPT_XMIT_HASH_POLICY, params),
			   params->xmit_hash_policy);
	if (has_option(MBOND_OPT_PRIMARY, params))
		show_primary(seq, bond, params);
}

static void show_targets(struct seq_file *seq, enum mbond_opt_id id,
			 const struct mbond_params *params)
{
	const struct mbond_opt *opt = &mbond_opt_table[id];
	bool ip4 = opt->kind == MBOND_KIND_IP4S;
	const u8 *addr;
	int i;

	seq_puts(seq, ip4 ? "ARP IP target/s (n.n.n.n form):" :
			    "NS IPv6 target/s (xx::xx form):");
	for (i = 0; (addr = mbond_opt_addr(opt, params, i)); i++) {
		seq_puts(seq, i ? ", " : " ");
		seq_printf(seq, ip4 ? "%pI4" : "%pI6c", addr);
	}
	seq_putc(seq, '\n');
}

static void show_monitor(struct seq_file *seq, const struct mbond *bond,
			 const struct mbond_params *params)
{
	seq_printf(seq, "MII Status: %s\n",
		   netif_carrier_ok(bond->dev) ? "up" : "down");
	seq_printf(seq, "MII Polling Interval (ms): %u\n", params->miimon);
	seq_printf(seq, "Up Delay (ms): %u\n", params->updelay);
	seq_printf(seq, "Down Delay (ms): %u\n", params->downdelay);
	seq_printf(seq, "Peer Notification Delay (ms): %u\n",
		   params->peer_notif_delay);
	if (!params->arp_interval)
		return;
	seq_printf(seq, "ARP Polling Interval (ms): %u\n",
		   params->arp_interval);
	seq_printf(seq, "ARP Missed Max: %u\n", params->arp_missed_max);
	show_targets(seq, MBOND_OPT_ARP_IP_TARGET, params);
	show_targets(seq, MBOND_OPT_NS_IP6_TARGET, params);
}

static bool is_admin(const struct seq_file *seq, const struct mbond *bond)
{
	return file_ns_capable(seq->file, dev_net(bond->dev)->user_ns,
			       CAP_NET_ADMIN);
}

static const u8 *system_of(const struct mbond *bond,
			   const struct mbond_params *params)
{
	return is_zero_ether_addr(params->ad_actor_system) ?
	       bond->dev->dev_addr : params->ad_actor_system;
}

static void show_aggregator(struct seq_file *seq, struct mbond *bond,
			    const struct mbond_params *params)
{
	struct mbond_ad_info info;

	seq_printf(seq, "System priority: %u\n", params->ad_actor_sys_prio);
	seq_printf(seq, "System MAC address: %pM\n", system_of(bond, params));
	if (mbond_ad_info_rcu(bond, &info)) {
		seq_printf(seq, "bond %s has no active aggregator\n",
			   bond->dev->name);
		return;
	}
	seq_printf(seq, "Active Aggregator Info:\n\tAggregator ID: %u\n",
		   info.aggregator);
	seq_printf(seq, "\tNumber of ports: %u\n", info.num_ports);
	seq_printf(seq, "\tActor Key: %u\n", info.actor_key);
	seq_printf(seq, "\tPartner Key: %u\n", info.partner_key);
	seq_printf(seq, "\tPartner Mac Address: %pM\n", info.partner_mac);
}

static void show_lacp(struct seq_file *seq, struct mbond *bond,
		      const struct mbond_params *params)
{
	seq_puts(seq, "\n802.3ad info\n");
	seq_printf(seq, "LACP active: %s\n",
		   word_of(MBOND_OPT_LACP_ACTIVE, params));
	seq_printf(seq, "LACP rate: %s\n",
		   word_of(MBOND_OPT_LACP_RATE, params));
	seq_printf(seq, "Min links: %u\n", params->min_links);
	seq_printf(seq, "Aggregator selection policy (ad_select): %s\n",
		   word_of(MBOND_OPT_AD_SELECT, params));
	if (is_admin(seq, bond))
		show_aggregator(seq, bond, params);
}

static const char *churn_text(u8 state)
{
	static const char *const texts[] = { "monitoring", "churned", "none" };

	return state < ARRAY_SIZE(texts) ? texts[state] : "unknown";
}

static void show_side(struct seq_file *seq, const char *name, const char *key,
		      const struct mbond_ad_side *side)
{
	seq_printf(seq, "details %s lacp pdu:\n", name);
	seq_printf(seq, "    system priority: %u\n", side->system_prio);
	seq_printf(seq, "    system mac address: %pM\n", side->system);
	seq_printf(seq, "    %s key: %u\n", key, side->key);
	seq_printf(seq, "    port priority: %u\n", side->port_prio);
	seq_printf(seq, "    port number: %u\n", side->port);
	seq_printf(seq, "    port state: %u\n", side->state);
}

static void show_port_lacp(struct seq_file *seq, struct mbond_port *port)
{
	struct mbond *bond = port->bond;
	struct mbond_ad_port_info info = {};

	if (!READ_ONCE(port->ready) || bond->ops->ad_port_info(port, &info))
		return;
	if (!info.aggregator) {
		seq_puts(seq, "Aggregator ID: N/A\n");
		return;
	}
	seq_printf(seq, "Aggregator ID: %u\n", info.aggregator);
	seq_printf(seq, "Actor Churn State: %s\n",
		   churn_text(info.churn_actor));
	seq_printf(seq, "Partner Churn State: %s\n",
		   churn_text(info.churn_partner));
	seq_printf(seq, "Actor Churned Count: %llu\n", info.churned_actor);
	seq_printf(seq, "Partner Churned Count: %llu\n", info.churned_partner);
	if (!is_admin(seq, bond))
		return;
	show_side(seq, "actor", "port", &info.actor);
	show_side(seq, "partner", "oper", &info.partner);
}

/* Queue of a port: 0 in builds whose ports have no such option */
static s64 queue_of(const struct mbond_port *port)
{
	const struct mbond_opt *opt = mbond_opt_by_name("queue_id");

	return opt ? mbond_opt_get(opt, &port->params) : 0;
}

static const char *duplex_text(u8 duplex)
{
	switch (duplex) {
	case DUPLEX_HALF:
		return "half";
	case DUPLEX_FULL:
		return "full";
	default:
		return "Unknown";
	}
}

static void show_port(struct seq_file *seq, struct mbond_port *port)
{
	u32 speed = READ_ONCE(port->speed);

	seq_printf(seq, "\nSlave Interface: %s\n", port->dev->name);
	seq_printf(seq, "MII Status: %s\n",
		   link_state_name(mbond_port_link(port)));
	if (speed == (u32)SPEED_UNKNOWN)
		seq_puts(seq, "Speed: Unknown\n");
	else
		seq_printf(seq, "Speed: %u Mbps\n", speed);
	seq_printf(seq, "Duplex: %s\n", duplex_text(READ_ONCE(port->duplex)));
	seq_printf(seq, "Link Failure Count: %u\n",
		   READ_ONCE(port->link_failures));
	seq_printf(seq, "Permanent HW addr: %*phC\n", port->dev->addr_len,
		   port->perm_addr);
	seq_printf(seq, "Slave queue ID: %lld\n", queue_of(port));
	show_port_lacp(seq, port);
}

static int show_bond(struct seq_file *seq, void *v)
{
	struct mbond *bond = seq->private;
	struct mbond_params params;
	struct mbond_port *port;

	mbond_lock(bond);
	params = bond->params;
	mbond_unlock(bond);

	seq_printf(seq, "Ethernet Channel Bonding Driver: v%s\n\n",
		   utsname()->release);
	rcu_read_lock();
	show_mode(seq, bond, &params);
	show_monitor(seq, bond, &params);
	if (bond->ops->flags & MBOND_MODE_LACP)
		show_lacp(seq, bond, &params);
	mbond_for_each_port_rcu(bond, port)
		show_port(seq, port);
	rcu_read_unlock();
	return 0;
}

/**
 * mbond_proc_add() - a bond is there
 * @bond: the bond, registered
 *
 * RTNL held. Without memory there is no file, and nothing else is amiss.
 */
void mbond_proc_add(struct mbond *bond)
{
	struct proc_dir_entry *dir = mbond_netns_proc(dev_net(bond->dev));

	ASSERT_RTNL();
	if (!dir || bond->proc)
		return;
	bond->proc = proc_create_single_data(bond->dev->name, 0444, dir,
					     show_bond, bond);
	if (!bond->proc)
		netdev_warn(bond->dev, "no file in /proc/net/mlagbond\n");
}

/**
 * mbond_proc_del() - a bond is about to go
 * @bond: the bond
 *
 * RTNL held. Waits for those who read.
 */
void mbond_proc_del(struct mbond *bond)
{
	ASSERT_RTNL();
	proc_remove(bond->proc);
	bond->proc = NULL;
}

/**
 * mbond_proc_rename() - a bond has another name
 * @bond: the bond
 */
void mbond_proc_rename(struct mbond *bond)
{
	mbond_proc_del(bond);
	mbond_proc_add(bond);
}

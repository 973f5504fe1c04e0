// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module parameters.
 *
 * Each option that can be the same for many bonds is a parameter, under the
 * names it has in bonding. Parameters enter as text in any order, before the
 * module is initialised; they are judged together through the option table,
 * and leave as the options of every bond that is made later.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/netlink.h>

#include "fault.h"
#include "mbond.h"
#include "modparam.h"
#include "text.h"

enum {
	QUEUES_MAX	= 255,	/* as bonding */
	MAX_BONDS_MAX	= 4096,	/* more would be a slip of the hand */
};

static const char *given[MBOND_OPT_BOND_COUNT];
static struct mbond_params new_params;
static bool bonding_defaults;
static unsigned int max_bonds;
static unsigned int tx_queues = MBOND_TX_QUEUES;

static enum mbond_opt_id param_id(const struct kernel_param *kp)
{
	return (unsigned long)kp->arg;
}

/* The text stays where it is for as long as the module is loaded */
static int option_set(const char *text, const struct kernel_param *kp)
{
	given[param_id(kp)] = text;
	return 0;
}

static int option_get(char *buf, const struct kernel_param *kp)
{
	return mbond_text_print(&mbond_opt_table[param_id(kp)], &new_params,
				buf);
}

static const struct kernel_param_ops option_ops = {
	.set	= option_set,
	.get	= option_get,
};

#define OPTION(name, id, perm)						\
	module_param_cb(name, &option_ops,				\
			(void *)(unsigned long)MBOND_OPT_##id, perm);	\
	MODULE_PARM_DESC(name, "of new bonds, see ip-link-mlagbond(8)")

OPTION(mode, MODE, 0444);
OPTION(miimon, MIIMON, 0444);
OPTION(updelay, UPDELAY, 0444);
OPTION(downdelay, DOWNDELAY, 0444);
OPTION(peer_notify_delay, PEER_NOTIF_DELAY, 0444);
OPTION(peer_notif_delay, PEER_NOTIF_DELAY, 0444);
OPTION(use_carrier, USE_CARRIER, 0444);
OPTION(primary, PRIMARY, 0444);
OPTION(primary_reselect, PRIMARY_RESELECT, 0444);
OPTION(fail_over_mac, FAIL_OVER_MAC, 0444);
OPTION(xmit_hash_policy, XMIT_HASH_POLICY, 0444);
OPTION(resend_igmp, RESEND_IGMP, 0444);
OPTION(num_grat_arp, NUM_PEER_NOTIF, 0444);
OPTION(num_unsol_na, NUM_PEER_NOTIF, 0444);
OPTION(all_slaves_active, ALL_SLAVES_ACTIVE, 0444);
OPTION(min_links, MIN_LINKS, 0444);
OPTION(lacp_active, LACP_ACTIVE, 0444);
OPTION(lacp_rate, LACP_RATE, 0444);
OPTION(coupled_control, COUPLED_CONTROL, 0444);
OPTION(broadcast_neighbor, BROADCAST_NEIGHBOR, 0444);
OPTION(lacp_strict, LACP_STRICT, 0444);
OPTION(ad_select, AD_SELECT, 0444);
OPTION(ad_actor_sys_prio, AD_ACTOR_SYS_PRIO, 0400);
OPTION(ad_user_port_key, AD_USER_PORT_KEY, 0400);
OPTION(ad_actor_system, AD_ACTOR_SYSTEM, 0400);
OPTION(arp_interval, ARP_INTERVAL, 0444);
OPTION(arp_missed_max, ARP_MISSED_MAX, 0444);
OPTION(arp_ip_target, ARP_IP_TARGET, 0444);
OPTION(ns_ip6_target, NS_IP6_TARGET, 0444);
OPTION(arp_validate, ARP_VALIDATE, 0444);
OPTION(arp_all_targets, ARP_ALL_TARGETS, 0444);
OPTION(packets_per_slave, PACKETS_PER_SLAVE, 0444);
OPTION(lp_interval, LP_INTERVAL, 0444);
OPTION(tlb_dynamic_lb, TLB_DYNAMIC_LB, 0444);
OPTION(carrier_events, CARRIER_EVENTS, 0444);
OPTION(hash_buckets, HASH_BUCKETS, 0444);
OPTION(rebalance_interval, REBALANCE_INTERVAL, 0444);
OPTION(system_mac, SYSTEM_MAC, 0444);
OPTION(lacp_fallback, LACP_FALLBACK, 0444);
OPTION(lacp_fallback_delay, LACP_FALLBACK_DELAY, 0444);
OPTION(marker_flush, MARKER_FLUSH, 0444);

module_param(bonding_defaults, bool, 0444);
MODULE_PARM_DESC(bonding_defaults, "new bonds have the defaults of bonding");
module_param(max_bonds, uint, 0444);
MODULE_PARM_DESC(max_bonds, "bonds to create at load, bond%d (default 0)");
module_param(tx_queues, uint, 0444);
MODULE_PARM_DESC(tx_queues, "queues of a new bond, 1 to 255 (default 16)");

static int check_numbers(void)
{
	if (max_bonds > MAX_BONDS_MAX) {
		pr_err("max_bonds %u is not within 0 to %u\n", max_bonds,
		       MAX_BONDS_MAX);
		return -EINVAL;
	}
	if (!tx_queues || tx_queues > QUEUES_MAX) {
		pr_err("tx_queues %u is not within 1 to %u\n", tx_queues,
		       QUEUES_MAX);
		return -EINVAL;
	}
	return 0;
}

static int stage(struct mbond_request *req, struct netlink_ext_ack *extack)
{
	int id, err;

	for (id = 0; id < MBOND_OPT_BOND_COUNT; id++) {
		if (!given[id])
			continue;
		err = mbond_text_stage(req, &mbond_opt_table[id], given[id],
				       extack);
		if (err)
			return err;
	}
	return 0;
}

/* What the mode does not have waits for a bond that gets another mode */
static void set_aside(struct mbond_request *req)
{
	int id;

	for (id = 0; id < MBOND_OPT_BOND_COUNT; id++)
		if (mbond_opt_table[id].badmodes & BIT(req->params.mode))
			req->given &= ~BIT_ULL(id);
}

static bool has_targets(const struct mbond_params *params)
{
	const struct mbond_opt *row = mbond_opt_table;

	return mbond_opt_addr(&row[MBOND_OPT_ARP_IP_TARGET], params, 0) ||
	       mbond_opt_addr(&row[MBOND_OPT_NS_IP6_TARGET], params, 0);
}

/* A delay that no poll counts; bonding warns as well */
static void drop_delay(struct mbond_params *params, enum mbond_opt_id id)
{
	const struct mbond_opt *opt = &mbond_opt_table[id];

	if (!mbond_opt_get(opt, params))
		return;
	pr_warn("%s %lld has no effect with miimon 0\n", opt->name,
		mbond_opt_get(opt, params));
	mbond_opt_put(opt, params, 0);
}

/* What bonding makes of parameters that contradict each other at load */
static void reconcile(struct mbond_params *params)
{
	if (!params->miimon && BIT(params->mode) & MBOND_MODES_POLLED)
		params->miimon = MBOND_MIIMON_DEFAULT;
	if (params->miimon || !has_targets(params))
		params->arp_interval = 0;
	if (!params->miimon) {
		drop_delay(params, MBOND_OPT_UPDELAY);
		drop_delay(params, MBOND_OPT_DOWNDELAY);
	}
}

static int read_options(struct netlink_ext_ack *extack)
{
	const struct mbond_bond_state state = {};
	struct mbond_fault fault;
	struct mbond_request req;
	int err;

	if (bonding_defaults)
		mbond_params_bonding(&new_params);
	else
		mbond_params_default(&new_params);
	mbond_request_init(&req, &new_params);
	req.once = bonding_defaults;
	err = stage(&req, extack);
	if (err)
		return err;
	set_aside(&req);
	if (bonding_defaults)
		reconcile(&req.params);
	if (mbond_request_check(&req, &new_params, &state, &fault)) {
		fault.text = given[mbond_opt_id(fault.opt)];
		return mbond_fault_report(&fault, NULL, extack);
	}
	new_params = req.params;
	return 0;
}

/**
 * mbond_modparam_init() - judge the parameters the module was loaded with
 *
 * Return: 0, or an error after one line in the log that names the parameter.
 */
int mbond_modparam_init(void)
{
	struct netlink_ext_ack extack = {};
	int err;

	err = check_numbers();
	if (err)
		return err;
	err = read_options(&extack);
	if (err)
		pr_err("%s\n", extack._msg ? extack._msg : "bad parameter");
	return err;
}

/**
 * mbond_new_params() - options of a bond that was told nothing
 *
 * Return: them.
 */
const struct mbond_params *mbond_new_params(void)
{
	return &new_params;
}

/**
 * mbond_new_queues() - transmit queues of a new bond, as many for receive
 *
 * Return: 1..255.
 */
unsigned int mbond_new_queues(void)
{
	return tx_queues;
}

/**
 * mbond_as_bonding() - are bonds to be like those of bonding
 *
 * Return: true if they are.
 */
bool mbond_as_bonding(void)
{
	return bonding_defaults;
}

/**
 * mbond_max_bonds() - bonds to create at load
 *
 * Return: their number.
 */
unsigned int mbond_max_bonds(void)
{
	return max_bonds;
}

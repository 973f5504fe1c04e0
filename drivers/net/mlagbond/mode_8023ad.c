// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode 802.3ad: LACP decides which ports receive and transmit.
 *
 * Links, LACPDUs, options and the word of mlag_iccp enter and are handed to
 * core/lacp.c; what comes out is applied to the ports under bond->lock. LACPDUs
 * leave from one place, the timer, so that none overtakes a newer one; the
 * timer is armed for the next deadline of the core, or for now if there is
 * something to send. There is no tick.
 */
#include <linux/errno.h>
#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/skbuff.h>

#include "ad.h"
#include "core/lacp.h"
#include "mbond.h"
#include "mode.h"
#include "notify.h"
#include "table.h"
#include "tx.h"

static_assert((int)LACP_MAX_PORTS >= (int)MBOND_MAX_PORTS);
static_assert((int)LACP_PROGRESS_NO_LINK == (int)MLAGBOND_LEG_NO_LINK);
static_assert((int)LACP_PROGRESS_LINK == (int)MLAGBOND_LEG_LINK);
static_assert((int)LACP_PROGRESS_READY == (int)MLAGBOND_LEG_READY);
static_assert((int)LACP_PROGRESS_ATTACHED == (int)MLAGBOND_LEG_ATTACHED);
static_assert((int)LACP_PROGRESS_COLLECTING == (int)MLAGBOND_LEG_COLLECTING);

/* The core, and what it wants done */

/* A port that now carries leads to a switch that has not heard of us yet */
static void set_usable(struct mbond_port *port, bool usable)
{
	struct mbond *bond = port->bond;

	if (usable && !port->usable && bond->params.broadcast_neighbor)
		mbond_announce_peers(bond, mbond_now());
	mbond_port_set_usable(port, usable);
}

static void apply_gates(struct ad_port *ap)
{
	const struct mbond *bond = ap->port->bond;
	u32 rx = 0;

	if (ap->lacp.rx_on ||
	    (bond->params.all_slaves_active && !mbond_is_leg(bond)))
		rx |= MBOND_RX_DATA;
	if (ap->lacp.want_data)
		rx |= MBOND_RX_HINT;
	mbond_port_set_rx(ap->port, rx);
	set_usable(ap->port, ap->lacp.tx_on && !ap->port->silent);
}

/* Returns true if there is something to send */
static bool apply_port(struct ad_port *ap)
{
	struct lacp_port *lacp = &ap->lacp;

	if (lacp->todo & (LACP_TODO_GATE | LACP_TODO_HINT))
		apply_gates(ap);
	if (lacp->todo & LACP_TODO_INFO)
		mbond_ad_tell_port(ap);
	if (lacp->todo & LACP_TODO_EVENT)
		mbond_ad_log(ap);
	lacp->todo &= LACP_TODO_TX | LACP_TODO_MARKER | LACP_TODO_ASK;
	return lacp->todo;
}

static void arm(struct ad_bond *ad, bool now)
{
	if (!ad->running)
		return;
	if (now)
		hrtimer_start(&ad->timer, 0, HRTIMER_MODE_ABS_SOFT);
	else if (ad->sys.deadline != LACP_NEVER)
		hrtimer_start(&ad->timer, ms_to_ktime(ad->sys.deadline),
			      HRTIMER_MODE_ABS_SOFT);
}

/**
 * mbond_ad_kick() - let the timer run the core now
 * @ad: LACP of the bond, locked
 */
void mbond_ad_kick(struct ad_bond *ad)
{
	arm(ad, true);
}

static void apply_sys(struct mbond *bond, u32 todo)
{
	if (todo & LACP_TODO_AGG)
		mbond_ad_tell_active(bond);
	if (todo & LACP_TODO_LEG)
		mbond_do(bond, MBOND_DO_LEG);
	if (todo & LACP_TODO_FLUSHED)
		mbond_ad_flush_end(bond);
	if (todo & LACP_TODO_FLUSH)
		mbond_ad_flush_begin(bond);
}

/*
 * Run the core and bring the ports in line. What there is to send is sent by
 * the timer. Returns true if mbond_update() has something to do.
 */
static bool run(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);
	struct lacp_port *lacp;
	bool changed = false;
	bool send = false;
	int i;

	lockdep_assert_held(&bond->lock);
	lacp_run(&ad->sys, mbond_now());
	lacp_for_each_port(&ad->sys, i, lacp) {
		changed |= lacp->todo & LACP_TODO_GATE;
		send |= apply_port(ad_port_from(lacp));
	}
	mbond_ad_flush_ports(bond);
	apply_sys(bond, ad->sys.todo);
	changed |= ad->sys.todo & LACP_TODO_CARRIER;
	ad->sys.todo = 0;
	arm(ad, send);
	return changed;
}

static void run_and_update(struct mbond *bond)
{
	if (run(bond))
		mbond_update(bond);
}

static enum hrtimer_restart timer_fired(struct hrtimer *timer)
{
	struct ad_bond *ad = container_of(timer, struct ad_bond, timer);
	struct mbond *bond = ad->bond;
	struct sk_buff_head frames;
	struct lacp_port *lacp;
	int i;

	__skb_queue_head_init(&frames);
	rcu_read_lock();
	mbond_lock(bond);
	if (ad->running) {
		run_and_update(bond);
		lacp_for_each_port(&ad->sys, i, lacp)
			mbond_ad_queue(ad_port_from(lacp), &frames);
		arm(ad, false);
	}
	mbond_unlock(bond);
	mbond_ad_send(&frames);
	rcu_read_unlock();
	return HRTIMER_NORESTART;
}

/* Options and life of the bond */

static void fill_config(const struct mbond *bond, struct lacp_config *cfg)
{
	const struct mbond_params *params = &bond->params;

	*cfg = (struct lacp_config) {
		.fast		= params->lacp_rate,
		.active		= params->lacp_active,
		.coupled	= params->coupled_control,
		.strict		= params->lacp_strict,
		.fallback	= params->lacp_fallback,
		.ad_select	= params->ad_select,
		.min_links	= min_t(u32, params->min_links, U16_MAX),
		.wait_ms	= LACP_WAIT_MS,
		.fallback_ms	= params->lacp_fallback_delay,
		.system_prio	= params->ad_actor_sys_prio,
		.user_key	= params->ad_user_port_key,
	};
	if (is_zero_ether_addr(params->ad_actor_system))
		memcpy(cfg->system, bond->dev->dev_addr, ETH_ALEN);
	else
		memcpy(cfg->system, params->ad_actor_system, ETH_ALEN);
}

static void sync_leg(struct mbond *bond)
{
	const struct mbond_leg *leg = &bond->leg;
	struct lacp_sys *sys = &ad_of(bond)->sys;
	struct lacp_identity id = {
		.system_prio	= leg->id.system_prio,
		.key		= leg->id.key,
		.node		= leg->id.node,
	};

	memcpy(id.system, leg->id.system, ETH_ALEN);
	lacp_leg_set(sys, mbond_is_leg(bond));
	if (!sys->leg)
		return;
	lacp_leg_identity(sys, leg->identified ? &id : NULL);
	if (leg->sync == MLAGBOND_SYNC_LEAVING)
		lacp_leg_leave(sys);
	else
		lacp_leg_hold(sys, leg->sync == MLAGBOND_SYNC_HELD);
}

static void choose_xmit(struct mbond *bond)
{
	WRITE_ONCE(bond->xmit, bond->params.broadcast_neighbor ?
			       mbond_xmit_neighbor : mbond_xmit_hash);
}

static int ad_init(struct mbond *bond, struct netlink_ext_ack *extack)
{
	struct ad_bond *ad = ad_of(bond);
	struct lacp_config cfg;

	fill_config(bond, &cfg);
	lacp_sys_init(&ad->sys, &cfg);
	ad->bond = bond;
	ad->running = netif_running(bond->dev);
	hrtimer_setup(&ad->timer, timer_fired, CLOCK_MONOTONIC,
		      HRTIMER_MODE_ABS_SOFT);
	mbond_ad_flush_init(bond);
	sync_leg(bond);
	choose_xmit(bond);
	return 0;
}

static void ad_exit(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);

	ad->running = false;
	hrtimer_cancel(&ad->timer);
	mbond_ad_flush_exit(bond);
}

static void port_link(struct mbond_port *port)
{
	struct lacp_link link = {
		.up		= ad_of(port->bond)->running &&
				  link_fsm_is_up(&port->link),
		.half_duplex	= port->duplex == DUPLEX_HALF,
		.speed		= port->speed == (u32)SPEED_UNKNOWN ? 0 :
				  port->speed,
	};

	lacp_port_link(&ad_port_of(port)->lacp, &link);
}

static void links_changed(struct mbond *bond)
{
	struct lacp_port *lacp;
	int i;

	lacp_for_each_port(&ad_of(bond)->sys, i, lacp)
		port_link(ad_port_from(lacp)->port);
	run_and_update(bond);
}

static void ad_open(struct mbond *bond)
{
	mbond_lock(bond);
	ad_of(bond)->running = true;
	links_changed(bond);
	mbond_unlock(bond);
}

static void ad_stop(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);
	struct sk_buff_head frames;
	struct lacp_port *lacp;
	int i;

	ASSERT_RTNL();
	__skb_queue_head_init(&frames);
	mbond_lock(bond);
	ad->running = false;
	lacp_for_each_port(&ad->sys, i, lacp)
		mbond_ad_queue_farewell(ad_port_from(lacp), &frames);
	lacp_flush_cut(&ad->sys);
	links_changed(bond);
	mbond_unlock(bond);
	hrtimer_cancel(&ad->timer);
	mbond_ad_send(&frames);
	mbond_ad_flush_stop(bond);
}

static void ad_reconfigure(struct mbond *bond, u64 changed)
{
	struct ad_bond *ad = ad_of(bond);
	struct lacp_config cfg;
	struct lacp_port *lacp;
	int i;

	mbond_lock(bond);
	fill_config(bond, &cfg);
	lacp_sys_config(&ad->sys, &cfg);
	sync_leg(bond);
	choose_xmit(bond);
	if (!bond->params.marker_flush)
		lacp_flush_cut(&ad->sys);
	if (changed & MBOND_OPT_BIT(ALL_SLAVES_ACTIVE)) {
		lacp_for_each_port(&ad->sys, i, lacp)
			apply_gates(ad_port_from(lacp));
	}
	run_and_update(bond);
	/* what waited for a flush that is no longer wanted moves now */
	if (changed & MBOND_OPT_BIT(MARKER_FLUSH))
		mbond_table_refill(bond);
	mbond_unlock(bond);
}

/* Ports */

static int ad_port_attach(struct mbond_port *port,
			  struct netlink_ext_ack *extack)
{
	struct ad_port *ap = ad_port_of(port);
	struct mbond *bond = port->bond;
	int err;

	ap->port = port;
	mbond_lock(bond);
	err = lacp_port_add(&ad_of(bond)->sys, &ap->lacp, port->slot + 1,
			    port->params.actor_port_prio, mbond_now());
	if (!err) {
		lacp_port_jitter(&ap->lacp, get_random_u32() | 1);
		apply_gates(ap);
	}
	mbond_unlock(bond);
	if (err)
		NL_SET_ERR_MSG_FMT_MOD(extack, "LACP has no room for %s",
				       port->dev->name);
	return err;
}

static void ad_port_detach(struct mbond_port *port)
{
	struct ad_port *ap = ad_port_of(port);
	struct mbond *bond = port->bond;
	struct sk_buff_head frames;

	ASSERT_RTNL();
	__skb_queue_head_init(&frames);
	mbond_lock(bond);
	mbond_port_set_rx(port, 0);
	mbond_port_set_usable(port, false);
	mbond_ad_queue_farewell(ap, &frames);
	mbond_ad_stats_keep(ap);
	lacp_port_del(&ap->lacp);
	run(bond);
	mbond_update(bond);
	mbond_unlock(bond);

	/* nothing that the timer had in hand comes after the farewell */
	hrtimer_cancel(&ad_of(bond)->timer);
	mbond_ad_send(&frames);
	mbond_lock(bond);
	run(bond);
	mbond_unlock(bond);
}

static void ad_port_reconfigure(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	lacp_port_config(&ad_port_of(port)->lacp, port->params.actor_port_prio,
			 false);
	run_and_update(bond);
	mbond_unlock(bond);
}

/* bond->lock held from here to ad_leg_info(); the caller updates */

/*
 * LACP hears of the carrier alone. It must go on with a partner on a port that
 * is not heard, which else would never forward an answer again.
 */
static void ad_port_link(struct mbond_port *port)
{
	port_link(port);
	apply_gates(ad_port_of(port));
	run(port->bond);
}

/* Without objection of the ARP and ND monitor it is as LACP says */
static bool enough_heard(const struct mbond *bond)
{
	const struct mbond_port *port;
	u32 usable = 0, silent = 0;

	mbond_for_each_port_rcu(bond, port) {
		usable += port->usable;
		silent += port->silent;
	}
	return !silent || usable >= max_t(u32, bond->params.min_links, 1);
}

static bool ad_carrier(const struct mbond *bond)
{
	return ad_of(bond)->sys.carrier && enough_heard(bond);
}

static void ad_leg_changed(struct mbond *bond)
{
	sync_leg(bond);
	run(bond);
}

static void ad_leg_info(const struct mbond *bond,
			struct mlagbond_leg_info *info)
{
	const struct lacp_sys *sys = &ad_of(bond)->sys;

	info->lacp = (enum mlagbond_leg_lacp)sys->progress;
	info->ports = sys->ports;
	info->fallback = sys->fallback != LACP_NO_PORT;
	memcpy(info->partner_system, sys->partner.system, ETH_ALEN);
	info->partner_prio = sys->partner.system_prio;
	info->partner_key = sys->partner.key;
	info->config.client_slow = sys->client_slow;
}

/* Frames that come in; RCU held, bottom halves disabled */

static bool ad_rx_control(struct mbond_port *port, struct sk_buff *skb)
{
	struct lacp_port *lacp = &ad_port_of(port)->lacp;
	u32 len = min_t(u32, skb->len, ETH_DATA_LEN);
	struct mbond *bond = port->bond;
	int err;

	if (!mbond_ad_is_slow(skb) || !pskb_may_pull(skb, len))
		return false;
	mbond_lock(bond);
	err = mbond_ad_is_spoofed(bond, skb) ?
	      lacp_port_rx_spoofed(lacp, skb->data, len, mbond_now()) :
	      lacp_port_rx(lacp, skb->data, len, mbond_now());
	run_and_update(bond);
	mbond_unlock(bond);
	if (err == -EPROTONOSUPPORT)
		return false;
	if (err)
		mbond_drop(bond, MBOND_DROP_CONTROL);
	return true;
}

static void ad_rx_data(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	lacp_port_data_seen(&ad_port_of(port)->lacp);
	run_and_update(bond);
	mbond_unlock(bond);
}

const struct mbond_mode_ops mbond_mode_8023ad = {
	.name			= "802.3ad",
	.mode			= MLAGBOND_MODE_8023AD,
	.flags			= MBOND_MODE_HASH | MBOND_MODE_LACP,
	.lag_tx_type		= NETDEV_LAG_TX_TYPE_HASH,
	.priv_size		= sizeof(struct ad_bond),
	.port_priv_size		= sizeof(struct ad_port),

	.init			= ad_init,
	.exit			= ad_exit,
	.open			= ad_open,
	.stop			= ad_stop,
	.reconfigure		= ad_reconfigure,

	.port_check		= mbond_port_check_none,
	.port_attach		= ad_port_attach,
	.port_detach		= ad_port_detach,
	.port_reconfigure	= ad_port_reconfigure,
	.port_address		= ad_port_reconfigure,

	.port_link		= ad_port_link,
	.carrier		= ad_carrier,
	.leg_changed		= ad_leg_changed,
	.leg_info		= ad_leg_info,

	.xmit			= mbond_xmit_hash,
	.pick			= mbond_pick_hash,
	.rx_control		= ad_rx_control,
	.rx_data		= ad_rx_data,

	.ad_info		= mbond_ad_info,
	.ad_port_info		= mbond_ad_port_info,
	.counters		= mbond_ad_counters,
	.ad_stats		= mbond_ad_stats,
};

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
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/pkt_sched.h>
#include <linux/skbuff.h>

#include "core/lacp.h"
#include "genl.h"
#include "mbond.h"
#include "mode.h"
#include "tx.h"

static_assert((int)LACP_MAX_PORTS >= (int)MBOND_MAX_PORTS);
static_assert((int)LACP_PROGRESS_NO_LINK == (int)MLAGBOND_LEG_NO_LINK);
static_assert((int)LACP_PROGRESS_LINK == (int)MLAGBOND_LEG_LINK);
static_assert((int)LACP_PROGRESS_READY == (int)MLAGBOND_LEG_READY);
static_assert((int)LACP_PROGRESS_ATTACHED == (int)MLAGBOND_LEG_ATTACHED);
static_assert((int)LACP_PROGRESS_COLLECTING == (int)MLAGBOND_LEG_COLLECTING);

enum {
	FRAME_COPY	= 256,	/* bytes looked at where a frame is not linear */
	TEXT		= 20,	/* "02:00:00:00:00:01" and numbers */
};

/**
 * struct ad_bond - LACP of a bond
 * @sys: the core; bond->lock
 * @bond: the bond
 * @timer: runs the core and sends
 * @running: the bond is up; bond->lock
 */
struct ad_bond {
	struct lacp_sys sys;
	struct mbond *bond;
	struct hrtimer timer;
	bool running;
};

/**
 * struct ad_port - LACP of a port; all under bond->lock
 * @lacp: the core
 * @port: the port
 * @rx: state of the Receive machine last told to listeners
 * @mux: same for the Mux machine
 * @agg: same for the aggregator
 * @churn_actor: same for churn of the actor
 * @churn_partner: same for churn of the partner
 * @partner: same for the system of the partner
 */
struct ad_port {
	struct lacp_port lacp;
	struct mbond_port *port;
	u8 rx;
	u8 mux;
	u8 churn_actor;
	u8 churn_partner;
	u16 agg;
	u8 partner[ETH_ALEN];
};

static struct ad_bond *ad_of(const struct mbond *bond)
{
	return mbond_mode_priv(bond);
}

static struct ad_port *ad_port_of(struct mbond_port *port)
{
	return mbond_port_mode_priv(port);
}

static struct ad_port *ad_port_from(struct lacp_port *lacp)
{
	return container_of(lacp, struct ad_port, lacp);
}

static const u8 slow_mac[ETH_ALEN] __aligned(2) = {
	0x01, 0x80, 0xc2, 0x00, 0x00, 0x02
};

/* Frames */

static struct sk_buff *frame_alloc(const struct mbond_port *port, u8 **pdu)
{
	struct net_device *dev = port->dev;
	struct sk_buff *skb;
	struct ethhdr *eth;

	skb = alloc_skb(LL_RESERVED_SPACE(dev) + ETH_HLEN + LACPDU_LEN +
			dev->needed_tailroom, GFP_ATOMIC);
	if (!skb)
		return NULL;
	skb_reserve(skb, LL_RESERVED_SPACE(dev));
	skb_reset_mac_header(skb);
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_source, port->perm_addr);
	ether_addr_copy(eth->h_dest, slow_mac);
	eth->h_proto = htons(ETH_P_SLOW);
	skb_set_network_header(skb, ETH_HLEN);
	*pdu = skb_put(skb, LACPDU_LEN);

	skb->dev = dev;
	skb->protocol = htons(ETH_P_SLOW);
	skb->priority = TC_PRIO_CONTROL;
	return skb;
}

static void queue_lacpdu(const struct mbond_port *port,
			 const struct lacpdu *pdu, struct sk_buff_head *frames)
{
	struct sk_buff *skb;
	u8 *buf;

	skb = frame_alloc(port, &buf);
	if (!skb)
		return;
	lacpdu_encode(pdu, buf);
	__skb_queue_tail(frames, skb);
}

static void queue_marker(const struct mbond_port *port,
			 const struct lacp_marker *marker,
			 struct sk_buff_head *frames)
{
	struct sk_buff *skb;
	u8 *buf;

	skb = frame_alloc(port, &buf);
	if (!skb)
		return;
	lacp_marker_encode(marker, buf);
	__skb_queue_tail(frames, skb);
}

static void queue_port(struct ad_port *ap, struct sk_buff_head *frames)
{
	struct lacp_marker marker;
	struct lacpdu pdu;

	if (ap->lacp.todo & LACP_TODO_TX) {
		lacp_port_pdu(&ap->lacp, &pdu);
		queue_lacpdu(ap->port, &pdu, frames);
	}
	if (ap->lacp.todo & LACP_TODO_MARKER) {
		lacp_port_marker(&ap->lacp, &marker);
		queue_marker(ap->port, &marker, frames);
	}
}

static void queue_farewell(struct ad_port *ap, struct sk_buff_head *frames)
{
	struct lacpdu pdu;

	if (lacp_port_farewell(&ap->lacp, &pdu))
		queue_lacpdu(ap->port, &pdu, frames);
}

/* RCU or RTNL held, so that the ports' devices stay */
static void send_all(struct sk_buff_head *frames)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(frames)))
		dev_queue_xmit(skb);
}

/* What listeners are told */

static void tell(struct ad_port *ap, enum mlagbond_event_code code,
		 const char *old, const char *new, const char *cause)
{
	mbond_event(ap->port->bond->dev, ap->port->dev, code, old, new, cause);
}

static void tell_state(struct ad_port *ap, enum mlagbond_event_code code,
		       u8 *told, u8 state, const char *(*name)(u8 state),
		       const char *cause)
{
	if (*told == state)
		return;
	tell(ap, code, name(*told), name(state), cause);
	*told = state;
}

static void tell_agg(struct ad_port *ap)
{
	u16 agg = lacp_port_agg_id(&ap->lacp);
	char old[TEXT], new[TEXT];

	if (ap->agg == agg)
		return;
	snprintf(old, sizeof(old), "%u", ap->agg);
	snprintf(new, sizeof(new), "%u", agg);
	tell(ap, MLAGBOND_EVENT_AGGREGATOR, old, new, NULL);
	ap->agg = agg;
}

static void tell_partner(struct ad_port *ap)
{
	const u8 *system = ap->lacp.partner.system;
	char old[TEXT], new[TEXT];

	if (ether_addr_equal_unaligned(ap->partner, system))
		return;
	snprintf(old, sizeof(old), "%pM", ap->partner);
	snprintf(new, sizeof(new), "%pM", system);
	tell(ap, MLAGBOND_EVENT_PARTNER, old, new, NULL);
	memcpy(ap->partner, system, ETH_ALEN);
}

static void tell_port(struct ad_port *ap)
{
	const struct lacp_port *lacp = &ap->lacp;
	const char *why = lacp_port_reason(lacp);

	tell_partner(ap);
	tell_agg(ap);
	tell_state(ap, MLAGBOND_EVENT_RX_MACHINE, &ap->rx, lacp->rx,
		   lacp_rx_name, NULL);
	tell_state(ap, MLAGBOND_EVENT_MUX, &ap->mux, lacp->mux,
		   lacp_mux_name, why);
	tell_state(ap, MLAGBOND_EVENT_CHURN, &ap->churn_actor,
		   lacp->churn_actor, lacp_churn_name, "actor");
	tell_state(ap, MLAGBOND_EVENT_CHURN, &ap->churn_partner,
		   lacp->churn_partner, lacp_churn_name, "partner");
}

/* The log gets what nobody asked for and somebody has to look into */
static void log_port(struct ad_port *ap)
{
	const u32 worth = BIT(LACP_EVENT_EXPIRED) | BIT(LACP_EVENT_LOOPBACK) |
			  BIT(LACP_EVENT_ILLEGAL) |
			  BIT(LACP_EVENT_CHURN_ACTOR) |
			  BIT(LACP_EVENT_CHURN_PARTNER);
	const struct mbond_port *port = ap->port;
	u32 events = ap->lacp.events & worth;
	u8 i;

	ap->lacp.events = 0;
	for (i = 0; i < LACP_EVENTS; i++)
		if (events & BIT(i) && net_ratelimit())
			netdev_warn(port->bond->dev, "%s: LACP: %s\n",
				    port->dev->name, lacp_event_name(i));
}

/* The core, and what it wants done */

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
	mbond_port_set_usable(ap->port, ap->lacp.tx_on);
}

/* Returns true if there is something to send */
static bool apply_port(struct ad_port *ap)
{
	struct lacp_port *lacp = &ap->lacp;

	if (lacp->todo & (LACP_TODO_GATE | LACP_TODO_HINT))
		apply_gates(ap);
	if (lacp->todo & LACP_TODO_INFO)
		tell_port(ap);
	if (lacp->todo & LACP_TODO_EVENT)
		log_port(ap);
	lacp->todo &= LACP_TODO_TX | LACP_TODO_MARKER;
	return lacp->todo;
}

static void tell_active(struct mbond *bond)
{
	const struct lacp_sys *sys = &ad_of(bond)->sys;
	char new[TEXT];

	snprintf(new, sizeof(new), "%u",
		 sys->active == LACP_NO_AGG ? 0 : sys->active + 1);
	mbond_event(bond->dev, NULL, MLAGBOND_EVENT_AGGREGATOR, NULL, new,
		    NULL);
	mbond_do(bond, MBOND_DO_NOTIFY);
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
	if (ad->sys.todo & LACP_TODO_AGG)
		tell_active(bond);
	if (ad->sys.todo & LACP_TODO_LEG)
		mbond_do(bond, MBOND_DO_LEG);
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
			queue_port(ad_port_from(lacp), &frames);
		arm(ad, false);
	}
	mbond_unlock(bond);
	send_all(&frames);
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
		.ad_select	= params->ad_select,
		.min_links	= min_t(u32, params->min_links, U16_MAX),
		.wait_ms	= LACP_WAIT_MS,
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
	lacp_leg_hold(sys, !leg->allow_sync);
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
	sync_leg(bond);
	return 0;
}

static void ad_exit(struct mbond *bond)
{
	struct ad_bond *ad = ad_of(bond);

	ad->running = false;
	hrtimer_cancel(&ad->timer);
}

static void port_link(struct mbond_port *port)
{
	struct lacp_link link = {
		.up		= ad_of(port->bond)->running &&
				  mbond_port_has_link(port),
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
		queue_farewell(ad_port_from(lacp), &frames);
	links_changed(bond);
	mbond_unlock(bond);
	hrtimer_cancel(&ad->timer);
	send_all(&frames);
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
	if (changed & MBOND_OPT_BIT(ALL_SLAVES_ACTIVE)) {
		lacp_for_each_port(&ad->sys, i, lacp)
			apply_gates(ad_port_from(lacp));
	}
	run_and_update(bond);
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
	if (!err)
		apply_gates(ap);
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
	queue_farewell(ap, &frames);
	lacp_port_del(&ap->lacp);
	run(bond);
	mbond_update(bond);
	mbond_unlock(bond);

	/* nothing that the timer had in hand comes after the farewell */
	hrtimer_cancel(&ad_of(bond)->timer);
	send_all(&frames);
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

static void ad_port_link(struct mbond_port *port)
{
	port_link(port);
	run(port->bond);
}

static bool ad_carrier(const struct mbond *bond)
{
	return ad_of(bond)->sys.carrier;
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
	memcpy(info->partner_system, sys->partner.system, ETH_ALEN);
	info->partner_prio = sys->partner.system_prio;
	info->partner_key = sys->partner.key;
}

/* Frames that come in; RCU held, bottom halves disabled */

/* Bytes of a PDU, from the subtype on; @buf is used where they are scattered */
static const u8 *frame_data(const struct sk_buff *skb, u8 *buf, size_t *len)
{
	*len = skb_headlen(skb);
	if (!skb_is_nonlinear(skb))
		return skb->data;
	*len = min_t(size_t, skb->len, FRAME_COPY);
	return skb_header_pointer(skb, 0, *len, buf);
}

static bool is_slow_protocol(const struct sk_buff *skb)
{
	return ether_addr_equal(eth_hdr(skb)->h_dest, slow_mac) &&
	       !(skb_vlan_tag_present(skb) && skb_vlan_tag_get_id(skb));
}

static bool ad_rx_control(struct mbond_port *port, const struct sk_buff *skb)
{
	struct mbond *bond = port->bond;
	u8 buf[FRAME_COPY];
	const u8 *data;
	size_t len;
	int err;

	if (!is_slow_protocol(skb))
		return false;
	data = frame_data(skb, buf, &len);
	if (!data)
		return false;

	mbond_lock(bond);
	err = lacp_port_rx(&ad_port_of(port)->lacp, data, len, mbond_now());
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

/* Information */

static int ad_info(struct mbond *bond, struct mbond_ad_info *info)
{
	struct lacp_ad_info ad;
	int err;

	mbond_lock(bond);
	err = lacp_ad_info(&ad_of(bond)->sys, &ad);
	mbond_unlock(bond);
	if (err)
		return err;
	info->aggregator = ad.aggregator;
	info->num_ports = ad.num_ports;
	info->actor_key = ad.actor_key;
	info->partner_key = ad.partner_key;
	memcpy(info->partner_mac, ad.partner_system, ETH_ALEN);
	return 0;
}

static void fill_side(struct mbond_ad_side *side, const struct lacp_info *info)
{
	memcpy(side->system, info->system, ETH_ALEN);
	side->system_prio = info->system_prio;
	side->key = info->key;
	side->port = info->port;
	side->port_prio = info->port_prio;
	side->state = info->state;
}

static int ad_port_info(struct mbond_port *port,
			struct mbond_ad_port_info *info)
{
	const struct lacp_port *lacp = &ad_port_of(port)->lacp;
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	info->aggregator = lacp_port_agg_id(lacp);
	fill_side(&info->actor, &lacp->actor);
	fill_side(&info->partner, &lacp->partner);
	info->churn_actor = lacp->churn_actor;
	info->churn_partner = lacp->churn_partner;
	info->rx_machine = lacp_rx_name(lacp->rx);
	info->periodic_machine = lacp_periodic_name(lacp->periodic);
	info->mux_machine = lacp_mux_name(lacp->mux);
	info->reason = lacp_port_reason(lacp);
	mbond_unlock(bond);
	return 0;
}

#define COUNTER(member)	{ #member, offsetof(struct lacp_stats, member) }

static const struct {
	const char *name;
	size_t offset;
} counter_table[] = {
	COUNTER(lacpdu_rx),
	COUNTER(lacpdu_tx),
	COUNTER(marker_rx),
	COUNTER(marker_resp_rx),
	COUNTER(marker_resp_tx),
	COUNTER(illegal_rx),
	COUNTER(unknown_rx),
	COUNTER(unknown_tlvs),
	COUNTER(loopback_rx),
	COUNTER(ignored_rx),
	COUNTER(tx_delayed),
	COUNTER(expired),
	COUNTER(partner_changes),
	COUNTER(sync_lost),
	COUNTER(churn_actor),
	COUNTER(churn_partner),
};

static_assert(ARRAY_SIZE(counter_table) <= MBOND_MODE_COUNTERS);
static_assert(sizeof(struct lacp_stats) ==
	      ARRAY_SIZE(counter_table) * sizeof(u64));

static unsigned int ad_counters(struct mbond_port *port,
				struct mbond_counter *counters)
{
	const struct lacp_stats *stats = &ad_port_of(port)->lacp.stats;
	struct mbond *bond = port->bond;
	unsigned int i;

	mbond_lock(bond);
	for (i = 0; i < ARRAY_SIZE(counter_table); i++) {
		counters[i].name = counter_table[i].name;
		counters[i].value = *(const u64 *)((const char *)stats +
						   counter_table[i].offset);
	}
	mbond_unlock(bond);
	return i;
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

	.port_link		= ad_port_link,
	.carrier		= ad_carrier,
	.leg_changed		= ad_leg_changed,
	.leg_info		= ad_leg_info,

	.xmit			= mbond_xmit_hash,
	.pick			= mbond_pick_hash,
	.rx_control		= ad_rx_control,
	.rx_data		= ad_rx_data,

	.ad_info		= ad_info,
	.ad_port_info		= ad_port_info,
	.counters		= ad_counters,
};

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LACP: Link Aggregation Control Protocol, IEEE 802.1AX-2014 clause 6.4.
 *
 * Events of ports and of the operator go in by calls, each with the time in
 * ms. lacp_run() does what is due and says when it wants to be called next.
 * What the caller has to do leaves as LACP_TODO_* bits, see lacp_sys->todo.
 *
 * Caller serialises all calls on one struct lacp_sys and its ports.
 */
#ifndef _MBOND_LACP_H
#define _MBOND_LACP_H

#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/limits.h>
#include <linux/types.h>

#include "lacpdu.h"

enum {
	LACP_MAX_PORTS		= 64,
	LACP_NO_AGG		= 0xff,		/* in lacp_port->agg */
	LACP_NO_PORT		= 0xff,		/* in lacp_sys->fallback */

	/* times in ms, 6.4.4 */
	LACP_FAST_PERIODIC_MS	= 1000,
	LACP_SLOW_PERIODIC_MS	= 30000,
	LACP_SHORT_TIMEOUT_MS	= 3000,
	LACP_LONG_TIMEOUT_MS	= 90000,
	LACP_CHURN_MS		= 60000,
	LACP_WAIT_MS		= 2000,
	LACP_DISPUTE_MS		= 3000,	/* not of the standard, see yield */

	LACP_JITTER_SHIFT	= 5,	/* a 32nd of a period, or less, early */

	LACP_LINGER_MS		= 20,	/* for data that a LACPDU overtook */

	LACP_FLUSH_MS		= 100,	/* for the partner to answer a Marker */
	LACP_FLUSH_REST_MS	= 250,	/* from one Marker to the next */

	LACP_TX_BURST		= 3,	/* PDUs in any LACP_FAST_PERIODIC_MS */
	LACP_MARKER_BURST	= 5,	/* Responses in LACP_FAST_PERIODIC_MS
					 * from the first one */
	LACP_MARKER_MISSES	= 3,	/* then the partner answers none */
	LACP_DATA_DOUBTS	= 1,	/* data against LACPDUs, see data_seen */
};

#define LACP_NEVER	U64_MAX		/* a timer that does not run */

/* Receive machine, 6.4.12 */
enum lacp_rx_state {
	LACP_RX_INITIALIZE,
	LACP_RX_PORT_DISABLED,
	LACP_RX_LACP_DISABLED,
	LACP_RX_EXPIRED,
	LACP_RX_DEFAULTED,
	LACP_RX_CURRENT,
	LACP_RX_STATES,
};

/* Periodic Transmission machine, 6.4.13; PERIODIC_TX is never rested in */
enum lacp_periodic_state {
	LACP_PERIODIC_NONE,
	LACP_PERIODIC_FAST,
	LACP_PERIODIC_SLOW,
	LACP_PERIODIC_STATES,
};

/*
 * Mux machine, 6.4.15. With coupled control COLLECTING is never rested in and
 * DISTRIBUTING stands for COLLECTING_DISTRIBUTING.
 */
enum lacp_mux_state {
	LACP_MUX_DETACHED,
	LACP_MUX_WAITING,
	LACP_MUX_ATTACHED,
	LACP_MUX_COLLECTING,
	LACP_MUX_DISTRIBUTING,
	LACP_MUX_STATES,
};

/* Selected variable, 6.4.8 */
enum lacp_selected {
	LACP_UNSELECTED,
	LACP_STANDBY,
	LACP_SELECTED,
	LACP_SELECTED_STATES,
};

/* Churn Detection machines, 6.4.17; values as IFLA_BOND_SLAVE_AD_CHURN_* */
enum lacp_churn_state {
	LACP_CHURN_MONITOR,
	LACP_CHURN,
	LACP_NO_CHURN,
	LACP_CHURN_STATES,
};

/* Flush by Marker; not of the standard, which only says what a Marker is */
enum lacp_flush_state {
	LACP_FLUSH_IDLE,
	LACP_FLUSH_BEGUN,	/* the caller holds frames */
	LACP_FLUSH_ASKED,	/* the partner is to answer */
	LACP_FLUSH_ENDING,	/* the caller lets the frames go */
};

/* Which aggregator carries the traffic; values as IFLA_BOND_AD_SELECT */
enum lacp_ad_select {
	LACP_SELECT_STABLE,
	LACP_SELECT_BANDWIDTH,
	LACP_SELECT_COUNT,
	LACP_SELECT_PRIO,
};

/**
 * enum lacp_progress - how far the best port is; as enum mlagbond_leg_lacp
 * @LACP_PROGRESS_NO_LINK: no port has link
 * @LACP_PROGRESS_LINK: link, but no port in an aggregator that may carry
 * @LACP_PROGRESS_READY: a port could attach, or waits because SYNC is held
 * @LACP_PROGRESS_ATTACHED: SYNC is advertised, or was and the partner may not
 *	know yet that it no longer is
 * @LACP_PROGRESS_COLLECTING: and the partner takes frames
 */
enum lacp_progress {
	LACP_PROGRESS_NO_LINK,
	LACP_PROGRESS_LINK,
	LACP_PROGRESS_READY,
	LACP_PROGRESS_ATTACHED,
	LACP_PROGRESS_COLLECTING,
	LACP_PROGRESS_STATES,
};

/*
 * What the caller has to do after lacp_run(): bits of lacp_port->todo and
 * lacp_sys->todo. The caller clears what it takes. Order matters: gates, then
 * TX, so that a port takes frames before it says so and stops before it
 * admits it; then the rest.
 */
#define LACP_TODO_GATE		BIT(0)	/* port: rx_on or tx_on changed */
#define LACP_TODO_TX		BIT(1)	/* port: send lacp_port_pdu() */
#define LACP_TODO_MARKER	BIT(2)	/* port: send lacp_port_marker() */
#define LACP_TODO_EVENT		BIT(3)	/* port: lacp_port->events to report */
#define LACP_TODO_INFO		BIT(4)	/* port: something shown has changed */
#define LACP_TODO_HINT		BIT(5)	/* port: want_data changed */
#define LACP_TODO_ASK		BIT(6)	/* port: send lacp_port_question() */
#define LACP_TODO_PORTS		BIT(8)	/* sys: some port has work */
#define LACP_TODO_AGG		BIT(9)	/* sys: active aggregator changed */
#define LACP_TODO_CARRIER	BIT(10)	/* sys: lacp_sys->carrier changed */
#define LACP_TODO_LEG		BIT(11)	/* sys: progress, partner, ports,
					 * client_slow */
#define LACP_TODO_FLUSH		BIT(12)	/* sys: hold the frames of flows that
					 * move, then lacp_flush_ask() */
#define LACP_TODO_FLUSHED	BIT(13)	/* sys: let them go, then say
					 * lacp_flush_done() */

/* Bits of lacp_port->events; for logs and notifications */
enum lacp_event {
	LACP_EVENT_PARTNER,	/* partner heard, or another one than before */
	LACP_EVENT_EXPIRED,	/* partner has been silent for its time */
	LACP_EVENT_DEFAULTED,	/* no partner: defaults are used */
	LACP_EVENT_LOOPBACK,	/* our own LACPDU came back */
	LACP_EVENT_ATTACHED,	/* SYNC advertised */
	LACP_EVENT_DETACHED,	/* SYNC taken back */
	LACP_EVENT_DISTRIBUTING, /* sends */
	LACP_EVENT_STOPPED,	/* sends no longer */
	LACP_EVENT_CHURN_ACTOR,	/* actor churned */
	LACP_EVENT_CHURN_PARTNER, /* partner churned */
	LACP_EVENT_ILLEGAL,	/* first illegal frame since link */
	LACP_EVENT_FALLBACK,	/* carries without a partner */
	LACP_EVENTS,
};

/**
 * struct lacp_config - what the operator wants of a bond
 * @fast: ask the partner for a PDU each second (lacp_rate)
 * @active: speak first (lacp_active)
 * @coupled: COLLECTING and DISTRIBUTING are one (coupled_control)
 * @strict: no traffic without partner (lacp_strict); legs are always strict
 * @fallback: without any partner, one port carries after all
 * @ad_select: enum lacp_ad_select
 * @min_links: ports that must distribute for carrier; fallback does not ask
 * @wait_ms: aggregate wait time, see LACP_WAIT_MS
 * @fallback_ms: time without a partner until then
 * @system_prio: LACP system priority
 * @user_key: upper ten bits of the key
 * @system: LACP system identifier
 */
struct lacp_config {
	bool fast;
	bool active;
	bool coupled;
	bool strict;
	bool fallback;
	u8 ad_select;
	u16 min_links;
	u32 wait_ms;
	u32 fallback_ms;
	u16 system_prio;
	u16 user_key;
	u8 system[ETH_ALEN];
};

/**
 * struct lacp_identity - what a leg says instead, equal on both chassis
 * @system: LACP system identifier of the pair
 * @system_prio: LACP system priority of the pair
 * @key: operational key
 * @node: 0 or 1; port numbers are 0x8000 | node << 12 | number
 */
struct lacp_identity {
	u8 system[ETH_ALEN];
	u16 system_prio;
	u16 key;
	u8 node;
};

/**
 * struct lacp_link - the physical side of a port
 * @up: it has link
 * @half_duplex: known to be half duplex, which LACP does not aggregate
 * @speed: Mbit/s, 0 if unknown: a class of its own, aggregatable
 */
struct lacp_link {
	bool up;
	bool half_duplex;
	u32 speed;
};

/**
 * struct lacp_stats - counters of a port, 7.3.3 where it names them
 * @lacpdu_rx: valid LACPDUs received
 * @lacpdu_tx: LACPDUs handed to the caller
 * @marker_rx: Markers received
 * @marker_tx: Markers handed to the caller
 * @marker_lost: of these, without answer in time
 * @marker_resp_rx: Marker responses received
 * @marker_resp_tx: Marker responses handed to the caller
 * @illegal_rx: frames that nobody may send, of whichever kind
 * @illegal: same by enum lacp_illegal
 * @unknown_rx: Slow Protocols of another subtype
 * @unknown_tlvs: TLVs of later versions skipped
 * @loopback_rx: LACPDUs of our own system
 * @ignored_rx: LACPDUs and Markers while the port was disabled or silent, and
 *	Markers that came too often
 * @tx_delayed: LACPDUs the rate limit made wait
 * @expired: times the partner was silent for too long
 * @partner_changes: times the partner changed its identity
 * @sync_lost: times SYNC was taken back
 * @churn_actor: times the actor churned
 * @churn_partner: times the partner churned
 * @flaps: times it ceased to distribute
 * @rx_entered: times each state of the Receive machine was entered
 * @periodic_entered: same, Periodic Transmission machine
 * @mux_entered: same, Mux machine
 */
struct lacp_stats {
	u64 lacpdu_rx;
	u64 lacpdu_tx;
	u64 marker_rx;
	u64 marker_tx;
	u64 marker_lost;
	u64 marker_resp_rx;
	u64 marker_resp_tx;
	u64 illegal_rx;
	u64 illegal[LACP_ILLEGALS];
	u64 unknown_rx;
	u64 unknown_tlvs;
	u64 loopback_rx;
	u64 ignored_rx;
	u64 tx_delayed;
	u64 expired;
	u64 partner_changes;
	u64 sync_lost;
	u64 churn_actor;
	u64 churn_partner;
	u64 flaps;
	u64 rx_entered[LACP_RX_STATES];
	u64 periodic_entered[LACP_PERIODIC_STATES];
	u64 mux_entered[LACP_MUX_STATES];
};

struct lacp_sys;

/**
 * struct lacp_port - one port; memory of the caller, see lacp_port_add()
 * @sys: bond it belongs to, NULL if none
 * @actor: what we say of ourselves, operational
 * @partner: what we know of the other side, operational
 * @link: as last told
 * @number: port number before the identity of a leg changes it
 * @slot: index in sys->port
 * @agg: index in sys->agg, LACP_NO_AGG while unselected
 * @todo: LACP_TODO_* of this port
 * @events: BIT(enum lacp_event) to report
 * @rx_on: frames may be taken: SYNC is advertised, or it lingers
 * @tx_on: frames may be sent: distributing
 * @want_data: lacp_port_data_seen() would make a difference now
 * @individual: administratively not aggregatable
 * @enabled: has link and is not silent (port_enabled)
 * @lacp_enabled: not half duplex (LACP_Enabled)
 * @loopback: hears itself
 * @lingers: SYNC was taken back, and the partner may still send
 * @data_seen: a data frame proves that the partner distributes
 * @data_doubts: how often a LACPDU has taken @data_seen back since the port
 *	attached; data is not believed after LACP_DATA_DOUBTS
 * @ready: Ready_N
 * @ntt: a LACPDU should go out (NTT)
 * @rx: enum lacp_rx_state
 * @periodic: enum lacp_periodic_state
 * @mux: enum lacp_mux_state
 * @selected: enum lacp_selected
 * @churn_actor: enum lacp_churn_state
 * @churn_partner: same
 * @current_while: deadline of current_while_timer
 * @periodic_at: deadline of periodic_timer
 * @wait_while: deadline of wait_while_timer
 * @churn_actor_at: deadline of actor_churn_timer
 * @churn_partner_at: deadline of partner_churn_timer
 * @heard_at: when the last LACPDU was recorded, LACP_NEVER: none yet
 * @flap_at: when it last ceased to distribute, LACP_NEVER: never
 * @flap_cause: why, as lacp_port_reason()
 * @linger_until: it lingers no longer from then on, LACP_NEVER: not known yet
 * @jitter: last random number, 0: LACPDUs leave as periodically as can be
 * @tx_times: when each of the last LACPDUs ceases to count for the rate limit
 * @tx_next: oldest entry of @tx_times
 * @tx_blocked: the rate limit delays a LACPDU
 * @marker: Marker Responses to send, with LACP_TODO_MARKER
 * @markers: how many
 * @answers: how many there were since LACP_FAST_PERIODIC_MS before
 * @answers_until: this time, ms
 * @marker_misses: so many went without one, see lacp_port_answers()
 * @stats: see struct lacp_stats
 *
 * The caller reads; only the core writes, but for @todo and @events, which the
 * caller clears.
 */
struct lacp_port {
	struct lacp_sys *sys;
	struct lacp_info actor;
	struct lacp_info partner;
	struct lacp_link link;
	u16 number;
	u8 slot;
	u8 agg;
	u32 todo;
	u32 events;

	bool rx_on;
	bool tx_on;
	bool want_data;
	bool individual;
	bool enabled;
	bool lacp_enabled;
	bool loopback;
	bool lingers;
	bool data_seen;
	bool ready;
	bool ntt;

	u8 rx;
	u8 periodic;
	u8 mux;
	u8 selected;
	u8 churn_actor;
	u8 churn_partner;

	u64 current_while;
	u64 periodic_at;
	u64 wait_while;
	u64 churn_actor_at;
	u64 churn_partner_at;
	u64 heard_at;
	u64 flap_at;
	const char *flap_cause;
	u64 linger_until;
	u32 jitter;
	u64 tx_times[LACP_TX_BURST];
	u8 data_doubts;
	u8 tx_next;
	bool tx_blocked;

	struct lacp_marker marker[LACP_MARKER_BURST];
	u8 markers;
	u8 answers;
	u64 answers_until;
	u8 marker_misses;
	struct lacp_stats stats;
};

/**
 * struct lacp_agg - ports that share a partner and a key: one LAG ID, 6.3.6
 * @partner: system, priority and key of the partner; of an individual port
 *	also its port number
 * @key: our key
 * @individual: one port that cannot be aggregated
 * @agreed: the partner would attach a usable member, or leaves the choice to us
 * @ports: members, also those that lost their link; 0: slot is free
 * @usable: members that could carry traffic now
 * @bandwidth: Mbit/s of the usable members; 1 for each of unknown speed
 * @prio: sum of the port priorities of the usable members
 */
struct lacp_agg {
	struct lacp_info partner;
	u16 key;
	bool individual;
	bool agreed;
	u8 ports;
	u8 usable;
	u64 bandwidth;
	u32 prio;
};

/**
 * struct lacp_flush - Flush by Marker
 * @state: enum lacp_flush_state
 * @wanted: another one is to follow
 * @asked: ports whose answer is missing, bit = slot
 * @transaction: of the last Markers
 * @deadline: in ASKED: when it ends without them
 * @rest_until: no other one begins before
 */
struct lacp_flush {
	u8 state;
	bool wanted;
	u64 asked;
	u32 transaction;
	u64 deadline;
	u64 rest_until;
};

/**
 * struct lacp_sys - LACP of one bond
 * @cfg: see struct lacp_config
 * @id: identity of a leg, valid with @leg and not @silent
 * @leg: leg of an MLAG pair
 * @silent: no identity yet: ports neither speak nor listen
 * @hold: SYNC is not allowed
 * @leaves: held, but frames are still taken
 * @carrier: the bond should have carrier
 * @client_slow: a partner asks for an LACPDU every 30 s only
 * @progress: enum lacp_progress
 * @active: index in @agg of what carries traffic, LACP_NO_AGG if none
 * @yield: the partner wants another aggregator and does not give in: it
 *	decides, until no port has a partner
 * @dispute_at: when it comes to that
 * @fallback: index in @port of the one that carries without a partner,
 *	LACP_NO_PORT if none does
 * @fallback_at: when one will
 * @ports: ports with link
 * @partner: system, priority and key of the active aggregator's partner
 * @flush: see struct lacp_flush
 * @todo: LACP_TODO_* of the bond
 * @deadline: what lacp_run() returned last
 * @agg: aggregators by slot; number shown is index + 1
 * @port: ports by slot, NULL where free
 */
struct lacp_sys {
	struct lacp_config cfg;
	struct lacp_identity id;
	bool leg;
	bool silent;
	bool hold;
	bool leaves;
	bool carrier;
	bool client_slow;
	u8 progress;
	u8 active;
	bool yield;
	u8 fallback;
	u8 ports;
	struct lacp_info partner;
	u32 todo;
	u64 dispute_at;
	u64 fallback_at;
	struct lacp_flush flush;
	u64 deadline;
	struct lacp_agg agg[LACP_MAX_PORTS];
	struct lacp_port *port[LACP_MAX_PORTS];
};

#define lacp_for_each_port(sys, i, p)				\
	for ((i) = 0; (i) < LACP_MAX_PORTS; (i)++)		\
		if (!((p) = (sys)->port[(i)]))			\
			continue;				\
		else

/**
 * struct lacp_ad_info - the active aggregator, as IFLA_BOND_AD_INFO_*
 * @aggregator: its number, from 1
 * @num_ports: its ports with link
 * @actor_key: our key
 * @partner_key: partner's key
 * @partner_prio: partner's system priority
 * @partner_system: partner's system
 */
struct lacp_ad_info {
	u16 aggregator;
	u16 num_ports;
	u16 actor_key;
	u16 partner_key;
	u16 partner_prio;
	u8 partner_system[ETH_ALEN];
};

/*
 * lacp.c: events. Each takes effect in the next lacp_run(), which the caller
 * makes at once; several may be gathered before it.
 */
void lacp_sys_init(struct lacp_sys *sys, const struct lacp_config *cfg);
void lacp_sys_config(struct lacp_sys *sys, const struct lacp_config *cfg);

void lacp_leg_set(struct lacp_sys *sys, bool leg);
void lacp_leg_identity(struct lacp_sys *sys, const struct lacp_identity *id);
void lacp_leg_hold(struct lacp_sys *sys, bool hold);
void lacp_leg_leave(struct lacp_sys *sys);

int lacp_port_add(struct lacp_sys *sys, struct lacp_port *port, u16 number,
		  u16 prio, u64 now);
void lacp_port_jitter(struct lacp_port *port, u32 seed);
void lacp_port_del(struct lacp_port *port);
void lacp_port_config(struct lacp_port *port, u16 prio, bool individual);
void lacp_port_link(struct lacp_port *port, const struct lacp_link *link);
int lacp_port_rx(struct lacp_port *port, const u8 *data, size_t len, u64 now);
int lacp_port_rx_spoofed(struct lacp_port *port, const u8 *data, size_t len,
			 u64 now);
void lacp_port_data_seen(struct lacp_port *port);

/* lacp.c: what leaves */
void lacp_port_pdu(struct lacp_port *port, struct lacpdu *pdu);
bool lacp_port_farewell(const struct lacp_port *port, struct lacpdu *pdu);

/* lacp_marker.c */
void lacp_port_marker(struct lacp_port *port, struct lacp_marker *marker);
bool lacp_port_answers(const struct lacp_port *port);
void lacp_flush_want(struct lacp_sys *sys);
void lacp_flush_port(struct lacp_port *port);
void lacp_flush_ask(struct lacp_sys *sys, u64 now);
void lacp_flush_cut(struct lacp_sys *sys);
void lacp_flush_done(struct lacp_sys *sys);
void lacp_flush_reset(struct lacp_sys *sys);
void lacp_port_question(struct lacp_port *port, struct lacp_marker *marker);

/* lacp_machine.c */
u64 lacp_run(struct lacp_sys *sys, u64 now);

/* lacp_info.c: reports */
int lacp_ad_info(const struct lacp_sys *sys, struct lacp_ad_info *info);
u16 lacp_port_agg_id(const struct lacp_port *port);
const char *lacp_port_reason(const struct lacp_port *port);
const char *lacp_port_cause(const struct lacp_port *port);
const char *lacp_rx_name(u8 state);
const char *lacp_periodic_name(u8 state);
const char *lacp_mux_name(u8 state);
const char *lacp_selected_name(u8 selected);
const char *lacp_churn_name(u8 state);
const char *lacp_progress_name(u8 progress);
const char *lacp_event_name(u8 event);

#endif /* _MBOND_LACP_H */

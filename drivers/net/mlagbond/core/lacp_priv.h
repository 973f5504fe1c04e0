/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the machines of LACP: each lives in a file of its own and is stepped
 * by lacp_run().
 */
#ifndef _MBOND_LACP_PRIV_H
#define _MBOND_LACP_PRIV_H

#include "lacp.h"

/* Something that is shown has changed */
static inline void lacp_port_changed(struct lacp_port *port)
{
	port->todo |= LACP_TODO_INFO;
}

static inline void lacp_port_event(struct lacp_port *port, enum lacp_event ev)
{
	port->events |= BIT(ev);
	port->todo |= LACP_TODO_EVENT | LACP_TODO_INFO;
}

/* No port is given traffic without a partner */
static inline bool lacp_is_strict(const struct lacp_sys *sys)
{
	return sys->cfg.strict || sys->leg;
}

/* It may carry without a partner */
static inline bool lacp_port_is_lax(const struct lacp_port *port)
{
	return !lacp_is_strict(port->sys) ||
	       port->sys->fallback == port->slot;
}

static inline bool lacp_port_speaks(const struct lacp_port *port)
{
	return port->enabled && port->lacp_enabled;
}

static inline bool lacp_port_in_sync(const struct lacp_port *port)
{
	return port->actor.state & LACP_SYNC;
}

/* Who sends data is in sync and collects, even if the LACPDU is still to come */
static inline bool lacp_partner_in_sync(const struct lacp_port *port)
{
	return port->partner.state & LACP_SYNC || port->data_seen;
}

static inline bool lacp_partner_collects(const struct lacp_port *port)
{
	return port->partner.state & LACP_COLLECTING || port->data_seen;
}

/* lacp.c */
bool lacp_system_is(const struct lacp_info *info, const u8 *system);
bool lacp_same_port(const struct lacp_info *a, const struct lacp_info *b);
bool lacp_has_partner(const struct lacp_info *partner);

/* lacp_rx.c: Receive machine */
void lacp_rx_begin(struct lacp_port *port);
bool lacp_rx_step(struct lacp_port *port, u64 now);
void lacp_rx_pdu(struct lacp_port *port, const struct lacpdu *pdu, u64 now);
void lacp_rx_defaults(struct lacp_port *port);
void lacp_rx_rate(struct lacp_port *port);

/* lacp_select.c: Selection Logic */
bool lacp_select(struct lacp_sys *sys);
bool lacp_dispute_step(struct lacp_sys *sys, u64 now);
u64 lacp_dispute_deadline(const struct lacp_sys *sys, u64 now);
void lacp_unselect(struct lacp_port *port);

/* lacp_mux.c: Mux machine */
void lacp_mux_begin(struct lacp_port *port);
bool lacp_mux_step(struct lacp_port *port, u64 now);
bool lacp_mux_is_ready(const struct lacp_port *port);

/* lacp_tx.c: Periodic Transmission and Transmit machines */
void lacp_periodic_step(struct lacp_port *port, u64 now);
void lacp_tx_step(struct lacp_port *port, u64 now);
u64 lacp_tx_deadline(const struct lacp_port *port);

/* lacp_fallback.c */
bool lacp_fallback_step(struct lacp_sys *sys, u64 now);
u64 lacp_fallback_deadline(const struct lacp_sys *sys, u64 now);

/* lacp_marker.c: Marker protocol */
void lacp_marker_question(struct lacp_port *port,
			  const struct lacp_marker *marker, u64 now);
void lacp_marker_answer(struct lacp_port *port,
			const struct lacp_marker *marker);
void lacp_flush_step(struct lacp_sys *sys, u64 now);
u64 lacp_flush_deadline(const struct lacp_sys *sys);

/* lacp_linger.c */
void lacp_linger_begin(struct lacp_port *port);
void lacp_linger_heard(struct lacp_port *port, u64 now);
void lacp_linger_step(struct lacp_port *port, u64 now);
u64 lacp_linger_deadline(const struct lacp_port *port);

/* lacp_churn.c: Churn Detection machines */
void lacp_churn_step(struct lacp_port *port, u64 now);

#endif /* _MBOND_LACP_PRIV_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marker protocol, IEEE 802.1AX-2014 6.5. The Responder answers what the partner
 * asks. The Generator serves the flush: flows are to move from ports that go on
 * sending; the caller holds their frames, a Marker follows what has left by each
 * of those ports, and when all are answered, or the time is up, the frames may
 * go another way.
 */
#include <linux/bits.h>
#include <linux/minmax.h>

#include <linux/string.h>

#include "lacp_priv.h"

/* Not more than Slow Protocols may send, whoever asks */
static bool may_answer(struct lacp_port *port, u64 now)
{
	if (now >= port->answers_until) {
		port->answers_until = now + LACP_FAST_PERIODIC_MS;
		port->answers = 0;
	}
	if (port->answers == LACP_MARKER_BURST ||
	    port->markers == LACP_MARKER_BURST)
		return false;
	port->answers++;
	return true;
}

/**
 * lacp_marker_question() - a Marker came in
 * @port: the port
 * @marker: decoded
 * @now: ms
 */
void lacp_marker_question(struct lacp_port *port,
			  const struct lacp_marker *marker, u64 now)
{
	port->stats.marker_rx++;
	if (!port->enabled || !may_answer(port, now)) {
		port->stats.ignored_rx++;
		return;
	}
	port->marker[port->markers] = *marker;
	port->marker[port->markers++].response = true;
	port->todo |= LACP_TODO_MARKER;
}

/**
 * lacp_port_marker() - a Marker Response to send for LACP_TODO_MARKER
 * @port: the port
 * @marker: what to encode; clears the todo bit with the last one
 */
void lacp_port_marker(struct lacp_port *port, struct lacp_marker *marker)
{
	*marker = port->marker[0];
	port->markers--;
	memmove(port->marker, port->marker + 1,
		port->markers * sizeof(port->marker[0]));
	if (!port->markers)
		port->todo &= ~LACP_TODO_MARKER;
	port->stats.marker_resp_tx++;
}

/**
 * lacp_port_answers() - is it worth while to ask the partner?
 * @port: the port
 *
 * Return: true unless the last Markers on this port went without answer since
 * it began to distribute.
 */
bool lacp_port_answers(const struct lacp_port *port)
{
	return port->tx_on && port->marker_misses < LACP_MARKER_MISSES;
}

/**
 * lacp_flush_want() - flows are to move
 * @sys: the bond
 *
 * lacp_run() says LACP_TODO_FLUSH when they may: one after the other, and so
 * seldom that no partner is asked more often than Slow Protocols may be sent.
 */
void lacp_flush_want(struct lacp_sys *sys)
{
	struct lacp_flush *flush = &sys->flush;

	flush->wanted = true;
	/* the caller may have run already and be about to sleep till then */
	if (flush->state == LACP_FLUSH_IDLE)
		sys->deadline = min(sys->deadline, flush->rest_until);
}

/**
 * lacp_flush_port() - frames that left by this port must have arrived first
 * @port: the port
 *
 * Between LACP_TODO_FLUSH and lacp_flush_ask().
 */
void lacp_flush_port(struct lacp_port *port)
{
	if (port->sys->flush.state == LACP_FLUSH_BEGUN)
		port->sys->flush.asked |= BIT_ULL(port->slot);
}

/**
 * lacp_flush_ask() - no frame is on its way to these ports any more
 * @sys: the bond
 * @now: ms
 *
 * The Markers are sent next.
 */
void lacp_flush_ask(struct lacp_sys *sys, u64 now)
{
	struct lacp_flush *flush = &sys->flush;
	struct lacp_port *port;
	int i;

	if (flush->state != LACP_FLUSH_BEGUN)
		return;
	flush->state = LACP_FLUSH_ASKED;
	flush->transaction++;
	flush->deadline = now + LACP_FLUSH_MS;
	flush->rest_until = now + LACP_FLUSH_REST_MS;
	lacp_for_each_port(sys, i, port)
		if (flush->asked & BIT_ULL(i))
			port->todo |= LACP_TODO_ASK;
}

/**
 * lacp_flush_cut() - nothing is waited for any longer
 * @sys: the bond
 *
 * What was begun ends in the next lacp_run(). Nobody is blamed. What was to
 * follow is to be wanted again.
 */
void lacp_flush_cut(struct lacp_sys *sys)
{
	struct lacp_flush *flush = &sys->flush;

	flush->wanted = false;
	if (flush->state != LACP_FLUSH_BEGUN &&
	    flush->state != LACP_FLUSH_ASKED)
		return;
	flush->state = LACP_FLUSH_ASKED;
	flush->asked = 0;
}

/**
 * lacp_flush_done() - what was held has been sent
 * @sys: the bond; run it next
 *
 * The answer to LACP_TODO_FLUSHED. Another flush may begin.
 */
void lacp_flush_done(struct lacp_sys *sys)
{
	if (sys->flush.state == LACP_FLUSH_ENDING)
		sys->flush.state = LACP_FLUSH_IDLE;
}

static void ask_nobody(struct lacp_sys *sys)
{
	struct lacp_port *port;
	int i;

	lacp_for_each_port(sys, i, port)
		port->todo &= ~LACP_TODO_ASK;
	sys->flush.asked = 0;
}

/**
 * lacp_flush_reset() - nothing is held, and nobody is at work
 * @sys: the bond, whose ports send nothing
 */
void lacp_flush_reset(struct lacp_sys *sys)
{
	struct lacp_flush *flush = &sys->flush;

	flush->wanted = false;
	ask_nobody(sys);
	flush->state = LACP_FLUSH_IDLE;
	sys->todo &= ~(LACP_TODO_FLUSH | LACP_TODO_FLUSHED);
}

/**
 * lacp_port_question() - the Marker to send for LACP_TODO_ASK
 * @port: the port
 * @marker: what to encode; clears the todo bit
 */
void lacp_port_question(struct lacp_port *port, struct lacp_marker *marker)
{
	*marker = (struct lacp_marker) {
		.port		= port->actor.port,
		.transaction	= port->sys->flush.transaction,
	};
	memcpy(marker->system, port->actor.system, ETH_ALEN);
	port->todo &= ~LACP_TODO_ASK;
	port->stats.marker_tx++;
}

static bool answers_us(const struct lacp_port *port,
		       const struct lacp_marker *marker)
{
	const struct lacp_flush *flush = &port->sys->flush;

	return flush->state == LACP_FLUSH_ASKED &&
	       flush->asked & BIT_ULL(port->slot) &&
	       marker->port == port->actor.port &&
	       marker->transaction == flush->transaction &&
	       lacp_system_is(&port->actor, marker->system);
}

/**
 * lacp_marker_answer() - a Marker Response came in
 * @port: the port
 * @marker: decoded
 *
 * One that nobody waits for is counted and means nothing.
 */
void lacp_marker_answer(struct lacp_port *port,
			const struct lacp_marker *marker)
{
	port->stats.marker_resp_rx++;
	if (!answers_us(port, marker))
		return;
	port->marker_misses = 0;
	port->sys->flush.asked &= ~BIT_ULL(port->slot);
}

/* A port that no longer sends keeps nobody waiting: its flows have moved */
static void forget_idle(struct lacp_sys *sys)
{
	struct lacp_flush *flush = &sys->flush;
	int i;

	for (i = 0; flush->asked && i < LACP_MAX_PORTS; i++)
		if (flush->asked & BIT_ULL(i) &&
		    !(sys->port[i] && sys->port[i]->tx_on))
			flush->asked &= ~BIT_ULL(i);
}

static void flush_end(struct lacp_sys *sys)
{
	struct lacp_flush *flush = &sys->flush;
	struct lacp_port *port;
	int i;

	lacp_for_each_port(sys, i, port) {
		if (!(flush->asked & BIT_ULL(i)))
			continue;
		port->stats.marker_lost++;
		if (port->marker_misses < LACP_MARKER_MISSES)
			port->marker_misses++;
	}
	ask_nobody(sys);
	flush->state = LACP_FLUSH_ENDING;
	sys->todo |= LACP_TODO_FLUSHED;
}

/**
 * lacp_flush_step() - begin what is wanted, end what is over
 * @sys: the bond
 * @now: ms
 */
void lacp_flush_step(struct lacp_sys *sys, u64 now)
{
	struct lacp_flush *flush = &sys->flush;

	forget_idle(sys);
	if (flush->state == LACP_FLUSH_ASKED &&
	    (!flush->asked || now >= flush->deadline))
		flush_end(sys);
	if (flush->state == LACP_FLUSH_IDLE && flush->wanted &&
	    now >= flush->rest_until) {
		flush->wanted = false;
		flush->state = LACP_FLUSH_BEGUN;
		sys->todo |= LACP_TODO_FLUSH;
	}
}

/**
 * lacp_flush_deadline() - when lacp_flush_step() has something to do
 * @sys: the bond
 *
 * Return: ms, or LACP_NEVER.
 */
u64 lacp_flush_deadline(const struct lacp_sys *sys)
{
	const struct lacp_flush *flush = &sys->flush;

	if (flush->state == LACP_FLUSH_ASKED)
		return flush->deadline;
	if (flush->state == LACP_FLUSH_IDLE && flush->wanted)
		return flush->rest_until;
	return LACP_NEVER;
}

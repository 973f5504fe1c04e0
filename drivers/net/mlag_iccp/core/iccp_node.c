// SPDX-License-Identifier: GPL-2.0-only
/*
 * One chassis of one domain: life, configuration, links, timers.
 *
 * Every input ends in node_update(), which derives what the operator sees and
 * tells the caller which outputs to drain. The shown state is never stored for
 * a decision: it follows from session and posture.
 */
#include <linux/errno.h>
#include "iccp_node_priv.h"

void node_event(struct iccp_node *node, enum iccp_event_code code, u8 cause,
		u32 mlag_id, u32 arg)
{
	struct iccp_event *ev = &node->events[node->ev_head % ICCP_EVENTS];

	if (node->ev_head - node->ev_tail == ICCP_EVENTS) {
		node->ev_tail++;
		node->counters[ICCP_C_EVENTS_LOST]++;
	}
	ev->time = node->now;
	ev->code = code;
	ev->cause = cause;
	ev->mlag_id = mlag_id;
	ev->arg = arg;
	node->ev_head++;
	node->todo |= ICCP_TODO_EVENTS | ICCP_TODO_STATUS;
}

bool iccp_node_event_next(struct iccp_node *node, struct iccp_event *ev)
{
	if (node->ev_tail == node->ev_head) {
		node->todo &= ~ICCP_TODO_EVENTS;
		return false;
	}
	*ev = node->events[node->ev_tail++ % ICCP_EVENTS];
	return true;
}

/*
 * node_hello_early() - the peer should hear of a change before the next round
 * is due
 */
void node_hello_early(struct iccp_node *node)
{
	u64 at = max_t(u64, node->hello_sent + ICCP_EARLY_HELLO_MS, node->now);

	node->hello_at = min_t(u64, node->hello_at, at);
}

static enum iccp_state state_find(const struct iccp_node *node)
{
	if (node->left)
		return ICCP_STATE_DISABLED;
	if (node_two_way(node))
		return node->synced ? ICCP_STATE_CONNECTED :
				      ICCP_STATE_SYNCING;
	if (node->session.state == ICCP_SESSION_HEARD || node->refused)
		return ICCP_STATE_CONNECTING;
	if (node->posture == ICCP_POSTURE_ISOLATED)
		return ICCP_STATE_ISOLATED;
	if (node_posture_alone(node))
		return ICCP_STATE_ALONE;
	return node->posture == ICCP_POSTURE_HELD ? ICCP_STATE_INIT :
						    ICCP_STATE_CONNECTING;
}

static void key_tell(struct iccp_node *node)
{
	u32 id = iccp_auth_signer(&node->auth);

	if (id == node->key_told || (!node_two_way(node) && node->auth.n > 1))
		return;
	node->key_told = id;
	node_event(node, ICCP_EV_KEY, 0, 0, id);
}

/*
 * node_update() - after an input: shown state, learning on the peer-port,
 * queues to drain
 * @cause: of a change of state, if there is one
 */
void node_update(struct iccp_node *node, enum iccp_cause cause)
{
	enum iccp_state state = state_find(node);
	bool learning = !node_two_way(node) &&
			node->posture != ICCP_POSTURE_PAIRED;

	node->todo |= ICCP_TODO_TX;
	key_tell(node);
	if (iccp_fdb_busy(&node->fdb))
		node->todo |= ICCP_TODO_FDB;
	if (learning != node->learning) {
		node->learning = learning;
		node->port_ready &= !learning;
		node->todo |= ICCP_TODO_PEER_PORT;
	}
	if (state == node->state)
		return;
	if (state == ICCP_STATE_SYNCING)
		cause = ICCP_CAUSE_TWO_WAY;
	else if (state == ICCP_STATE_CONNECTED)
		cause = ICCP_CAUSE_SYNCED;
	else if (node->left)
		cause = ICCP_CAUSE_LEAVE;
	else if (node->goodbye && state >= ICCP_STATE_ALONE &&
		 cause == ICCP_CAUSE_HEARD)
		cause = ICCP_CAUSE_GOODBYE;
	node->state = state;
	node->cause = cause;
	node->state_at = node->now;
	node_event(node, ICCP_EV_STATE, cause, 0, state);
	node_hello_early(node);
}

bool iccp_node_peer_port_learning(struct iccp_node *node)
{
	node->todo &= ~ICCP_TODO_PEER_PORT;
	return node->learning;
}

void iccp_node_peer_port(struct iccp_node *node, u64 now, bool ready)
{
	node_clock(node, now);
	node->port_ready = ready;
	node_update(node, ICCP_CAUSE_NONE);
}

void iccp_node_peer_port_moved(struct iccp_node *node, u64 now)
{
	node_clock(node, now);
	node->port_ready = false;
	iccp_fdb_job(&node->fdb, ICCP_JOB_MOVED);
	node->todo |= ICCP_TODO_PEER_PORT;
	node_update(node, ICCP_CAUSE_NONE);
}

/* --- life ----------------------------------------------------------------- */

void iccp_config_default(struct iccp_config *cfg)
{
	memset(cfg, 0, sizeof(*cfg));
	cfg->priority = ICCP_PRIORITY_DEFAULT;
	cfg->system_prio = ICCP_SYSTEM_PRIO_DEFAULT;
	cfg->hello = ICCP_HELLO_DEFAULT_MS;
	cfg->init_delay = ICCP_INIT_DELAY_DEFAULT_MS;
	cfg->reload_delay = ICCP_RELOAD_DELAY_DEFAULT_MS;
	cfg->ageing = ICCP_AGEING_DEFAULT_MS;
	cfg->split_action = ICCP_SPLIT_KEEP;
	cfg->mtu = ICCP_FRAME_MAX;
}

static bool mac_set(const u8 *mac)
{
	return mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5];
}

static int config_refuse(const char **what, const char *name, int err)
{
	*what = name;
	return err;
}

static bool dead_ok(const struct iccp_config *cfg)
{
	return !cfg->dead || (cfg->dead >= 2 * cfg->hello &&
			      cfg->dead <= ICCP_DEAD_MAX_MS);
}

int iccp_config_check(const struct iccp_config *cfg, const char **what)
{
	if (!mac_set(cfg->mac) || cfg->mac[0] & 1)
		return config_refuse(what, "mac", -EINVAL);
	if (cfg->system[0] & 1)
		return config_refuse(what, "system-id", -EINVAL);
	if (cfg->hello < ICCP_HELLO_MIN_MS || cfg->hello > ICCP_HELLO_MAX_MS)
		return config_refuse(what, "hello", -ERANGE);
	if (!dead_ok(cfg))
		return config_refuse(what, "dead", -ERANGE);
	if (cfg->init_delay > ICCP_INIT_DELAY_MAX_MS)
		return config_refuse(what, "init-delay", -ERANGE);
	if (cfg->reload_delay > ICCP_INIT_DELAY_MAX_MS)
		return config_refuse(what, "reload-delay", -ERANGE);
	if (cfg->split_action > ICCP_SPLIT_ISOLATE)
		return config_refuse(what, "split-action", -EINVAL);
	if (cfg->consistency_action > ICCP_CONSISTENCY_HOLD)
		return config_refuse(what, "consistency-action", -EINVAL);
	if (cfg->mtu < ICCP_FRAME_MIN_MTU)
		return config_refuse(what, "mtu", -ERANGE);
	return 0;
}

static bool mem_ok(const struct iccp_node_mem *mem)
{
	if (!mem->nlegs || mem->nlegs > ICCP_LEGS_MAX)
		return false;
	if (!mem->nentries || mem->nentries > ICCP_FDB_MAX)
		return false;
	if (!mem->mcast_tx || !mem->mcast_rx)
		return false;
	return mem->nheads && !(mem->nheads & (mem->nheads - 1));
}

static void own_system(struct iccp_node *node)
{
	const struct iccp_config *cfg = &node->cfg;

	memcpy(node->system, mac_set(cfg->system) ? cfg->system : cfg->mac,
	       ETH_ALEN);
	node->system_prio = cfg->system_prio;
	node->system_since = node->now;
}

/* The nonces of sessions follow from the same random bits by other steps. */
#define BEAT_SALT	0x68656172746265ull

static void beat_config(struct iccp_node *node)
{
	iccp_beat_config(&node->beat, node->now, node->cfg.heartbeat,
			 node->cfg.hello, node_dead(node));
}

static void node_start(struct iccp_node *node, u64 random)
{
	iccp_session_init(&node->session, node->now, random);
	memset(&node->sync, 0, sizeof(node->sync));
	node->fresh = true;
	node->left = false;
	node->leave_reason = 0;
	node->goodbye = false;
	node->synced = false;
	node->refused = ICCP_OK;
	node->posture = ICCP_POSTURE_HELD;
	node->role = ICCP_ROLE_NONE;
	node->role_at_loss = ICCP_ROLE_NONE;
	node->node = ICCP_NODE_NONE;
	node->fdb.node = ICCP_NODE_NONE;
	node->started_at = node->now;
	node->init_until = 0;
	/* a peer may still be in session with what ran here before */
	node->open_at = node->now + node_peer_gives_up(node);
	node->hello_at = node->now;
	node->hello_due = 0;
	node->bye_due = 0;
	node->bye_left = 0;
	node->bye_sent = false;
	node->grace_used = false;
	node->asking = false;
	iccp_beat_start(&node->beat, node->now, random ^ BEAT_SALT);
	own_system(node);
	node_legs_run(node);
	node_update(node, ICCP_CAUSE_ADDED);
}

static void fdb_setup(struct iccp_node *node, const struct iccp_node_mem *mem,
		      u64 seed)
{
	struct iccp_fdb *fdb = &node->fdb;

	fdb->entries = mem->entries;
	fdb->capacity = mem->nentries;
	fdb->heads = mem->heads;
	fdb->hash_mask = mem->nheads - 1;
	fdb->legs = mem->fdb_legs;
	fdb->nlegs = mem->nlegs;
	iccp_fdb_init(fdb, seed);
}

int iccp_node_init(struct iccp_node *node, const struct iccp_config *cfg,
		   const struct iccp_node_mem *mem, u64 now, u64 random)
{
	const char *what;

	if (!mem_ok(mem) || iccp_config_check(cfg, &what))
		return -EINVAL;
	memset(node, 0, sizeof(*node));
	node->cfg = *cfg;
	node->now = now;
	node->state_at = now;
	node->posture_at = now;
	node->expire_at = U64_MAX;
	node->learning = true;
	node->todo = ICCP_TODO_PEER_PORT;
	node->legs = mem->legs;
	node->nlegs = mem->nlegs;
	node->links = 1;
	memset(node->leg_hash, 0xff, sizeof(node->leg_hash));
	node->mcast.tx_recs.slot = mem->mcast_tx;
	node->mcast.rx_recs.slot = mem->mcast_rx;
	iccp_stp_init(&node->stp, mem->stp_ports, mem->nstp_ports);
	fdb_setup(node, mem, random * 0x9e3779b97f4a7c15ull);
	iccp_auth_init(&node->auth);
	beat_config(node);
	node_check_init(node);
	node_start(node, random);
	return 0;
}

int iccp_node_set_key(struct iccp_node *node, u64 now, const u8 *key, u32 len)
{
	if (len && (len < ICCP_KEY_MIN || len > ICCP_KEY_MAX))
		return -EINVAL;
	node_clock(node, now);
	if (!iccp_auth_set(&node->auth, node->now, key, len))
		return 0;
	iccp_beat_strict(&node->beat, iccp_auth_required(&node->auth));
	node_hello_early(node);
	node_update(node, ICCP_CAUSE_CONFIG);
	return 0;
}

void iccp_node_wipe(struct iccp_node *node)
{
	memzero_explicit(&node->auth, sizeof(node->auth));
}

static void restart_session(struct iccp_node *node)
{
	iccp_session_reset(&node->session, node->now);
	node_session_lost(node, ICCP_CAUSE_STALLED);
}

static void system_reconfigure(struct iccp_node *node)
{
	if (!mac_set(node->cfg.system) && !node->fresh)
		return;
	if (node_two_way(node) && node->role == ICCP_ROLE_SECONDARY)
		return;
	if (!memcmp(node->system, node->cfg.system, ETH_ALEN) &&
	    node->system_prio == node->cfg.system_prio)
		return;
	own_system(node);
	node->system_due = true;
	node_event(node, ICCP_EV_SYSTEM_ID, ICCP_CAUSE_CONFIG, 0, 0);
}

int iccp_node_set_config(struct iccp_node *node, u64 now,
			 const struct iccp_config *cfg)
{
	struct iccp_config old = node->cfg;
	const char *what;
	int err;

	node_clock(node, now);
	err = iccp_config_check(cfg, &what);
	if (err)
		return err;
	node->cfg = *cfg;
	beat_config(node);
	node_check_config(node);
	node_beat_run(node);
	if (memcmp(old.system, cfg->system, ETH_ALEN) ||
	    old.system_prio != cfg->system_prio || node->fresh)
		system_reconfigure(node);
	/* a frame in flight may be too long for the peer-port now */
	if (memcmp(old.mac, cfg->mac, ETH_ALEN) || old.domain != cfg->domain ||
	    (cfg->mtu < old.mtu && iccp_session_in_flight(&node->session)))
		restart_session(node);
	else if (node_two_way(node))
		node_agree(node);
	else if (node->posture >= ICCP_POSTURE_ALONE && node->lost_at)
		node_split(node, ICCP_CAUSE_CONFIG);
	node_hello_early(node);
	node_legs_run(node);
	node_update(node, ICCP_CAUSE_CONFIG);
	return 0;
}

void iccp_node_leave(struct iccp_node *node, u64 now,
		     enum iccp_goodbye_reason reason)
{
	node_clock(node, now);
	if (node->leave_reason)
		return;
	node->leave_reason = reason;
	node->leave_at = node->now;
	node_legs_run(node);
	node_update(node, ICCP_CAUSE_LEAVE);
}

void iccp_node_join(struct iccp_node *node, u64 now, u64 random)
{
	node_clock(node, now);
	if (!node->left)
		return;
	node_start(node, random);
}

/* The peer knows that the leg is down, or had the time to. */
static bool leg_told(const struct iccp_node *node, const struct iccp_leg *leg)
{
	u64 since = max_t(u64, node->leave_at, leg->entered);

	return leg->state == ICCP_LEG_DOWN &&
	       (leg->acked || node->now >= since + ICCP_LEAVE_MS);
}

static bool legs_told(const struct iccp_node *node)
{
	u32 i;

	for (i = 0; i < node->legs_used; i++) {
		const struct iccp_leg *leg = &node->legs[i];

		if (leg->mlag_id && leg->own && !leg_told(node, leg))
			return false;
	}
	return true;
}

static void leave_finish(struct iccp_node *node)
{
	u8 reason = node->leave_reason;

	node->left = true;
	node->hello_due = 0;
	node->asking = false;
	iccp_beat_bye(&node->beat);
	iccp_session_reset(&node->session, node->now);
	iccp_fdb_job(&node->fdb, ICCP_JOB_LOST);
	node_session_lost(node, ICCP_CAUSE_STALLED);
	node->posture = ICCP_POSTURE_HELD;
	node->todo |= ICCP_TODO_LEFT;
	node_event(node, ICCP_EV_LEFT, ICCP_CAUSE_LEAVE, 0, reason);
	node_legs_run(node);
}

/* First the words of the legs, then goodbye, then silence. */
static void leave_run(struct iccp_node *node)
{
	if (!node->leave_reason || node->left)
		return;
	if (node_two_way(node) && node->links_up) {
		if (node->now < node->leave_at + ICCP_LEAVE_MAX_MS -
				ICCP_LEAVE_MS && !legs_told(node))
			return;
		if (!node->bye_sent) {
			node->bye_left = ICCP_BYES;
			node->bye_sent = true;
			return;
		}
		if (node->bye_left || node->bye_due)
			return;
	}
	leave_finish(node);
}

/* --- links ---------------------------------------------------------------- */

void iccp_node_links(struct iccp_node *node, u64 now, u32 up, u32 n)
{
	node_clock(node, now);
	node->links = clamp_t(u32, n, 1, ICCP_LINKS_MAX);
	if (node->links < 32)
		up &= BIT(node->links) - 1;
	if (up & ~node->links_up)
		node->hello_at = node->now;
	/* the bridge lost the peer-port too: it is to be told of again */
	if (!up)
		node->port_ready = false;
	else if (!node->links_up)
		node->todo |= ICCP_TODO_PEER_PORT;
	node->links_up = up;
	node->hello_due &= up;
	if (!up && node->session.state != ICCP_SESSION_NONE && !node->left) {
		iccp_session_reset(&node->session, node->now);
		node_session_lost(node, ICCP_CAUSE_LINKS);
	}
	node_update(node, ICCP_CAUSE_LINKS);
}

/* --- timers --------------------------------------------------------------- */

/* We were late ourselves: the peer gets one more dead time. */
static bool late(struct iccp_node *node)
{
	if (node->grace_used || node->now <= node->hello_at + node->cfg.hello)
		return false;
	node->grace_used = true;
	node->session.heard_at = node->now;
	node->counters[ICCP_C_LATE]++;
	return true;
}

static void run_beat(struct iccp_node *node)
{
	if (node->left)
		return;
	iccp_beat_run(&node->beat, node->now);
	node_beat_run(node);
}

static void run_session(struct iccp_node *node)
{
	struct iccp_session *s = &node->session;

	if (s->state == ICCP_SESSION_NONE)
		return;
	if (node->now - s->heard_at >= node_dead(node)) {
		if (late(node))
			return;
		iccp_session_reset(s, node->now);
		node_session_lost(node, ICCP_CAUSE_DEAD);
		return;
	}
	if (s->state == ICCP_SESSION_TWO_WAY && iccp_session_in_flight(s) &&
	    node->now - s->progress_at >= ICCP_STALL_MS)
		restart_session(node);
}

static bool heard_only(const struct iccp_node *node)
{
	return node->session.state == ICCP_SESSION_HEARD &&
	       node->now - node->heard_since >= node_dead(node);
}

/* No session: has the time come to go on without? */
static void run_posture(struct iccp_node *node)
{
	bool only = heard_only(node);

	if (node_two_way(node) || node->left || node->asking)
		return;
	switch ((enum iccp_posture)node->posture) {
	case ICCP_POSTURE_HELD:
		if (node->now < node->started_at + node->cfg.reload_delay)
			return;
		node->heard_only = node->session.state == ICCP_SESSION_HEARD;
		node_split(node, ICCP_CAUSE_RELOAD);
		break;
	case ICCP_POSTURE_PAIRED:
		if (node->now < node->lost_at + node_dead(node))
			return;
		node->heard_only = node->session.state == ICCP_SESSION_HEARD;
		iccp_fdb_job(&node->fdb, ICCP_JOB_LOST);
		node_split_ask(node, ICCP_CAUSE_DEAD);
		break;
	default:
		if (only == node->heard_only)
			return;
		node->heard_only = only;
		node_split(node, ICCP_CAUSE_DEAD);
	}
}

static void run_hello(struct iccp_node *node)
{
	if (node->now < node->hello_at)
		return;
	node->hello_at = node->now + node->cfg.hello;
	if (!node->links_up || node->left)
		return;
	node->hello_sent = node->now;
	node->hello_drawn = false;
	node->hello_due = node->links_up;
	iccp_auth_turn(&node->auth);
}

u64 iccp_node_run(struct iccp_node *node, u64 now)
{
	node_clock(node, now);
	if (node->refused && node->now - node->refused_at >= node_dead(node))
		node->refused = ICCP_OK;
	iccp_auth_run(&node->auth, node->now);
	run_beat(node);
	run_session(node);
	run_posture(node);
	run_hello(node);
	if (node->now >= node->expire_at) {
		node->expire_at = U64_MAX;
		iccp_fdb_job(&node->fdb, ICCP_JOB_EXPIRE);
	}
	iccp_fdb_run(&node->fdb, node->now);
	if (node->now >= node->check.at)
		node_check_run(node);
	node_stp_run(node);
	node_legs_follow(node);
	leave_run(node);
	node_update(node, ICCP_CAUSE_DEAD);
	return iccp_node_deadline(node);
}

static u64 session_deadline(const struct iccp_node *node)
{
	const struct iccp_session *s = &node->session;
	u64 at = U64_MAX;

	if (s->state == ICCP_SESSION_NONE)
		return at;
	at = s->heard_at + node_dead(node);
	if (s->state != ICCP_SESSION_TWO_WAY)
		return at;
	if (iccp_session_in_flight(s))
		at = min_t(u64, at, s->progress_at + ICCP_STALL_MS);
	return min_t(u64, at, iccp_session_resend_at(s));
}

static u64 posture_deadline(const struct iccp_node *node)
{
	u64 dead = node_dead(node);

	if (node_two_way(node) || node->left || node->asking)
		return U64_MAX;
	if (node->posture == ICCP_POSTURE_HELD)
		return node->started_at + node->cfg.reload_delay;
	if (node->posture == ICCP_POSTURE_PAIRED)
		return node->lost_at + dead;
	if (node->session.state == ICCP_SESSION_HEARD && !node->heard_only)
		return node->heard_since + dead;
	return U64_MAX;
}

/* One of the times at which held legs may go on, if it is ahead. */
static u64 ahead(const struct iccp_node *node, u64 at)
{
	return at > node->now ? at : U64_MAX;
}

u64 iccp_node_deadline(const struct iccp_node *node)
{
	u64 at = node->hello_at;

	at = min_t(u64, at, session_deadline(node));
	at = min_t(u64, at, posture_deadline(node));
	if (!node->left)
		at = min_t(u64, at, iccp_beat_deadline(&node->beat));
	at = min_t(u64, at, iccp_auth_deadline(&node->auth));
	at = min_t(u64, at, node->legs_deadline);
	at = min_t(u64, at, node->expire_at);
	at = min_t(u64, at, node->check.at);
	at = min_t(u64, at, node->stp.deadline);
	at = min_t(u64, at, iccp_fdb_deadline(&node->fdb));
	at = min_t(u64, at, ahead(node, node->init_until));
	at = min_t(u64, at, ahead(node, node->open_at));
	if (node->leave_reason && !node->left)
		at = min_t(u64, at, node->now + 1);
	/* what became due in the last run waits for the next tick */
	return max_t(u64, at, node->now + 1);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Link of a port with its up and down delays: see link_fsm.h.
 */
#include <linux/stddef.h>

#include "link_fsm.h"

static const char *const state_names[] = {
	[LINK_UP]	= "up",
	[LINK_FAIL]	= "going down",
	[LINK_DOWN]	= "down",
	[LINK_BACK]	= "going back",
};

/**
 * link_state_name() - state in the words of /proc/net/bonding
 * @state: state
 *
 * Return: its name.
 */
const char *link_state_name(enum link_state state)
{
	return state_names[state];
}

/**
 * link_fsm_init() - start with what the carrier says, without delays
 * @fsm: machine
 * @carrier: carrier of the port
 */
void link_fsm_init(struct link_fsm *fsm, bool carrier)
{
	fsm->state = carrier ? LINK_UP : LINK_DOWN;
	fsm->deadline = LINK_FSM_NEVER;
}

static void enter(struct link_fsm *fsm, enum link_state state)
{
	fsm->state = state;
	fsm->deadline = LINK_FSM_NEVER;
}

static void enter_delay(struct link_fsm *fsm, enum link_state state,
			u64 deadline)
{
	fsm->state = state;
	fsm->deadline = deadline;
}

static void run_carrier(struct link_fsm *fsm, const struct link_fsm_conf *conf,
			u64 now)
{
	if (fsm->state == LINK_FAIL)
		enter(fsm, LINK_UP);
	if (fsm->state == LINK_DOWN)
		enter_delay(fsm, LINK_BACK, now + conf->updelay);
	if (fsm->state == LINK_BACK &&
	    (conf->skip_updelay || now >= fsm->deadline))
		enter(fsm, LINK_UP);
}

static void run_no_carrier(struct link_fsm *fsm,
			   const struct link_fsm_conf *conf, u64 now)
{
	if (fsm->state == LINK_BACK)
		enter(fsm, LINK_DOWN);
	if (fsm->state == LINK_UP)
		enter_delay(fsm, LINK_FAIL, now + conf->downdelay);
	if (fsm->state == LINK_FAIL && now >= fsm->deadline)
		enter(fsm, LINK_DOWN);
}

/**
 * link_fsm_run() - look at the carrier
 * @fsm: machine
 * @conf: delays in force now; a delay that already runs keeps its end
 * @carrier: carrier of the port
 * @now: ms
 *
 * Return: LINK_FSM_* bits.
 */
u32 link_fsm_run(struct link_fsm *fsm, const struct link_fsm_conf *conf,
		 bool carrier, u64 now)
{
	bool was_up = link_fsm_is_up(fsm);
	u8 was = fsm->state;
	u32 events = 0;

	if (carrier)
		run_carrier(fsm, conf, now);
	else
		run_no_carrier(fsm, conf, now);

	if (fsm->state != was)
		events |= LINK_FSM_CHANGED;
	if (link_fsm_is_up(fsm) && !was_up)
		events |= LINK_FSM_WENT_UP;
	if (!link_fsm_is_up(fsm) && was_up)
		events |= LINK_FSM_WENT_DOWN;
	return events;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Link of a port with its up and down delays.
 *
 * The carrier as seen now and the time enter, state changes leave as bits, and
 * the next deadline is there to be asked for.
 */
#ifndef _MBOND_LINK_FSM_H
#define _MBOND_LINK_FSM_H

#include <linux/bits.h>
#include <linux/types.h>

/* No deadline */
#define LINK_FSM_NEVER		((u64)-1)

/* What link_fsm_run() reports */
#define LINK_FSM_CHANGED	BIT(0)	/* another state */
#define LINK_FSM_WENT_UP	BIT(1)	/* link_fsm_is_up() became true */
#define LINK_FSM_WENT_DOWN	BIT(2)	/* link_fsm_is_up() became false */

/**
 * enum link_state - link of a port; numbers of IFLA_BOND_SLAVE_MII_STATUS
 * @LINK_UP: usable
 * @LINK_FAIL: carrier lost, downdelay running; still counts as up
 * @LINK_DOWN: confirmed down
 * @LINK_BACK: carrier back, updelay running; still counts as down
 */
enum link_state {
	LINK_UP,
	LINK_FAIL,
	LINK_DOWN,
	LINK_BACK,
};

/**
 * struct link_fsm_conf - what governs the delays
 * @updelay: ms
 * @downdelay: ms
 * @skip_updelay: no port has link: take this one without waiting
 */
struct link_fsm_conf {
	u32 updelay;
	u32 downdelay;
	bool skip_updelay;
};

/**
 * struct link_fsm - machine of one port
 * @state: enum link_state
 * @deadline: end of the running delay, ms; LINK_FSM_NEVER if none runs
 *
 * Caller serialises calls on one instance.
 */
struct link_fsm {
	u8 state;
	u64 deadline;
};

void link_fsm_init(struct link_fsm *fsm, bool carrier);
u32 link_fsm_run(struct link_fsm *fsm, const struct link_fsm_conf *conf,
		 bool carrier, u64 now);
const char *link_state_name(enum link_state state);

/* Link after the delays */
static inline bool link_fsm_is_up(const struct link_fsm *fsm)
{
	return fsm->state == LINK_UP || fsm->state == LINK_FAIL;
}

#endif /* _MBOND_LINK_FSM_H */

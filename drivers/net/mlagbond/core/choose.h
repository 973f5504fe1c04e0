/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which port becomes the active one.
 *
 * The ports in order of attachment, the one that is active now and the policy
 * enter; the choice leaves. No state.
 */
#ifndef _MBOND_CHOOSE_H
#define _MBOND_CHOOSE_H

#include <linux/types.h>

/**
 * struct choose_port - a candidate
 * @up: has link
 * @back: carrier is back, updelay still runs
 * @active: is the active port now
 * @primary: is the configured primary
 * @duplex: DUPLEX_* of ethtool; 0xff unknown
 * @speed: Mbit/s; (u32)-1 unknown
 * @prio: higher is preferred
 * @deadline: with @back: when the updelay ends, ms
 */
struct choose_port {
	bool up;
	bool back;
	bool active;
	bool primary;
	u8 duplex;
	u32 speed;
	s32 prio;
	u64 deadline;
};

/**
 * struct choose_conf - policy
 * @reselect: enum mlagbond_reselect: may the favourite replace a healthy port
 * @force_primary: the primary was just named: it takes over if it can,
 *	whatever @reselect says
 */
struct choose_conf {
	u8 reselect;
	bool force_primary;
};

int choose_active(const struct choose_port *ports, unsigned int count,
		  const struct choose_conf *conf);

#endif /* _MBOND_CHOOSE_H */

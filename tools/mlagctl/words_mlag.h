/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Words of the mlag_iccp and mlagbond families that more than one command
 * prints.
 */
#ifndef MLAGCTL_WORDS_MLAG_H
#define MLAGCTL_WORDS_MLAG_H

#include "words.h"

extern const struct word words_status[];	/* of a state, RouterOS */
extern const struct word words_domain_state[];
extern const struct word words_posture[];
extern const struct word words_heartbeat[];	/* what it says */
extern const struct word words_auth[];
extern const struct word words_stp[];
extern const struct word words_role[];
extern const struct word words_leg_state[];
extern const struct word words_leg_wire[];
extern const struct word words_lacp[];
extern const struct word words_rx_gate[];
extern const struct word words_tx_gate[];
extern const struct word words_filter[];
extern const struct word words_alarms[];
extern const struct word words_link[];

#endif /* MLAGCTL_WORDS_MLAG_H */

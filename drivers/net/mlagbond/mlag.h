/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The MLAG side of a bond: driver's end of include/net/mlagbond.h.
 */
#ifndef _MBOND_MLAG_H
#define _MBOND_MLAG_H

#include <linux/types.h>
#include <net/mlagbond.h>

struct mbond;
struct sk_buff;

void mbond_leg_setup(struct mbond *bond);
/* RTNL held: params.mlag_id changed, or the bond is new or goes away */
void mbond_leg_update(struct mbond *bond);
/* Any context up to softirq, no lock of ours held */
void mbond_leg_tell(struct mbond *bond);

/*
 * Data path, called only while the gate is not MLAGBOND_GATE_OPEN: does the
 * frame pass? If not, it is counted; the caller frees it.
 */
bool mbond_leg_tx_pass(struct mbond *bond, const struct sk_buff *skb,
		       u32 gate);
bool mbond_leg_rx_pass(struct mbond *bond, const struct sk_buff *skb,
		       u32 gate);

#endif /* _MBOND_MLAG_H */

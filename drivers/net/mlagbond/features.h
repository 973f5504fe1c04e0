/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a bond offers, from what its ports can.
 */
#ifndef _MBOND_FEATURES_H
#define _MBOND_FEATURES_H

#include <linux/netdev_features.h>

struct mbond;
struct net_device;

void mbond_features_setup(struct net_device *dev);
netdev_features_t mbond_fix_features(struct net_device *dev,
				     netdev_features_t features);
/* RTNL held: ports came, went, or changed what they can */
void mbond_compute_features(struct mbond *bond);

#endif /* _MBOND_FEATURES_H */

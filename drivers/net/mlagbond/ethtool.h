/* SPDX-License-Identifier: GPL-2.0-only */
/* ethtool: driver, link, counters of the bond and of its ports. */
#ifndef _MBOND_ETHTOOL_H
#define _MBOND_ETHTOOL_H

struct ethtool_ops;

extern const struct ethtool_ops mbond_ethtool_ops;

#endif /* _MBOND_ETHTOOL_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two properties of a device became bits of their own in 6.12; they were
 * features before. "Cannot change its namespace" was renamed in 6.15, and
 * distributions have carried that back. Since 6.2, a flag of its own keeps
 * IPv6 from giving addresses to a device; IFF_SLAVE did so before.
 */
#ifndef _MLAGBOND_COMPAT_LINUX_NETDEVICE_H
#define _MLAGBOND_COMPAT_LINUX_NETDEVICE_H

#include <linux/version.h>
#include_next <linux/netdevice.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)

static inline void netdev_set_no_addrconf(struct net_device *dev, bool on)
{
}

#else

static inline void netdev_set_no_addrconf(struct net_device *dev, bool on)
{
	if (on)
		dev->priv_flags |= IFF_NO_ADDRCONF;
	else
		dev->priv_flags &= ~IFF_NO_ADDRCONF;
}

#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)

static inline void netdev_set_lltx(struct net_device *dev)
{
	dev->features |= NETIF_F_LLTX;
}

static inline void netdev_set_netns_immutable(struct net_device *dev)
{
	dev->features |= NETIF_F_NETNS_LOCAL;
}

#else

static inline void netdev_set_lltx(struct net_device *dev)
{
	dev->lltx = true;
}

static inline void netdev_set_netns_immutable(struct net_device *dev)
{
	dev->netns_immutable = true;
}

#endif

#endif

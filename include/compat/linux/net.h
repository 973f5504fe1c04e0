/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses in calls of sockets are of struct sockaddr_unsized since 6.19. */
#ifndef _MLAGBOND_COMPAT_LINUX_NET_H
#define _MLAGBOND_COMPAT_LINUX_NET_H

#include <linux/version.h>
#include_next <linux/net.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define sockaddr_unsized sockaddr
#endif

#endif

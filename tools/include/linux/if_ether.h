/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: the exported header has all the cores use. */
#ifndef _TOOLS_LINUX_IF_ETHER_H
#define _TOOLS_LINUX_IF_ETHER_H

#include <linux/types.h>
#include_next <linux/if_ether.h>

#ifndef ETH_P_LLDP
#define ETH_P_LLDP	0x88CC
#endif

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode broadcast: every frame leaves by every port with link.
 *
 * Link changes enter; copies of each frame leave. What comes in is taken from
 * every port: duplicates are for the receiver to sort out.
 */
#include <linux/netdevice.h>

#include "mbond.h"
#include "mode.h"
#include "tx.h"

static struct net_device *pick_any(struct mbond *bond, struct sk_buff *skb)
{
	return mbond_tx_any(bond);
}

const struct mbond_mode_ops mbond_mode_broadcast = {
	.name			= "broadcast",
	.mode			= MLAGBOND_MODE_BROADCAST,
	.lag_tx_type		= NETDEV_LAG_TX_TYPE_BROADCAST,

	.init			= mbond_mode_init_none,
	.exit			= mbond_mode_none,
	.open			= mbond_mode_none,
	.stop			= mbond_mode_none,
	.reconfigure		= mbond_mode_reconfigure_none,

	.port_check		= mbond_port_check_none,
	.port_attach		= mbond_port_attach_none,
	.port_detach		= mbond_port_detach_equal,
	.port_reconfigure	= mbond_port_none,
	.port_address		= mbond_port_none,

	.port_link		= mbond_port_link_equal,
	.carrier		= mbond_carrier_any,
	.leg_changed		= mbond_mode_none,
	.leg_info		= mbond_leg_info_none,

	.xmit			= mbond_xmit_all,
	.pick			= pick_any,
	.rx_control		= mbond_rx_control_none,
	.rx_data		= mbond_port_none,

	.ad_info		= mbond_ad_info_none,
	.ad_port_info		= mbond_ad_port_info_none,
};

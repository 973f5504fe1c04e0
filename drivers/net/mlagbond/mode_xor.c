// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode balance-xor: every port with link carries its share of the flows.
 *
 * Link changes enter; which flow takes which port is the bucket table's
 * business, see tx.c and core/bucket.c.
 */
#include <linux/netdevice.h>

#include "mbond.h"
#include "mode.h"
#include "tx.h"

const struct mbond_mode_ops mbond_mode_xor = {
	.name			= "balance-xor",
	.mode			= MLAGBOND_MODE_BALANCE_XOR,
	.flags			= MBOND_MODE_HASH,
	.lag_tx_type		= NETDEV_LAG_TX_TYPE_HASH,

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

	.xmit			= mbond_xmit_hash,
	.pick			= mbond_pick_hash,
	.rx_control		= mbond_rx_control_none,
	.rx_data		= mbond_port_none,

	.ad_info		= mbond_ad_info_none,
	.ad_port_info		= mbond_ad_port_info_none,
};

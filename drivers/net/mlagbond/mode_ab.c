// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode active-backup: one port carries everything, the others wait.
 *
 * Link changes enter; the choice is core/choose.c, what follows from it
 * active.c.
 */
#include <linux/netdevice.h>

#include "active.h"
#include "mbond.h"
#include "mode.h"
#include "tx.h"

static void ab_port_link(struct mbond_port *port)
{
	mbond_reselect(port->bond, false);
}

static void ab_reconfigure(struct mbond *bond, u64 changed)
{
	mbond_lock(bond);
	mbond_active_options(bond, changed);
	mbond_update(bond);
	mbond_unlock(bond);
}

static void ab_port_reconfigure(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	mbond_reselect(bond, false);
	mbond_update(bond);
	mbond_unlock(bond);
}

static void ab_port_detach(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	mbond_reselect(bond, false);
	mbond_unlock(bond);
}

const struct mbond_mode_ops mbond_mode_ab = {
	.name			= "active-backup",
	.mode			= MLAGBOND_MODE_ACTIVE_BACKUP,
	.flags			= MBOND_MODE_ONE_ACTIVE,
	.rx_active		= MBOND_RX_DATA,
	.lag_tx_type		= NETDEV_LAG_TX_TYPE_ACTIVEBACKUP,

	.init			= mbond_mode_init_none,
	.exit			= mbond_mode_none,
	.open			= mbond_mode_none,
	.stop			= mbond_mode_none,
	.reconfigure		= ab_reconfigure,

	.port_check		= mbond_port_check_none,
	.port_attach		= mbond_port_attach_none,
	.port_detach		= ab_port_detach,
	.port_reconfigure	= ab_port_reconfigure,
	.port_address		= mbond_port_none,

	.port_link		= ab_port_link,
	.carrier		= mbond_carrier_any,
	.leg_changed		= mbond_mode_none,
	.leg_info		= mbond_leg_info_none,

	.xmit			= mbond_xmit_active,
	.pick			= mbond_pick_active,
	.rx_control		= mbond_rx_control_none,
	.rx_data		= mbond_port_none,

	.ad_info		= mbond_ad_info_none,
	.ad_port_info		= mbond_ad_port_info_none,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode balance-tlb: all ports send, one receives.
 *
 * Link changes enter. The active port has the address of the bond and is
 * chosen as in active-backup; who sends what is balance.c, with
 * tlb_dynamic_lb off the bucket table of tx.c.
 */
#include <linux/netdevice.h>

#include "active.h"
#include "balance.h"
#include "mbond.h"
#include "mode.h"
#include "tx.h"

static void choose(struct mbond *bond)
{
	mbond_reselect(bond, false);
	mbond_balance_update(bond);
}

static void tlb_port_link(struct mbond_port *port)
{
	choose(port->bond);
}

static void tlb_reconfigure(struct mbond *bond, u64 changed)
{
	mbond_lock(bond);
	mbond_active_options(bond, changed);
	mbond_balance_update(bond);
	mbond_update(bond);
	mbond_balance_learn(bond);
	mbond_unlock(bond);
}

static void tlb_port_reconfigure(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	choose(bond);
	mbond_update(bond);
	mbond_unlock(bond);
}

/* After a fail-over */
static void tlb_port_address(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	mbond_balance_learn(bond);
	mbond_unlock(bond);
}

static void tlb_port_detach(struct mbond_port *port)
{
	struct mbond *bond = port->bond;

	mbond_lock(bond);
	choose(bond);
	mbond_unlock(bond);
}

static int tlb_mode_init(struct mbond *bond, struct netlink_ext_ack *extack)
{
	return mbond_balance_init(bond);
}

const struct mbond_mode_ops mbond_mode_tlb = {
	.name			= "balance-tlb",
	.mode			= MLAGBOND_MODE_BALANCE_TLB,
	.flags			= MBOND_MODE_ONE_ACTIVE | MBOND_MODE_HASH |
				  MBOND_MODE_BALANCE,
	.rx_active		= MBOND_RX_DATA,
	.lag_tx_type		= NETDEV_LAG_TX_TYPE_UNKNOWN,
	.priv_size		= sizeof(struct balance),

	.init			= tlb_mode_init,
	.exit			= mbond_balance_exit,
	.open			= mbond_balance_open,
	.stop			= mbond_balance_stop,
	.reconfigure		= tlb_reconfigure,

	.port_check		= mbond_port_check_none,
	.port_attach		= mbond_port_attach_none,
	.port_detach		= tlb_port_detach,
	.port_reconfigure	= tlb_port_reconfigure,
	.port_address		= tlb_port_address,

	.port_link		= tlb_port_link,
	.carrier		= mbond_carrier_any,
	.leg_changed		= mbond_mode_none,
	.leg_info		= mbond_leg_info_none,

	.xmit			= mbond_xmit_balance,
	.pick			= mbond_pick_balance,
	.rx_control		= mbond_rx_control_none,
	.rx_data		= mbond_port_none,

	.ad_info		= mbond_ad_info_none,
	.ad_port_info		= mbond_ad_port_info_none,
};

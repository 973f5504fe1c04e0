// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode broadcast: every frame leaves by every port with link.
 *
 * Link changes enter; copies of each frame leave. What comes in is taken from
 * every port: duplicates are for the receiver to sort out.
 */
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "mbond.h"
#include "mode.h"
#include "monitor.h"
#include "tx.h"

static void send_copy(struct mbond *bond, struct sk_buff *skb,
		      struct net_device *dev)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (likely(copy))
		mbond_tx_send(copy, dev);
	else
		mbond_drop(bond, MBOND_DROP_NO_MEM);
}

/*
 * The frame itself goes to the last port, which is known only at the end. The
 * list of ports, unlike a row that is written in place, shows each port once
 * whatever happens to the others meanwhile.
 */
static netdev_tx_t xmit_all(struct mbond *bond, struct sk_buff *skb)
{
	struct net_device *last = NULL;
	struct mbond_port *port;

	list_for_each_entry_rcu(port, &bond->ports, list) {
		if (!READ_ONCE(port->usable))
			continue;
		if (unlikely(!netif_carrier_ok(port->dev))) {
			mbond_monitor_dead(bond);
			continue;
		}
		if (last)
			send_copy(bond, skb, last);
		last = port->dev;
	}
	return last ? mbond_tx_send(skb, last) :
		      mbond_tx_drop(bond, skb, MBOND_DROP_NO_PORT);
}

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

	.xmit			= xmit_all,
	.pick			= pick_any,
	.rx_control		= mbond_rx_control_none,
	.rx_data		= mbond_port_none,

	.ad_info		= mbond_ad_info_none,
	.ad_port_info		= mbond_ad_port_info_none,
};

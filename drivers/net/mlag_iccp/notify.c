// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel tells of devices and bridges, handed to whom it concerns.
 *
 * In: netdev notifications (ports, links, addresses, names), switchdev
 * notifications (addresses of the bridge; STP state, VLANs and settings of
 * ports). Out: calls into domain, peer_port, leg and fdb. No state.
 */
#include "notify.h"

#include <linux/if_bridge.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/switchdev.h>

#include "consistency.h"
#include "domain.h"
#include "drain.h"
#include "fdb.h"
#include "heartbeat.h"
#include "leg.h"
#include "peer_port.h"
#include "stp.h"
#include "transport.h"

/* The domain whose peer-port a device is, or is a port of. */
static struct mlag_domain *domain_of_link(struct net_device *dev)
{
	struct net_device *master = netdev_master_upper_dev_get(dev);
	struct mlag_domain *dom = mlag_domain_by_peer_port(dev);

	return dom || !master ? dom : mlag_domain_by_peer_port(master);
}

static void link_changed(struct net_device *dev)
{
	struct mlag_domain *dom = domain_of_link(dev);

	if (dom)
		mlag_drain(dom);
}

/*
 * A setting of a bridge, of one of its ports or of a bond may be another one.
 * The bridge has no notification of its own for most of them, but says that it
 * changed.
 */
static void settings_changed(struct net_device *dev)
{
	struct mlag_domain *dom = mlag_domain_by_bridge(dev);

	if (!dom)
		dom = mlag_consistency_changed(dev);
	if (!dom)
		return;
	mlag_domain_work(dom, MLAG_WORK_ALARMS);
	mlag_domain_work(dom, MLAG_WORK_CHECK);
}

/* What a device that comes, goes or is renamed is to all second paths. */
static void tell_heartbeats(struct net_device *dev,
			    void (*tell)(struct mlag_domain *dom,
					 struct net_device *dev))
{
	struct mlag_domain *dom = NULL;

	while ((dom = mlag_domain_next(dev_net(dev), dom)))
		tell(dom, dev);
}

/* Pointers to @dev must be gone when this returns. */
static void unregistering(struct net_device *dev)
{
	struct mlag_domain *dom = mlag_domain_by_bridge(dev);
	struct mlag_leg *leg = mlag_leg_find(dev);

	if (dom)
		mlag_domain_bridge_gone(dom);
	tell_heartbeats(dev, mlag_heartbeat_device_gone);
	if (leg)
		mlag_leg_remove(leg);
	dom = mlag_domain_by_peer_port(dev);
	if (!dom)
		return;
	mlag_peer_port_detach(dom);
	mlag_peer_port_presence(dom);
	mlag_drain(dom);
}

static void joined_or_left_bridge(struct mlag_domain *dom,
				  struct net_device *dev, bool linking)
{
	struct mlag_leg *leg = mlag_leg_find(dev);

	if (!linking)
		mlag_stp_port_gone(dom, dev);
	if (!linking && leg)
		mlag_leg_remove(leg);
	if (!linking && dom == mlag_domain_by_peer_port(dev))
		mlag_peer_port_presence(dom);
	/* the bridge took it from all ports that had it for a backup */
	if (dom == mlag_domain_by_peer_port(dev))
		mlag_domain_work(dom, MLAG_WORK_BRIDGE);
	mlag_drain(dom);
	mlag_domain_work(dom, MLAG_WORK_PORTS);
}

static void upper_changed(struct net_device *dev,
			  const struct netdev_notifier_changeupper_info *info)
{
	struct mlag_domain *dom = mlag_domain_by_bridge(info->upper_dev);

	if (dom)
		joined_or_left_bridge(dom, dev, info->linking);

	dom = mlag_domain_by_peer_port(info->upper_dev);
	if (dom) {
		mlag_transport_update_links(dom);
		mlag_drain(dom);
	}

	dom = mlag_domain_by_bridge(dev);
	if (dom && is_vlan_dev(info->upper_dev))
		mlag_domain_work(dom, MLAG_WORK_SELF);
}

static void address_changed(struct net_device *dev)
{
	struct net_device *real = is_vlan_dev(dev) ? vlan_dev_real_dev(dev) :
						     dev;
	struct mlag_domain *dom = mlag_domain_by_bridge(real);

	if (!dom)
		return;
	mlag_domain_work(dom, MLAG_WORK_CONFIG);
	mlag_domain_work(dom, MLAG_WORK_SELF);
}

static void renamed(struct net_device *dev)
{
	struct mlag_domain *dom = mlag_domain_by_peer_port(dev);

	if (dom)
		strscpy(dom->peer_name, dev->name, sizeof(dom->peer_name));
	tell_heartbeats(dev, mlag_heartbeat_device_renamed);
}

static void mtu_changed(struct net_device *dev)
{
	struct mlag_domain *dom = mlag_consistency_changed(dev);

	if (dom)
		mlag_domain_work(dom, MLAG_WORK_CONFIG);
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	switch (event) {
	case NETDEV_REGISTER:
		tell_heartbeats(dev, mlag_heartbeat_device_came);
		break;
	case NETDEV_UNREGISTER:
		unregistering(dev);
		break;
	case NETDEV_CHANGEUPPER:
		upper_changed(dev, ptr);
		break;
	case NETDEV_UP:
	case NETDEV_GOING_DOWN:
	case NETDEV_DOWN:
		link_changed(dev);
		mlag_stp_link(dev);
		break;
	case NETDEV_CHANGE:
		link_changed(dev);
		mlag_stp_link(dev);
		settings_changed(dev);
		break;
	case NETDEV_CHANGEINFODATA:
		settings_changed(dev);
		break;
	case NETDEV_CHANGEADDR:
		address_changed(dev);
		break;
	case NETDEV_CHANGENAME:
		renamed(dev);
		break;
	case NETDEV_CHANGEMTU:
		mtu_changed(dev);
		break;
	}

	return NOTIFY_DONE;
}

static struct notifier_block netdev_notifier = {
	.notifier_call = netdev_event,
};

/* Atomic: the bridge may hold its hash_lock. */
static int switchdev_event(struct notifier_block *nb, unsigned long event,
			   void *ptr)
{
	struct net_device *dev = switchdev_notifier_info_to_dev(ptr);

	switch (event) {
	case SWITCHDEV_FDB_ADD_TO_DEVICE:
		mlag_fdb_event(dev, ptr, true);
		break;
	case SWITCHDEV_FDB_DEL_TO_DEVICE:
		mlag_fdb_event(dev, ptr, false);
		break;
	}

	return NOTIFY_DONE;
}

static struct notifier_block switchdev_notifier = {
	.notifier_call = switchdev_event,
};

static void stp_changed(struct net_device *dev, u8 state)
{
	struct mlag_leg *leg = mlag_leg_find(dev);
	struct mlag_domain *dom = mlag_domain_by_peer_port(dev);

	if (leg)
		mlag_leg_stp(leg, state == BR_STATE_FORWARDING);
	if (!dom)
		return;
	mlag_domain_work(dom, MLAG_WORK_BRIDGE);
	mlag_domain_work(dom, MLAG_WORK_ALARMS);
}

static void attr_changed(struct net_device *dev,
			 const struct switchdev_attr *attr)
{
	struct mlag_domain *dom;

	switch (attr->id) {
	case SWITCHDEV_ATTR_ID_PORT_STP_STATE:
		stp_changed(dev, attr->u.stp_state);
		break;
	case SWITCHDEV_ATTR_ID_BRIDGE_AGEING_TIME:
	case SWITCHDEV_ATTR_ID_BRIDGE_VLAN_FILTERING:
		dom = mlag_domain_by_bridge(dev);
		if (!dom)
			break;
		mlag_domain_work(dom, MLAG_WORK_CONFIG);
		mlag_domain_work(dom, MLAG_WORK_SELF);
		mlag_domain_work(dom, MLAG_WORK_SCAN);
		break;
	case SWITCHDEV_ATTR_ID_BRIDGE_VLAN_PROTOCOL:
	case SWITCHDEV_ATTR_ID_BRIDGE_MC_DISABLED:
		settings_changed(dev);
		break;
	default:
		break;
	}
}

static void object_changed(struct net_device *dev,
			   const struct switchdev_obj *obj, bool gone)
{
	struct mlag_domain *dom = mlag_domain_by_bridge(dev);
	struct mlag_leg *leg = mlag_leg_find(dev);

	if (obj->id != SWITCHDEV_OBJ_ID_PORT_VLAN)
		return;
	if (dom)
		mlag_domain_work(dom, MLAG_WORK_SELF);
	if (leg && gone)
		mlag_domain_work(leg->dom, MLAG_WORK_SCAN);
	mlag_consistency_vlans_changed(dev);
}

/* Under RTNL. Nothing is said to be handled: the bridge goes on as before. */
static int blocking_event(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	struct net_device *dev = switchdev_notifier_info_to_dev(ptr);
	struct switchdev_notifier_port_attr_info *attr = ptr;
	struct switchdev_notifier_port_obj_info *obj = ptr;

	switch (event) {
	case SWITCHDEV_PORT_ATTR_SET:
		attr_changed(dev, attr->attr);
		break;
	case SWITCHDEV_PORT_OBJ_ADD:
	case SWITCHDEV_PORT_OBJ_DEL:
		object_changed(dev, obj->obj,
			       event == SWITCHDEV_PORT_OBJ_DEL);
		break;
	}

	return NOTIFY_DONE;
}

static struct notifier_block blocking_notifier = {
	.notifier_call = blocking_event,
};

int mlag_notify_init(void)
{
	int err;

	err = register_netdevice_notifier(&netdev_notifier);
	if (err)
		return err;
	err = register_switchdev_notifier(&switchdev_notifier);
	if (err)
		goto unregister_netdev;
	err = register_switchdev_blocking_notifier(&blocking_notifier);
	if (err)
		goto unregister_switchdev;

	return 0;

unregister_switchdev:
	unregister_switchdev_notifier(&switchdev_notifier);
unregister_netdev:
	unregister_netdevice_notifier(&netdev_notifier);
	return err;
}

void mlag_notify_exit(void)
{
	unregister_switchdev_blocking_notifier(&blocking_notifier);
	unregister_switchdev_notifier(&switchdev_notifier);
	unregister_netdevice_notifier(&netdev_notifier);
}

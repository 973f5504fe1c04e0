// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagbond: a bonding driver with multi-chassis link aggregation.
 *
 * Module load and unload, in order of dependence.
 */
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/rtnetlink.h>

#include "genl.h"
#include "modparam.h"
#include "monitor.h"
#include "netlink.h"
#include "netns.h"
#include "notify.h"
#include "sysfs.h"

static int __init create_bonds(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < mbond_max_bonds(); i++) {
		err = mbond_create(&init_net, "bond%d");
		if (err)
			return err;
	}
	return 0;
}

static int __init mbond_module_init(void)
{
	int err;

	err = mbond_modparam_init();
	if (err)
		return err;
	mbond_sysfs_init();
	err = mbond_monitor_init();
	if (err)
		return err;
	err = mbond_netns_register();
	if (err)
		goto err_monitor_exit;
	err = mbond_notify_register();
	if (err)
		goto err_netns_unregister;
	err = mbond_genl_register();
	if (err)
		goto err_notify_unregister;
	err = mbond_netlink_register();
	if (err)
		goto err_genl_unregister;
	err = create_bonds();
	if (err)
		goto err_netlink_unregister;
	return 0;

err_netlink_unregister:
	mbond_netlink_unregister();
err_genl_unregister:
	mbond_genl_unregister();
err_notify_unregister:
	mbond_notify_unregister();
err_netns_unregister:
	mbond_netns_unregister();
err_monitor_exit:
	mbond_monitor_exit();
	return err;
}

/* Deletes every bond first; then nobody queues work or sends events. */
static void __exit mbond_module_exit(void)
{
	mbond_netlink_unregister();
	mbond_genl_unregister();
	mbond_notify_unregister();
	mbond_netns_unregister();
	mbond_monitor_exit();
	rcu_barrier();
}

module_init(mbond_module_init);
module_exit(mbond_module_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bonding driver with multi-chassis link aggregation");
MODULE_ALIAS_RTNL_LINK("mlagbond");

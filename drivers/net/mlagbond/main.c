// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagbond: a bonding driver with multi-chassis link aggregation.
 *
 * Module load and unload, in order of dependence.
 */
#include <linux/module.h>
#include <net/rtnetlink.h>

#include "genl.h"
#include "monitor.h"
#include "netlink.h"
#include "notify.h"

static int __init mbond_module_init(void)
{
	int err;

	err = mbond_monitor_init();
	if (err)
		return err;
	err = mbond_notify_register();
	if (err)
		goto err_monitor_exit;
	err = mbond_genl_register();
	if (err)
		goto err_notify_unregister;
	err = mbond_netlink_register();
	if (err)
		goto err_genl_unregister;
	return 0;

err_genl_unregister:
	mbond_genl_unregister();
err_notify_unregister:
	mbond_notify_unregister();
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
	mbond_monitor_exit();
	rcu_barrier();
}

module_init(mbond_module_init);
module_exit(mbond_module_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bonding driver with multi-chassis link aggregation");
MODULE_ALIAS_RTNL_LINK("mlagbond");

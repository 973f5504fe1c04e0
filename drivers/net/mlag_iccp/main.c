// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlag_iccp: MLAG companion of the bonding driver mlagbond. What is started
 * here, and in which order; the end is the reverse. Requests are refused first
 * and every domain is removed before the sources of events go, so that nothing
 * arrives for a domain that is gone.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <net/genetlink.h>
#include <uapi/linux/mlag_iccp.h>

#include "domain.h"
#include "leg.h"
#include "netlink.h"
#include "notify.h"
#include "transport.h"

static int __init mlag_init(void)
{
	int err;

	err = mlag_domain_init();
	if (err)
		return err;
	err = mlag_leg_init();
	if (err)
		goto exit_domain;
	err = mlag_notify_init();
	if (err)
		goto exit_leg;
	mlag_transport_init();
	err = mlag_netlink_init();
	if (err)
		goto exit_transport;

	return 0;

exit_transport:
	mlag_transport_exit();
	mlag_notify_exit();
exit_leg:
	mlag_leg_exit();
exit_domain:
	mlag_domain_stop();
	mlag_domain_exit();
	return err;
}

static void __exit mlag_exit(void)
{
	mlag_netlink_exit();
	mlag_domain_stop();
	mlag_transport_exit();
	mlag_notify_exit();
	mlag_leg_exit();
	mlag_domain_exit();
}

module_init(mlag_init);
module_exit(mlag_exit);

MODULE_DESCRIPTION("Inter-chassis control protocol for MLAG");
MODULE_LICENSE("GPL");
MODULE_ALIAS_GENL_FAMILY("mlag_iccp");

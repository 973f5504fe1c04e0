/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of a bond and of its ports in sysfs: bonding/ and bonding_slave/.
 */
#ifndef _MBOND_SYSFS_H
#define _MBOND_SYSFS_H

#include <linux/device.h>
#include <linux/types.h>

struct attribute_group;
struct mbond_opt;
struct mbond_port;
struct netlink_ext_ack;

/**
 * struct mbond_opt_file - file of an option
 * @attr: the file
 * @opt: row of the option table
 */
struct mbond_opt_file {
	struct device_attribute attr;
	const struct mbond_opt *opt;
};

static inline const struct mbond_opt *
mbond_opt_of(const struct device_attribute *attr)
{
	return container_of(attr, struct mbond_opt_file, attr)->opt;
}

/* sysfs.c; before the first bond */
void mbond_sysfs_init(void);
const struct attribute_group *mbond_sysfs_group(void);

/* What a store returns: RTNL is dropped, a refusal is logged for @dev */
ssize_t mbond_sysfs_end(const struct net_device *dev, int err, size_t count,
			const struct netlink_ext_ack *extack);
bool mbond_sysfs_may_write(const struct net_device *dev);

/* sysfs_port.c; RTNL held */
void mbond_sysfs_port_init(void);
int mbond_sysfs_port_add(struct mbond_port *port);
void mbond_sysfs_port_del(struct mbond_port *port);

#endif /* _MBOND_SYSFS_H */

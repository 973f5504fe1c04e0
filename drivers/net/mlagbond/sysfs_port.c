// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/net/PORT/bonding_slave/.
 *
 * State of a port, and a file for each option of a port in the option table.
 * The files come when a device is attached and go when it leaves.
 */
#include <linux/device.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sysfs.h>

#include "mbond.h"
#include "mode.h"
#include "sysfs.h"
#include "text.h"

enum {
	OPT_FILES	= MBOND_OPT_COUNT - MBOND_OPT_BOND_COUNT,
};

static struct mbond_opt_file opt_files[OPT_FILES];

/* What a file shows of a port; RCU held */
typedef ssize_t port_show_fn(struct mbond_port *port, char *buf);

static ssize_t show_port(struct device *d, char *buf, port_show_fn *show)
{
	struct mbond_port *port;
	ssize_t len = -ENODEV;

	rcu_read_lock();
	port = mbond_port_get_rcu(to_net_dev(d));
	if (port)
		len = show(port, buf);
	rcu_read_unlock();
	return len;
}

#define PORT_FILE(name)							\
static ssize_t name##_show(struct device *d,				\
			   struct device_attribute *attr, char *buf)	\
{									\
	return show_port(d, buf, emit_##name);				\
}									\
static DEVICE_ATTR_RO(name)

static ssize_t emit_state(struct mbond_port *port, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  READ_ONCE(port->usable) ? "active" : "backup");
}

static ssize_t emit_mii_status(struct mbond_port *port, char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  link_state_name(mbond_port_link(port)));
}

static ssize_t emit_link_failure_count(struct mbond_port *port, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(port->link_failures));
}

static ssize_t emit_perm_hwaddr(struct mbond_port *port, char *buf)
{
	return sysfs_emit(buf, "%*phC\n", port->dev->addr_len,
			  port->perm_addr);
}

static bool get_ad(struct mbond_port *port, struct mbond_ad_port_info *info)
{
	return READ_ONCE(port->ready) &&
	       !port->bond->ops->ad_port_info(port, info);
}

static ssize_t emit_ad_aggregator_id(struct mbond_port *port, char *buf)
{
	struct mbond_ad_port_info info = {};

	if (!get_ad(port, &info) || !info.aggregator)
		return sysfs_emit(buf, "N/A\n");
	return sysfs_emit(buf, "%u\n", info.aggregator);
}

static ssize_t emit_ad_actor_oper_port_state(struct mbond_port *port,
					     char *buf)
{
	struct mbond_ad_port_info info = {};

	if (!get_ad(port, &info))
		return sysfs_emit(buf, "N/A\n");
	return sysfs_emit(buf, "%u\n", info.actor.state);
}

static ssize_t emit_ad_partner_oper_port_state(struct mbond_port *port,
					       char *buf)
{
	struct mbond_ad_port_info info = {};

	if (!get_ad(port, &info))
		return sysfs_emit(buf, "N/A\n");
	return sysfs_emit(buf, "%u\n", info.partner.state);
}

PORT_FILE(state);
PORT_FILE(mii_status);
PORT_FILE(link_failure_count);
PORT_FILE(perm_hwaddr);
PORT_FILE(ad_aggregator_id);
PORT_FILE(ad_actor_oper_port_state);
PORT_FILE(ad_partner_oper_port_state);

static ssize_t opt_show(struct device *d, struct device_attribute *attr,
			char *buf)
{
	struct mbond_port *port;
	ssize_t len = -ENODEV;

	rcu_read_lock();
	port = mbond_port_get_rcu(to_net_dev(d));
	if (port)
		len = mbond_text_print(mbond_opt_of(attr), &port->params, buf);
	rcu_read_unlock();
	return len;
}

static ssize_t opt_store(struct device *d, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	struct net_device *dev = to_net_dev(d);
	struct netlink_ext_ack extack = {};
	struct mbond_port *port;
	int err = -ENODEV;

	if (!mbond_sysfs_may_write(dev))
		return -EPERM;
	/* whoever removes this file holds RTNL and waits for us */
	if (!rtnl_trylock())
		return restart_syscall();
	port = mbond_port_get_rtnl(dev);
	if (port)
		err = mbond_text_set_port(port, mbond_opt_of(attr), buf,
					  &extack);
	return mbond_sysfs_end(dev, err, count, &extack);
}

static struct attribute *attrs[OPT_FILES + 8] = {
	&dev_attr_state.attr,
	&dev_attr_mii_status.attr,
	&dev_attr_link_failure_count.attr,
	&dev_attr_perm_hwaddr.attr,
	&dev_attr_ad_aggregator_id.attr,
	&dev_attr_ad_actor_oper_port_state.attr,
	&dev_attr_ad_partner_oper_port_state.attr,
};

static const struct attribute_group group = {
	.name	= "bonding_slave",
	.attrs	= attrs,
};

/**
 * mbond_sysfs_port_init() - make the files of all ports from the table
 */
void mbond_sysfs_port_init(void)
{
	struct mbond_opt_file *file = opt_files;
	struct attribute **end = attrs;

	while (*end)
		end++;
	for (; file < &opt_files[OPT_FILES]; file++, end++) {
		file->opt = &mbond_opt_table[MBOND_OPT_BOND_COUNT +
					     (file - opt_files)];
		file->attr.attr.name = file->opt->name;
		file->attr.attr.mode = 0644;
		file->attr.show = opt_show;
		file->attr.store = opt_store;
		*end = &file->attr.attr;
	}
}

/**
 * mbond_sysfs_port_add() - show a port
 * @port: new port, its device has the receive handler
 *
 * RTNL held.
 *
 * Return: 0 or an error.
 */
int mbond_sysfs_port_add(struct mbond_port *port)
{
	ASSERT_RTNL();
	return sysfs_create_group(&port->dev->dev.kobj, &group);
}

/**
 * mbond_sysfs_port_del() - show it no longer
 * @port: port
 *
 * RTNL held. Waits for those who read.
 */
void mbond_sysfs_port_del(struct mbond_port *port)
{
	ASSERT_RTNL();
	sysfs_remove_group(&port->dev->dev.kobj, &group);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/net/BOND/bonding/.
 *
 * A file for each row of the option table, under its names, made when the
 * module is loaded; and the few that are no options: the ports, their queues,
 * carrier and the active aggregator. What is written takes the way of netlink.
 * A refusal is an errno, and one line in the log.
 */
#include <linux/capability.h>
#include <linux/device.h>
#include <linux/netdevice.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sysfs.h>

#include "core/opt_text.h"
#include "mbond.h"
#include "mode.h"
#include "port.h"
#include "sysfs.h"
#include "text.h"

enum {
	OPT_FILES	= 2 * MBOND_OPT_BOND_COUNT,	/* names and aliases */
	LIST_ROOM	= IFNAMSIZ + 20,	/* an entry and "++more++" */
};

static struct mbond_opt_file opt_files[OPT_FILES];

static struct mbond *bond_of(struct device *d)
{
	return netdev_priv(to_net_dev(d));
}

static bool is_admin(const struct mbond *bond)
{
	return ns_capable_noaudit(dev_net(bond->dev)->user_ns, CAP_NET_ADMIN);
}

/**
 * mbond_sysfs_may_write() - may the caller change the options of a device
 * @dev: the device
 *
 * Return: true with CAP_NET_ADMIN in the namespace that owns it.
 */
bool mbond_sysfs_may_write(const struct net_device *dev)
{
	return ns_capable(dev_net(dev)->user_ns, CAP_NET_ADMIN);
}

/**
 * mbond_sysfs_end() - end of a write
 * @dev: bond or port
 * @err: 0 or the refusal
 * @count: bytes written
 * @extack: sentence of the refusal
 *
 * RTNL held; dropped here.
 *
 * Return: @count or @err.
 */
ssize_t mbond_sysfs_end(const struct net_device *dev, int err, size_t count,
			const struct netlink_ext_ack *extack)
{
	if (err)
		netdev_err(dev, "%s\n", extack->_msg ? extack->_msg :
						       "request refused");
	rtnl_unlock();
	return err ? err : count;
}

/* Options */

static const char *dev_name_of(const struct mbond *bond,
			       const struct mbond_opt *opt)
{
	const struct mbond_port *port;
	const struct net_device *dev;

	if (opt->flags & MBOND_OPT_ACTION) {
		dev = rcu_dereference(bond->active);
		return dev ? dev->name : NULL;
	}
	mbond_for_each_port_rcu(bond, port)
		if (!strcmp(port->dev->name, bond->params.primary))
			return port->dev->name;
	return NULL;
}

/* A port, or nothing at all, as bonding has it */
static ssize_t show_dev(const struct mbond *bond, const struct mbond_opt *opt,
			char *buf)
{
	const char *name;
	ssize_t len = 0;

	rcu_read_lock();
	name = dev_name_of(bond, opt);
	if (name)
		len = sysfs_emit(buf, "%s\n", name);
	rcu_read_unlock();
	return len;
}

static ssize_t opt_show(struct device *d, struct device_attribute *attr,
			char *buf)
{
	const struct mbond_opt *opt = mbond_opt_of(attr);
	struct mbond *bond = bond_of(d);
	ssize_t len;

	if (opt->kind == MBOND_KIND_DEV)
		return show_dev(bond, opt, buf);
	if (opt->flags & MBOND_OPT_ADMIN &&
	    (opt->badmodes & BIT(bond->params.mode) || !is_admin(bond)))
		return 0;
	mbond_lock(bond);
	len = mbond_text_print(opt, &bond->params, buf);
	mbond_unlock(bond);
	return len;
}

static ssize_t opt_store(struct device *d, struct device_attribute *attr,
			 const char *buf, size_t count)
{
	struct mbond *bond = bond_of(d);
	struct netlink_ext_ack extack = {};
	int err;

	if (!mbond_sysfs_may_write(bond->dev))
		return -EPERM;
	/* whoever removes this file holds RTNL and waits for us */
	if (!rtnl_trylock())
		return restart_syscall();
	err = mbond_text_set(bond, mbond_opt_of(attr), buf, &extack);
	return mbond_sysfs_end(bond->dev, err, count, &extack);
}

/* Ports */

static ssize_t slaves_show(struct device *d, struct device_attribute *attr,
			   char *buf)
{
	struct mbond *bond = bond_of(d);
	struct mbond_port *port;
	int len = 0;

	rcu_read_lock();
	mbond_for_each_port_rcu(bond, port) {
		if (len > PAGE_SIZE - LIST_ROOM) {
			len += sysfs_emit_at(buf, len, "++more++ ");
			break;
		}
		len += sysfs_emit_at(buf, len, "%s ", port->dev->name);
	}
	rcu_read_unlock();
	if (len)
		buf[len - 1] = '\n';
	return len;
}

static int detach_dev(struct mbond *bond, struct net_device *dev,
		      struct netlink_ext_ack *extack)
{
	struct mbond_port *port = mbond_port_get_rtnl(dev);

	if (port && port->bond == bond)
		return mbond_detach(bond->dev, dev);
	NL_SET_ERR_MSG_FMT(extack, "slaves: %s is no port of this bond",
			   dev->name);
	return -EINVAL;
}

static int slaves_command(struct mbond *bond, const char *word,
			  struct netlink_ext_ack *extack)
{
	struct net_device *dev;

	if ((*word != '+' && *word != '-') || !dev_valid_name(word + 1)) {
		NL_SET_ERR_MSG_FMT(extack,
				   "slaves: %s is neither +DEV nor -DEV", word);
		return -EPERM;
	}
	dev = __dev_get_by_name(dev_net(bond->dev), word + 1);
	if (!dev) {
		NL_SET_ERR_MSG_FMT(extack, "slaves: there is no interface %s",
				   word + 1);
		return -ENODEV;
	}
	if (*word == '+')
		return mbond_attach(bond->dev, dev, extack);
	return detach_dev(bond, dev, extack);
}

static ssize_t slaves_store(struct device *d, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct mbond *bond = bond_of(d);
	struct netlink_ext_ack extack = {};
	char word[MBOND_WORD_LEN];
	int err;

	if (!mbond_sysfs_may_write(bond->dev))
		return -EPERM;
	mbond_text_word(buf, word);
	if (!rtnl_trylock())
		return restart_syscall();
	err = slaves_command(bond, word, &extack);
	return mbond_sysfs_end(bond->dev, err, count, &extack);
}

static DEVICE_ATTR_RW(slaves);

/* queue_id is an option of a port; here it is shown for all, PORT:NUMBER */

static ssize_t queue_id_show(struct device *d, struct device_attribute *attr,
			     char *buf)
{
	const struct mbond_opt *opt = mbond_opt_of(attr);
	struct mbond *bond = bond_of(d);
	struct mbond_port *port;
	int len = 0;

	rcu_read_lock();
	mbond_for_each_port_rcu(bond, port) {
		if (len > PAGE_SIZE - LIST_ROOM) {
			len += sysfs_emit_at(buf, len, "++more++ ");
			break;
		}
		len += sysfs_emit_at(buf, len, "%s:%lld ", port->dev->name,
				     mbond_opt_get(opt, &port->params));
	}
	rcu_read_unlock();
	if (len)
		buf[len - 1] = '\n';
	return len;
}

static int queue_id_command(struct mbond *bond, const struct mbond_opt *opt,
			    char *word, struct netlink_ext_ack *extack)
{
	char *number = strchr(word, ':');
	struct mbond_port *port;

	if (!number) {
		NL_SET_ERR_MSG_FMT(extack, "queue_id: %s is not PORT:NUMBER",
				   word);
		return -EPERM;
	}
	*number++ = 0;
	mbond_for_each_port(bond, port)
		if (!strcmp(port->dev->name, word))
			return mbond_text_set_port(port, opt, number, extack);
	NL_SET_ERR_MSG_FMT(extack, "queue_id: %s is no port of this bond",
			   word);
	return -EPERM;
}

static ssize_t queue_id_store(struct device *d, struct device_attribute *attr,
			      const char *buf, size_t count)
{
	struct mbond *bond = bond_of(d);
	struct netlink_ext_ack extack = {};
	char word[MBOND_WORD_LEN];
	int err;

	if (!mbond_sysfs_may_write(bond->dev))
		return -EPERM;
	mbond_text_word(buf, word);
	if (!rtnl_trylock())
		return restart_syscall();
	err = queue_id_command(bond, mbond_opt_of(attr), word, &extack);
	return mbond_sysfs_end(bond->dev, err ? -EPERM : 0, count, &extack);
}

static struct mbond_opt_file queue_id_file = {
	.attr = __ATTR_RW(queue_id),
};

/* State */

static ssize_t mii_status_show(struct device *d, struct device_attribute *attr,
			       char *buf)
{
	return sysfs_emit(buf, "%s\n",
			  netif_carrier_ok(to_net_dev(d)) ? "up" : "down");
}

static DEVICE_ATTR_RO(mii_status);

static bool get_ad_info(struct mbond *bond, struct mbond_ad_info *info)
{
	bool found;

	rcu_read_lock();
	found = !mbond_ad_info_rcu(bond, info);
	rcu_read_unlock();
	return found;
}

static bool speaks_lacp(const struct mbond *bond)
{
	return bond->ops->flags & MBOND_MODE_LACP;
}

/**
 * struct ad_file - one number of the active aggregator
 * @attr: the file
 * @offset: of the number, an u16, in struct mbond_ad_info
 * @admin: only for those who may configure the bond
 */
struct ad_file {
	struct device_attribute attr;
	size_t offset;
	bool admin;
};

static ssize_t ad_show(struct device *d, struct device_attribute *attr,
		       char *buf)
{
	struct ad_file *file = container_of(attr, struct ad_file, attr);
	struct mbond *bond = bond_of(d);
	struct mbond_ad_info info = {};

	if (!speaks_lacp(bond) || (file->admin && !is_admin(bond)))
		return 0;
	get_ad_info(bond, &info);
	return sysfs_emit(buf, "%u\n", *(u16 *)((u8 *)&info + file->offset));
}

#define AD_FILE(_name, _field, _admin)					\
	{								\
		.attr	= __ATTR(_name, 0444, ad_show, NULL),		\
		.offset	= offsetof(struct mbond_ad_info, _field),	\
		.admin	= _admin,					\
	}

static struct ad_file ad_files[] = {
	AD_FILE(ad_aggregator, aggregator, false),
	AD_FILE(ad_num_ports, num_ports, false),
	AD_FILE(ad_actor_key, actor_key, true),
	AD_FILE(ad_partner_key, partner_key, true),
};

static ssize_t ad_partner_mac_show(struct device *d,
				   struct device_attribute *attr, char *buf)
{
	struct mbond *bond = bond_of(d);
	struct mbond_ad_info info = {};

	if (!speaks_lacp(bond) || !is_admin(bond) || !get_ad_info(bond, &info))
		return 0;
	return sysfs_emit(buf, "%pM\n", info.partner_mac);
}

static DEVICE_ATTR_RO(ad_partner_mac);

/* The group: what is no option first, then the table; the last is NULL */

static struct attribute *attrs[OPT_FILES + 9] = {
	&dev_attr_slaves.attr,
	&dev_attr_mii_status.attr,
	&ad_files[0].attr.attr,
	&ad_files[1].attr.attr,
	&ad_files[2].attr.attr,
	&ad_files[3].attr.attr,
	&dev_attr_ad_partner_mac.attr,
};

static const struct attribute_group group = {
	.name	= "bonding",
	.attrs	= attrs,
};

static void add_file(struct attribute **end, struct mbond_opt_file *file,
		     const struct mbond_opt *opt, const char *name)
{
	file->opt = opt;
	file->attr.attr.name = name;
	file->attr.attr.mode = 0644;
	file->attr.show = opt_show;
	file->attr.store = opt_store;
	*end = &file->attr.attr;
}

/**
 * mbond_sysfs_init() - make the files of all bonds and ports from the table
 */
void mbond_sysfs_init(void)
{
	const struct mbond_opt *opt = mbond_opt_table;
	struct mbond_opt_file *file = opt_files;
	struct attribute **end = attrs;

	while (*end)
		end++;
	for (; opt < &mbond_opt_table[MBOND_OPT_BOND_COUNT]; opt++) {
		add_file(end++, file++, opt, opt->name);
		if (opt->alias)
			add_file(end++, file++, opt, opt->alias);
	}
	queue_id_file.opt = mbond_opt_by_name("queue_id");
	if (queue_id_file.opt)
		*end = &queue_id_file.attr.attr;
	mbond_sysfs_port_init();
}

/**
 * mbond_sysfs_group() - files of a bond
 *
 * Return: the group "bonding".
 */
const struct attribute_group *mbond_sysfs_group(void)
{
	return &group;
}

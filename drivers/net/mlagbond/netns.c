// SPDX-License-Identifier: GPL-2.0-only
/*
 * What each network namespace has.
 *
 * /sys/class/net/mlagbond_masters lists the bonds of a namespace; "+NAME" and
 * "-NAME" written to it create and delete them. /proc/net/mlagbond holds a
 * file for each bond, see proc.c.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/device.h>
#include <linux/netdevice.h>
#include <linux/proc_fs.h>
#include <linux/rtnetlink.h>
#include <linux/sysfs.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "core/opt_text.h"
#include "mbond.h"
#include "netdev.h"
#include "netlink.h"
#include "netns.h"

/**
 * struct mbond_net - one namespace
 * @net: the namespace
 * @masters: its file mlagbond_masters
 * @proc: its folder /proc/net/mlagbond, NULL if there could be none
 */
struct mbond_net {
	struct net *net;
	struct class_attribute masters;
	struct proc_dir_entry *proc;
};

static unsigned int net_id __read_mostly;

static ssize_t masters_show(CLASS_ATTR_CONST struct class *class,
			    CLASS_ATTR_CONST struct class_attribute *attr,
			    char *buf)
{
	const struct mbond_net *mnet = container_of(attr, struct mbond_net,
						    masters);
	struct net_device *dev;
	int len = 0;

	rcu_read_lock();
	for_each_netdev_rcu(mnet->net, dev) {
		if (!mbond_dev_check(dev))
			continue;
		if (len > PAGE_SIZE - IFNAMSIZ - 12) {
			len += sysfs_emit_at(buf, len, "++more++ ");
			break;
		}
		len += sysfs_emit_at(buf, len, "%s ", dev->name);
	}
	rcu_read_unlock();
	if (len)
		buf[len - 1] = '\n';
	return len;
}

static int delete(struct net *net, const char *name)
{
	struct net_device *dev;
	int err = -ENODEV;

	rtnl_lock();
	dev = __dev_get_by_name(net, name);
	if (dev && mbond_dev_check(dev)) {
		unregister_netdevice(dev);
		err = 0;
	}
	rtnl_unlock();
	return err;
}

/* What can be no name is no command, as in bonding, which cuts a long one */
static int command(struct net *net, const char *word)
{
	const char *name = word + 1;

	if (*word != '+' && *word != '-')
		return -EPERM;
	if (strlen(name) >= IFNAMSIZ)
		return -EINVAL;
	if (!dev_valid_name(name))
		return -EPERM;
	return *word == '+' ? mbond_create(net, name) : delete(net, name);
}

static void report(const char *word, int err)
{
	const char *why = "failed";

	switch (err) {
	case -EPERM:
		why = "is neither +NAME nor -NAME";
		break;
	case -EINVAL:
		why = "has no name of an interface";
		break;
	case -EEXIST:
		why = "names an interface that exists";
		break;
	case -ENODEV:
		why = "names no bond";
		break;
	}
	pr_err("mlagbond_masters: \"%s\" %s: error %d\n", word, why, err);
}

static ssize_t masters_store(CLASS_ATTR_CONST struct class *class,
			     CLASS_ATTR_CONST struct class_attribute *attr,
			     const char *buf, size_t count)
{
	const struct mbond_net *mnet = container_of(attr, struct mbond_net,
						    masters);
	char word[MBOND_WORD_LEN];
	int err;

	if (!ns_capable(mnet->net->user_ns, CAP_NET_ADMIN))
		return -EPERM;
	/* a word that is cut is still too long */
	mbond_text_word(buf, word);
	err = command(mnet->net, word);
	if (!err)
		return count;
	report(word, err);
	return err;
}

static int __net_init netns_init(struct net *net)
{
	struct mbond_net *mnet = net_generic(net, net_id);
	int err;

	mnet->net = net;
	mnet->masters = (struct class_attribute) {
		.attr	= { .name = "mlagbond_masters", .mode = 0644 },
		.show	= masters_show,
		.store	= masters_store,
	};
	sysfs_attr_init(&mnet->masters.attr);
	err = netdev_class_create_file_ns(&mnet->masters, net);
	if (err)
		return err;
	mnet->proc = proc_mkdir(MLAGBOND_KIND, net->proc_net);
	return 0;
}

/* Returns when nobody writes to it any more */
static void masters_remove(struct net *net)
{
	struct mbond_net *mnet = net_generic(net, net_id);

	netdev_class_remove_file_ns(&mnet->masters, net);
}

static void collect_bonds(struct net *net, struct list_head *gone)
{
	struct net_device *dev;

	for_each_netdev(net, dev)
		if (mbond_dev_check(dev))
			unregister_netdevice_queue(dev, gone);
}

static void folder_remove(struct net *net)
{
	struct mbond_net *mnet = net_generic(net, net_id);

	proc_remove(mnet->proc);
	mnet->proc = NULL;
}

/*
 * Devices leave a namespace before this, but whoever has the file of the
 * masters open may have made a bond since. When the file is gone, nobody can.
 */
static void __net_exit netns_exit(struct list_head *nets)
{
	struct net *net;
	LIST_HEAD(gone);

	list_for_each_entry(net, nets, exit_list)
		masters_remove(net);
	rtnl_lock();
	list_for_each_entry(net, nets, exit_list)
		collect_bonds(net, &gone);
	unregister_netdevice_many(&gone);
	rtnl_unlock();
	list_for_each_entry(net, nets, exit_list)
		folder_remove(net);
}

static struct pernet_operations netns_ops = {
	.init		= netns_init,
	.exit_batch	= netns_exit,
	.id		= &net_id,
	.size		= sizeof(struct mbond_net),
};

/**
 * mbond_netns_proc() - folder of a namespace in /proc
 * @net: the namespace
 *
 * Return: the folder, or NULL.
 */
struct proc_dir_entry *mbond_netns_proc(const struct net *net)
{
	const struct mbond_net *mnet = net_generic(net, net_id);

	return mnet->proc;
}

/**
 * mbond_netns_register() - set up every namespace, present and future
 *
 * Return: 0 or an error.
 */
int mbond_netns_register(void)
{
	return register_pernet_subsys(&netns_ops);
}

/**
 * mbond_netns_unregister() - take it back; there are no bonds any more
 */
void mbond_netns_unregister(void)
{
	unregister_pernet_subsys(&netns_ops);
}

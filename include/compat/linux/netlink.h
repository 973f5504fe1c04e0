/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Formatted extack sentences, which kernels before 6.3 do not have.
 *
 * There the extack points to the text, and the text is copied to the answer
 * after the request's locks are gone. A text that was formatted must
 * therefore stay for a while: each refused request takes a slot that belongs
 * to its task until the same task is refused again, or ten seconds passed. A
 * task answers one request at a time, so nobody writes over a text that is
 * still wanted. If all slots are young, the sentence is a general one.
 */
#ifndef _MLAGBOND_COMPAT_LINUX_NETLINK_H
#define _MLAGBOND_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

#ifndef NL_SET_ERR_MSG_FMT

#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#define NETLINK_MAX_FMTMSG_LEN	80

struct compat_extack_slot {
	const struct task_struct *task;
	unsigned long when;
	char text[NETLINK_MAX_FMTMSG_LEN];
};

static inline struct compat_extack_slot *
compat_extack_find(struct compat_extack_slot *slots, unsigned int count)
{
	struct compat_extack_slot *slot, *free = NULL;

	for (slot = slots; slot < slots + count; slot++) {
		if (slot->task == current)
			return slot;
		if (!free && (!slot->task ||
			      time_after(jiffies, slot->when + 10 * HZ)))
			free = slot;
	}
	return free;
}

static __printf(1, 2) __maybe_unused const char *
compat_extack_text(const char *fmt, ...)
{
	static struct compat_extack_slot slots[64];
	static DEFINE_SPINLOCK(lock);
	struct compat_extack_slot *slot;
	va_list args;

	spin_lock_bh(&lock);
	slot = compat_extack_find(slots, ARRAY_SIZE(slots));
	if (slot) {
		slot->task = current;
		slot->when = jiffies;
		va_start(args, fmt);
		vsnprintf(slot->text, sizeof(slot->text), fmt, args);
		va_end(args);
	}
	spin_unlock_bh(&lock);
	return slot ? slot->text : "the request is refused";
}

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__compat_extack = (extack);		\
									\
	if (__compat_extack)						\
		__compat_extack->_msg = compat_extack_text(fmt, ##args); \
} while (0)

#define NL_SET_ERR_MSG_FMT_MOD(extack, fmt, args...)			\
	NL_SET_ERR_MSG_FMT((extack), KBUILD_MODNAME ": " fmt, ##args)

#define NL_SET_ERR_MSG_ATTR_FMT(extack, attr, fmt, args...) do {	\
	struct netlink_ext_ack *__compat_ack = (extack);		\
									\
	NL_SET_ERR_MSG_FMT(__compat_ack, fmt, ##args);			\
	NL_SET_BAD_ATTR(__compat_ack, attr);				\
} while (0)

#endif /* NL_SET_ERR_MSG_FMT */

#endif

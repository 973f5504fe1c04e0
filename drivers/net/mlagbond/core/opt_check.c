// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules for a request: ranges as values are staged, then modes, up, ports and
 * what one option demands of another, over the candidate as a whole.
 *
 * Nothing here changes a bond; the result does not depend on the order in
 * which the values came.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/mlagbond.h>
#include <linux/string.h>

#include "opt_check.h"

#define MIIMON_INSISTED	100	/* ms, when a mode comes that needs a poll */

static int fault_errno(enum mbond_fault_kind kind)
{
	switch (kind) {
	case MBOND_FAULT_MODE:
	case MBOND_FAULT_MLAG:
	case MBOND_FAULT_LEG:
		return -EACCES;
	case MBOND_FAULT_PORTS:
		return -ENOTEMPTY;
	case MBOND_FAULT_UP:
		return -EBUSY;
	case MBOND_FAULT_MIIMON:
		return -EPERM;
	default:
		return -EINVAL;
	}
}

static int refuse(struct mbond_fault *fault, enum mbond_fault_kind kind,
		  const struct mbond_opt *opt, s64 value, u8 mode)
{
	memset(fault, 0, sizeof(*fault));
	fault->kind = kind;
	fault->err = fault_errno(kind);
	fault->opt = opt;
	fault->value = value;
	fault->mode = mode;
	return fault->err;
}

static int check_value(const struct mbond_opt *opt, s64 value, u8 mode,
		       struct mbond_fault *fault)
{
	if (!mbond_opt_in_range(opt, value))
		return refuse(fault, MBOND_FAULT_VALUE, opt, value, mode);
	return 0;
}

/**
 * mbond_request_init() - begin a request
 * @req: the request
 * @now: options of the bond, or the defaults for one that is being created
 */
void mbond_request_init(struct mbond_request *req,
			const struct mbond_params *now)
{
	req->params = *now;
	req->given = 0;
	req->active_ifindex = 0;
	req->once = false;
}

/**
 * mbond_request_set() - stage a number
 * @req: the request
 * @opt: a row of kind U8, U16, U32 or S32
 * @value: wanted
 * @fault: filled on error
 *
 * Return: 0 or the errno in @fault.
 */
int mbond_request_set(struct mbond_request *req, const struct mbond_opt *opt,
		      s64 value, struct mbond_fault *fault)
{
	int err;

	err = check_value(opt, value, req->params.mode, fault);
	if (err)
		return err;
	mbond_opt_put(opt, &req->params, value);
	req->given |= mbond_opt_bit(opt);
	return 0;
}

/**
 * mbond_request_set_mac() - stage an address
 * @req: the request
 * @opt: a row of kind MAC
 * @mac: six bytes; all zero takes a set address back
 * @fault: filled on error
 *
 * Return: 0 or the errno in @fault.
 */
int mbond_request_set_mac(struct mbond_request *req,
			  const struct mbond_opt *opt, const u8 *mac,
			  struct mbond_fault *fault)
{
	if (mac[0] & 1)
		return refuse(fault, MBOND_FAULT_MULTICAST, opt, 0,
			      req->params.mode);
	memcpy((char *)&req->params + opt->offset, mac, opt->size);
	req->given |= mbond_opt_bit(opt);
	return 0;
}

/**
 * mbond_request_clear_list() - stage an empty list
 * @req: the request
 * @opt: a row that is a list
 */
void mbond_request_clear_list(struct mbond_request *req,
			      const struct mbond_opt *opt)
{
	memset((char *)&req->params + opt->offset, 0, opt->size);
	req->given |= mbond_opt_bit(opt);
}

/* This network, loopback, multicast and above */
static bool ip4_is_host(const u8 *ip)
{
	return ip[0] && ip[0] != 127 && ip[0] < 224;
}

/* Unspecified, loopback, multicast */
static bool ip6_is_host(const u8 *ip)
{
	static const u8 none[MBOND_IP6_LEN - 1];

	return ip[0] != 0xff &&
	       (memcmp(ip, none, sizeof(none)) || ip[sizeof(none)] > 1);
}

static int refuse_addr(struct mbond_fault *fault, enum mbond_fault_kind kind,
		       const struct mbond_opt *opt, const u8 *addr, u8 mode)
{
	int err = refuse(fault, kind, opt, 0, mode);

	memcpy(fault->addr, addr, mbond_opt_addr_len(opt));
	return err;
}

/* Place of @addr in the list, or of the first unused entry */
static unsigned int find_addr(const struct mbond_request *req,
			      const struct mbond_opt *opt, const u8 *addr)
{
	unsigned int len = mbond_opt_addr_len(opt), i;
	const u8 *entry;

	for (i = 0; (entry = mbond_opt_addr(opt, &req->params, i)); i++)
		if (!memcmp(entry, addr, len))
			break;
	return i;
}

/**
 * mbond_request_add_addr() - stage one more address of a list
 * @req: the request
 * @opt: a row that is a list
 * @addr: four or sixteen bytes
 * @fault: filled on error
 *
 * Return: 0 or the errno in @fault.
 */
int mbond_request_add_addr(struct mbond_request *req,
			   const struct mbond_opt *opt, const u8 *addr,
			   struct mbond_fault *fault)
{
	unsigned int len = mbond_opt_addr_len(opt), i;
	u8 mode = req->params.mode;

	if (!(len == MBOND_IP4_LEN ? ip4_is_host(addr) : ip6_is_host(addr)))
		return refuse_addr(fault, MBOND_FAULT_TARGET, opt, addr, mode);
	i = find_addr(req, opt, addr);
	if (mbond_opt_addr(opt, &req->params, i))
		return req->once ? 0 : refuse_addr(fault, MBOND_FAULT_TWICE,
						   opt, addr, mode);
	if (i == MLAGBOND_TARGETS)
		return refuse_addr(fault, MBOND_FAULT_FULL, opt, addr, mode);
	memcpy((char *)&req->params + opt->offset + i * len, addr, len);
	req->given |= mbond_opt_bit(opt);
	return 0;
}

/**
 * mbond_request_del_addr() - stage one address of a list less
 * @req: the request
 * @opt: a row that is a list
 * @addr: four or sixteen bytes
 *
 * Return: false if it was not in the list.
 */
bool mbond_request_del_addr(struct mbond_request *req,
			    const struct mbond_opt *opt, const u8 *addr)
{
	unsigned int len = mbond_opt_addr_len(opt);
	unsigned int i = find_addr(req, opt, addr);
	char *list = (char *)&req->params + opt->offset;

	if (!mbond_opt_addr(opt, &req->params, i))
		return false;
	memmove(list + i * len, list + (i + 1) * len,
		opt->size - (i + 1) * len);
	memset(list + opt->size - len, 0, len);
	req->given |= mbond_opt_bit(opt);
	return true;
}

/**
 * mbond_request_set_primary() - stage the preferred port
 * @req: the request
 * @name: interface name of at most 15 bytes; empty for none
 */
void mbond_request_set_primary(struct mbond_request *req, const char *name)
{
	size_t len = strnlen(name, MBOND_NAME_LEN - 1);

	memset(req->params.primary, 0, MBOND_NAME_LEN);
	memcpy(req->params.primary, name, len);
	req->given |= MBOND_OPT_BIT(PRIMARY);
}

/**
 * mbond_request_set_active() - stage the wish for an active port
 * @req: the request
 * @ifindex: a port of the bond, 0 to let the bond choose
 */
void mbond_request_set_active(struct mbond_request *req, int ifindex)
{
	req->active_ifindex = ifindex;
	req->given |= MBOND_OPT_BIT(ACTIVE_SLAVE);
}

/* A delay is whole polls: rounded down when named, else as many as before. */
static void settle_delay(struct mbond_request *req,
			 const struct mbond_params *now,
			 enum mbond_opt_id id)
{
	const struct mbond_opt *opt = &mbond_opt_table[id];
	u32 delay = mbond_opt_get(opt, &req->params);
	u32 miimon = req->params.miimon;
	u64 scaled;

	if (!miimon)
		scaled = 0;
	else if (req->given & mbond_opt_bit(opt) || !now->miimon)
		scaled = delay - delay % miimon;
	else
		scaled = (u64)(delay / now->miimon) * miimon;
	if (scaled > opt->max)
		scaled = opt->max - opt->max % miimon;
	mbond_opt_put(opt, &req->params, scaled);
}

/* The carrier is asked for, or the mode insists on it */
static bool wants_poll(const struct mbond_request *req,
		       const struct mbond_params *now)
{
	u8 mode = req->params.mode;

	if (req->given & MBOND_OPT_BIT(MIIMON))
		return req->params.miimon;
	return BIT(mode) & MBOND_MODES_POLLED && mode != now->mode;
}

/*
 * As in bonding: the monitor that is named is the only one, and a new mode
 * begins unvalidated. Who names both has both.
 */
static void settle_monitors(struct mbond_request *req,
			    const struct mbond_params *now)
{
	const u64 arp = MBOND_OPT_BIT(ARP_INTERVAL);
	struct mbond_params *p = &req->params;
	bool ends = false;

	if (!(req->given & arp))
		ends = p->arp_interval && wants_poll(req, now);
	else if (p->arp_interval && !(req->given & MBOND_OPT_BIT(MIIMON)) &&
		 !(BIT(p->mode) & MBOND_MODES_POLLED))
		p->miimon = 0;
	if (ends)
		p->arp_interval = 0;
	if ((ends || p->mode != now->mode) &&
	    !(req->given & MBOND_OPT_BIT(ARP_VALIDATE)))
		p->arp_validate = MLAGBOND_VALIDATE_NONE;
}

/* What follows from the options named for those that were not. */
static void settle(struct mbond_request *req, const struct mbond_params *now,
		   const struct mbond_bond_state *state)
{
	struct mbond_params *p = &req->params;

	if (BIT(p->mode) & MBOND_MODES_POLLED && now->mode != p->mode &&
	    !p->miimon && !(req->given & MBOND_OPT_BIT(MIIMON)))
		p->miimon = MIIMON_INSISTED;
	if (p->mode == MLAGBOND_MODE_BALANCE_ALB && now->mode != p->mode &&
	    !(req->given & MBOND_OPT_BIT(TLB_DYNAMIC_LB)))
		p->tlb_dynamic_lb = 1;
	if (state->as_bonding)
		settle_monitors(req, now);
	settle_delay(req, now, MBOND_OPT_UPDELAY);
	settle_delay(req, now, MBOND_OPT_DOWNDELAY);
	settle_delay(req, now, MBOND_OPT_PEER_NOTIF_DELAY);
}

static int check_delays(const struct mbond_request *req,
			struct mbond_fault *fault)
{
	static const u8 delays[] = {
		MBOND_OPT_UPDELAY, MBOND_OPT_DOWNDELAY,
		MBOND_OPT_PEER_NOTIF_DELAY,
	};
	const struct mbond_opt *opt;
	unsigned int i;
	s64 value;

	if (req->params.miimon)
		return 0;
	for (i = 0; i < sizeof(delays); i++) {
		opt = &mbond_opt_table[delays[i]];
		value = mbond_opt_get(opt, &req->params);
		if (value && (req->given & mbond_opt_bit(opt)))
			return refuse(fault, MBOND_FAULT_MIIMON, opt, value,
				      req->params.mode);
	}
	return 0;
}

/* An MLAG leg is LACP; the option that was named is the one to blame. */
static int check_mlag(const struct mbond_request *req,
		      struct mbond_fault *fault)
{
	const struct mbond_params *p = &req->params;
	const struct mbond_opt *opt;
	int err;

	if (!p->mlag_id || p->mode == MLAGBOND_MODE_8023AD)
		return 0;
	opt = &mbond_opt_table[MBOND_OPT_MLAG_ID];
	if (req->given & MBOND_OPT_BIT(MLAG_ID))
		return refuse(fault, MBOND_FAULT_MODE, opt, p->mlag_id,
			      p->mode);
	opt = &mbond_opt_table[MBOND_OPT_MODE];
	err = refuse(fault, MBOND_FAULT_MLAG, opt, p->mode, p->mode);
	fault->mlag_id = p->mlag_id;
	return err;
}

/*
 * What a leg cannot have: probes, as its client may answer to the other
 * chassis; and frames held past the moment at which a gate closes. The option
 * that was named is the one to blame.
 */
static int check_leg(const struct mbond_request *req,
		     struct mbond_fault *fault)
{
	static const u8 others[] = {
		MBOND_OPT_ARP_INTERVAL, MBOND_OPT_MARKER_FLUSH,
	};
	const struct mbond_opt *leg = &mbond_opt_table[MBOND_OPT_MLAG_ID];
	const struct mbond_params *p = &req->params;
	const struct mbond_opt *opt;
	unsigned int i;
	int err;

	for (i = 0; p->mlag_id && i < sizeof(others); i++) {
		opt = &mbond_opt_table[others[i]];
		if (!mbond_opt_get(opt, p))
			continue;
		if (req->given & mbond_opt_bit(opt))
			err = refuse(fault, MBOND_FAULT_MLAG, opt,
				     mbond_opt_get(opt, p), p->mode);
		else
			err = refuse(fault, MBOND_FAULT_LEG, leg, p->mlag_id,
				     p->mode);
		fault->mlag_id = p->mlag_id;
		fault->other = opt;
		return err;
	}
	return 0;
}

static int check_option(const struct mbond_request *req,
			const struct mbond_opt *opt, bool changes,
			const struct mbond_bond_state *state,
			struct mbond_fault *fault)
{
	u8 down = MBOND_OPT_IFDOWN, mode = req->params.mode;
	s64 value = 0;

	if (!(opt->flags & MBOND_OPT_ACTION) && !mbond_opt_is_list(opt))
		value = mbond_opt_get(opt, &req->params);
	if (opt->badmodes & BIT(mode))
		return refuse(fault, MBOND_FAULT_MODE, opt, value, mode);
	if (!changes)
		return 0;
	if (state->as_bonding)
		down |= MBOND_OPT_LIVE;
	if ((opt->flags & MBOND_OPT_NOPORTS) && state->ports)
		return refuse(fault, MBOND_FAULT_PORTS, opt, value, mode);
	if ((opt->flags & down) && state->up)
		return refuse(fault, MBOND_FAULT_UP, opt, value, mode);
	return 0;
}

/**
 * mbond_request_check() - judge a request as a whole
 * @req: the request, all values staged; on success its candidate also holds
 *	what follows from them (delays rounded down, miimon for modes that need it)
 * @now: options the bond has
 * @state: up, ports
 * @fault: filled on error
 *
 * An option that keeps its value may be named at any time.
 *
 * Return: 0, or the errno in @fault: nothing may be applied.
 */
int mbond_request_check(struct mbond_request *req,
			const struct mbond_params *now,
			const struct mbond_bond_state *state,
			struct mbond_fault *fault)
{
	const struct mbond_opt *opt = mbond_opt_table;
	u64 diff = mbond_params_diff(&req->params, now);
	int err;

	for (; opt < &mbond_opt_table[MBOND_OPT_BOND_COUNT]; opt++) {
		if (!(req->given & mbond_opt_bit(opt)))
			continue;
		err = check_option(req, opt, diff & mbond_opt_bit(opt), state,
				   fault);
		if (err)
			return err;
	}
	err = check_mlag(req, fault);
	if (err)
		return err;
	err = check_leg(req, fault);
	if (err)
		return err;
	err = check_delays(req, fault);
	if (err)
		return err;
	settle(req, now, state);
	return 0;
}

/**
 * mbond_port_opt_set() - stage an option of a port
 * @params: candidate options of the port
 * @mode: of its bond
 * @opt: row of the port's part of the table
 * @value: wanted
 * @fault: filled on error
 *
 * Return: 0 or the errno in @fault.
 */
int mbond_port_opt_set(struct mbond_port_params *params, u8 mode,
		       const struct mbond_opt *opt, s64 value,
		       struct mbond_fault *fault)
{
	int err;

	if (opt->badmodes & BIT(mode))
		return refuse(fault, MBOND_FAULT_MODE, opt, value, mode);
	err = check_value(opt, value, mode, fault);
	if (err)
		return err;
	mbond_opt_put(opt, params, value);
	return 0;
}

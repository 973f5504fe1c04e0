/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A request to change options, checked as a whole before anything changes.
 *
 * Values are staged one by one into a candidate, in any order; one check at
 * the end judges the candidate against the state of the bond.
 */
#ifndef _MBOND_OPT_CHECK_H
#define _MBOND_OPT_CHECK_H

#include "opt_table.h"

/* Modes that bonding polls in, whether told or not */
#define MBOND_MODES_POLLED	(BIT(MLAGBOND_MODE_8023AD) | \
				 BIT(MLAGBOND_MODE_BALANCE_TLB) | \
				 BIT(MLAGBOND_MODE_BALANCE_ALB))

/**
 * enum mbond_fault_kind - why a request is refused
 * @MBOND_FAULT_VALUE: no value of the option, -EINVAL
 * @MBOND_FAULT_MULTICAST: a multicast address, -EINVAL
 * @MBOND_FAULT_TARGET: an address that no host can have, -EINVAL
 * @MBOND_FAULT_TWICE: an address that is in the list already, -EINVAL
 * @MBOND_FAULT_FULL: more addresses than a list holds, -EINVAL
 * @MBOND_FAULT_MODE: the mode does not have the option, -EACCES
 * @MBOND_FAULT_PORTS: not while ports are attached, -ENOTEMPTY
 * @MBOND_FAULT_UP: not while the bond is up, -EBUSY
 * @MBOND_FAULT_MIIMON: a delay without miimon to count it, -EPERM
 * @MBOND_FAULT_MLAG: mlag_id is set, which forbids it, -EACCES
 * @MBOND_FAULT_LEG: an option is set that a leg cannot have, -EACCES
 */
enum mbond_fault_kind {
	MBOND_FAULT_VALUE,
	MBOND_FAULT_MULTICAST,
	MBOND_FAULT_TARGET,
	MBOND_FAULT_TWICE,
	MBOND_FAULT_FULL,
	MBOND_FAULT_MODE,
	MBOND_FAULT_PORTS,
	MBOND_FAULT_UP,
	MBOND_FAULT_MIIMON,
	MBOND_FAULT_MLAG,
	MBOND_FAULT_LEG,
};

/**
 * struct mbond_fault - one refusal, for whoever words it
 * @kind: why
 * @err: negative errno
 * @opt: option that was refused
 * @value: its number as requested, 0 for addresses
 * @mode: mode the bond has or would get
 * @mlag_id: of the candidate
 * @other: option that is in the way, of MBOND_FAULT_LEG
 * @text: what was written, if the request came as text; else NULL
 * @addr: address of a list that was refused
 */
struct mbond_fault {
	enum mbond_fault_kind kind;
	int err;
	const struct mbond_opt *opt;
	s64 value;
	u8 mode;
	u32 mlag_id;
	const struct mbond_opt *other;
	const char *text;
	u8 addr[MBOND_IP6_LEN];
};

/**
 * struct mbond_bond_state - what beside its options decides what may change
 * @up: IFF_UP
 * @ports: has ports
 * @as_bonding: miimon and arp_interval end each other; what is
 *	MBOND_OPT_LIVE changes only while the bond is down
 */
struct mbond_bond_state {
	bool up;
	bool ports;
	bool as_bonding;
};

/**
 * struct mbond_request - options somebody wants changed
 * @params: candidate: the present options with the wanted ones over them
 * @given: options named in the request
 * @active_ifindex: wanted active port, 0: choose; if in @given
 * @once: an address that is named twice counts once
 */
struct mbond_request {
	struct mbond_params params;
	u64 given;
	int active_ifindex;
	bool once;
};

void mbond_request_init(struct mbond_request *req,
			const struct mbond_params *now);
int mbond_request_set(struct mbond_request *req, const struct mbond_opt *opt,
		      s64 value, struct mbond_fault *fault);
int mbond_request_set_mac(struct mbond_request *req,
			  const struct mbond_opt *opt, const u8 *mac,
			  struct mbond_fault *fault);
void mbond_request_clear_list(struct mbond_request *req,
			      const struct mbond_opt *opt);
int mbond_request_add_addr(struct mbond_request *req,
			   const struct mbond_opt *opt, const u8 *addr,
			   struct mbond_fault *fault);
bool mbond_request_del_addr(struct mbond_request *req,
			    const struct mbond_opt *opt, const u8 *addr);
void mbond_request_set_primary(struct mbond_request *req, const char *name);
void mbond_request_set_active(struct mbond_request *req, int ifindex);
int mbond_request_check(struct mbond_request *req,
			const struct mbond_params *now,
			const struct mbond_bond_state *state,
			struct mbond_fault *fault);

int mbond_port_opt_set(struct mbond_port_params *params, u8 mode,
		       const struct mbond_opt *opt, s64 value,
		       struct mbond_fault *fault);

#endif /* _MBOND_OPT_CHECK_H */

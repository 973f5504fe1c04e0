/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bridge protocol data units, IEEE 802.1D-2004 clause 9: read and written.
 */
#ifndef _MLAG_ICCP_BPDU_H
#define _MLAG_ICCP_BPDU_H

#include <linux/bits.h>
#include <linux/types.h>

#define ICCP_BPDU_MAX		36	/* bytes of what we write */

#define ICCP_BPDU_TC		BIT(0)	/* topology change */
#define ICCP_BPDU_TCA		BIT(7)	/* topology change acknowledgement */

enum iccp_bpdu_type {
	ICCP_BPDU_CONFIG,
	ICCP_BPDU_TCN,
	ICCP_BPDU_RST,		/* MST is read as one, as its bridges ask for */
};

/**
 * struct iccp_stp_vector - priority vector, 802.1D-2004 17.5: less is better
 * @root: bridge identifier of the root: priority << 48 | address
 * @cost: from the sender to the root
 * @bridge: bridge identifier of the sender
 * @port: port identifier of the sender
 */
struct iccp_stp_vector {
	u64 root;
	u32 cost;
	u64 bridge;
	u16 port;
};

/**
 * struct iccp_bpdu - a BPDU, host order
 * @type: enum iccp_bpdu_type; of a TCN nothing else is set
 * @flags: ICCP_BPDU_*, and those of RST as they are
 * @v: what it claims
 * @age: how old the claim is, 1/256 s, as all times here
 * @max_age: age at which it is void
 * @hello: interval of the root
 * @delay: forward delay of the root
 */
struct iccp_bpdu {
	u8 type;
	u8 flags;
	struct iccp_stp_vector v;
	u16 age;
	u16 max_age;
	u16 hello;
	u16 delay;
};

/**
 * iccp_bpdu_get() - read a BPDU
 * @bytes: from the protocol identifier on
 * @len: of @bytes; what follows the BPDU does not matter
 * @out: result
 *
 * Return: false if it is none, or cut short, or void already.
 */
bool iccp_bpdu_get(const u8 *bytes, u32 len, struct iccp_bpdu *out);

/**
 * iccp_bpdu_put() - write a BPDU
 * @bytes: ICCP_BPDU_MAX of them
 * @in: what
 *
 * Return: bytes written.
 */
u32 iccp_bpdu_put(u8 *bytes, const struct iccp_bpdu *in);

/**
 * iccp_bpdu_claim() - change what a BPDU claims, nothing else
 * @bytes: one that iccp_bpdu_get() has read
 * @v: claim
 */
void iccp_bpdu_claim(u8 *bytes, const struct iccp_stp_vector *v);

/* The same for its age and the times of the root, those of @from. */
void iccp_bpdu_times(u8 *bytes, const struct iccp_bpdu *from);

/* Less than 0: @a is better, 0: equal. */
int iccp_stp_compare(const struct iccp_stp_vector *a,
		     const struct iccp_stp_vector *b);

/* How long a claim is good for, ms. */
u32 iccp_bpdu_life(const struct iccp_bpdu *bpdu);

/* A bridge identifier of its two halves. */
u64 iccp_bridge_id(u16 priority, const u8 *mac);

#endif /* _MLAG_ICCP_BPDU_H */

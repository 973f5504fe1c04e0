/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys of a chassis: which one signs what leaves, which ones are taken.
 *
 * In: keys of the operator, checked headers, what the peer says of its keys,
 * time. Out: signed frames, verdicts. How a key is replaced without losing the
 * session: Documentation/mlag-protocol.rst, "Authentication".
 */
#ifndef _MLAG_ICCP_AUTH_H
#define _MLAG_ICCP_AUTH_H

#include <crypto/sha2.h>
#include <linux/types.h>
#include "iccp_pdu.h"

#define ICCP_KEY_MIN		16	/* bytes */
#define ICCP_KEY_MAX		64
#define ICCP_KEY_ROLL_MS	3600000	/* a replaced key is taken no longer */
#define ICCP_KEY_GRACE_MS	5000	/* nor after the peer signs with a newer */

/**
 * struct iccp_key - one key, or none
 * @id: tells keys apart without giving them away; 0: no key, frames unsigned
 * @until: taken until then, U64_MAX for the newest
 * @hmac: made of the key, and as secret
 */
struct iccp_key {
	u32 id;
	u64 until;
	struct hmac_sha256_key hmac;
};

/**
 * struct iccp_auth - Caller serialises calls
 * @keys: newest first; all are taken
 * @n: of @keys, 1 or more
 * @npeer: of @peer, 0 if the peer has not said anything
 * @peer: keys the peer takes
 * @heard: the peer last signed with it, if @any
 * @any: the peer was heard
 * @session: one runs
 * @turn: without one, which key signs
 */
struct iccp_auth {
	struct iccp_key keys[ICCP_KEYS];
	u8 n;
	u8 npeer;
	u32 peer[ICCP_KEYS];
	u32 heard;
	bool any;
	bool session;
	u8 turn;
};

void iccp_auth_init(struct iccp_auth *a);
bool iccp_auth_set(struct iccp_auth *a, u64 now, const u8 *key, u32 len);
void iccp_auth_session(struct iccp_auth *a, bool on);
void iccp_auth_turn(struct iccp_auth *a);
void iccp_auth_run(struct iccp_auth *a, u64 now);
u64 iccp_auth_deadline(const struct iccp_auth *a);

enum iccp_drop iccp_auth_check(const struct iccp_auth *a, const u8 *bytes,
			       const struct iccp_hdr *hdr, u32 *id);
void iccp_auth_heard(struct iccp_auth *a, u64 now, u32 id);
void iccp_auth_peer(struct iccp_auth *a, const struct iccp_tlv *tlv);

u32 iccp_auth_signer(const struct iccp_auth *a);
u32 iccp_auth_sign(const struct iccp_auth *a, u8 *frame, u32 len);
void iccp_auth_put(const struct iccp_auth *a, struct iccp_writer *w);

/* What is not signed is not meant to be taken. */
static inline bool iccp_auth_required(const struct iccp_auth *a)
{
	return a->keys[0].id;
}

#endif /* _MLAG_ICCP_AUTH_H */

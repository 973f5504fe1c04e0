// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of a chassis: HMAC-SHA-256 over frames, and the rule by which one key
 * follows another. "No key" is a key like any other, with id 0.
 */
#include <crypto/utils.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include "iccp_auth.h"

static void mac(const struct iccp_key *key, const u8 *bytes, u32 len,
		u8 out[SHA256_DIGEST_SIZE])
{
	hmac_sha256(&key->hmac, bytes, len, out);
}

/* A MAC over what can be no frame: no frame begins like that. */
static u32 key_id(const struct iccp_key *key)
{
	static const u8 text[] = "key of mlag_iccp";
	u8 digest[SHA256_DIGEST_SIZE];
	u32 id;

	mac(key, text, sizeof(text), digest);
	id = get_unaligned_be32(digest);
	return id ? id : 1;
}

static void key_make(struct iccp_key *key, const u8 *bytes, u32 len)
{
	memset(key, 0, sizeof(*key));
	key->until = U64_MAX;
	if (!len)
		return;
	hmac_sha256_preparekey(&key->hmac, bytes, len);
	key->id = key_id(key);
}

static struct iccp_key *key_find(struct iccp_auth *a, u32 id)
{
	u32 i;

	for (i = 0; i < a->n; i++)
		if (a->keys[i].id == id)
			return &a->keys[i];
	return NULL;
}

static void key_drop(struct iccp_auth *a, u32 at)
{
	memmove(&a->keys[at], &a->keys[at + 1],
		(a->n - at - 1) * sizeof(a->keys[0]));
	a->n--;
	memzero_explicit(&a->keys[a->n], sizeof(a->keys[0]));
}

static bool peer_takes(const struct iccp_auth *a, u32 id)
{
	u32 i;

	for (i = 0; i < a->npeer; i++)
		if (a->peer[i] == id)
			return true;
	return false;
}

/* The newest key that the peer has said it takes, else the oldest. */
static const struct iccp_key *agreed(const struct iccp_auth *a)
{
	u32 i;

	for (i = 0; i + 1 < a->n; i++)
		if (peer_takes(a, a->keys[i].id))
			break;
	return &a->keys[i];
}

/* Without a session nobody knows what the peer takes: each key has its turn. */
static const struct iccp_key *signer(const struct iccp_auth *a)
{
	return a->session ? agreed(a) : &a->keys[a->turn % a->n];
}

/*
 * iccp_auth_init() - no key; @a is overwritten
 */
void iccp_auth_init(struct iccp_auth *a)
{
	memset(a, 0, sizeof(*a));
	a->n = 1;
	key_make(&a->keys[0], NULL, 0);
}

/* Of the keys so far only those in use stay: what we sign with, what the peer does. */
static void keys_in_use(struct iccp_auth *a, u32 new_id)
{
	u32 signs = agreed(a)->id;
	u32 i = 0, id;
	bool used;

	while (i < a->n) {
		id = a->keys[i].id;
		used = id == signs || (a->any && id == a->heard);
		if (id == new_id || !used || (!id && !a->session))
			key_drop(a, i);
		else
			i++;
	}
}

/**
 * iccp_auth_set() - another key from now on
 * @a: keys
 * @now: ms
 * @key: its bytes, not kept
 * @len: ICCP_KEY_MIN..ICCP_KEY_MAX, 0 = no key
 *
 * Frames that are not signed are taken for the sake of a session alone.
 * Return: false if it is the one we have.
 */
bool iccp_auth_set(struct iccp_auth *a, u64 now, const u8 *key, u32 len)
{
	struct iccp_key made;
	u32 i;

	key_make(&made, key, len);
	if (made.id == a->keys[0].id) {
		memzero_explicit(&made, sizeof(made));
		return false;
	}
	keys_in_use(a, made.id);
	memmove(&a->keys[1], &a->keys[0], a->n * sizeof(a->keys[0]));
	a->n++;
	a->keys[0] = made;
	memzero_explicit(&made, sizeof(made));
	for (i = 1; i < a->n; i++)
		a->keys[i].until = min_t(u64, a->keys[i].until,
					 now + ICCP_KEY_ROLL_MS);
	return true;
}

/*
 * iccp_auth_session() - a session begins or ends
 */
void iccp_auth_session(struct iccp_auth *a, bool on)
{
	struct iccp_key *none = key_find(a, 0);

	a->session = on;
	if (!on && none && none != a->keys)
		key_drop(a, none - a->keys);
}

/*
 * iccp_auth_turn() - another round of hellos: the next key
 */
void iccp_auth_turn(struct iccp_auth *a)
{
	a->turn++;
}

/*
 * iccp_auth_run() - forget keys whose time is over
 */
void iccp_auth_run(struct iccp_auth *a, u64 now)
{
	u32 i = 1;

	while (i < a->n) {
		if (now >= a->keys[i].until)
			key_drop(a, i);
		else
			i++;
	}
}

/*
 * iccp_auth_deadline() - when to run, U64_MAX = never
 */
u64 iccp_auth_deadline(const struct iccp_auth *a)
{
	u64 at = U64_MAX;
	u32 i;

	for (i = 1; i < a->n; i++)
		at = min_t(u64, at, a->keys[i].until);
	return at;
}

static bool signed_with(const struct iccp_key *key, const u8 *bytes,
			const struct iccp_hdr *hdr)
{
	u32 len = ICCP_HDR_LEN + hdr->length;
	u8 digest[SHA256_DIGEST_SIZE];

	if (!key->id || key->id >> 16 != hdr->key)
		return false;
	mac(key, bytes, len, digest);
	return !crypto_memneq(digest, bytes + len, ICCP_AUTH_LEN);
}

/**
 * iccp_auth_check() - is this frame signed with a key we take?
 * @a: keys
 * @bytes: frame
 * @hdr: of it, by iccp_pdu_head()
 * @id: which key, if ICCP_OK
 *
 * Return: ICCP_OK or ICCP_DROP_AUTH.
 */
enum iccp_drop iccp_auth_check(const struct iccp_auth *a, const u8 *bytes,
			       const struct iccp_hdr *hdr, u32 *id)
{
	bool is_signed = hdr->flags & ICCP_FLAG_AUTH;
	u32 i;

	for (i = 0; i < a->n; i++) {
		*id = a->keys[i].id;
		if (is_signed ? signed_with(&a->keys[i], bytes, hdr) : !*id)
			return ICCP_OK;
	}
	return ICCP_DROP_AUTH;
}

/*
 * iccp_auth_heard() - a frame of the peer was taken that is signed with @id
 *
 * The peer uses a key only after we said that we take it, and does not go back:
 * older ones are needed for what is under way, no longer.
 */
void iccp_auth_heard(struct iccp_auth *a, u64 now, u32 id)
{
	u32 i = 0;

	a->heard = id;
	a->any = true;
	while (i < a->n && a->keys[i].id != id)
		i++;
	for (i++; i < a->n; i++)
		a->keys[i].until = min_t(u64, a->keys[i].until,
					 now + ICCP_KEY_GRACE_MS);
}

/*
 * iccp_auth_peer() - the keys the peer takes, as its hello says
 * @tlv: ICCP_TLV_KEYS; without value: the hello has none, nor has the peer a key
 */
void iccp_auth_peer(struct iccp_auth *a, const struct iccp_tlv *tlv)
{
	a->npeer = 1;
	a->peer[0] = 0;
	if (tlv->value)
		a->npeer = iccp_get_keys(tlv, a->peer);
}

/*
 * iccp_auth_signer() - id of the key that signs what leaves now
 */
u32 iccp_auth_signer(const struct iccp_auth *a)
{
	return signer(a)->id;
}

/**
 * iccp_auth_sign() - sign a frame that leaves
 * @a: keys
 * @frame: whole, with room for ICCP_AUTH_LEN bytes behind it
 * @len: of it
 *
 * Return: bytes to send.
 */
u32 iccp_auth_sign(const struct iccp_auth *a, u8 *frame, u32 len)
{
	const struct iccp_key *key = signer(a);
	u8 digest[SHA256_DIGEST_SIZE];

	if (!key->id)
		return len;
	iccp_pdu_mark_signed(frame, key->id >> 16);
	mac(key, frame, len, digest);
	memcpy(frame + len, digest, ICCP_AUTH_LEN);
	return len + ICCP_AUTH_LEN;
}

/*
 * iccp_auth_put() - tell the peer which keys we take
 */
void iccp_auth_put(const struct iccp_auth *a, struct iccp_writer *w)
{
	u32 ids[ICCP_KEYS];
	u32 i;

	if (a->n == 1 && !a->keys[0].id)
		return;
	for (i = 0; i < a->n; i++)
		ids[i] = a->keys[i].id;
	iccp_put_keys(w, ids, a->n);
}

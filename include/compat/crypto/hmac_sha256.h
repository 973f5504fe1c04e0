/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HMAC-SHA-256 (RFC 2104) by the names it has in lib/crypto since 6.17, made of
 * the library's SHA-256. Older kernels and user space include it through their
 * <crypto/sha2.h>. No allocation, any context.
 */
#ifndef _MLAGBOND_COMPAT_CRYPTO_HMAC_SHA256_H
#define _MLAGBOND_COMPAT_CRYPTO_HMAC_SHA256_H

#include <linux/string.h>

/* Both hashes after the block that holds the key. */
struct hmac_sha256_key {
	struct sha256_state inner;
	struct sha256_state outer;
};

static inline void hmac_sha256_block(struct sha256_state *state,
				     const u8 *key, u8 pad)
{
	u8 block[SHA256_BLOCK_SIZE];
	size_t i;

	for (i = 0; i < sizeof(block); i++)
		block[i] = key[i] ^ pad;
	sha256_init(state);
	sha256_update(state, block, sizeof(block));
	memzero_explicit(block, sizeof(block));
}

static inline void hmac_sha256_preparekey(struct hmac_sha256_key *key,
					  const u8 *raw_key, size_t raw_key_len)
{
	u8 padded[SHA256_BLOCK_SIZE] = { 0 };
	struct sha256_state long_key;

	if (raw_key_len > sizeof(padded)) {
		sha256_init(&long_key);
		sha256_update(&long_key, raw_key, raw_key_len);
		sha256_final(&long_key, padded);
	} else {
		memcpy(padded, raw_key, raw_key_len);
	}
	hmac_sha256_block(&key->inner, padded, 0x36);
	hmac_sha256_block(&key->outer, padded, 0x5c);
	memzero_explicit(padded, sizeof(padded));
}

static inline void hmac_sha256(const struct hmac_sha256_key *key,
			       const u8 *data, size_t data_len,
			       u8 out[SHA256_DIGEST_SIZE])
{
	struct sha256_state state = key->inner;

	sha256_update(&state, data, data_len);
	sha256_final(&state, out);
	state = key->outer;
	sha256_update(&state, out, SHA256_DIGEST_SIZE);
	sha256_final(&state, out);
}

#endif

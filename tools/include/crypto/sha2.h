/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User-space stand-in: SHA-256 (FIPS 180-4) by the kernel library's names, and
 * the HMAC that older kernels use. Checked against published vectors by
 * selftests/unit/iccp_auth_test.c.
 */
#ifndef _TOOLS_CRYPTO_SHA2_H
#define _TOOLS_CRYPTO_SHA2_H

#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#define SHA256_DIGEST_SIZE	32
#define SHA256_BLOCK_SIZE	64

struct sha256_state {
	u32 h[8];
	u64 count;
	u8 buf[SHA256_BLOCK_SIZE];
};

static inline void sha256_init(struct sha256_state *s)
{
	static const u32 start[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(s->h, start, sizeof(start));
	s->count = 0;
}

static inline u32 sha256_ror(u32 x, int n)
{
	return x >> n | x << (32 - n);
}

/* Message schedule: sixteen words of the block, and what follows from them. */
static inline void sha256_expand(u32 w[64], const u8 *block)
{
	int i;

	for (i = 0; i < 16; i++)
		w[i] = get_unaligned_be32(block + 4 * i);
	for (; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		       (sha256_ror(w[i - 15], 7) ^ sha256_ror(w[i - 15], 18) ^
			w[i - 15] >> 3) +
		       (sha256_ror(w[i - 2], 17) ^ sha256_ror(w[i - 2], 19) ^
			w[i - 2] >> 10);
}

/* One round on the eight words a..h in v. */
static inline void sha256_round(u32 v[8], u32 input)
{
	u32 e = v[4], a = v[0];
	u32 t1 = v[7] + input + ((e & v[5]) ^ (~e & v[6])) +
		 (sha256_ror(e, 6) ^ sha256_ror(e, 11) ^ sha256_ror(e, 25));
	u32 t2 = ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2])) +
		 (sha256_ror(a, 2) ^ sha256_ror(a, 13) ^ sha256_ror(a, 22));

	memmove(v + 1, v, 7 * sizeof(*v));
	v[4] += t1;
	v[0] = t1 + t2;
}

static inline void sha256_block(struct sha256_state *s, const u8 *block)
{
	static const u32 k[64] = {
		0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
		0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
		0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
		0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
		0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
		0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
		0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
		0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
		0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
		0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
		0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
		0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
		0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
		0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
		0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
		0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
	};
	u32 w[64], v[8];
	int i;

	sha256_expand(w, block);
	memcpy(v, s->h, sizeof(v));
	for (i = 0; i < 64; i++)
		sha256_round(v, k[i] + w[i]);
	for (i = 0; i < 8; i++)
		s->h[i] += v[i];
}

static inline void sha256_update(struct sha256_state *s, const u8 *data,
				 size_t len)
{
	size_t at = s->count % SHA256_BLOCK_SIZE;

	s->count += len;
	while (at + len >= SHA256_BLOCK_SIZE) {
		memcpy(s->buf + at, data, SHA256_BLOCK_SIZE - at);
		sha256_block(s, s->buf);
		data += SHA256_BLOCK_SIZE - at;
		len -= SHA256_BLOCK_SIZE - at;
		at = 0;
	}
	if (len)
		memcpy(s->buf + at, data, len);
}

static inline void sha256_final(struct sha256_state *s, u8 *out)
{
	static const u8 pad[SHA256_BLOCK_SIZE] = { 0x80 };
	size_t at = s->count % SHA256_BLOCK_SIZE;
	u8 bits[8];
	int i;

	put_unaligned_be64(s->count * 8, bits);
	sha256_update(s, pad, (at < 56 ? 56 : 120) - at);
	sha256_update(s, bits, sizeof(bits));
	for (i = 0; i < 8; i++)
		put_unaligned_be32(s->h[i], out + 4 * i);
	memset(s, 0, sizeof(*s));
}

#include "../../../include/compat/crypto/hmac_sha256.h"

#endif

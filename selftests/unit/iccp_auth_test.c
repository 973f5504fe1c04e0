// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys: hashes against published vectors, frames that were changed, frames that
 * were recorded, and keys that are replaced under a session that must not
 * notice.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <linux/limits.h>
#include "iccp_bench.h"

#include "ktap.h"

/* 0 is no key */
static const char *const keys[] = {
	"", "the first key of the pair", "the second key of the pair",
	"the third key of the pair", "a key out of the wrong file",
};

static struct bench bench;
static u32 dead_ms;	/* 0: default; longer where hellos are lost */

/* --- hashes ----------------------------------------------------------------- */

static void hex(const u8 *bytes, u32 n, char *out)
{
	while (n--)
		out += sprintf(out, "%02x", *bytes++);
}

static void expect_sha256(const char *text, u32 times, const char *want)
{
	struct sha256_state s;
	char got[65];
	u8 out[32];

	sha256_init(&s);
	while (times--)
		sha256_update(&s, (const u8 *)text, strlen(text));
	sha256_final(&s, out);
	hex(out, 32, got);
	EXPECT_STREQ(got, want);
}

TEST(sha256_of_fips_180)
{
	expect_sha256("", 1, "e3b0c44298fc1c149afbf4c8996fb924"
			     "27ae41e4649b934ca495991b7852b855");
	expect_sha256("abc", 1, "ba7816bf8f01cfea414140de5dae2223"
				"b00361a396177a9cb410ff61f20015ad");
	expect_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		      1, "248d6a61d20638b8e5c026930c3e6039"
			 "a33ce45964ff2167f6ecedd419db06c1");
	expect_sha256("aaaaaaaaaa", 100000, "cdc76e5c9914fb9281a1c7e284d73e67"
					    "f1809a48a497200e046d39ccc7112cd0");
}

static void expect_hmac(const void *key, u32 key_len, const void *data,
			u32 len, const char *want)
{
	struct hmac_sha256_key k;
	char got[65];
	u8 out[32];

	hmac_sha256_preparekey(&k, key, key_len);
	hmac_sha256(&k, data, len, out);
	hex(out, 32, got);
	got[strlen(want)] = 0;
	EXPECT_STREQ(got, want);
}

TEST(hmac_of_rfc_4231)
{
	static const char case6[] =
		"Test Using Larger Than Block-Size Key - Hash Key First";
	u8 key[131], data[50];
	u32 i;

	memset(key, 0x0b, 20);
	expect_hmac(key, 20, "Hi There", 8,
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7");
	expect_hmac("Jefe", 4, "what do ya want for nothing?", 28,
		    "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	expect_hmac(key, 20, data, 50, "773ea91e36800e46854db8ebd09181a7"
				       "2959098b3ef8c122d9635514ced565fe");
	expect_hmac(key, 131, case6, strlen(case6),
		    "60e431591ee0b67f0d8a26aacbf5b77f"
		    "8e0bc6213728c5140546040f0ee37f54");
	memset(key, 0x0c, 20);
	expect_hmac(key, 20, "Test With Truncation", 20,
		    "a3b6167473100ee06e0c796c2955552b");
	for (i = 0; i < 25; i++)
		key[i] = i + 1;
	memset(data, 0xcd, sizeof(data));
	expect_hmac(key, 25, data, 50, "82558a389a443c0ea4cc819899f2083a"
				       "85f0faa3e578f8077a2e3ff46729665b");
}

/* --- a pair ----------------------------------------------------------------- */

static int set_key(struct bench *b, int who, int key)
{
	b->c[who].next = 0;
	return iccp_node_set_key(b->c[who].node, b->now,
				 (const u8 *)keys[key], strlen(keys[key]));
}

static void boot(struct bench *b, int who, int key)
{
	struct iccp_config cfg;
	int leg;

	bench_config(b, who, &cfg);
	cfg.heartbeat = true;
	cfg.reload_delay = 1000;
	cfg.dead = dead_ms;
	bench_start(b, who, &cfg);
	EXPECT_EQ(set_key(b, who, key), 0);
	for (leg = 0; leg < 2; leg++)
		bench_plug(b, who, leg, true);
}

static void pair_open(struct bench *b, u64 seed, int key)
{
	bench_open(b, seed, 64);
	boot(b, 0, key);
	boot(b, 1, key);
	EXPECT(bench_until(b, 3000, bench_connected));
	EXPECT(bench_until(b, 3000, bench_legs_up));
	bench_run(b, 500);
	EXPECT(b->c[0].node->beat.hears_us && b->c[1].node->beat.hears_us);
}

static u64 drops(const struct bench *b, int who, enum iccp_drop why)
{
	return b->c[who].node->drops[why];
}

static u64 losses(const struct bench *b)
{
	return b->c[0].node->counters[ICCP_C_SESSIONS_LOST] +
	       b->c[1].node->counters[ICCP_C_SESSIONS_LOST];
}

static u32 newest(const struct bench *b, int who)
{
	return b->c[who].node->auth.keys[0].id;
}

TEST(lengths_of_keys)
{
	static const u8 bytes[ICCP_KEY_MAX + 1] = { 1 };
	struct bench *b = &bench;
	struct iccp_node *node;

	pair_open(b, 1, 0);
	node = b->c[0].node;
	EXPECT(iccp_node_set_key(node, b->now, bytes, ICCP_KEY_MIN - 1) < 0);
	EXPECT(iccp_node_set_key(node, b->now, bytes, ICCP_KEY_MAX + 1) < 0);
	EXPECT_EQ(newest(b, 0), 0);
	EXPECT_EQ(iccp_node_set_key(node, b->now, bytes, ICCP_KEY_MIN), 0);
	EXPECT(newest(b, 0));
	iccp_node_wipe(node);
	EXPECT(!memchr_inv(&node->auth, 0, sizeof(node->auth)));
	bench_close(b);
}

TEST(same_key_connects)
{
	struct iccp_status st;
	struct bench *b = &bench;

	pair_open(b, 2, 1);
	iccp_node_status(b->c[0].node, b->now, &st);
	EXPECT(st.key && st.key == st.key_signs && st.key_heard);
	EXPECT_EQ(st.key, st.key_peer);
	EXPECT_EQ(st.key_older_left, 0);
	EXPECT_EQ(newest(b, 0), newest(b, 1));
	EXPECT_EQ(drops(b, 0, ICCP_DROP_AUTH) + drops(b, 1, ICCP_DROP_AUTH), 0);
	bench_close(b);
}

static void expect_refused(u64 seed, int key0, int key1)
{
	struct bench *b = &bench;
	struct iccp_status st;
	int i;

	bench_open(b, seed, 64);
	boot(b, 0, key0);
	boot(b, 1, key1);
	bench_run(b, 3000);
	for (i = 0; i < 2; i++) {
		iccp_node_status(b->c[i].node, b->now, &st);
		EXPECT(!st.peer.known);
		EXPECT_EQ(st.refused, ICCP_DROP_AUTH);
		EXPECT_EQ(st.state, ICCP_STATE_CONNECTING);
		EXPECT_EQ(st.heartbeat, ICCP_BEAT_UNHEARD);
		EXPECT(drops(b, i, ICCP_DROP_AUTH) > 10);
	}
	bench_close(b);
}

TEST(other_keys_do_not)
{
	expect_refused(3, 1, 2);
	expect_refused(4, 0, 1);
	expect_refused(5, 1, 0);
}

/* --- frames that were changed ----------------------------------------------- */

static struct bench_frame kept[1024];
static u32 nkept;

/* A longest frame of each type that went to chassis 1 */
static bool keep_types(struct bench *b, int to, const u8 *buf, u32 len)
{
	struct bench_frame *f = &kept[buf[6]];

	if (to != 1 || len <= f->len)
		return false;
	f->len = len;
	memcpy(f->buf, buf, len);
	return false;
}

static enum iccp_drop give(struct bench *b, int who, const u8 *buf, u32 len)
{
	if (len > 6 && buf[6] == ICCP_HEARTBEAT)
		return iccp_node_beat(b->c[who].node, b->now, buf, len);
	return iccp_node_frame(b->c[who].node, b->now, 0, buf, len);
}

static void tamper(struct bench *b, const struct bench_frame *f)
{
	static u8 buf[ICCP_FRAME_MAX];
	enum iccp_drop drop;
	u32 at;

	for (at = 0; at < f->len; at++) {
		memcpy(buf, f->buf, f->len);
		buf[at] ^= 1 << at % 8;
		drop = give(b, 1, buf, f->len);
		/* what the header alone tells is found before */
		if (!EXPECT(at < ICCP_HDR_LEN ? drop >= ICCP_DROP_FOREIGN &&
						drop <= ICCP_DROP_DOMAIN :
						drop == ICCP_DROP_AUTH))
			printf("# type %u byte %u: %s\n", f->buf[6], at,
			       iccp_drop_name(drop));
	}
	for (at = 0; at < f->len; at++)
		EXPECT(give(b, 1, f->buf, at) <= ICCP_DROP_AUTH);
	memcpy(buf, f->buf, f->len);
	buf[7] = 0;
	EXPECT_EQ(give(b, 1, buf, f->len), ICCP_DROP_AUTH);
}

TEST(every_changed_byte_is_noticed)
{
	struct bench *b = &bench;
	u32 type;

	memset(kept, 0, sizeof(kept));
	bench_open(b, 6, 64);
	bench_drop = keep_types;
	b->loss = 100;
	boot(b, 0, 1);
	boot(b, 1, 1);
	EXPECT(bench_until(b, 5000, bench_legs_up));
	bench_plug(b, 0, 0, false);
	bench_run(b, 300);
	iccp_node_leave(b->c[0].node, b->now, ICCP_BYE_REBOOT);
	bench_run(b, 500);
	for (type = ICCP_HELLO; type <= ICCP_HEARTBEAT; type++) {
		EXPECT(kept[type].len);
		tamper(b, &kept[type]);
	}
	bench_close(b);
}

/* Whatever a frame holds, the signature fits behind it. */
static u32 longest;

static bool keep_longest(struct bench *b, int to, const u8 *buf, u32 len)
{
	longest = len > longest ? len : longest;
	return false;
}

TEST(frames_keep_to_the_mtu)
{
	struct bench *b = &bench;
	struct iccp_config cfg;
	int i;
	u32 n;

	longest = 0;
	bench_open(b, 7, 8192);
	bench_drop = keep_longest;
	for (i = 0; i < 2; i++) {
		bench_config(b, i, &cfg);
		cfg.mtu = ICCP_FRAME_MIN_MTU;
		cfg.dead = 5000;
		bench_start(b, i, &cfg);
	}
	EXPECT(bench_until(b, 3000, bench_connected));
	b->loss = 300;
	for (n = 0; n < 2000; n++) {
		bench_learn(b, 0, n, ICCP_PLACE_ORPHAN, 0);
		if (n == 1000) {
			bench_run(b, 3);
			set_key(b, 0, 1);
			set_key(b, 1, 1);
		}
	}
	EXPECT(bench_until(b, 20000, bench_quiet));
	bench_run(b, 1000);
	for (; n < 4000; n++)
		bench_learn(b, 0, n, ICCP_PLACE_ORPHAN, 0);
	EXPECT(bench_until(b, 20000, bench_quiet));
	EXPECT_EQ(losses(b), 0);
	EXPECT(longest <= ICCP_FRAME_MIN_MTU);
	EXPECT(longest > ICCP_FRAME_MIN_MTU - ICCP_LEN_FDB_REC);
	bench_close(b);
}

/* --- frames that were recorded ---------------------------------------------- */

static bool record(struct bench *b, int to, const u8 *buf, u32 len)
{
	if (nkept == sizeof(kept) / sizeof(kept[0]))
		return false;
	kept[nkept].to = to;
	kept[nkept].len = len;
	memcpy(kept[nkept++].buf, buf, len);
	return false;
}

/* A whole life of a pair, goodbye included */
static void record_life(struct bench *b)
{
	nkept = 0;
	bench_open(b, 8, 64);
	bench_drop = record;
	boot(b, 0, 1);
	boot(b, 1, 1);
	EXPECT(bench_until(b, 3000, bench_legs_up));
	bench_run(b, 1500);
	EXPECT(nkept > 50);
}

/* What was sent to @of, to @who; answers go nowhere, some time passes */
static void play(struct bench *b, int of, int who)
{
	u32 i;

	for (i = 0; i < nkept; i++) {
		if (kept[i].to != of)
			continue;
		give(b, who, kept[i].buf, kept[i].len);
		b->c[who].next = 0;
		bench_run(b, 5);
	}
}

static void restart(struct bench *b, int who)
{
	bench_stop(b, who);
	b->queued = 0;
	boot(b, who, 1);
}

TEST(recorded_life_means_nothing_to_a_new_one)
{
	struct bench *b = &bench;
	struct iccp_status st;

	record_life(b);
	bench_drop = NULL;
	bench_stop(b, 0);
	restart(b, 1);
	do
		play(b, 1, 1);
	while (b->now < b->c[1].node->started_at + 2000);
	iccp_node_status(b->c[1].node, b->now, &st);
	EXPECT(!st.peer.known);
	EXPECT_EQ(st.heartbeat, ICCP_BEAT_UNHEARD);
	EXPECT_EQ(b->c[1].node->session.state, ICCP_SESSION_NONE);
	/* reload-delay is over by now: it went on as if nothing was there */
	EXPECT_EQ(st.posture, ICCP_POSTURE_ALONE);
	EXPECT(drops(b, 1, ICCP_DROP_UNTRUSTED) > 10);
	bench_close(b);
}

TEST(recorded_life_does_not_disturb_a_running_pair)
{
	struct bench *b = &bench;
	u64 before[2];
	int i;

	record_life(b);
	bench_drop = NULL;
	restart(b, 0);
	restart(b, 1);
	EXPECT(bench_until(b, 5000, bench_legs_up));
	for (i = 0; i < 2; i++)
		before[i] = b->c[i].node->counters[ICCP_C_SESSIONS];
	play(b, 0, 0);
	play(b, 1, 1);
	play(b, 1, 0);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(b->c[i].node->counters[ICCP_C_SESSIONS], before[i]);
		EXPECT(b->c[i].node->beat.hears_us);
	}
	EXPECT_EQ(losses(b), 0);
	EXPECT(bench_connected(b) && bench_legs_up(b));
	bench_close(b);
}

TEST(frames_of_this_session_are_taken_once)
{
	struct bench *b = &bench;

	record_life(b);
	bench_drop = NULL;
	play(b, 0, 0);
	play(b, 1, 1);
	EXPECT_EQ(losses(b), 0);
	EXPECT(bench_connected(b) && bench_legs_up(b));
	EXPECT(drops(b, 1, ICCP_DROP_REPLAY) > 10);
	bench_close(b);
}

/* Both start again while somebody plays, over and over */
TEST(pair_meets_in_spite_of_a_record)
{
	struct bench *b = &bench;
	u32 i;

	record_life(b);
	bench_drop = NULL;
	bench_stop(b, 0);
	bench_stop(b, 1);
	b->queued = 0;
	boot(b, 0, 1);
	boot(b, 1, 1);
	for (i = 0; i < 2000; i++) {
		give(b, kept[i % nkept].to, kept[i % nkept].buf,
		     kept[i % nkept].len);
		bench_step(b);
	}
	EXPECT(bench_connected(b) && bench_legs_up(b));
	EXPECT(b->c[0].node->beat.hears_us && b->c[1].node->beat.hears_us);
	bench_close(b);
}

/* The primary dies. Its recorded beats neither keep the secondary from taking
 * over, nor bring it down when it leads.
 */
TEST(recorded_beats_are_no_life)
{
	struct bench *b = &bench;
	u32 i;

	record_life(b);
	bench_drop = NULL;
	EXPECT_EQ(b->c[1].node->role, ICCP_ROLE_SECONDARY);
	bench_stop(b, 0);
	bench_links(b, 0);
	for (i = 0; i < 3 * nkept; i++) {
		if (kept[i % nkept].to == 1)
			give(b, 1, kept[i % nkept].buf, kept[i % nkept].len);
		bench_run(b, 2);
	}
	EXPECT_EQ(b->c[1].node->posture, ICCP_POSTURE_ALONE);
	EXPECT_EQ(b->c[1].node->heartbeat, ICCP_HEARTBEAT_SILENT);
	EXPECT_EQ(bench_leg_state(b, 1, 0), ICCP_LEG_UP);
	bench_close(b);
}

/* The peer starts so often that nonces it gave up are forgotten. */
TEST(forgotten_nonces_are_not_taken_again)
{
	struct bench *b = &bench;
	u32 i;

	record_life(b);
	bench_drop = NULL;
	for (i = 0; i < 2 * ICCP_OLD_NONCES + 3; i++) {
		restart(b, 0);
		EXPECT(bench_until(b, 5000, bench_legs_up));
		EXPECT(bench_until(b, 500, bench_connected));
		bench_run(b, 300);
	}
	i = losses(b);
	play(b, 1, 1);
	EXPECT_EQ(losses(b), i);
	EXPECT(bench_connected(b));
	EXPECT(b->c[0].node->beat.hears_us && b->c[1].node->beat.hears_us);
	bench_close(b);
}

/* --- heartbeats alone ------------------------------------------------------- */

static struct iccp_beat beat;

static enum iccp_drop hear(u64 nonce, u64 echo, u32 seq)
{
	struct iccp_hdr hdr = { .type = ICCP_HEARTBEAT, .nonce = nonce,
				.echo = echo, .seq = seq };
	struct iccp_beat_word word = { 0 };

	return iccp_beat_in(&beat, 1000 + seq, &hdr, &word);
}

static void beat_open(void)
{
	memset(&beat, 0, sizeof(beat));
	iccp_beat_config(&beat, 1000, true, 200, 600);
	iccp_beat_start(&beat, 1000, 11);
	iccp_beat_strict(&beat, true);
}

TEST(beat_that_echoes_nothing)
{
	beat_open();
	EXPECT_EQ(hear(22, 0, 90), ICCP_DROP_UNTRUSTED);
	EXPECT(iccp_beat_due(&beat, 1090));
	EXPECT_EQ(beat.state, ICCP_BEAT_UNHEARD);
	EXPECT_EQ(hear(22, 11, 100), ICCP_OK);
	/* lost on the way then, and given to us now */
	EXPECT_EQ(hear(22, 0, 95), ICCP_DROP_REPLAY);
	/* the peer hears us no more, but lives */
	EXPECT_EQ(hear(22, 0, 101), ICCP_OK);
	EXPECT(!beat.hears_us);
}

TEST(beat_of_a_peer_long_gone)
{
	u32 i;

	beat_open();
	EXPECT_EQ(hear(100, 11, 1), ICCP_OK);
	for (i = 1; i <= ICCP_OLD_NONCES; i++)
		EXPECT_EQ(hear(100 + i, beat.nonce, 1), ICCP_OK);
	EXPECT_EQ(hear(100, 11, 2), ICCP_DROP_STALE);
	for (; i <= 3 * ICCP_OLD_NONCES; i++)
		EXPECT_EQ(hear(100 + i, beat.nonce, 1), ICCP_OK);
	EXPECT(hear(100, 11, 2) != ICCP_OK);
	EXPECT_EQ(beat.peer_nonce, 100 + i - 1);
	EXPECT_EQ(hear(100 + i - 1, beat.nonce, 2), ICCP_OK);
}

/* The peer that hears us no more still lives: it names what it heard last. */
TEST(one_way_is_told_with_a_key_too)
{
	struct bench *b = &bench;

	pair_open(b, 9, 1);
	b->deaf[0] = b->deaf[1] = true;
	bench_run(b, 1000);
	b->cut[0] = true;
	bench_run(b, 3000);
	EXPECT(b->c[1].node->heard_only);
	EXPECT_EQ(b->c[1].node->posture, ICCP_POSTURE_ISOLATED);
	EXPECT_EQ(b->c[0].node->posture, ICCP_POSTURE_ALONE);
	b->cut[0] = false;
	EXPECT(bench_until(b, 3000, bench_connected));
	bench_close(b);
}

/* --- one key follows another ------------------------------------------------ */

static bool rolled(struct bench *b)
{
	int i;

	for (i = 0; i < 2; i++)
		if (b->c[i].node->auth.n != 1 ||
		    b->c[i].node->auth.heard != newest(b, !i))
			return false;
	return newest(b, 0) == newest(b, 1);
}

static void expect_roll(u64 seed, int from, int to, int first, u32 wait,
			u32 loss)
{
	struct bench *b = &bench;

	dead_ms = loss ? 3000 : 0;
	pair_open(b, seed, from);
	dead_ms = 0;
	b->loss = loss;
	b->jitter = loss ? 20 : 0;
	set_key(b, first, to);
	bench_run(b, wait);
	EXPECT_EQ(losses(b), 0);
	EXPECT_EQ(b->c[first].node->auth.n, 2);
	set_key(b, !first, to);
	EXPECT(bench_until(b, ICCP_KEY_GRACE_MS + 3000, rolled));
	if (!EXPECT_EQ(losses(b), 0))
		printf("# seed %llu\n", (unsigned long long)seed);
	EXPECT(bench_connected(b) && bench_legs_up(b));
	EXPECT_EQ(b->violations, 0);
	if (!loss)
		EXPECT_EQ(drops(b, 0, ICCP_DROP_AUTH) +
			  drops(b, 1, ICCP_DROP_AUTH), 0);
	bench_close(b);
}

TEST(roll_over_in_any_order)
{
	static const u32 waits[] = { 0, 1, 3, 50, 5000, 60000 };
	u32 i;

	for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		expect_roll(20 + i, 1, 2, i & 1, waits[i], 0);
		expect_roll(30 + i, 1, 2, !(i & 1), waits[i], 0);
	}
}

TEST(roll_over_on_a_bad_link)
{
	u32 i;

	for (i = 0; i < 12; i++)
		expect_roll(40 + i, 1, 2, i & 1, i * 40, 250);
}

TEST(introduced_and_taken_away_under_a_session)
{
	u32 i;

	for (i = 0; i < 6; i++) {
		expect_roll(60 + i, 0, 1, i & 1, i * 300, i < 3 ? 0 : 200);
		expect_roll(70 + i, 1, 0, i & 1, i * 300, i < 3 ? 0 : 200);
	}
}

TEST(wrong_file_then_the_right_one)
{
	struct bench *b = &bench;
	u32 wrong;

	pair_open(b, 80, 1);
	set_key(b, 0, 4);
	wrong = newest(b, 0);
	bench_run(b, 2000);
	set_key(b, 0, 2);
	EXPECT_EQ(b->c[0].node->auth.n, 2);
	EXPECT(b->c[0].node->auth.keys[1].id != wrong);
	bench_run(b, 2000);
	set_key(b, 1, 2);
	EXPECT(bench_until(b, ICCP_KEY_GRACE_MS + 1000, rolled));
	EXPECT_EQ(losses(b), 0);
	bench_close(b);
}

TEST(back_to_the_old_key)
{
	struct bench *b = &bench;

	pair_open(b, 81, 1);
	set_key(b, 0, 2);
	bench_run(b, 1000);
	set_key(b, 0, 1);
	EXPECT_EQ(b->c[0].node->auth.n, 1);
	bench_run(b, 1000);
	EXPECT(rolled(b));
	EXPECT_EQ(losses(b), 0);
	bench_close(b);
}

/* Keys change one after the other, on both, without waiting for anything */
TEST(keys_in_a_hurry)
{
	struct bench *b = &bench;
	u32 i;

	pair_open(b, 82, 1);
	for (i = 0; i < 60; i++) {
		set_key(b, bench_random(b, 2), 1 + bench_random(b, 3));
		bench_run(b, bench_random(b, 400));
	}
	set_key(b, 0, 3);
	set_key(b, 1, 3);
	EXPECT(bench_until(b, ICCP_KEY_GRACE_MS + 3000, rolled));
	EXPECT(bench_connected(b) && bench_legs_up(b));
	bench_close(b);
}

/* One chassis got the key in its configuration, and starts with it alone. */
TEST(peer_starts_with_the_new_key)
{
	struct bench *b = &bench;

	pair_open(b, 83, 1);
	set_key(b, 0, 2);
	bench_run(b, 1000);
	bench_stop(b, 1);
	bench_run(b, 300);
	boot(b, 1, 2);
	EXPECT(bench_until(b, 5000, bench_legs_up));
	EXPECT(bench_until(b, ICCP_KEY_GRACE_MS + 1000, rolled));
	bench_close(b);
}

/* The peer does not have the new key yet, and has to be met again. */
TEST(session_ends_in_between)
{
	struct bench *b = &bench;

	pair_open(b, 90, 1);
	set_key(b, 0, 2);
	bench_run(b, 1000);
	bench_links(b, 0);
	bench_run(b, 1000);
	bench_links(b, 3);
	EXPECT(bench_until(b, 2000, bench_connected));
	set_key(b, 1, 2);
	EXPECT(bench_until(b, ICCP_KEY_GRACE_MS + 1000, rolled));
	EXPECT(bench_connected(b));
	bench_close(b);
}

/* Each had another key, and none hears the other before both have the same. */
TEST(replaced_while_apart)
{
	struct bench *b = &bench;
	int to;

	for (to = 0; to <= 3; to += 3) {
		bench_open(b, 86 + to, 64);
		boot(b, 0, 1);
		boot(b, 1, 2);
		bench_run(b, 2000);
		set_key(b, 0, to);
		bench_run(b, 2000);
		EXPECT(!bench_connected(b));
		set_key(b, 1, to);
		EXPECT(bench_until(b, 2000, bench_connected));
		bench_close(b);
	}
}

TEST(replaced_key_ends_after_an_hour)
{
	struct bench *b = &bench;
	struct iccp_status st;

	pair_open(b, 84, 1);
	set_key(b, 0, 2);
	bench_run(b, 1000);
	iccp_node_status(b->c[0].node, b->now, &st);
	EXPECT(st.key_older_left > ICCP_KEY_ROLL_MS - 2000 &&
	       st.key_older_left < ICCP_KEY_ROLL_MS);
	EXPECT(st.key != st.key_signs && st.key_signs == st.key_peer);
	/* nobody has the patience for an hour of bench */
	b->c[0].node->auth.keys[1].until = b->now + 500;
	b->c[0].next = 0;
	bench_run(b, 3000);
	EXPECT_EQ(b->c[0].node->auth.n, 1);
	EXPECT(losses(b) > 0);
	iccp_node_status(b->c[0].node, b->now, &st);
	EXPECT_EQ(st.refused, ICCP_DROP_AUTH);
	set_key(b, 1, 2);
	EXPECT(bench_until(b, 5000, bench_connected));
	bench_close(b);
}

/* Unsigned frames are taken for the sake of the session, and end with it. */
TEST(unsigned_ends_with_the_session)
{
	struct bench *b = &bench;

	pair_open(b, 85, 0);
	set_key(b, 0, 1);
	EXPECT_EQ(b->c[0].node->auth.n, 2);
	bench_links(b, 0);
	EXPECT_EQ(b->c[0].node->auth.n, 1);
	bench_links(b, 3);
	bench_run(b, 2000);
	EXPECT(!bench_connected(b));
	EXPECT(drops(b, 0, ICCP_DROP_AUTH) > 0);
	/* and there is no such time without a session */
	bench_stop(b, 0);
	boot(b, 0, 1);
	EXPECT_EQ(b->c[0].node->auth.n, 1);
	set_key(b, 1, 1);
	EXPECT(bench_until(b, 5000, bench_connected));
	bench_close(b);
}

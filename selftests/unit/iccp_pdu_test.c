// SPDX-License-Identifier: GPL-2.0-only
/*
 * Codec: round trip of every TLV, one hostile frame for each reason to drop.
 *
 * cores: mlag_iccp/core/iccp_?*.c
 */
#include <linux/types.h>
#include <linux/unaligned.h>
#include "mlag_iccp/core/iccp_pdu.h"

#include "ktap.h"

static const u8 mac[ETH_ALEN] = { 0x02, 1, 2, 3, 4, 5 };
static u8 frame[ICCP_FRAME_MAX];

static const struct iccp_hello hello = {
	.mac = { 0x02, 1, 2, 3, 4, 5 }, .priority = 9,
	.role = ICCP_ROLE_SECONDARY, .state = ICCP_STATE_CONNECTED, .node = 1,
	.flags = ICCP_HELLO_FRESH | ICCP_HELLO_ID_SET,
	.system = { 0x02, 9, 9, 9, 9, 9 }, .system_prio = 0x1234, .link = 1,
	.links = 3, .id_age = 0x123456789aull, .leg_digest = 1ull << 63,
	.fdb_digest = 77, .fdb_gen = 5, .fdb_count = 6,
	.clock = 10, .dead = 600,
};

static u32 finish(struct iccp_writer *w, enum iccp_type type)
{
	struct iccp_hdr hdr = {
		.type = type, .domain = 3, .nonce = 0x1122334455667788ull,
		.echo = 42, .seq = 7, .ack = 8,
	};

	return iccp_pdu_finish(w, &hdr);
}

static u32 hello_frame(void)
{
	struct iccp_writer w;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_hello(&w, &hello);
	return finish(&w, ICCP_HELLO);
}

static enum iccp_drop check(u32 len)
{
	struct iccp_hdr hdr;
	u32 unknown = 0;

	return iccp_pdu_check(frame, len, &hdr, &unknown);
}

static bool tlv_of(u32 len, struct iccp_tlv *tlv)
{
	struct iccp_tlv_iter it;
	struct iccp_hdr hdr;
	u32 unknown = 0;

	if (!EXPECT_EQ(iccp_pdu_check(frame, len, &hdr, &unknown), ICCP_OK))
		return false;
	iccp_tlv_first(&it, frame, &hdr);
	return EXPECT(iccp_tlv_next(&it, tlv));
}

TEST(header_layout)
{
	struct iccp_hdr hdr;
	u32 len = hello_frame();
	u32 unknown = 0;

	EXPECT_EQ(len, ICCP_HDR_LEN + ICCP_TLV_HDR_LEN + ICCP_LEN_HELLO);
	EXPECT_EQ(get_unaligned_be32(frame), ICCP_MAGIC);
	EXPECT_EQ(frame[4], 1);
	EXPECT_EQ(frame[6], ICCP_HELLO);
	EXPECT_EQ(get_unaligned_be64(frame + 12), 0x1122334455667788ull);
	EXPECT_EQ(get_unaligned_be64(frame + 20), 42);
	EXPECT_EQ(get_unaligned_be32(frame + 28), 7);
	EXPECT_EQ(get_unaligned_be32(frame + 32), 8);
	EXPECT_EQ(iccp_pdu_check(frame, len, &hdr, &unknown), ICCP_OK);
	EXPECT_EQ(hdr.domain, 3);
	EXPECT_EQ(hdr.length, len - ICCP_HDR_LEN);
	iccp_pdu_patch(frame, 43, 9);
	iccp_pdu_check(frame, len, &hdr, &unknown);
	EXPECT_EQ(hdr.echo, 43);
	EXPECT_EQ(hdr.ack, 9);
}

TEST(hello_round_trip)
{
	struct iccp_hello out;
	struct iccp_tlv tlv;

	memset(&out, 0, sizeof(out));
	if (!tlv_of(hello_frame(), &tlv))
		return;
	iccp_get_hello(&tlv, &out);
	EXPECT_MEMEQ(out.mac, hello.mac, ETH_ALEN);
	EXPECT_EQ(out.flags, hello.flags);
	EXPECT_EQ(out.system_prio, 0x1234);
	EXPECT_EQ(out.links, 3);
	EXPECT_EQ(out.id_age, hello.id_age);
	EXPECT_EQ(out.leg_digest, hello.leg_digest);
	EXPECT_EQ(out.clock, 10);
	EXPECT_EQ(out.dead, 600);
}

TEST(leg_round_trip)
{
	const struct iccp_leg_word in = {
		.mlag_id = 0x10001, .txn = 5, .drain = 4,
		.state = ICCP_WIRE_SWITCH, .flags = ICCP_LEG_PARTNER,
		.ports = 2, .partner_system = { 6, 1, 1, 1, 1, 1 },
		.partner_prio = 3, .partner_key = 0xffff,
	};
	struct iccp_leg_word out;
	struct iccp_writer w;
	struct iccp_tlv tlv;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_leg(&w, &in);
	if (!tlv_of(finish(&w, ICCP_DATA), &tlv))
		return;
	iccp_get_leg(&tlv, &out);
	EXPECT_EQ(out.mlag_id, in.mlag_id);
	EXPECT_EQ(out.drain, 4);
	EXPECT_EQ(out.state, ICCP_WIRE_SWITCH);
	EXPECT_EQ(out.partner_key, 0xffff);
	EXPECT_MEMEQ(out.partner_system, in.partner_system, ETH_ALEN);
}

TEST(fdb_fills_a_frame)
{
	struct iccp_fdb_rec rec = { .vid = 4094, .origin = ICCP_ORIGIN_LEG,
				    .mlag_id = 1, .flags = ICCP_REC_ALIVE };
	struct iccp_fdb_rec out;
	struct iccp_writer w;
	struct iccp_tlv tlv;
	u32 mark, n = 0;

	memcpy(rec.mac, mac, ETH_ALEN);
	iccp_pdu_begin(&w, frame, sizeof(frame));
	EXPECT(iccp_fdb_tlv_open(&w, ICCP_TLV_FDB, &mark));
	for (rec.seq = 0; iccp_fdb_tlv_add(&w, &rec); rec.seq++)
		n++;
	iccp_fdb_tlv_close(&w, mark);
	EXPECT_EQ(n, 80);
	EXPECT(!iccp_fdb_tlv_open(&w, ICCP_TLV_FDB, &mark));
	if (!tlv_of(finish(&w, ICCP_DATA), &tlv))
		return;
	EXPECT_EQ(iccp_fdb_recs(&tlv), n);
	iccp_get_fdb_rec(&tlv, n - 1, &out);
	EXPECT_EQ(out.seq, n - 1);
	EXPECT_EQ(out.vid, 4094);
	EXPECT_EQ(out.flags, ICCP_REC_ALIVE);
}

TEST(empty_fdb_tlv_is_taken_back)
{
	struct iccp_writer w;
	u32 mark;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_fdb_tlv_open(&w, ICCP_TLV_FDB, &mark);
	iccp_fdb_tlv_close(&w, mark);
	EXPECT_EQ(w.len, ICCP_HDR_LEN);
}

TEST(writer_refuses_what_does_not_fit)
{
	struct iccp_writer w;

	iccp_pdu_begin(&w, frame, ICCP_HDR_LEN + ICCP_TLV_HDR_LEN);
	EXPECT(!iccp_put_hello(&w, &hello));
	EXPECT(!iccp_put_reason(&w, 1));
	EXPECT_EQ(w.len, ICCP_HDR_LEN);
}

TEST(padding_is_ignored)
{
	u32 len = hello_frame();

	memset(frame + len, 0xff, 100);
	EXPECT_EQ(check(len + 100), ICCP_OK);
}

TEST(every_truncation_is_dropped)
{
	u32 len = hello_frame();
	u32 n;

	for (n = 0; n < len; n++)
		EXPECT_EQ(check(n), ICCP_DROP_SHORT);
}

struct hostile {
	u32 at;
	u8 val;
	enum iccp_drop drop;
};

/* One byte of a good HELLO replaced. */
static const struct hostile hostile[] = {
	{ 0, 0, ICCP_DROP_FOREIGN },
	{ 4, 0, ICCP_DROP_VERSION },
	{ 5, 2, ICCP_DROP_VERSION },
	{ 4, 9, ICCP_OK },
	{ 6, 0, ICCP_DROP_TYPE },
	{ 6, 7, ICCP_DROP_TYPE },
	{ 6, ICCP_HEARTBEAT, ICCP_DROP_TLV },
	{ 6, ICCP_DATA, ICCP_DROP_TLV },
	{ 7, 1, ICCP_DROP_SHORT },
	{ 7, 2, ICCP_DROP_FLAGS },
	{ 36, 0xff, ICCP_DROP_SHORT },
	{ 37, 0, ICCP_DROP_TLV },
	{ 37, 3, ICCP_DROP_TLV },
	{ 38, 0xff, ICCP_OK },
	{ 41, 0x7e, ICCP_DROP_TLV },
	{ 42, 1, ICCP_DROP_TLV },
	{ 43, ICCP_LEN_HELLO - 1, ICCP_DROP_TLV },
	{ 44, 1, ICCP_DROP_VALUE },
	{ 51, 3, ICCP_DROP_VALUE },
	{ 52, 7, ICCP_DROP_VALUE },
	{ 53, 2, ICCP_DROP_VALUE },
	{ 54, 0xff, ICCP_OK },
	{ 55, 1, ICCP_DROP_VALUE },
	{ 63, 3, ICCP_DROP_VALUE },
	{ 64, 0, ICCP_DROP_VALUE },
	{ 64, 33, ICCP_DROP_VALUE },
};

TEST(hostile_hellos)
{
	u32 i, len;

	for (i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		len = hello_frame();
		frame[hostile[i].at] = hostile[i].val;
		if (!EXPECT_EQ(check(len), hostile[i].drop))
			printf("# row %u\n", i);
	}
}

TEST(nonce_zero)
{
	u32 len = hello_frame();

	memset(frame + 12, 0, 8);
	EXPECT_EQ(check(len), ICCP_DROP_VALUE);
}

TEST(two_hellos_in_one_frame)
{
	struct iccp_writer w;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_hello(&w, &hello);
	iccp_put_hello(&w, &hello);
	EXPECT_EQ(check(finish(&w, ICCP_HELLO)), ICCP_DROP_TLV);
}

static void put_raw(struct iccp_writer *w, u16 type, u16 length)
{
	put_unaligned_be16(type, w->buf + w->len);
	put_unaligned_be16(length, w->buf + w->len + 2);
	memset(w->buf + w->len + 4, 0, length);
	w->len += 4 + length;
}

TEST(unknown_tlvs)
{
	struct iccp_writer w;
	struct iccp_hdr hdr;
	u32 unknown = 0;
	u32 len;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	put_raw(&w, 0x2345 | ICCP_TLV_U, 9);
	iccp_put_hello(&w, &hello);
	put_raw(&w, 0x2345 | ICCP_TLV_U | ICCP_TLV_F, 0);
	len = finish(&w, ICCP_HELLO);
	EXPECT_EQ(iccp_pdu_check(frame, len, &hdr, &unknown), ICCP_OK);
	EXPECT_EQ(unknown, 2);

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_hello(&w, &hello);
	put_raw(&w, 0x2345, 0);
	EXPECT_EQ(check(finish(&w, ICCP_HELLO)), ICCP_DROP_TLV);
}

/* A newer version may append to a value. */
TEST(longer_values_are_read)
{
	struct iccp_leg_ack ack = { 0 };
	struct iccp_writer w;
	struct iccp_tlv tlv;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	put_raw(&w, ICCP_TLV_LEG_ACK, ICCP_LEN_LEG_ACK + 5);
	frame[ICCP_HDR_LEN + 4 + 3] = 1;
	if (!tlv_of(finish(&w, ICCP_DATA), &tlv))
		return;
	iccp_get_leg_ack(&tlv, &ack);
	EXPECT_EQ(ack.mlag_id, 1);
}

static enum iccp_drop rec_check(const struct iccp_fdb_rec *rec)
{
	struct iccp_writer w;
	u32 mark;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_fdb_tlv_open(&w, ICCP_TLV_FDB_SYNC, &mark);
	iccp_fdb_tlv_add(&w, rec);
	iccp_fdb_tlv_close(&w, mark);
	return check(finish(&w, ICCP_DATA));
}

TEST(hostile_records)
{
	struct iccp_fdb_rec good = { .mac = { 2, 0, 0, 0, 0, 1 },
				     .origin = ICCP_ORIGIN_ORPHAN };
	struct iccp_fdb_rec rec = good;

	EXPECT_EQ(rec_check(&rec), ICCP_OK);
	rec.mac[0] = 0xff;
	EXPECT_EQ(rec_check(&rec), ICCP_DROP_VALUE);
	memset(rec.mac, 0, ETH_ALEN);
	EXPECT_EQ(rec_check(&rec), ICCP_DROP_VALUE);
	rec = good;
	rec.vid = 4095;
	EXPECT_EQ(rec_check(&rec), ICCP_DROP_VALUE);
	rec = good;
	rec.origin = ICCP_ORIGIN_LEG;
	EXPECT_EQ(rec_check(&rec), ICCP_DROP_VALUE);
	rec.mlag_id = 4;
	EXPECT_EQ(rec_check(&rec), ICCP_OK);
	rec.origin = ICCP_ORIGIN_ANY;
	EXPECT_EQ(rec_check(&rec), ICCP_DROP_VALUE);
}

TEST(small_tlvs_round_trip)
{
	struct iccp_marker marker = { 5, 6, 1, 2 }, marker_out;
	struct iccp_sync_end end = { 1, 2, 3 }, end_out;
	struct iccp_writer w;
	struct iccp_tlv tlv;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_marker(&w, &marker);
	if (tlv_of(finish(&w, ICCP_MARKER), &tlv)) {
		iccp_get_marker(&tlv, &marker_out);
		EXPECT_EQ(marker_out.txn, 6);
		EXPECT_EQ(marker_out.count, 2);
	}
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_sync_end(&w, &end);
	if (tlv_of(finish(&w, ICCP_DATA), &tlv)) {
		iccp_get_sync_end(&tlv, &end_out);
		EXPECT_EQ(end_out.digest, 3);
	}
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_sack(&w, 1ull << 40 | 1);
	if (tlv_of(finish(&w, ICCP_ACK), &tlv))
		EXPECT_EQ(iccp_get_sack(&tlv), 1ull << 40 | 1);
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_reason(&w, ICCP_BYE_REBOOT);
	if (tlv_of(finish(&w, ICCP_GOODBYE), &tlv))
		EXPECT_EQ(iccp_get_reason(&tlv), ICCP_BYE_REBOOT);
	marker.index = 2;
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_marker(&w, &marker);
	EXPECT_EQ(check(finish(&w, ICCP_MARKER)), ICCP_DROP_VALUE);
}

TEST(heartbeats)
{
	struct iccp_beat_word beat = { { 2, 0, 0, 0, 0, 9 }, 7,
				       ICCP_ROLE_PRIMARY, ICCP_STATE_ALONE,
				       ICCP_BEAT_ASK }, out;
	struct iccp_writer w;
	struct iccp_tlv tlv;

	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_beat(&w, &beat);
	if (tlv_of(finish(&w, ICCP_HEARTBEAT), &tlv)) {
		iccp_get_beat(&tlv, &out);
		EXPECT_MEMEQ(&out, &beat, sizeof(out));
	}
	EXPECT_EQ(check(finish(&w, ICCP_HELLO)), ICCP_DROP_TLV);
	iccp_put_beat(&w, &beat);
	EXPECT_EQ(check(finish(&w, ICCP_HEARTBEAT)), ICCP_DROP_TLV);
	beat.role = ICCP_ROLE_SECONDARY + 1;
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_beat(&w, &beat);
	EXPECT_EQ(check(finish(&w, ICCP_HEARTBEAT)), ICCP_DROP_VALUE);
	beat.role = 0;
	beat.mac[0] = 1;
	iccp_pdu_begin(&w, frame, sizeof(frame));
	iccp_put_beat(&w, &beat);
	EXPECT_EQ(check(finish(&w, ICCP_HEARTBEAT)), ICCP_DROP_VALUE);
}

TEST(names)
{
	int i;

	for (i = 0; i < ICCP_DROP_MAX; i++)
		EXPECT(strcmp(iccp_drop_name(i), "unknown"));
	EXPECT_STREQ(iccp_drop_name(ICCP_DROP_MAX), "unknown");
	EXPECT_STREQ(iccp_role_name(ICCP_ROLE_PRIMARY), "primary");
	EXPECT_STREQ(iccp_state_name(ICCP_STATE_CONNECTED), "connected");
	EXPECT_STREQ(iccp_wire_name(ICCP_WIRE_SWITCH), "switch");
}

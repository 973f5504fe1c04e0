// SPDX-License-Identifier: GPL-2.0-only
/*
 * Session: nonces, replay, window, retransmission; and the channel over a link
 * that loses, doubles and reorders, against the plain list of what was sent.
 *
 * cores: mlag_iccp/core/iccp_session.c mlag_iccp/core/iccp_[cpv]*.c
 */
#include <stdlib.h>
#include <linux/types.h>
#include "mlag_iccp/core/iccp_session.h"

#include "ktap.h"

static struct iccp_session a, b;
static struct iccp_admit admit;

static struct iccp_hdr hdr_of(const struct iccp_session *from, u8 type, u32 seq)
{
	struct iccp_hdr hdr = {
		.type = type, .nonce = from->nonce, .echo = from->peer_nonce,
		.seq = seq, .ack = from->rx_next,
	};

	return hdr;
}

static enum iccp_drop send(struct iccp_session *from, struct iccp_session *to,
			   u8 type, u32 seq)
{
	struct iccp_hdr hdr = hdr_of(from, type, seq);

	return iccp_session_admit(to, 1000, &hdr, &admit);
}

static void meet(void)
{
	iccp_session_init(&a, 1000, 1);
	iccp_session_init(&b, 1000, 2);
	send(&a, &b, ICCP_HELLO, ++a.counter);
	send(&b, &a, ICCP_HELLO, ++b.counter);
	send(&a, &b, ICCP_HELLO, ++a.counter);
}

TEST(two_way_check)
{
	iccp_session_init(&a, 1000, 1);
	iccp_session_init(&b, 1000, 2);
	EXPECT(a.nonce && b.nonce && a.nonce != b.nonce);
	EXPECT_EQ(send(&a, &b, ICCP_ACK, 1), ICCP_DROP_UNTRUSTED);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_OK);
	EXPECT_EQ(b.state, ICCP_SESSION_HEARD);
	EXPECT_EQ(send(&a, &b, ICCP_DATA, 0), ICCP_DROP_UNTRUSTED);
	EXPECT_EQ(send(&b, &a, ICCP_HELLO, ++b.counter), ICCP_OK);
	EXPECT(admit.two_way);
	EXPECT_EQ(a.state, ICCP_SESSION_TWO_WAY);
	EXPECT_EQ(send(&a, &b, ICCP_DATA, 0), ICCP_OK);
	EXPECT(admit.two_way);
	EXPECT_EQ(b.state, ICCP_SESSION_TWO_WAY);
	EXPECT_EQ(send(&a, &a, ICCP_HELLO, 9), ICCP_DROP_OWN);
}

TEST(replay_window)
{
	u32 n;

	meet();
	EXPECT_EQ(send(&a, &b, ICCP_ACK, a.counter), ICCP_DROP_REPLAY);
	EXPECT_EQ(send(&a, &b, ICCP_ACK, 100), ICCP_OK);
	for (n = 37; n < 100; n++)
		EXPECT_EQ(send(&a, &b, ICCP_ACK, n), ICCP_OK);
	for (n = 37; n <= 100; n++)
		EXPECT_EQ(send(&a, &b, ICCP_ACK, n), ICCP_DROP_REPLAY);
	EXPECT_EQ(send(&a, &b, ICCP_ACK, 36), ICCP_DROP_REPLAY);
	EXPECT_EQ(send(&a, &b, ICCP_ACK, 1000), ICCP_OK);
	EXPECT_EQ(send(&a, &b, ICCP_ACK, 937), ICCP_OK);
	EXPECT_EQ(send(&a, &b, ICCP_ACK, 936), ICCP_DROP_REPLAY);
}

TEST(peer_restarts)
{
	struct iccp_hdr old;

	meet();
	old = hdr_of(&a, ICCP_HELLO, 50);
	iccp_session_init(&a, 1000, 99);
	EXPECT_EQ(send(&a, &b, ICCP_ACK, 1), ICCP_DROP_STALE);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_OK);
	EXPECT(admit.restarted);
	EXPECT_EQ(b.state, ICCP_SESSION_HEARD);
	/* what is left of the old life is not taken for a third one */
	EXPECT_EQ(iccp_session_admit(&b, 1000, &old, &admit), ICCP_DROP_STALE);
	EXPECT(!admit.restarted);
	EXPECT_EQ(send(&b, &a, ICCP_HELLO, ++b.counter), ICCP_OK);
	EXPECT(admit.two_way);
}

/* One side gives up and keeps talking: both meet again. */
TEST(one_side_resets)
{
	struct iccp_hdr stale;

	meet();
	stale = hdr_of(&b, ICCP_ACK, 60);
	iccp_session_reset(&a, 1000);
	EXPECT_EQ(iccp_session_admit(&a, 1000, &stale, &admit),
		  ICCP_DROP_UNTRUSTED);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_OK);
	EXPECT(admit.restarted);
	EXPECT_EQ(send(&b, &a, ICCP_HELLO, ++b.counter), ICCP_OK);
	EXPECT(admit.two_way);
	EXPECT_EQ(iccp_session_admit(&a, 1000, &stale, &admit),
		  ICCP_DROP_STALE);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_OK);
	EXPECT(admit.two_way);
}

TEST(after_goodbye)
{
	meet();
	iccp_session_forget(&b);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_DROP_STALE);
	iccp_session_reset(&a, 1000);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_OK);
}

static void commit(struct iccp_session *s, u64 now, u32 value)
{
	struct iccp_writer w;
	struct iccp_leg_ack ack = { .mlag_id = value + 1 };
	struct iccp_hdr hdr = hdr_of(s, ICCP_DATA, s->tx_next);
	u8 *buf = iccp_session_open(s);

	iccp_pdu_begin(&w, buf, ICCP_FRAME_MAX);
	iccp_put_leg_ack(&w, &ack);
	iccp_session_commit(s, now, iccp_pdu_finish(&w, &hdr));
}

/* A hello of an earlier life that comes very late must not shut the peer out. */
TEST(late_hello_of_an_earlier_life)
{
	struct iccp_hdr old;

	meet();
	old = hdr_of(&a, ICCP_HELLO, 50);
	old.nonce = 0x1234567890ull;
	EXPECT_EQ(iccp_session_admit(&b, 1000, &old, &admit), ICCP_OK);
	EXPECT(admit.restarted);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_DROP_STALE);
	/* nobody answers under that nonce: given up */
	iccp_session_reset(&b, 2000);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_OK);
	EXPECT_EQ(send(&b, &a, ICCP_HELLO, ++b.counter), ICCP_OK);
	EXPECT_EQ(send(&a, &b, ICCP_HELLO, ++a.counter), ICCP_OK);
	EXPECT(admit.two_way);
}

TEST(window_and_reserve)
{
	u32 n = 0;

	meet();
	EXPECT(!iccp_session_resend(&a, 1000));
	while (iccp_session_room(&a, false))
		commit(&a, 1000, n++);
	EXPECT_EQ(n, ICCP_WINDOW - ICCP_WINDOW_RESERVE);
	while (iccp_session_room(&a, true))
		commit(&a, 1000, n++);
	EXPECT_EQ(n, ICCP_WINDOW);
	EXPECT(!iccp_session_ack_in(&a, 1005, ICCP_WINDOW + 1, 0));
	EXPECT_EQ(iccp_session_in_flight(&a), ICCP_WINDOW);
	EXPECT(iccp_session_ack_in(&a, 1005, 60, 0));
	EXPECT_EQ(iccp_session_in_flight(&a), 4);
	EXPECT(!iccp_session_ack_in(&a, 1005, 59, 0));
	EXPECT_EQ(iccp_session_in_flight(&a), 4);
}

TEST(rto)
{
	u32 n;

	meet();
	EXPECT_EQ(iccp_session_rto(&a), 21);
	commit(&a, 1000, 0);
	EXPECT_EQ(iccp_session_resend_at(&a), 1021);
	EXPECT(!iccp_session_resend(&a, 1020));
	for (n = 0; n < 10; n++)
		EXPECT(iccp_session_resend(&a, 2000 + 1000 * n));
	EXPECT_EQ(iccp_session_rto(&a), ICCP_RTO_MAX_MS);
	iccp_session_ack_in(&a, 20000, 1, 0);
	/* no round trip is measured on a frame sent twice */
	EXPECT(!a.rtt_valid);
	for (n = 0; n < 50; n++) {
		commit(&a, 20000 + n, 0);
		iccp_session_ack_in(&a, 20060 + n, a.tx_next, 0);
	}
	EXPECT(iccp_session_rto(&a) >= 61 && iccp_session_rto(&a) < 90);
}

TEST(sack_repairs_without_waiting)
{
	u32 n;

	meet();
	for (n = 0; n < 10; n++)
		commit(&a, 1000, n);
	/* 0 is lost, 1 to 3 are held */
	iccp_session_ack_in(&a, 1001, 0, 1);
	iccp_session_ack_in(&a, 1001, 0, 3);
	EXPECT(!iccp_session_resend(&a, 1001));
	iccp_session_ack_in(&a, 1001, 0, 7);
	EXPECT(iccp_session_resend(&a, 1001) == &a.tx[0]);
	EXPECT(!iccp_session_resend(&a, 1001));
	/* held frames are not sent again; the first comes first */
	EXPECT(iccp_session_resend(&a, 1100) == &a.tx[0]);
	for (n = 4; n < 10; n++)
		EXPECT(iccp_session_resend(&a, 1100) == &a.tx[n]);
	EXPECT(!iccp_session_resend(&a, 1100));
}

static enum iccp_drop data(struct iccp_session *to, u32 seq)
{
	static u8 bytes[ICCP_HDR_LEN];
	struct iccp_hdr hdr = { .type = ICCP_DATA, .seq = seq };

	return iccp_session_data_in(to, &hdr, bytes);
}

TEST(receive_order)
{
	u32 len;

	meet();
	EXPECT_EQ(data(&b, 1), ICCP_OK);
	EXPECT_EQ(data(&b, 1), ICCP_DROP_REPLAY);
	EXPECT(!iccp_session_data_next(&b, &len));
	EXPECT_EQ(iccp_session_sack(&b), 1);
	EXPECT_EQ(data(&b, 64), ICCP_DROP_WINDOW);
	EXPECT_EQ(data(&b, 63), ICCP_OK);
	EXPECT_EQ(iccp_session_sack(&b), 1 | 1ull << 62);
	EXPECT_EQ(data(&b, 0), ICCP_OK);
	EXPECT(iccp_session_data_next(&b, &len));
	EXPECT(iccp_session_data_next(&b, &len));
	EXPECT(!iccp_session_data_next(&b, &len));
	EXPECT_EQ(b.rx_next, 2);
	EXPECT_EQ(iccp_session_sack(&b), 1ull << 60);
	EXPECT_EQ(data(&b, 0), ICCP_DROP_REPLAY);
	EXPECT(b.ack_due);
	iccp_session_reset(&b, 1000);
	EXPECT_EQ(iccp_session_sack(&b), 0);
	EXPECT_EQ(data(&b, 1), ICCP_OK);
	EXPECT_EQ(iccp_session_sack(&b), 1);
}

struct wire {
	u64 at;
	u16 len;
	bool ack;
	u32 ackno;
	u64 sack;
	u8 buf[ICCP_FRAME_MAX];
};

static struct wire wires[512];
static u32 nwires;

static void put_wire(u64 now, const struct iccp_slot *slot)
{
	struct wire *w = &wires[nwires];

	if (rand() % 100 < 30 || nwires == 512)
		return;
	memset(w, 0, offsetof(struct wire, buf));
	w->at = now + 1 + rand() % 12;
	if (slot) {
		w->len = slot->len;
		memcpy(w->buf, slot->buf, slot->len);
	} else {
		w->ack = true;
		w->ackno = b.rx_next;
		w->sack = iccp_session_sack(&b);
	}
	nwires++;
	if (rand() % 100 < 10)
		wires[nwires++ % 512] = *w;
}

static u32 take_data(u32 expect)
{
	struct iccp_hdr kept = { 0 };
	struct iccp_leg_ack ack;
	struct iccp_tlv_iter it;
	struct iccp_tlv tlv;
	const u8 *frame;
	u32 len;

	while ((frame = iccp_session_data_next(&b, &len))) {
		kept.length = len - ICCP_HDR_LEN;
		iccp_tlv_first(&it, frame, &kept);
		EXPECT(iccp_tlv_next(&it, &tlv));
		iccp_get_leg_ack(&tlv, &ack);
		EXPECT_EQ(ack.mlag_id, expect + 1);
		expect++;
	}
	return expect;
}

static void take_wire(const struct wire *w, u64 now)
{
	struct iccp_hdr hdr;
	u32 unknown = 0;

	if (w->ack) {
		iccp_session_ack_in(&a, now, w->ackno, w->sack);
		return;
	}
	EXPECT_EQ(iccp_pdu_check(w->buf, w->len, &hdr, &unknown), ICCP_OK);
	iccp_session_data_in(&b, &hdr, w->buf);
}

/* 30 % loss, 10 % doubled, up to 12 ms apart: all arrive, once, in order. */
TEST(channel_over_a_bad_link)
{
	u32 sent = 0, got = 0, i;
	struct iccp_slot *slot;
	u64 now = 1000;

	meet();
	srand(5);
	nwires = 0;
	while (got < 3000 && now < 200000) {
		now++;
		for (i = 0; i < nwires; i++) {
			if (wires[i].at > now)
				continue;
			take_wire(&wires[i], now);
			wires[i--] = wires[--nwires];
		}
		got = take_data(got);
		while (sent < 3000 && iccp_session_room(&a, false)) {
			commit(&a, now, sent++);
			put_wire(now, &a.tx[(a.tx_next - 1) % ICCP_WINDOW]);
		}
		while ((slot = iccp_session_resend(&a, now)))
			put_wire(now, slot);
		if (b.ack_due)
			put_wire(now, NULL);
		b.ack_due = false;
	}
	EXPECT_EQ(got, 3000);
	printf("# 3000 frames in %llu ms, %llu sent again\n", now - 1000,
	       a.retransmits);
}

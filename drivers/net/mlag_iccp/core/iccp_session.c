// SPDX-License-Identifier: GPL-2.0-only
/*
 * The session with one peer.
 *
 * Unnumbered frames pass a replay window over their counter. DATA frames are
 * kept until acknowledged; the receiver buffers what comes out of order and
 * reports it (SACK), so that a lost frame costs one frame, not a window.
 * Acknowledgements are cumulative.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "iccp_session.h"

#define SKIPPED_LOST	3	/* later frames held: this one is lost */
#define BACKOFF_MAX	4

static u64 nonce_draw(struct iccp_session *s)
{
	u64 z;

	do {
		s->random += 0x9e3779b97f4a7c15ull;
		z = s->random;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
		z = (z ^ z >> 27) * 0x94d049bb133111ebull;
		z ^= z >> 31;
	} while (!z || z == s->nonce);
	return z;
}

static void channel_reset(struct iccp_session *s, u64 now)
{
	u32 i;

	for (i = 0; i < ICCP_WINDOW; i++) {
		s->tx[i].len = 0;
		s->rx[i].len = 0;
	}
	s->tx_una = 0;
	s->tx_next = 0;
	s->rx_next = 0;
	s->rx_held = 0;
	s->progress_at = now;
	s->backoff = 0;
	s->rtt_valid = false;
	s->ack_due = false;
}

static void peer_forget(struct iccp_session *s)
{
	s->peer_nonce = 0;
	s->replay.any = false;
	s->state = ICCP_SESSION_NONE;
}

/*
 * iccp_session_init() - nobody heard yet
 * @random: 64 random bits
 */
void iccp_session_init(struct iccp_session *s, u64 now, u64 random)
{
	memset(s, 0, offsetof(struct iccp_session, tx));
	s->random = random;
	s->nonce = nonce_draw(s);
	s->heard_at = now;
	channel_reset(s, now);
}

/*
 * iccp_session_reset() - this chassis gives the session up
 *
 * A new nonce tells the peer, and makes all frames of the old session stale.
 * The peer may well go on under the nonce it has, even if a frame that came late
 * made it pass for retired.
 */
void iccp_session_reset(struct iccp_session *s, u64 now)
{
	memset(s->old, 0, sizeof(s->old));
	s->nonce = nonce_draw(s);
	peer_forget(s);
	channel_reset(s, now);
}

/*
 * iccp_session_forget() - the peer said goodbye: nothing under its nonce is
 * taken any more
 */
void iccp_session_forget(struct iccp_session *s)
{
	if (s->peer_nonce)
		iccp_nonce_retire(s->old, s->peer_nonce);
	peer_forget(s);
}

static enum iccp_drop nonce_admit(struct iccp_session *s, u64 now,
				  const struct iccp_hdr *hdr,
				  struct iccp_admit *out)
{
	if (hdr->nonce == s->nonce)
		return ICCP_DROP_OWN;
	if (hdr->nonce == s->peer_nonce)
		return ICCP_OK;
	if (iccp_nonce_retired(s->old, hdr->nonce))
		return ICCP_DROP_STALE;
	if (hdr->type != ICCP_HELLO)
		return s->peer_nonce ? ICCP_DROP_STALE : ICCP_DROP_UNTRUSTED;
	if (s->peer_nonce) {
		iccp_nonce_retire(s->old, s->peer_nonce);
		out->restarted = true;
	}
	channel_reset(s, now);
	s->replay.any = false;
	s->peer_nonce = hdr->nonce;
	s->state = ICCP_SESSION_HEARD;
	return ICCP_OK;
}

/* A hello of a peer that does not hear us yet is life until it once did. */
static enum iccp_drop echo_admit(struct iccp_session *s,
				 const struct iccp_hdr *hdr,
				 struct iccp_admit *out)
{
	if (hdr->echo == s->nonce) {
		out->two_way = s->state != ICCP_SESSION_TWO_WAY;
		return ICCP_OK;
	}
	if (hdr->type == ICCP_HELLO && s->state != ICCP_SESSION_TWO_WAY)
		return ICCP_OK;
	return hdr->echo ? ICCP_DROP_STALE : ICCP_DROP_UNTRUSTED;
}

/*
 * iccp_session_admit() - is this frame of the present session?
 * @hdr: checked by the codec
 * @out: what it meant for the session; only with ICCP_OK, but @out->restarted
 *	counts in any case
 *
 * DATA is not checked for replay here but by iccp_session_data_in(), which
 * also decides whether it is a sign of life.
 */
enum iccp_drop iccp_session_admit(struct iccp_session *s, u64 now,
				  const struct iccp_hdr *hdr,
				  struct iccp_admit *out)
{
	enum iccp_drop drop;

	out->restarted = false;
	out->two_way = false;
	drop = nonce_admit(s, now, hdr, out);
	if (drop)
		return drop;
	drop = echo_admit(s, hdr, out);
	if (drop)
		return drop;
	if (hdr->type != ICCP_DATA && !iccp_replay_take(&s->replay, hdr->seq)) {
		out->two_way = false;
		return ICCP_DROP_REPLAY;
	}
	if (hdr->type != ICCP_DATA)
		s->heard_at = now;
	if (out->two_way) {
		s->state = ICCP_SESSION_TWO_WAY;
		s->heard_at = now;
		s->progress_at = now;
	}
	return ICCP_OK;
}

/*
 * iccp_session_data_in() - a DATA frame of this session
 *
 * Kept until iccp_session_data_next() takes it in order. An acknowledgement is
 * due in any case.
 */
enum iccp_drop iccp_session_data_in(struct iccp_session *s,
				    const struct iccp_hdr *hdr,
				    const u8 *bytes)
{
	struct iccp_slot *slot = &s->rx[hdr->seq % ICCP_WINDOW];
	s32 ahead = (s32)(hdr->seq - s->rx_next);
	u32 len = ICCP_HDR_LEN + hdr->length;

	if (ahead >= ICCP_WINDOW || len > ICCP_FRAME_MAX)
		return ICCP_DROP_WINDOW;
	s->ack_due = true;
	if (ahead < 0 || slot->len)
		return ICCP_DROP_REPLAY;
	memcpy(slot->buf, bytes, len);
	slot->len = len;
	s->rx_held++;
	return ICCP_OK;
}

/*
 * iccp_session_data_next() - next DATA frame in order
 * @len: bytes of the frame, header included
 *
 * Return: the frame, valid until the next iccp_session_data_in(); NULL = none.
 */
const u8 *iccp_session_data_next(struct iccp_session *s, u32 *len)
{
	struct iccp_slot *slot = &s->rx[s->rx_next % ICCP_WINDOW];

	if (!slot->len)
		return NULL;
	*len = slot->len;
	slot->len = 0;
	s->rx_held--;
	s->rx_next++;
	return slot->buf;
}

/*
 * iccp_session_sack() - numbers held beyond the next one expected
 *
 * Return: bit n: rx_next + 1 + n is held.
 */
u64 iccp_session_sack(const struct iccp_session *s)
{
	u64 mask = 0;
	u32 n;

	/* as a rule nothing is: no look at slots far apart in memory */
	for (n = 0; s->rx_held && n + 1 < ICCP_WINDOW; n++)
		if (s->rx[(s->rx_next + 1 + n) % ICCP_WINDOW].len)
			mask |= BIT_ULL(n);
	return mask;
}

static void rtt_sample(struct iccp_session *s, u64 ms)
{
	u32 rtt = min_t(u64, ms, 10000);
	u32 diff;

	if (!s->rtt_valid) {
		s->srtt = rtt * 8;
		s->rttvar = rtt * 2;
		s->rtt_valid = true;
		return;
	}
	diff = s->srtt / 8 > rtt ? s->srtt / 8 - rtt : rtt - s->srtt / 8;
	s->rttvar = s->rttvar - s->rttvar / 4 + diff;
	s->srtt = s->srtt - s->srtt / 8 + rtt;
}

static void slots_skip(struct iccp_session *s, u32 seq)
{
	const struct iccp_slot *seen = &s->tx[seq % ICCP_WINDOW];
	struct iccp_slot *slot;
	u32 n;

	for (n = s->tx_una; n != seq; n++) {
		slot = &s->tx[n % ICCP_WINDOW];
		if (slot->sacked || slot->sent > seen->sent)
			continue;
		if (++slot->skipped >= SKIPPED_LOST) {
			slot->lost = true;
			slot->skipped = 0;
		}
	}
}

static void sack_in(struct iccp_session *s, u64 sack)
{
	struct iccp_slot *slot;
	u32 n, seq;

	for (n = 0; sack && n + 1 < iccp_session_in_flight(s); n++) {
		seq = s->tx_una + 1 + n;
		slot = &s->tx[seq % ICCP_WINDOW];
		if (!(sack & BIT_ULL(n)) || slot->sacked)
			continue;
		slot->sacked = true;
		slots_skip(s, seq);
	}
}

/*
 * iccp_session_ack_in() - acknowledgement in a frame of this session
 * @ack: next number the peer expects
 * @sack: see iccp_session_sack(), 0 = none
 *
 * Return: true if the window moved.
 */
bool iccp_session_ack_in(struct iccp_session *s, u64 now, u32 ack, u64 sack)
{
	u32 acked = ack - s->tx_una;
	struct iccp_slot *slot;

	if (acked > iccp_session_in_flight(s))
		return false;
	for (; s->tx_una != ack; s->tx_una++) {
		slot = &s->tx[s->tx_una % ICCP_WINDOW];
		if (slot->tries == 1 && !slot->sacked)
			rtt_sample(s, now - slot->sent);
		slot->len = 0;
	}
	if (acked) {
		s->backoff = 0;
		s->progress_at = now;
	}
	sack_in(s, sack);
	return acked;
}

/*
 * iccp_session_room() - may a frame be numbered now?
 * @urgent: it carries leg messages, for which a part of the window is kept
 */
bool iccp_session_room(const struct iccp_session *s, bool urgent)
{
	u32 limit = urgent ? ICCP_WINDOW : ICCP_WINDOW - ICCP_WINDOW_RESERVE;

	return s->state == ICCP_SESSION_TWO_WAY &&
	       iccp_session_in_flight(s) < limit;
}

/*
 * iccp_session_open() - memory for the frame that gets the number tx_next
 *
 * ICCP_FRAME_MAX bytes; needs iccp_session_room(). Nothing happens before
 * iccp_session_commit().
 */
u8 *iccp_session_open(struct iccp_session *s)
{
	return s->tx[s->tx_next % ICCP_WINDOW].buf;
}

void iccp_session_commit(struct iccp_session *s, u64 now, u32 len)
{
	struct iccp_slot *slot = &s->tx[s->tx_next % ICCP_WINDOW];

	if (!iccp_session_in_flight(s))
		s->progress_at = now;
	slot->sent = now;
	slot->len = len;
	slot->tries = 1;
	slot->sacked = false;
	slot->lost = false;
	slot->skipped = 0;
	s->tx_next++;
}

/*
 * iccp_session_rto() - retransmission time-out, ms
 */
u32 iccp_session_rto(const struct iccp_session *s)
{
	u32 rto = s->rtt_valid ? s->srtt / 8 + s->rttvar : ICCP_RTO_MIN_MS;

	rto = clamp_t(u32, rto + 1, ICCP_RTO_MIN_MS, ICCP_RTO_MAX_MS);
	return min_t(u32, rto << s->backoff, ICCP_RTO_MAX_MS);
}

/*
 * iccp_session_resend() - a frame that must be sent again now
 *
 * Return: its slot, already noted as sent; NULL = none.
 */
struct iccp_slot *iccp_session_resend(struct iccp_session *s, u64 now)
{
	u32 rto = iccp_session_rto(s);
	struct iccp_slot *slot;
	u32 seq;

	for (seq = s->tx_una; seq != s->tx_next; seq++) {
		slot = &s->tx[seq % ICCP_WINDOW];
		if (slot->sacked || (!slot->lost && now - slot->sent < rto))
			continue;
		if (!slot->lost && seq == s->tx_una &&
		    s->backoff < BACKOFF_MAX)
			s->backoff++;
		slot->lost = false;
		slot->skipped = 0;
		slot->sent = now;
		if (slot->tries < U16_MAX)
			slot->tries++;
		s->retransmits++;
		return slot;
	}
	return NULL;
}

/*
 * iccp_session_resend_at() - when iccp_session_resend() has something, U64_MAX
 * = never
 */
u64 iccp_session_resend_at(const struct iccp_session *s)
{
	u32 rto = iccp_session_rto(s);
	const struct iccp_slot *slot;
	u64 at = U64_MAX;
	u32 seq;

	for (seq = s->tx_una; seq != s->tx_next; seq++) {
		slot = &s->tx[seq % ICCP_WINDOW];
		if (slot->sacked)
			continue;
		at = min_t(u64, at, slot->lost ? 0 : slot->sent + rto);
	}
	return at;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The session with one peer: nonces, two-way check, replay window, reliable
 * channel.
 *
 * In: checked headers, frames to be numbered, time. Out: frames in order,
 * frames to send again, whether the peer lives. Knows nothing of what the
 * frames mean.
 */
#ifndef _MLAG_ICCP_SESSION_H
#define _MLAG_ICCP_SESSION_H

#include <linux/if_ether.h>
#include <linux/types.h>
#include "iccp_pdu.h"
#include "iccp_replay.h"

#define ICCP_WINDOW		64	/* DATA frames in flight */
#define ICCP_WINDOW_RESERVE	16	/* of these for leg messages alone */
#define ICCP_RTO_MIN_MS		20
#define ICCP_RTO_MAX_MS		200
#define ICCP_STALL_MS		5000	/* no progress: start again */

/* How far the two-way check has come. */
enum iccp_session_state {
	ICCP_SESSION_NONE,	/* nobody heard */
	ICCP_SESSION_HEARD,	/* a hello, but the peer does not hear us yet */
	ICCP_SESSION_TWO_WAY,	/* the channel runs */
};

/**
 * struct iccp_slot - one DATA frame, sent and kept or received out of order
 * @sent: last transmission, ms
 * @len: bytes in @buf, 0 = empty
 * @tries: transmissions so far
 * @sacked: the peer holds it
 * @lost: passed by later frames; send again without waiting
 * @skipped: later frames that the peer reported while this one is missing
 * @buf: the frame
 */
struct iccp_slot {
	u64 sent;
	u16 len;
	u16 tries;
	bool sacked;
	bool lost;
	u8 skipped;
	u8 buf[ICCP_FRAME_MAX];
};

/**
 * struct iccp_session - Caller serialises calls
 * @state: see enum
 * @nonce: ours, of this session
 * @peer_nonce: the peer's, 0 = not heard
 * @old: nonces the peer has given up, newest first
 * @random: state of the generator of nonces
 * @counter: of unnumbered frames we sent
 * @replay: of unnumbered frames received
 * @heard_at: last sign of life, ms
 * @tx_una: oldest number not acknowledged
 * @tx_next: next number to assign
 * @rx_next: next number expected
 * @rx_held: frames in @rx
 * @progress_at: last time tx_una moved or the window was empty
 * @srtt: smoothed round trip, 1/8 ms
 * @rttvar: its variation, 1/4 ms
 * @backoff: RTO is doubled that often
 * @rtt_valid: @srtt and @rttvar hold
 * @ack_due: an acknowledgement should go out
 * @retransmits: DATA frames sent again, of all sessions
 * @tx: window of sent frames
 * @rx: frames received, not yet taken
 */
struct iccp_session {
	enum iccp_session_state state;
	u64 nonce;
	u64 peer_nonce;
	u64 old[ICCP_OLD_NONCES];
	u64 random;
	u32 counter;
	struct iccp_replay replay;
	u64 heard_at;
	u32 tx_una;
	u32 tx_next;
	u32 rx_next;
	u32 rx_held;
	u64 progress_at;
	u32 srtt;
	u32 rttvar;
	u8 backoff;
	bool rtt_valid;
	bool ack_due;
	u64 retransmits;
	struct iccp_slot tx[ICCP_WINDOW];
	struct iccp_slot rx[ICCP_WINDOW];
};

/* What iccp_session_admit() found beside its verdict. */
struct iccp_admit {
	bool restarted;		/* the peer has a new nonce: session is over */
	bool two_way;		/* the two-way check has just been passed */
};

void iccp_session_init(struct iccp_session *s, u64 now, u64 random);
void iccp_session_reset(struct iccp_session *s, u64 now);
void iccp_session_forget(struct iccp_session *s);

enum iccp_drop iccp_session_admit(struct iccp_session *s, u64 now,
				  const struct iccp_hdr *hdr,
				  struct iccp_admit *out);

enum iccp_drop iccp_session_data_in(struct iccp_session *s,
				    const struct iccp_hdr *hdr,
				    const u8 *bytes);
const u8 *iccp_session_data_next(struct iccp_session *s, u32 *len);
bool iccp_session_ack_in(struct iccp_session *s, u64 now, u32 ack, u64 sack);
u64 iccp_session_sack(const struct iccp_session *s);

bool iccp_session_room(const struct iccp_session *s, bool urgent);
u8 *iccp_session_open(struct iccp_session *s);
void iccp_session_commit(struct iccp_session *s, u64 now, u32 len);
struct iccp_slot *iccp_session_resend(struct iccp_session *s, u64 now);
u32 iccp_session_rto(const struct iccp_session *s);
u64 iccp_session_resend_at(const struct iccp_session *s);

static inline u32 iccp_session_in_flight(const struct iccp_session *s)
{
	return s->tx_next - s->tx_una;
}

/* DATA number @seq was sent and is acknowledged. */
static inline bool iccp_session_acked(const struct iccp_session *s, u32 seq)
{
	return (s32)(s->tx_una - seq) > 0;
}

#endif /* _MLAG_ICCP_SESSION_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Heartbeat: the second path to the peer, and what it says about its life.
 *
 * In: checked HEARTBEAT frames, a question, time. Out: frames that are due, the
 * verdict. State machine in Documentation/mlag-protocol.rst, "Second path".
 */
#ifndef _MLAG_ICCP_BEAT_H
#define _MLAG_ICCP_BEAT_H

#include <linux/types.h>
#include "iccp_pdu.h"
#include "iccp_replay.h"
#include "iccp_role.h"

#define ICCP_BEAT_ASK_MS	25	/* from one question to the next */
#define ICCP_BEAT_ASKS		8	/* none answered: silent */
#define ICCP_BEAT_ANSWERS	2	/* alive */
#define ICCP_BEAT_BYES		3

enum iccp_beat_state {
	ICCP_BEAT_OFF,		/* not configured */
	ICCP_BEAT_UNHEARD,	/* nothing came so far: says nothing */
	ICCP_BEAT_ALIVE,
	ICCP_BEAT_ASKED,	/* a question is open */
	ICCP_BEAT_SILENT,
};

/**
 * struct iccp_beat - Caller serialises calls
 * @state: see enum
 * @gone: silent for @dead, or after a goodbye
 * @hears_us: the peer's last word was an echo of ours
 * @answer: the peer asked, or has to hear that we hear it
 * @strict: only who echoes our nonce is believed, see iccp_beat_strict()
 * @late: we were late once already
 * @interval: ms between beats
 * @dead: ms without one
 * @nonce: ours, from start to start
 * @peer_nonce: the peer's, 0 = never heard
 * @stranger: last nonce that was not believed, 0 = none
 * @stranger_at: when it was answered, ms
 * @old: nonces the peer has given up
 * @replay: of its numbers
 * @seq: of our last beat
 * @heard_at: last beat of the peer, ms
 * @send_at: next beat or question, ms
 * @ask_seq: first number of the question
 * @asks: questions sent
 * @answers: to any of them
 * @byes: goodbyes still to send
 * @peer: its last word
 */
struct iccp_beat {
	u8 state;
	bool gone;
	bool hears_us;
	bool answer;
	bool strict;
	bool late;
	u32 interval;
	u32 dead;
	u64 nonce;
	u64 peer_nonce;
	u64 stranger;
	u64 stranger_at;
	u64 old[ICCP_OLD_NONCES];
	struct iccp_replay replay;
	u32 seq;
	u64 heard_at;
	u64 send_at;
	u32 ask_seq;
	u8 asks;
	u8 answers;
	u8 byes;
	struct iccp_beat_word peer;
};

void iccp_beat_start(struct iccp_beat *b, u64 now, u64 random);
void iccp_beat_config(struct iccp_beat *b, u64 now, bool on, u32 interval,
		      u32 dead);
void iccp_beat_strict(struct iccp_beat *b, bool on);
enum iccp_drop iccp_beat_in(struct iccp_beat *b, u64 now,
			    const struct iccp_hdr *hdr,
			    const struct iccp_beat_word *word);
bool iccp_beat_ask(struct iccp_beat *b, u64 now);
void iccp_beat_early(struct iccp_beat *b, u64 now);
void iccp_beat_bye(struct iccp_beat *b);
void iccp_beat_run(struct iccp_beat *b, u64 now);
u64 iccp_beat_deadline(const struct iccp_beat *b);
bool iccp_beat_due(const struct iccp_beat *b, u64 now);
u8 iccp_beat_out(struct iccp_beat *b, u64 now, struct iccp_hdr *hdr);
enum iccp_heartbeat iccp_beat_verdict(const struct iccp_beat *b);

#endif /* _MLAG_ICCP_BEAT_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Heartbeat: who is heard on the second path, and is it alive.
 *
 * A beat that came a moment ago does not say that its sender lives now: where
 * that matters the peer is asked, and only answers to the question count.
 */
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include "iccp_beat.h"

static bool speaks(const struct iccp_beat *b)
{
	return b->state == ICCP_BEAT_ALIVE || b->state == ICCP_BEAT_ASKED;
}

static void forget(struct iccp_beat *b, u64 now)
{
	b->gone = false;
	b->hears_us = false;
	b->answer = false;
	b->late = false;
	b->peer_nonce = 0;
	b->stranger = 0;
	b->replay.any = false;
	b->asks = 0;
	b->send_at = now;
}

/*
 * iccp_beat_start() - the chassis starts; @b is zeroed or was used before
 * @random: 64 random bits
 *
 * Whether there is a second path stays as configured.
 */
void iccp_beat_start(struct iccp_beat *b, u64 now, u64 random)
{
	b->nonce = random ? random : 1;
	memset(b->old, 0, sizeof(b->old));
	b->byes = 0;
	if (b->state)
		b->state = ICCP_BEAT_UNHEARD;
	forget(b, now);
}

/*
 * iccp_beat_config() - whether there is a second path
 * @interval: ms between beats
 * @dead: ms of silence
 */
void iccp_beat_config(struct iccp_beat *b, u64 now, bool on, u32 interval,
		      u32 dead)
{
	b->interval = interval;
	b->dead = dead;
	if (on == (b->state != ICCP_BEAT_OFF)) {
		b->send_at = min_t(u64, b->send_at, now + interval);
		return;
	}
	b->state = on ? ICCP_BEAT_UNHEARD : ICCP_BEAT_OFF;
	forget(b, now);
}

/*
 * iccp_beat_strict() - believe only what cannot have been recorded
 *
 * Frames are signed, but so were those of an earlier life of the peer. One that
 * echoes our nonce is younger than our start; its own nonce is then that of a
 * peer that lives, and stays so until it has another.
 */
void iccp_beat_strict(struct iccp_beat *b, bool on)
{
	if (on && !b->strict)
		memset(b->old, 0, sizeof(b->old));
	b->strict = on;
}

/* The oldest is forgotten, and could be said again: not to our next nonce. */
static void nonce_renew(struct iccp_beat *b)
{
	b->nonce = b->nonce * 0x9e3779b97f4a7c15ull + 1;
	b->nonce += !b->nonce;
	memset(b->old, 0, sizeof(b->old));
}

static void nonce_retire(struct iccp_beat *b)
{
	if (b->strict && b->old[ICCP_OLD_NONCES - 1])
		nonce_renew(b);
	iccp_nonce_retire(b->old, b->peer_nonce);
	b->peer_nonce = 0;
	b->replay.any = false;
}

/*
 * It may be the peer, just started, or something old: an answer that names its
 * nonce is what the peer needs, and nobody else has any use for.
 */
static enum iccp_drop stranger_in(struct iccp_beat *b, u64 now, u64 nonce)
{
	if (now - b->stranger_at >= ICCP_BEAT_ASK_MS) {
		b->stranger = nonce;
		b->stranger_at = now;
		b->answer = true;
	}
	return ICCP_DROP_UNTRUSTED;
}

/* A peer that does not hear us says echo 0: that it lives is true all the same. */
static enum iccp_drop admit(struct iccp_beat *b, u64 now,
			    const struct iccp_hdr *hdr)
{
	bool proven = !b->strict || hdr->echo == b->nonce;

	if (hdr->nonce == b->nonce)
		return ICCP_DROP_OWN;
	if (iccp_nonce_retired(b->old, hdr->nonce))
		return ICCP_DROP_STALE;
	if (hdr->nonce != b->peer_nonce && !proven)
		return stranger_in(b, now, hdr->nonce);
	if (hdr->echo && hdr->echo != b->nonce)
		return ICCP_DROP_STALE;
	if (!proven && (s32)(hdr->seq - b->replay.top) <= 0)
		return ICCP_DROP_REPLAY;
	if (hdr->nonce != b->peer_nonce) {
		if (b->peer_nonce)
			nonce_retire(b);
		b->peer_nonce = hdr->nonce;
	}
	return iccp_replay_take(&b->replay, hdr->seq) ? ICCP_OK :
							ICCP_DROP_REPLAY;
}

static void silence(struct iccp_beat *b, u64 now)
{
	b->state = ICCP_BEAT_SILENT;
	b->send_at = min_t(u64, b->send_at, now + b->interval);
}

static void bye_in(struct iccp_beat *b, u64 now)
{
	nonce_retire(b);
	b->gone = true;
	b->answer = false;
	silence(b, now);
}

static void answer_in(struct iccp_beat *b, u64 now, const struct iccp_hdr *hdr)
{
	if (!b->hears_us || !b->asks || (s32)(hdr->ack - b->ask_seq) < 0)
		return;
	if (++b->answers < ICCP_BEAT_ANSWERS)
		return;
	b->state = ICCP_BEAT_ALIVE;
	b->send_at = now + b->interval;
}

/*
 * iccp_beat_in() - a HEARTBEAT came in
 * @hdr: checked by the codec
 * @word: of its TLV
 *
 * Return: ICCP_OK or why it says nothing.
 */
enum iccp_drop iccp_beat_in(struct iccp_beat *b, u64 now,
			    const struct iccp_hdr *hdr,
			    const struct iccp_beat_word *word)
{
	enum iccp_drop drop;

	if (b->state == ICCP_BEAT_OFF)
		return ICCP_DROP_PATH;
	drop = admit(b, now, hdr);
	if (drop)
		return drop;
	b->heard_at = now;
	b->late = false;
	b->gone = false;
	b->stranger = 0;
	b->hears_us = hdr->echo == b->nonce;
	b->peer = *word;
	if (word->flags & ICCP_BEAT_BYE) {
		bye_in(b, now);
		return ICCP_OK;
	}
	b->answer |= word->flags & ICCP_BEAT_ASK || !b->hears_us || !speaks(b);
	if (b->state == ICCP_BEAT_ASKED)
		answer_in(b, now, hdr);
	else
		b->state = ICCP_BEAT_ALIVE;
	return ICCP_OK;
}

/*
 * iccp_beat_ask() - does the peer live, now?
 *
 * Return: true if that is being asked: the verdict is open until the state is no
 * longer ICCP_BEAT_ASKED. False if the verdict is known.
 */
bool iccp_beat_ask(struct iccp_beat *b, u64 now)
{
	if (b->state == ICCP_BEAT_ALIVE) {
		b->state = ICCP_BEAT_ASKED;
		b->asks = 0;
		b->answers = 0;
		b->ask_seq = b->seq + 1;
		b->send_at = now;
	}
	return b->state == ICCP_BEAT_ASKED;
}

/*
 * iccp_beat_early() - the peer is there: let it hear us before the next is due
 */
void iccp_beat_early(struct iccp_beat *b, u64 now)
{
	if (b->state != ICCP_BEAT_OFF && !b->hears_us)
		b->send_at = now;
}

/*
 * iccp_beat_bye() - the chassis leaves; after the goodbyes it is silent
 */
void iccp_beat_bye(struct iccp_beat *b)
{
	if (b->state != ICCP_BEAT_OFF)
		b->byes = ICCP_BEAT_BYES;
	b->answer = false;
}

/* Not answered: a peer that does not hear us cannot, and has until @dead. */
static void run_question(struct iccp_beat *b, u64 now)
{
	if (b->asks < ICCP_BEAT_ASKS || now < b->send_at)
		return;
	b->asks = 0;
	if (b->hears_us)
		silence(b, now);
	else
		b->state = ICCP_BEAT_ALIVE;
}

/* If it was us who slept, the peer gets one more dead time. */
static void run_silence(struct iccp_beat *b, u64 now)
{
	if (b->state < ICCP_BEAT_ALIVE || b->gone ||
	    now < b->heard_at + b->dead)
		return;
	if (!b->late && now > b->send_at + b->interval) {
		b->late = true;
		b->heard_at = now;
		return;
	}
	silence(b, now);
	b->gone = true;
	b->hears_us = false;
}

/*
 * iccp_beat_run() - timers; the verdict may be another one afterwards
 */
void iccp_beat_run(struct iccp_beat *b, u64 now)
{
	if (b->state == ICCP_BEAT_ASKED)
		run_question(b, now);
	run_silence(b, now);
}

/*
 * iccp_beat_deadline() - when to run, or to look for a beat that is due
 */
u64 iccp_beat_deadline(const struct iccp_beat *b)
{
	if (b->state == ICCP_BEAT_OFF)
		return U64_MAX;
	if (b->state < ICCP_BEAT_ALIVE || b->gone)
		return b->send_at;
	return min_t(u64, b->send_at, b->heard_at + b->dead);
}

/*
 * iccp_beat_due() - has a beat to be sent now?
 */
bool iccp_beat_due(const struct iccp_beat *b, u64 now)
{
	if (b->state == ICCP_BEAT_OFF)
		return false;
	if (b->byes || b->answer)
		return true;
	return now >= b->send_at && (b->state != ICCP_BEAT_ASKED ||
				     b->asks < ICCP_BEAT_ASKS);
}

/*
 * iccp_beat_out() - the beat that is due leaves
 * @hdr: type, nonce, echo, seq and ack are filled in
 *
 * Return: ICCP_BEAT_ASK, ICCP_BEAT_BYE or 0.
 */
u8 iccp_beat_out(struct iccp_beat *b, u64 now, struct iccp_hdr *hdr)
{
	hdr->type = ICCP_HEARTBEAT;
	hdr->nonce = b->nonce;
	hdr->echo = 0;
	if (speaks(b))
		hdr->echo = b->peer_nonce;
	else if (now < b->stranger_at + b->dead)
		hdr->echo = b->stranger;
	hdr->seq = ++b->seq;
	hdr->ack = b->replay.top;
	b->answer = false;
	if (b->byes) {
		b->byes--;
		return ICCP_BEAT_BYE;
	}
	if (b->state != ICCP_BEAT_ASKED) {
		b->send_at = now + b->interval;
		return 0;
	}
	b->asks += b->asks < ICCP_BEAT_ASKS;
	b->send_at = now + ICCP_BEAT_ASK_MS;
	return ICCP_BEAT_ASK;
}

/*
 * iccp_beat_verdict() - what the second path says, as far as it is known
 */
enum iccp_heartbeat iccp_beat_verdict(const struct iccp_beat *b)
{
	if (speaks(b))
		return ICCP_HEARTBEAT_ALIVE;
	return b->state == ICCP_BEAT_SILENT ? ICCP_HEARTBEAT_SILENT :
					      ICCP_HEARTBEAT_NONE;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The second path: the machine of heartbeats alone, then two chassis that lose
 * their peer-port and each other in any order. One of two that hear each other
 * goes on, and never both, and what is asked is answered in time.
 *
 * cores: mlag_iccp/core/iccp_?*.c ../../selftests/unit/iccp_bench.c
 */
#include <linux/limits.h>
#include "iccp_bench.h"

#include "ktap.h"

static struct bench bench;
static struct iccp_beat beat;
static struct iccp_hdr hdr;
static struct iccp_beat_word word;

enum { OURS = 11, THEIRS = 22, INTERVAL = 200, DEAD = 600, T0 = 100000 };

/* --- one machine ------------------------------------------------------------ */

static void beat_open(void)
{
	memset(&beat, 0, sizeof(beat));
	memset(&word, 0, sizeof(word));
	hdr = (struct iccp_hdr){ .type = ICCP_HEARTBEAT, .nonce = THEIRS,
				 .echo = OURS, .seq = 100 };
	iccp_beat_config(&beat, T0, true, INTERVAL, DEAD);
	iccp_beat_start(&beat, T0, OURS);
}

static enum iccp_drop hear(u64 now)
{
	hdr.seq++;
	return iccp_beat_in(&beat, now, &hdr, &word);
}

/* Time passes, beats leave when they are due; the number of them */
static u32 pass(u64 *now, u64 until)
{
	struct iccp_hdr out;
	u32 n = 0;

	while (*now < until) {
		++*now;
		iccp_beat_run(&beat, *now);
		while (iccp_beat_due(&beat, *now) && n < 1000) {
			iccp_beat_out(&beat, *now, &out);
			n++;
		}
	}
	return n;
}

TEST(unheard_path_says_nothing)
{
	u64 now = T0;

	beat_open();
	EXPECT_EQ(pass(&now, T0 + 2000), 10);
	EXPECT_EQ(beat.state, ICCP_BEAT_UNHEARD);
	EXPECT_EQ(iccp_beat_verdict(&beat), ICCP_HEARTBEAT_NONE);
	EXPECT(!iccp_beat_ask(&beat, now));
	iccp_beat_config(&beat, now, false, INTERVAL, DEAD);
	EXPECT_EQ(pass(&now, now + 2000), 0);
	EXPECT_EQ(hear(now), ICCP_DROP_PATH);
	EXPECT_EQ(iccp_beat_deadline(&beat), U64_MAX);
}

TEST(silence_takes_the_dead_time)
{
	u64 now = T0;

	beat_open();
	EXPECT_EQ(hear(now), ICCP_OK);
	EXPECT_EQ(iccp_beat_verdict(&beat), ICCP_HEARTBEAT_ALIVE);
	pass(&now, T0 + DEAD - 1);
	EXPECT_EQ(beat.state, ICCP_BEAT_ALIVE);
	pass(&now, T0 + DEAD);
	EXPECT_EQ(beat.state, ICCP_BEAT_SILENT);
	EXPECT(beat.gone);
	EXPECT_EQ(hear(now), ICCP_OK);
	EXPECT_EQ(iccp_beat_verdict(&beat), ICCP_HEARTBEAT_ALIVE);
	EXPECT(!beat.gone);
}

TEST(who_slept_gives_one_more_dead_time)
{
	u64 now = T0;

	beat_open();
	EXPECT_EQ(hear(now), ICCP_OK);
	pass(&now, T0 + 100);
	iccp_beat_run(&beat, T0 + 5000);
	EXPECT_EQ(beat.state, ICCP_BEAT_ALIVE);
	now = T0 + 5000;
	pass(&now, T0 + 5000 + DEAD);
	EXPECT_EQ(beat.state, ICCP_BEAT_SILENT);
}

TEST(two_answers_settle_a_question)
{
	struct iccp_hdr out;

	beat_open();
	EXPECT_EQ(hear(T0), ICCP_OK);
	EXPECT(iccp_beat_ask(&beat, T0));
	EXPECT(iccp_beat_due(&beat, T0));
	EXPECT_EQ(iccp_beat_out(&beat, T0, &out), ICCP_BEAT_ASK);
	EXPECT_EQ(out.seq, beat.ask_seq);
	/* under way before the question: no answer */
	hdr.ack = out.seq - 1;
	EXPECT_EQ(hear(T0 + 1), ICCP_OK);
	EXPECT_EQ(hear(T0 + 1), ICCP_OK);
	EXPECT_EQ(beat.state, ICCP_BEAT_ASKED);
	hdr.ack = out.seq;
	EXPECT_EQ(hear(T0 + 2), ICCP_OK);
	EXPECT_EQ(beat.state, ICCP_BEAT_ASKED);
	EXPECT_EQ(hear(T0 + 3), ICCP_OK);
	EXPECT_EQ(beat.state, ICCP_BEAT_ALIVE);
}

TEST(no_answer_is_silence_that_may_end)
{
	u64 now = T0;

	beat_open();
	EXPECT_EQ(hear(now), ICCP_OK);
	EXPECT(iccp_beat_ask(&beat, now));
	EXPECT_EQ(pass(&now, T0 + 199), ICCP_BEAT_ASKS);
	EXPECT_EQ(beat.state, ICCP_BEAT_ASKED);
	pass(&now, T0 + ICCP_BEAT_ASKS * ICCP_BEAT_ASK_MS + 1);
	EXPECT_EQ(beat.state, ICCP_BEAT_SILENT);
	EXPECT(!beat.gone);
	pass(&now, T0 + DEAD);
	EXPECT(beat.gone);
}

TEST(who_does_not_hear_us_cannot_answer)
{
	u64 now = T0;

	beat_open();
	hdr.echo = 0;
	EXPECT_EQ(hear(now), ICCP_OK);
	EXPECT(iccp_beat_ask(&beat, now));
	pass(&now, T0 + 300);
	EXPECT_EQ(beat.state, ICCP_BEAT_ALIVE);
	pass(&now, T0 + DEAD);
	EXPECT_EQ(beat.state, ICCP_BEAT_SILENT);
}

TEST(question_of_the_peer_is_answered_at_once)
{
	struct iccp_hdr out;

	beat_open();
	EXPECT_EQ(hear(T0), ICCP_OK);
	iccp_beat_out(&beat, T0, &out);
	EXPECT(!iccp_beat_due(&beat, T0));
	word.flags = ICCP_BEAT_ASK;
	EXPECT_EQ(hear(T0), ICCP_OK);
	EXPECT(iccp_beat_due(&beat, T0));
	EXPECT_EQ(iccp_beat_out(&beat, T0, &out), 0);
	EXPECT_EQ(out.ack, hdr.seq);
	EXPECT_EQ(out.echo, THEIRS);
	EXPECT(!iccp_beat_due(&beat, T0));
}

TEST(goodbye_is_no_question_of_time)
{
	struct iccp_hdr out;
	u32 n = 0;

	beat_open();
	EXPECT_EQ(hear(T0), ICCP_OK);
	word.flags = ICCP_BEAT_BYE;
	EXPECT_EQ(hear(T0), ICCP_OK);
	EXPECT_EQ(beat.state, ICCP_BEAT_SILENT);
	EXPECT(beat.gone);
	/* what was said under that nonce before is no life */
	word.flags = 0;
	EXPECT_EQ(hear(T0 + 1), ICCP_DROP_STALE);
	iccp_beat_bye(&beat);
	for (; beat.byes; n++)
		EXPECT_EQ(iccp_beat_out(&beat, T0, &out), ICCP_BEAT_BYE);
	EXPECT_EQ(n, ICCP_BEAT_BYES);
}

TEST(frames_that_say_nothing)
{
	beat_open();
	EXPECT_EQ(hear(T0), ICCP_OK);
	hdr.seq--;
	EXPECT_EQ(hear(T0), ICCP_DROP_REPLAY);
	hdr.nonce = OURS;
	EXPECT_EQ(hear(T0), ICCP_DROP_OWN);
	hdr.nonce = THEIRS;
	hdr.echo = 4711;
	EXPECT_EQ(hear(T0), ICCP_DROP_STALE);
	/* a peer that started again; then one of its former self */
	hdr.echo = 0;
	hdr.nonce = THEIRS + 1;
	hdr.seq = 1;
	EXPECT_EQ(hear(T0), ICCP_OK);
	hdr.nonce = THEIRS;
	hdr.seq = 5000;
	EXPECT_EQ(hear(T0), ICCP_DROP_STALE);
	EXPECT_EQ(beat.heard_at, T0);
}

/* --- two chassis ------------------------------------------------------------ */

static bool alone(int who)
{
	return bench.c[who].node->posture == ICCP_POSTURE_ALONE;
}

static bool isolated(int who)
{
	return bench.c[who].node->posture == ICCP_POSTURE_ISOLATED;
}

static bool decided(struct bench *b)
{
	return b->c[1].node->posture != ICCP_POSTURE_PAIRED;
}

static void boot(struct bench *b, int who, u32 links)
{
	struct iccp_config cfg;
	int leg;

	bench_config(b, who, &cfg);
	cfg.heartbeat = true;
	cfg.reload_delay = 1000;
	bench_start(b, who, &cfg);
	iccp_node_links(b->c[who].node, b->now, links, BENCH_LINKS);
	for (leg = 0; leg < 2; leg++)
		bench_plug(b, who, leg, true);
}

static void pair_open(struct bench *b, u64 seed)
{
	bench_open(b, seed, 64);
	boot(b, 0, 3);
	boot(b, 1, 3);
	EXPECT(bench_until(b, 3000, bench_connected));
	EXPECT(bench_until(b, 3000, bench_legs_up));
	bench_run(b, 500);
	EXPECT(b->c[1].node->beat.hears_us);
}

/* ms until the secondary has decided */
static u32 time_to_decide(struct bench *b)
{
	u64 from = b->now;

	EXPECT(bench_until(b, 1000, decided));
	return b->now - from;
}

TEST(cut_peer_port_isolates_at_once)
{
	struct bench *b = &bench;

	pair_open(b, 1);
	bench_links(b, 0);
	EXPECT(time_to_decide(b) <= 60);
	EXPECT(isolated(1));
	EXPECT(alone(0));
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
	bench_run(b, 5000);
	EXPECT(isolated(1));
	bench_links(b, 3);
	EXPECT(bench_until(b, 3000, bench_legs_up));
	EXPECT_EQ(b->c[0].node->role, ICCP_ROLE_PRIMARY);
	EXPECT_EQ(b->violations, 0);
	bench_close(b);
}

/* The question is still open when the peer is back: the bridge may not be */
TEST(peer_port_that_was_down_is_ready_when_told)
{
	struct bench *b = &bench;

	pair_open(b, 3);
	b->c[1].port_held = true;
	bench_links(b, 0);
	bench_run(b, 5);
	EXPECT_EQ(b->c[1].node->posture, ICCP_POSTURE_PAIRED);
	bench_links(b, 3);
	bench_run(b, 1000);
	EXPECT(!bench_connected(b));
	b->c[1].port_held = false;
	EXPECT(bench_until(b, 1000, bench_connected));
	bench_close(b);
}

/* The election was held once more while they were together */
TEST(role_that_was_taken_over_counts)
{
	struct bench *b = &bench;
	struct iccp_config cfg;

	pair_open(b, 2);
	cfg = b->c[1].node->cfg;
	cfg.priority = 1;
	cfg.preempt = true;
	iccp_node_set_config(b->c[1].node, b->now, &cfg);
	b->c[1].next = 0;
	bench_run(b, 1000);
	EXPECT_EQ(b->c[0].node->role, ICCP_ROLE_SECONDARY);
	bench_links(b, 0);
	bench_run(b, 300);
	EXPECT(isolated(0));
	EXPECT(alone(1));
	bench_close(b);
}

/* A leg that leaves UP is a flap; ms are watched */
static u32 flaps(struct bench *b, int who, u32 ms)
{
	bool was = bench_leg_state(b, who, 0) == ICCP_LEG_UP, up;
	u32 n = 0;

	while (ms--) {
		bench_step(b);
		up = bench_leg_state(b, who, 0) == ICCP_LEG_UP;
		n += was && !up;
		was = up;
	}
	return n;
}

TEST(chassis_dies_links_and_all)
{
	struct bench *b = &bench;
	u32 lead;

	/* its heartbeat is silent some ms before its links are, or as long after */
	for (lead = 0; lead < 400; lead += 50) {
		pair_open(b, 10 + lead);
		b->cut[1] = true;
		b->deaf[1] = true;
		EXPECT_EQ(flaps(b, 1, lead), 0);
		bench_stop(b, 0);
		iccp_node_links(b->c[1].node, b->now, 0, BENCH_LINKS);
		EXPECT(time_to_decide(b) <= 300);
		EXPECT(alone(1));
		EXPECT_EQ(flaps(b, 1, 5000), 0);
		EXPECT_EQ(b->c[1].node->role, ICCP_ROLE_PRIMARY);
		bench_close(b);
	}
}

TEST(peer_port_first_then_the_chassis)
{
	struct bench *b = &bench;

	pair_open(b, 20);
	bench_links(b, 0);
	EXPECT_EQ(flaps(b, 1, 5000), 1);
	EXPECT(isolated(1));
	bench_stop(b, 0);
	EXPECT_EQ(flaps(b, 1, 3000), 0);
	EXPECT(alone(1));
	EXPECT_EQ(bench_leg_state(b, 1, 0), ICCP_LEG_UP);
	bench_close(b);
}

TEST(goodbye_on_the_second_path_ends_isolation)
{
	struct bench *b = &bench;

	pair_open(b, 21);
	bench_links(b, 0);
	bench_run(b, 1000);
	EXPECT(isolated(1));
	iccp_node_leave(b->c[0].node, b->now, ICCP_BYE_REBOOT);
	b->c[0].next = 0;
	bench_run(b, 20);
	EXPECT(alone(1));
	EXPECT_EQ(b->c[0].node->state, ICCP_STATE_DISABLED);
	bench_close(b);
}

TEST(bad_second_path_is_asked_until_it_answers)
{
	struct bench *b = &bench;
	u32 seed;

	for (seed = 0; seed < 20; seed++) {
		pair_open(b, 100 + seed);
		b->loss = 300;
		b->jitter = 20;
		bench_links(b, 0);
		EXPECT(time_to_decide(b) <= 300);
		bench_run(b, 2000);
		EXPECT(isolated(1));
		EXPECT(alone(0));
		bench_close(b);
	}
}

TEST(hello_lost_with_the_link_up)
{
	struct bench *b = &bench;

	pair_open(b, 30);
	b->cut[0] = true;
	b->cut[1] = true;
	bench_run(b, DEAD + 100);
	EXPECT(isolated(1));
	EXPECT(alone(0));
	EXPECT_EQ(bench_leg_state(b, 0, 0), ICCP_LEG_UP);
	bench_close(b);
}

TEST(second_path_dead_says_the_peer_is_dead)
{
	struct bench *b = &bench;

	pair_open(b, 31);
	bench_deaf(b, true);
	bench_run(b, 1000);
	EXPECT_EQ(b->c[1].node->posture, ICCP_POSTURE_PAIRED);
	bench_links(b, 0);
	bench_run(b, 50);
	EXPECT(alone(1) && alone(0));
	/* both lead now; who loses the election finds out by the first beat */
	bench_deaf(b, false);
	bench_run(b, 300);
	EXPECT(alone(0));
	EXPECT(isolated(1));
	EXPECT_EQ(b->c[1].node->role, ICCP_ROLE_SECONDARY);
	bench_close(b);
}

TEST(primary_starts_again_with_the_peer_port_cut)
{
	struct bench *b = &bench;

	pair_open(b, 32);
	bench_links(b, 0);
	bench_run(b, 1000);
	EXPECT(isolated(1));
	bench_stop(b, 0);
	boot(b, 0, 0);
	bench_run(b, 250);
	EXPECT(alone(1));
	bench_run(b, 5000);
	EXPECT(alone(1));
	EXPECT(isolated(0));
	bench_close(b);
}

TEST(two_that_never_met_but_hear_each_other)
{
	struct bench *b = &bench;

	bench_open(b, 33, 64);
	boot(b, 0, 0);
	boot(b, 1, 0);
	bench_run(b, 900);
	EXPECT_EQ(b->c[0].node->posture, ICCP_POSTURE_HELD);
	bench_run(b, 1000);
	EXPECT(alone(0));
	EXPECT(isolated(1));
	bench_close(b);
}

static void any_fault(struct bench *b)
{
	int who = bench_random(b, 2);

	switch (bench_random(b, 5)) {
	case 0:
		bench_links(b, bench_random(b, 2) ? 3 : 0);
		break;
	case 1:
		b->deaf[who] = bench_random(b, 2);
		break;
	case 2:
		b->cut[who] = bench_random(b, 2);
		break;
	case 3:
		bench_stop(b, who);
		boot(b, who, b->c[!who].node->links_up);
		break;
	case 4:
		b->loss = bench_random(b, 3) * 150;
		break;
	}
	b->c[0].next = 0;
	b->c[1].next = 0;
	bench_run(b, bench_random(b, 900));
}

/* Whatever came before: the peer-port is cut, the second path works */
TEST(one_of_two_goes_on)
{
	struct bench *b = &bench;
	u32 seed, n;

	for (seed = 0; seed < 300 && !ktap_failed; seed++) {
		pair_open(b, 1000 + seed);
		for (n = 0; n < 8; n++)
			any_fault(b);
		b->loss = 0;
		bench_deaf(b, false);
		b->cut[0] = false;
		b->cut[1] = false;
		bench_links(b, 0);
		bench_run(b, 4000);
		if (!EXPECT(alone(0) != alone(1)) ||
		    !EXPECT(isolated(0) != isolated(1)))
			printf("# seed %u: postures %u %u\n", seed,
			       b->c[0].node->posture, b->c[1].node->posture);
		EXPECT_EQ(b->violations, 0);
		bench_close(b);
	}
}

// SPDX-License-Identifier: GPL-2.0-only
/* Unit test of the traffic meter's book-keeping: feeds sequences with known
 * faults, in made-up time, and compares every count. Prints KTAP.
 */
#include <stdio.h>
#include <stdlib.h>

#include "account.h"

#define MS 1000000ULL

static struct acct_stream stream;
static struct acct_path path;
static uint64_t now;
static int failed;

#define EXPECT(a, b) expect((a), (b), #a, __LINE__)

static void expect(uint64_t got, uint64_t want, const char *what, int line)
{
	if (got == want)
		return;
	printf("# line %d: %s is %llu, not %llu\n", line, what,
	       (unsigned long long)got, (unsigned long long)want);
	failed++;
}

static void begin(void)
{
	now = 1000 * MS;
	acct_stream_init(&stream, MS, now);
	acct_path_init(&path, &stream);
}

static void end(void)
{
	acct_path_free(&path);
	acct_stream_free(&stream);
}

/* one frame every ms; returns its number */
static uint64_t send_one(void)
{
	uint64_t seq;

	now += MS;
	seq = acct_attempt(&stream, now);
	acct_sent(&stream, seq);
	return seq;
}

static void deliver(uint64_t seq)
{
	acct_path_rx(&path, seq, now);
}

static void run(unsigned int frames)
{
	while (frames--)
		deliver(send_one());
}

static void test_clean(void)
{
	run(1000);
	acct_path_close(&path, 0);
	EXPECT(acct_phase_sent(&stream, 0), 1000);
	EXPECT(path.cell[0].received, 1000);
	EXPECT(path.cell[0].lost, 0);
	EXPECT(path.cell[0].dup, 0);
	EXPECT(path.cell[0].reord, 0);
	EXPECT(path.cell[0].gap_ns, MS);
}

static void test_loss(void)
{
	int i;

	run(10);
	for (i = 0; i < 7; i++)
		send_one();
	run(100);
	send_one();
	run(50);
	acct_path_close(&path, 0);
	EXPECT(path.cell[0].lost, 8);
	EXPECT(path.cell[0].lost_run, 7);
	EXPECT(path.cell[0].received, 160);
	EXPECT(path.cell[0].gap_ns, 8 * MS);
	EXPECT(path.gap_ns, 8 * MS);
}

static void test_dup(void)
{
	uint64_t seq;

	run(10);
	seq = send_one();
	deliver(seq);
	deliver(seq);
	deliver(seq);
	run(70000);
	deliver(3);
	acct_path_close(&path, 0);
	EXPECT(path.cell[0].dup, 3);
	EXPECT(path.cell[0].reord, 0);
	EXPECT(path.cell[0].lost, 0);
}

static void test_reorder(void)
{
	uint64_t a, b, c;

	run(10);
	a = send_one();
	b = send_one();
	c = send_one();
	deliver(c);
	deliver(a);
	deliver(b);
	run(10);
	acct_path_close(&path, 0);
	EXPECT(path.cell[0].reord, 2);
	EXPECT(path.cell[0].dup, 0);
	EXPECT(path.cell[0].lost, 0);
	EXPECT(path.cell[0].gap_ns, 3 * MS);
}

static void test_silent_sender(void)
{
	run(10);
	now += 500 * MS;
	run(10);
	EXPECT(path.cell[0].gap_ns, MS);
}

static void test_late_delivery(void)
{
	uint64_t seq;

	run(10);
	seq = send_one();
	now += 30 * MS;
	deliver(seq);
	EXPECT(path.cell[0].gap_ns, 31 * MS);
}

static void test_unsent(void)
{
	uint64_t seq;
	int i;

	run(10);
	for (i = 0; i < 5; i++) {
		now += MS;
		seq = acct_attempt(&stream, now);
		acct_unsent(&stream, seq);
	}
	run(10);
	acct_path_close(&path, 0);
	EXPECT(acct_phase_sent(&stream, 0), 20);
	EXPECT(stream.phase[0].unsent, 5);
	EXPECT(path.cell[0].lost, 0);
	EXPECT(path.cell[0].gap_ns, 6 * MS);
}

static void test_phase_boundary(void)
{
	uint64_t late;

	run(100);
	late = send_one();
	acct_stream_mark(&stream, now);
	run(5);
	deliver(late);
	deliver(50);
	send_one();
	run(5);
	acct_path_close(&path, 0);
	acct_path_close(&path, 1);
	EXPECT(acct_phase_sent(&stream, 0), 101);
	EXPECT(acct_phase_sent(&stream, 1), 11);
	EXPECT(path.cell[0].received, 101);
	EXPECT(path.cell[0].reord, 1);
	EXPECT(path.cell[0].dup, 1);
	EXPECT(path.cell[0].lost, 0);
	EXPECT(path.cell[1].received, 10);
	EXPECT(path.cell[1].lost, 1);
	EXPECT(path.cell[1].dup, 0);
}

static void test_gap_over_phases(void)
{
	int i;

	run(100);
	for (i = 0; i < 20; i++)
		send_one();
	acct_path_close(&path, 0);
	EXPECT(path.cell[0].gap_ns, 20 * MS);
	acct_stream_mark(&stream, now);
	for (i = 0; i < 40; i++)
		send_one();
	acct_stream_mark(&stream, now);
	for (i = 0; i < 10; i++)
		send_one();
	run(10);
	for (i = 0; i < 3; i++)
		acct_path_close(&path, i);
	EXPECT(path.cell[0].gap_ns, 20 * MS);
	EXPECT(path.cell[1].gap_ns, 40 * MS);
	EXPECT(path.cell[2].gap_ns, 11 * MS);
	EXPECT(path.gap_ns, 71 * MS);
	EXPECT(path.gap_phase, 0);
	EXPECT(path.cell[0].lost + path.cell[1].lost + path.cell[2].lost, 70);
}

static void test_gap_at_end(void)
{
	int i;

	run(100);
	for (i = 0; i < 20; i++)
		send_one();
	acct_path_close(&path, 0);
	EXPECT(path.cell[0].lost, 20);
	EXPECT(path.cell[0].lost_run, 20);
	EXPECT(path.cell[0].gap_ns, 20 * MS);
	EXPECT(path.gap_ns, 20 * MS);
}

static void test_nothing_delivered(void)
{
	int i;

	for (i = 0; i < 20000; i++)
		send_one();
	acct_path_close(&path, 0);
	EXPECT(path.cell[0].received, 0);
	EXPECT(path.cell[0].lost, 20000);
	EXPECT(path.cell[0].gap_ns, 20000 * MS);
}

static void test_tail(void)
{
	uint64_t sent;

	run(100);
	send_one();
	run(100);
	EXPECT(acct_tail_lost(&path, 0, 100, &sent), 0);
	EXPECT(sent, 100);
	EXPECT(acct_tail_lost(&path, 0, 101, &sent), 1);
	EXPECT(sent, 101);
	EXPECT(acct_tail_lost(&path, 0, 1000, &sent), 1);
	EXPECT(sent, 201);
}

static void test_echo_and_flood(void)
{
	run(10);
	acct_echo(&stream, 3);
	acct_flood(&stream, 4);
	acct_flood(&stream, 5);
	EXPECT(stream.phase[0].echo, 1);
	EXPECT(stream.phase[0].flood, 2);
}

static void test_alien(void)
{
	run(10);
	acct_path_rx(&path, 10, now);
	acct_path_rx(&path, UINT64_MAX, now);
	acct_echo(&stream, 1ULL << 60);
	EXPECT(stream.alien, 3);
	EXPECT(path.cell[0].received, 10);
	EXPECT(stream.phase[0].echo, 0);
}

static void test_phases_used_up(void)
{
	unsigned int i;

	for (i = 1; i < ACCT_MAX_PHASES; i++)
		EXPECT(acct_stream_mark(&stream, now), true);
	EXPECT(acct_stream_mark(&stream, now), false);
	EXPECT(stream.nr_phases, ACCT_MAX_PHASES);
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{ "clean", test_clean },
	{ "loss", test_loss },
	{ "dup", test_dup },
	{ "reorder", test_reorder },
	{ "silent_sender", test_silent_sender },
	{ "late_delivery", test_late_delivery },
	{ "unsent", test_unsent },
	{ "phase_boundary", test_phase_boundary },
	{ "gap_over_phases", test_gap_over_phases },
	{ "gap_at_end", test_gap_at_end },
	{ "nothing_delivered", test_nothing_delivered },
	{ "tail", test_tail },
	{ "echo_and_flood", test_echo_and_flood },
	{ "alien", test_alien },
	{ "phases_used_up", test_phases_used_up },
};

int main(void)
{
	const int nr = sizeof(tests) / sizeof(tests[0]);
	int i, bad = 0;

	printf("KTAP version 1\n1..%d\n", nr);
	for (i = 0; i < nr; i++) {
		failed = 0;
		begin();
		tests[i].run();
		end();
		printf("%sok %d account_%s\n", failed ? "not " : "", i + 1,
		       tests[i].name);
		bad += !!failed;
	}
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

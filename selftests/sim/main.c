// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two-chassis simulator: runs seeded schedules and prints KTAP.
 *
 * sim [-n SCHEDULES] [-s FIRST_SEED] [-j JOBS] [-r SEED]  (-r replays one, with a trace)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim.h"

static const struct {
	const char *name;
	bool (*run)(struct sim *sim, u64 seed);
	unsigned int share;	/* of the schedules, percent */
} kinds[] = {
	{ "random", sim_random, 80 },
	{ "clean", sim_clean, 20 },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static struct sim sim;

static bool run_one(int kind, u64 seed)
{
	if (kinds[kind].run(&sim, seed))
		return true;
	printf("# %s schedule failed; replay: sim -k %s -r %llu\n#   %s\n",
	       kinds[kind].name, kinds[kind].name, (unsigned long long)seed,
	       sim.why);
	fflush(stdout);
	return false;
}

/* @jobs workers, each takes every @jobs-th seed; at most ten failures each */
static int worker(int kind, u64 first, u64 count, u64 job, u64 jobs)
{
	int failed = 0;

	for (u64 i = job; i < count && failed < 10; i += jobs)
		failed += !run_one(kind, first + i);
	return failed;
}

static bool run_kind(int kind, u64 first, u64 count, int jobs)
{
	bool ok = true;
	int status;

	fflush(stdout);
	for (int j = 0; j < jobs; j++)
		if (!fork())
			_exit(worker(kind, first, count, j, jobs));
	while (wait(&status) > 0)
		if (status)
			ok = false;
	printf("%s %d %llu %s schedules from seed %llu\n",
	       ok ? "ok" : "not ok", kind + 1, (unsigned long long)count,
	       kinds[kind].name, (unsigned long long)first);
	return ok;
}

static int replay(int kind, u64 seed)
{
	sim.verbose = true;
	return run_one(kind, seed) ? 0 : 1;
}

static int kind_by_name(const char *name)
{
	for (int i = 0; i < KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return i;
	fprintf(stderr, "sim: what is \"%s\"? expected random or clean\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	u64 n = 10000, first = 1, seed = 0;
	int jobs = 2, kind = 0, opt;
	bool ok = true;

	while ((opt = getopt(argc, argv, "n:s:j:k:r:")) != -1) {
		if (opt == 'n')
			n = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			first = strtoull(optarg, NULL, 0);
		else if (opt == 'j')
			jobs = atoi(optarg);
		else if (opt == 'k')
			kind = kind_by_name(optarg);
		else if (opt == 'r')
			seed = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	if (seed)
		return replay(kind, seed);
	printf("TAP version 13\n1..%d\n", KINDS);
	for (int i = 0; i < KINDS; i++)
		ok &= run_kind(i, first, n * kinds[i].share / 100, jobs);
	return !ok;
}

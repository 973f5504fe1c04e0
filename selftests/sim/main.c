// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two-chassis simulator: runs seeded schedules and prints KTAP.
 *
 * sim [-n SCHEDULES] [-H HOURS] [-s FIRST_SEED] [-j JOBS] [-x]      -x: the first failure ends it
 * sim [-k KIND] -r SEED                                  replays one, with a trace
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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
	{ "hour", sim_hour, 0 },	/* as many as -H says */
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static struct sim sim;
static int *failures;		/* of all workers, shared by them */
static int enough = 10;		/* failures that end a run */

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

/* @jobs workers, each takes every @jobs-th seed, until there are failures enough */
static void worker(int kind, u64 first, u64 count, u64 job, u64 jobs)
{
	for (u64 i = job; i < count; i += jobs) {
		if (__atomic_load_n(failures, __ATOMIC_RELAXED) >= enough)
			return;
		if (!run_one(kind, first + i))
			__atomic_add_fetch(failures, 1, __ATOMIC_RELAXED);
	}
}

static bool run_kind(int kind, u64 first, u64 count, int jobs)
{
	int status, before = *failures;
	bool ok = before < enough;	/* else there is no run */

	fflush(stdout);
	for (int j = 0; j < jobs; j++) {
		if (fork())
			continue;
		worker(kind, first, count, j, jobs);
		_exit(0);
	}
	while (wait(&status) > 0)
		if (status)
			ok = false;	/* it died */
	ok &= *failures == before;
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
	fprintf(stderr, "sim: what is \"%s\"? expected random, clean or hour\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	u64 n = 10000, hours = 0, first = 1, seed = 0;
	int jobs = 2, kind = 0, opt;
	bool ok = true;

	while ((opt = getopt(argc, argv, "n:H:s:j:k:r:x")) != -1) {
		if (opt == 'n')
			n = strtoull(optarg, NULL, 0);
		else if (opt == 'H')
			hours = strtoull(optarg, NULL, 0);
		else if (opt == 's')
			first = strtoull(optarg, NULL, 0);
		else if (opt == 'j')
			jobs = atoi(optarg);
		else if (opt == 'x')
			enough = 1;
		else if (opt == 'k')
			kind = kind_by_name(optarg);
		else if (opt == 'r')
			seed = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	if (seed)
		return replay(kind, seed);
	failures = mmap(NULL, sizeof(*failures), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (failures == MAP_FAILED)
		return 2;
	printf("TAP version 13\n1..%d\n", KINDS);
	for (int i = 0; i < KINDS; i++)
		ok &= run_kind(i, first, kinds[i].share ?
			       n * kinds[i].share / 100 : hours, jobs);
	return !ok;
}

// SPDX-License-Identifier: GPL-2.0-only
/* flows - send sequence-numbered Ethernet streams between hosts in network
 * namespaces and judge loss, duplication, reordering, echo and gaps. In: the
 * command line, then commands on stdin or a FIFO. Out: see report.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "meter.h"

enum { EXIT_USAGE = 2 };

static struct meter meter = {
	.tick_ns = NSEC_PER_MSEC,
	.settle_ns = 200 * NSEC_PER_MSEC,
	.tail_ns = 300 * NSEC_PER_MSEC,
	.alias_rate = 5000,
};

static struct stream defaults = {
	.rate = 1000,
	.size = WIRE_MIN_FRAME,
};

static volatile sig_atomic_t interrupted;

static const char usage[] =
"usage: flows -H NAME:NETNS:IFNAME ... [-S STREAM ...] [-m] [options]\n"
"  -H, --host NAME:NETNS:IFNAME  a sender and receiver; NETNS - is our own\n"
"  -S, --stream SRC>DST[,rate=N][,vlan=N][,size=N]\n"
"                         DST: a host, * broadcast, + multicast,\n"
"                         ? unicast to an address nobody has\n"
"  -m, --mesh             unicast between all pairs, broadcast from each\n"
"  -r, --rate N           frames per second of a stream (1000)\n"
"  -V, --vlan N           VLAN id\n"
"  -s, --size BYTES       frame length without FCS (60)\n"
"  -a, --macs HOST:N      HOST first sends from N more addresses\n"
"      --macs-rate N      addresses per second (5000)\n"
"  -c, --control FIFO     commands from here (made if missing), not stdin\n"
"  -j, --json FILE        one JSON object per phase\n"
"  -d, --duration S       quit by itself\n"
"  -t, --tick US          time between two rounds (1000)\n"
"      --settle MS        how long frames may be under way (200)\n"
"      --tail MS          loss-free end that counts as recovered (300)\n"
"      --qdisc            send through the queueing discipline\n"
"  -p, --progress         one line per second\n"
"-r -V -s apply to the streams that follow them. Commands:\n"
"  mark NAME   begin a phase    macs HOST N  teach N more addresses\n"
"  down HOST   declare it dead  up HOST      open it again\n"
"  quit        stop sending, print the rest, judge\n"
"exit: 0 no frame doubled or echoed and all paths loss-free at the end,\n"
"      1 not so, 2 usage, 3 our own buffers overflowed\n";

static void die(const char *what, const char *why)
{
	fprintf(stderr, "flows: %s: %s\n", what, why);
	exit(EXIT_USAGE);
}

static uint64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

int meter_find_host(const struct meter *m, const char *name, size_t len)
{
	unsigned int i;

	for (i = 0; i < m->nr_hosts; i++)
		if (strlen(m->host[i]->name) == len &&
		    !memcmp(m->host[i]->name, name, len))
			return i;
	return -1;
}

static void add_host(const char *arg)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h || !host_parse(h, arg))
		die(arg, "a host is NAME:NETNS:IFNAME");
	if (meter_find_host(&meter, h->name, strlen(h->name)) >= 0)
		die(arg, "host given twice");
	if (meter.nr_hosts == METER_MAX_HOSTS)
		die(arg, "too many hosts");
	meter.host[meter.nr_hosts++] = h;
}

static void add_stream(const char *arg)
{
	const char *err = stream_parse(&meter, arg, &defaults);

	if (err)
		die(arg, err);
}

static void add_mesh(void)
{
	char arg[72];
	unsigned int i, j;

	for (i = 0; i < meter.nr_hosts; i++) {
		for (j = 0; j < meter.nr_hosts; j++) {
			snprintf(arg, sizeof(arg), "%s>%s",
				 meter.host[i]->name,
				 i == j ? "*" : meter.host[j]->name);
			add_stream(arg);
		}
	}
}

static unsigned int number(const char *arg, unsigned int min, unsigned int max)
{
	char *end;
	unsigned long n = strtoul(arg, &end, 10);

	if (end == arg || *end || n < min || n > max)
		die(arg, "not a number in range");
	return n;
}

static void add_macs(const char *arg)
{
	const char *sep = strchr(arg, ':');
	int i = sep ? meter_find_host(&meter, arg, sep - arg) : -1;

	if (i < 0)
		die(arg, "HOST:N, with a known host");
	meter.host[i]->alias_left = number(sep + 1, 1, 1 << 24);
}

static FILE *open_json(const char *path)
{
	FILE *f = fopen(path, "w");

	if (!f)
		die(path, strerror(errno));
	return f;
}

/* Read and write, so that writers may come and go without an end of file. */
static int open_fifo(const char *path)
{
	int fd;

	if (mkfifo(path, 0600) && errno != EEXIST)
		die(path, strerror(errno));
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		die(path, strerror(errno));
	return fd;
}

static const struct option options[] = {
	{ "host", required_argument, NULL, 'H' },
	{ "stream", required_argument, NULL, 'S' },
	{ "mesh", no_argument, NULL, 'm' },
	{ "rate", required_argument, NULL, 'r' },
	{ "vlan", required_argument, NULL, 'V' },
	{ "size", required_argument, NULL, 's' },
	{ "macs", required_argument, NULL, 'a' },
	{ "macs-rate", required_argument, NULL, 'A' },
	{ "control", required_argument, NULL, 'c' },
	{ "json", required_argument, NULL, 'j' },
	{ "duration", required_argument, NULL, 'd' },
	{ "tick", required_argument, NULL, 't' },
	{ "settle", required_argument, NULL, 'e' },
	{ "tail", required_argument, NULL, 'l' },
	{ "qdisc", no_argument, NULL, 'q' },
	{ "progress", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{}
};

static void parse_options(int argc, char **argv, int *fd, uint64_t *duration)
{
	int c;

	while ((c = getopt_long(argc, argv, "H:S:mr:V:s:a:c:j:d:t:ph",
				options, NULL)) != -1) {
		switch (c) {
		case 'H': add_host(optarg); break;
		case 'S': add_stream(optarg); break;
		case 'm': add_mesh(); break;
		case 'r': defaults.rate = number(optarg, 1, 100000); break;
		case 'V': defaults.vlan = number(optarg, 0, 4094); break;
		case 's': defaults.size = number(optarg, WIRE_MIN_FRAME,
						 WIRE_MAX_FRAME - 4); break;
		case 'a': add_macs(optarg); break;
		case 'A': meter.alias_rate = number(optarg, 1, 1000000); break;
		case 'c': *fd = open_fifo(optarg); break;
		case 'j': meter.json = open_json(optarg); break;
		case 'd': *duration = number(optarg, 1, 86400) * NSEC_PER_SEC;
			  break;
		case 't': meter.tick_ns = number(optarg, 100, 100000) *
					  NSEC_PER_USEC; break;
		case 'e': meter.settle_ns = number(optarg, 0, 60000) *
					    NSEC_PER_MSEC; break;
		case 'l': meter.tail_ns = number(optarg, 1, 60000) *
					  NSEC_PER_MSEC; break;
		case 'q': meter.qdisc = true; break;
		case 'p': meter.progress = true; break;
		case 'h': fputs(usage, stdout); exit(0);
		default: fputs(usage, stderr); exit(EXIT_USAGE);
		}
	}
	if (optind < argc)
		die(argv[optind], "unexpected argument");
	if (!meter.nr_hosts || (!meter.nr_streams && !*duration))
		die("nothing to do", "give hosts and streams (-h for help)");
}

static void open_hosts(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < meter.nr_hosts; i++) {
		ret = host_open(meter.host[i], meter.qdisc);
		if (ret)
			die(meter.host[i]->name, strerror(-ret));
	}
}

static void on_signal(int sig)
{
	interrupted = sig;
}

static void wait_tick(struct control *ctl, uint64_t next)
{
	struct pollfd pfd = { .fd = ctl->fd, .events = POLLIN };
	uint64_t now = clock_now();
	uint64_t left = next > now ? next - now : 0;
	struct timespec ts = {
		.tv_sec = left / NSEC_PER_SEC,
		.tv_nsec = left % NSEC_PER_SEC,
	};

	while (ppoll(&pfd, ctl->fd >= 0, &ts, NULL) > 0) {
		control_read(ctl, clock_now());
		now = clock_now();
		left = next > now ? next - now : 0;
		ts.tv_sec = left / NSEC_PER_SEC;
		ts.tv_nsec = left % NSEC_PER_SEC;
		pfd.fd = ctl->fd;
	}
}

/* The next tick is never in the past: lateness is for pace() to make good. */
static uint64_t next_tick(uint64_t tick, uint64_t now)
{
	struct meter_phase *ph = &meter.phase[meter.nr_phases - 1];

	if (now > tick && now - tick > ph->stall_ns)
		ph->stall_ns = now - tick;
	tick += meter.tick_ns;
	return tick > now ? tick : now + meter.tick_ns;
}

static void teach(void)
{
	while (stream_teach(&meter) && !interrupted) {
		nanosleep(&(struct timespec){ .tv_nsec = meter.tick_ns }, NULL);
		stream_receive(&meter);
	}
}

static void run(struct control *ctl, uint64_t duration)
{
	uint64_t tick = meter.begin_ns, second = tick, now;

	while (!ctl->quit && !interrupted) {
		now = clock_now();
		if (duration && now - meter.begin_ns >= duration)
			break;
		stream_receive(&meter);
		stream_transmit(&meter, now);
		stream_teach(&meter);
		control_tick(ctl, now);
		if (meter.progress && now - second >= NSEC_PER_SEC) {
			report_progress(&meter, now);
			second = now;
		}
		tick = next_tick(tick, now);
		wait_tick(ctl, tick);
	}
}

static void settle(struct control *ctl)
{
	uint64_t end = clock_now();

	meter.phase[meter.nr_phases - 1].end_ns = end;
	while (clock_now() < end + meter.settle_ns) {
		nanosleep(&(struct timespec){ .tv_nsec = meter.tick_ns }, NULL);
		stream_receive(&meter);
	}
	control_finish(ctl);
}

int main(int argc, char **argv)
{
	struct control ctl = { .meter = &meter, .fd = STDIN_FILENO };
	uint64_t duration = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	parse_options(argc, argv, &ctl.fd, &duration);
	if (duration && ctl.fd == STDIN_FILENO)
		ctl.fd = -1;
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	meter.run = getpid() ^ (uint32_t)clock_now();
	open_hosts();
	teach();
	meter.begin_ns = clock_now();
	stream_start(&meter, meter.begin_ns);
	control_start(&ctl, meter.begin_ns);
	run(&ctl, duration);
	settle(&ctl);
	return report_summary(&meter);
}

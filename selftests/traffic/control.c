// SPDX-License-Identifier: GPL-2.0-only
/* Commands and phases of the traffic meter. In: lines on stdin or a FIFO, the
 * tick. Out: phase boundaries to the books, hosts closed and opened, reports of
 * phases that have settled.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"

static double seconds(const struct meter *m, uint64_t now)
{
	return (now - m->begin_ns) / (double)NSEC_PER_SEC;
}

/* Second column of /proc/net/softnet_stat: frames the backlog refused. */
static uint64_t softnet_read(void)
{
	FILE *f = fopen("/proc/net/softnet_stat", "r");
	unsigned int dropped;
	uint64_t sum = 0;
	char line[256];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "%*x %x", &dropped) == 1)
			sum += dropped;
	fclose(f);
	return sum;
}

static uint64_t ring_drops(const struct meter *m)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < m->nr_hosts; i++) {
		host_read_drops(m->host[i]);
		sum += m->host[i]->ring_drops;
		m->host[i]->ring_drops = 0;
	}
	return sum;
}

static void take_drops(struct control *ctl)
{
	struct meter *m = ctl->meter;
	struct meter_phase *ph = &m->phase[m->nr_phases - 1];
	uint64_t softnet = softnet_read();

	ph->ring_drops += ring_drops(m);
	ph->softnet_drops += softnet - ctl->softnet;
	ctl->softnet = softnet;
}

static void phase_begin(struct meter *m, const char *name, uint64_t now)
{
	struct meter_phase *ph = &m->phase[m->nr_phases++];
	unsigned int i;

	snprintf(ph->name, sizeof(ph->name), "%s", name);
	ph->start_ns = now;
	for (i = 0; i < m->nr_hosts; i++)
		ph->down |= (uint32_t)m->host[i]->down << i;
	printf("# %7.2f s  phase %u begins: %s\n", seconds(m, now),
	       m->nr_phases - 1, ph->name);
}

static void close_phases(struct meter *m, uint64_t before)
{
	while (m->nr_closed < m->nr_phases &&
	       m->phase[m->nr_closed].end_ns &&
	       m->phase[m->nr_closed].end_ns <= before)
		report_phase(m, m->nr_closed++);
}

static void cmd_mark(struct control *ctl, char *name, uint64_t now)
{
	struct meter *m = ctl->meter;
	struct meter_phase *ph = &m->phase[m->nr_phases - 1];
	unsigned int i;

	if (m->nr_phases == ACCT_MAX_PHASES) {
		printf("! no more phases: mark %s ignored\n", name);
		return;
	}
	take_drops(ctl);
	ph->end_ns = now;
	for (i = 0; i < m->nr_streams; i++)
		acct_stream_mark(&m->stream[i]->acct, now);
	phase_begin(m, name, now);
}

static struct host *named_host(struct meter *m, const char *name,
			       unsigned int *index)
{
	int i = meter_find_host(m, name, strlen(name));

	if (i < 0) {
		printf("! unknown host \"%s\"\n", name);
		return NULL;
	}
	*index = i;
	return m->host[i];
}

static void cmd_down(struct control *ctl, char *name, uint64_t now)
{
	struct meter *m = ctl->meter;
	unsigned int i;
	struct host *h = named_host(m, name, &i);

	if (!h)
		return;
	stream_receive(m);
	host_close(h);
	h->down = true;
	m->phase[m->nr_phases - 1].down |= 1u << i;
	printf("# %7.2f s  %s is down\n", seconds(m, now), name);
}

static void cmd_up(struct control *ctl, char *name, uint64_t now)
{
	struct meter *m = ctl->meter;
	unsigned int i;
	struct host *h = named_host(m, name, &i);
	int ret;

	if (!h)
		return;
	host_close(h);
	ret = host_open(h, m->qdisc);
	h->down = ret;
	if (ret)
		printf("! %7.2f s  %s cannot be opened: %s\n",
		       seconds(m, now), name, strerror(-ret));
	else
		printf("# %7.2f s  %s is up\n", seconds(m, now), name);
}

static void cmd_macs(struct control *ctl, char *arg, uint64_t now)
{
	char *count = strchr(arg, ' ');
	struct host *h;
	unsigned int i;

	(void)now;
	if (count)
		*count++ = 0;
	h = named_host(ctl->meter, arg, &i);
	if (h && count)
		h->alias_left += strtoul(count, NULL, 10);
}

static void cmd_quit(struct control *ctl, char *arg, uint64_t now)
{
	(void)arg;
	(void)now;
	ctl->quit = true;
}

static const struct {
	const char *name;
	void (*run)(struct control *ctl, char *arg, uint64_t now);
	bool needs_arg;
} commands[] = {
	{ "mark", cmd_mark, true },
	{ "down", cmd_down, true },
	{ "up", cmd_up, true },
	{ "macs", cmd_macs, true },
	{ "quit", cmd_quit, false },
};

static void execute(struct control *ctl, char *line, uint64_t now)
{
	char *arg = line + strcspn(line, " \t");
	unsigned int i;

	if (*arg)
		*arg++ = 0;
	arg += strspn(arg, " \t");
	if (!*line)
		return;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(line, commands[i].name))
			continue;
		if (commands[i].needs_arg && !*arg)
			break;
		commands[i].run(ctl, arg, now);
		return;
	}
	printf("! what is \"%s %s\"?\n", line, arg);
}

/**
 * control_start() - begin phase 0
 * @ctl: commands of the meter
 * @now: time 0 of the run
 */
void control_start(struct control *ctl, uint64_t now)
{
	ctl->softnet = softnet_read();
	phase_begin(ctl->meter, "start", now);
	printf("# ready\n");
}

/**
 * control_read() - read and execute the commands that have come
 * @ctl: commands of the meter; @ctl->fd is readable
 * @now: time
 *
 * The end of stdin is a quit.
 */
void control_read(struct control *ctl, uint64_t now)
{
	ssize_t n = read(ctl->fd, ctl->line + ctl->len,
			 sizeof(ctl->line) - 1 - ctl->len);
	char *end;

	if (n <= 0) {
		ctl->quit |= n == 0;
		ctl->fd = n == 0 ? -1 : ctl->fd;
		return;
	}
	ctl->len += n;
	ctl->line[ctl->len] = 0;
	while ((end = strchr(ctl->line, '\n'))) {
		*end++ = 0;
		execute(ctl, ctl->line, now);
		ctl->len -= end - ctl->line;
		memmove(ctl->line, end, ctl->len + 1);
	}
	if (ctl->len == sizeof(ctl->line) - 1)
		ctl->len = 0;
}

/**
 * control_tick() - report the phases that have settled
 * @ctl: commands of the meter
 * @now: time
 */
void control_tick(struct control *ctl, uint64_t now)
{
	if (now > ctl->meter->settle_ns)
		close_phases(ctl->meter, now - ctl->meter->settle_ns);
}

/**
 * control_finish() - report all phases; the last has settled
 * @ctl: commands of the meter
 */
void control_finish(struct control *ctl)
{
	take_drops(ctl);
	close_phases(ctl->meter, UINT64_MAX);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every transition of every machine of IEEE 802.1AX-2014, one row each: where
 * the port stands, what happens, where it goes, with which effect. The port is
 * brought there by events alone, and makes one step. The table of the manual is
 * made from the rows by Documentation/tables.sh.
 *
 * cores: mlagbond/core/lacp*.c
 */
#include <stdlib.h>

#include "ktap.h"
#include "mlagbond/core/lacp_priv.h"
#include "tree.h"

static const char table_file[] = "Documentation/lacp-transitions.rst";

enum {
	START	= 100000,
	KEY	= 3,		/* of the partner */
	OTHER	= 4,
	TEXT	= 32768,
};

static struct lacp_sys sys;
static struct lacp_port port;
static u64 now;

/* --- what can happen to the port -------------------------------------------*/

static void run(void)
{
	lacp_run(&sys, now);
	sys.todo = 0;
	port.todo = 0;
}

static void set_link(bool up, bool half_duplex)
{
	struct lacp_link link = { .up = up, .speed = 1000,
				  .half_duplex = half_duplex };

	lacp_port_link(&port, &link);
}

static void link_up(void)	{ set_link(true, false); }
static void link_down(void)	{ set_link(false, false); }
static void link_half(void)	{ set_link(true, true); }

static struct lacpdu word(u8 state, u16 key)
{
	struct lacpdu pdu = {
		.version = 1,
		.actor = {
			.system = { 2, 0, 0, 0, 0, 9 },
			.system_prio = 9,
			.key = key,
			.port = 4,
			.port_prio = 5,
			.state = state,
		},
		.partner = port.actor,
	};

	return pdu;
}

/* A LACPDU of a partner that knows us; the Receive machine alone runs */
static void hear(u8 state, u16 key)
{
	struct lacpdu pdu = word(state, key);
	u8 buf[LACPDU_LEN];

	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_port_rx(&port, buf, sizeof(buf), now), 0);
}

enum {
	SLOW		= LACP_ACTIVITY | LACP_AGGREGATION,
	FAST		= SLOW | LACP_TIMEOUT,
	SYNC		= FAST | LACP_SYNC,
	COLLECTING	= SYNC | LACP_COLLECTING,
};

static void hear_slow(void)		{ hear(SLOW, KEY); }
static void hear_fast(void)		{ hear(FAST, KEY); }
static void hear_sync(void)		{ hear(SYNC, KEY); }
static void hear_collecting(void)	{ hear(COLLECTING, KEY); }
static void hear_other(void)		{ hear(SYNC, OTHER); }
static void hear_passive(void)		{ hear(LACP_TIMEOUT, KEY); }

/* The same partner's port is heard at another of ours */
static void hear_elsewhere(void)
{
	static struct lacp_port other;
	struct lacp_link link = { .up = true, .speed = 1000 };
	struct lacpdu pdu = word(SYNC, KEY);
	u8 buf[LACPDU_LEN];

	EXPECT_EQ(lacp_port_add(&sys, &other, 2, 255, now), 0);
	lacp_port_link(&other, &link);
	lacpdu_encode(&pdu, buf);
	EXPECT_EQ(lacp_port_rx(&other, buf, sizeof(buf), now), 0);
}

static void pass(u64 ms)
{
	u64 end = now + ms;

	for (run(); sys.deadline <= end; run())
		now = sys.deadline;
	now = end;
}

static void second_3(void)	{ now += LACP_SHORT_TIMEOUT_MS; }
static void second_30(void)	{ now += LACP_SLOW_PERIODIC_MS; }
static void second_1(void)	{ now += LACP_FAST_PERIODIC_MS; }
static void minute(void)	{ now += LACP_CHURN_MS; }
static void nothing(void)	{ }
static void unselected(void)	{ lacp_unselect(&port); }
static void standby(void)	{ port.selected = LACP_STANDBY; }
static void lift_hold(void)	{ lacp_leg_hold(&sys, false); }

static void marker(void)
{
	struct lacp_marker question = { .port = 7, .transaction = 0x12345678 };
	u8 buf[LACPDU_LEN];

	lacp_marker_encode(&question, buf);
	EXPECT_EQ(lacp_port_rx(&port, buf, sizeof(buf), now), 0);
}

/* All but Churn Detection, to rest */
static void settle(void)
{
	bool again;

	do {
		again = lacp_rx_step(&port, now);
		again |= lacp_select(&sys);
		again |= lacp_mux_step(&port, now);
	} while (again);
}

static void attach(void)	{ hear_sync(); settle(); }
static void detach(void)	{ link_down(); settle(); unselected(); settle(); }

/* --- where it stands -------------------------------------------------------*/

static void begin_as(bool active, bool coupled)
{
	struct lacp_config cfg = {
		.fast = true,
		.active = active,
		.coupled = coupled,
		.strict = true,
		.wait_ms = LACP_WAIT_MS,
		.system_prio = 7,
		.system = { 2, 0, 0, 0, 0, 1 },
	};

	now = START;
	lacp_sys_init(&sys, &cfg);
	EXPECT_EQ(lacp_port_add(&sys, &port, 1, 255, now), 0);
}

static void begin(void)		{ begin_as(true, false); }

static void disabled(void)	{ begin(); run(); }
static void expired(void)	{ begin(); link_up(); run(); }
static void defaulted(void)	{ expired(); pass(LACP_SHORT_TIMEOUT_MS); }
static void current(void)	{ expired(); hear_slow(); run(); }
static void lacp_disabled(void)	{ begin(); link_half(); run(); }
static void was_current(void)	{ current(); link_down(); run(); }
static void fast(void)		{ expired(); hear_fast(); run(); }
static void passive(void)	{ begin_as(false, false); link_up(); run(); }
static void attached(void)	{ fast(); }
static void collecting(void)	{ expired(); hear_sync(); run(); }
static void distributing(void)	{ expired(); hear_collecting(); run(); }

static void coupled(void)
{
	begin_as(true, true);
	link_up();
	run();
}

static void coupled_attached(void) { coupled(); hear_fast(); run(); }
static void coupled_sending(void) { coupled(); hear_sync(); run(); }

/* The last step to ATTACHED and beyond is the row's own */
static void waiting(void)
{
	struct lacp_identity id = { .system = { 2, 0, 0, 0, 0, 8 }, .key = 1 };

	begin();
	lacp_leg_set(&sys, true);
	lacp_leg_identity(&sys, &id);
	link_up();
	run();
	hear_fast();
	run();
}

static void silent(void)	{ expired(); }
static void asked(void)		{ current(); marker(); }
static void churned(void)	{ expired(); pass(LACP_CHURN_MS); }
static void in_sync(void)	{ distributing(); }

/* --- one step --------------------------------------------------------------*/

static void rx_step(void)	{ lacp_rx_step(&port, now); }
static void mux_step(void)	{ lacp_mux_step(&port, now); }
static void periodic_step(void)	{ lacp_periodic_step(&port, now); }
static void churn_step(void)	{ lacp_churn_step(&port, now); }

/* As mux_step(), after Selection has seen the partner */
static void select_step(void)
{
	lacp_select(&sys);
	mux_step();
}

/* COLLECTING of a coupled port is passed through */
static void mux_two_steps(void)	{ mux_step(); mux_step(); }

static const char *rx_now(void)		{ return lacp_rx_name(port.rx); }
static const char *mux_now(void)	{ return lacp_mux_name(port.mux); }

static const char *periodic_now(void)
{
	return lacp_periodic_name(port.periodic);
}

static const char *churn_name(u8 state, bool actor)
{
	static const char *const names[2][LACP_CHURN_STATES] = {
		{ "PARTNER_CHURN_MONITOR", "PARTNER_CHURN",
		  "NO_PARTNER_CHURN" },
		{ "ACTOR_CHURN_MONITOR", "ACTOR_CHURN", "NO_ACTOR_CHURN" },
	};

	return names[actor][state];
}

static const char *churn_actor_now(void)
{
	return churn_name(port.churn_actor, true);
}

static const char *churn_partner_now(void)
{
	return churn_name(port.churn_partner, false);
}

static const char *marker_now(void)
{
	return port.todo & LACP_TODO_MARKER ? "RESPOND_TO_MARKER" :
					      "WAIT_FOR_MARKER";
}

static void marker_step(void)	{ }

static void marker_taken(void)
{
	struct lacp_marker answer;

	lacp_port_marker(&port, &answer);
	EXPECT(answer.response && answer.transaction == 0x12345678);
}

/* --- effects ---------------------------------------------------------------*/

static bool is_ntt(void)	{ return port.ntt; }
static bool is_unselected(void)	{ return port.selected == LACP_UNSELECTED; }
static bool partner_lost(void)	{ return !(port.partner.state & LACP_SYNC); }
static bool is_sync(void)	{ return port.actor.state & LACP_SYNC; }
static bool is_collecting(void)	{ return port.actor.state & LACP_COLLECTING; }
static bool is_sending(void) { return port.actor.state & LACP_DISTRIBUTING; }
static bool not_sync(void)	{ return !is_sync(); }
static bool not_collecting(void) { return !is_collecting(); }
static bool not_sending(void)	{ return !is_sending(); }

static bool is_default(void)
{
	return port.actor.state & LACP_DEFAULTED &&
	       !lacp_has_partner(&port.partner);
}

static bool is_recorded(void)
{
	return !(port.actor.state & (LACP_DEFAULTED | LACP_EXPIRED)) &&
	       port.partner.system[5] == 9;
}

static bool is_expired(void)	{ return port.actor.state & LACP_EXPIRED; }

static bool is_short(void)
{
	return port.current_while == now + LACP_SHORT_TIMEOUT_MS;
}

static bool is_kept(void)
{
	return port.partner.system[5] == 9 && partner_lost();
}

struct effect {
	const char *words;
	bool (*holds)(void);
};

static const struct effect ntt = { "NTT", is_ntt };
static const struct effect unselect = { "Selected = UNSELECTED",
					is_unselected };
static const struct effect record_default = { "recordDefault", is_default };
static const struct effect record_pdu = { "recordPDU", is_recorded };
static const struct effect expire = { "Actor Expired, partner out of SYNC",
				      is_expired };
static const struct effect start_short = { "current_while_timer = 3 s",
					   is_short };
static const struct effect keep = { "partner kept, out of SYNC", is_kept };
static const struct effect sync_on = { "SYNC", is_sync };
static const struct effect sync_off = { "no SYNC", not_sync };
static const struct effect collect = { "Enable_Collecting", is_collecting };
static const struct effect no_collect = { "Disable_Collecting",
					  not_collecting };
static const struct effect distribute = { "Enable_Distributing", is_sending };
static const struct effect no_distribute = { "Disable_Distributing",
					     not_sending };

/* --- the table -------------------------------------------------------------*/

struct machine {
	const char *name;
	const char *clause;
	const char *(*state)(void);
	void (*step)(void);
};

static const struct machine receive = {
	"Receive", "6.4.12", rx_now, rx_step };
static const struct machine pdu_in = {
	"Receive", "6.4.12", rx_now, nothing };
static const struct machine periodic = {
	"Periodic Transmission", "6.4.13", periodic_now, periodic_step };
static const struct machine mux = {
	"Mux, independent", "6.4.15", mux_now, mux_step };
static const struct machine mux_selected = {
	"Mux, independent", "6.4.15", mux_now, select_step };
static const struct machine mux_coupled = {
	"Mux, coupled", "6.4.15", mux_now, mux_step };
static const struct machine mux_passing = {
	"Mux, coupled", "6.4.15", mux_now, mux_two_steps };
static const struct machine actor_churn = {
	"Actor Churn Detection", "6.4.17", churn_actor_now, churn_step };
static const struct machine partner_churn = {
	"Partner Churn Detection", "6.4.17", churn_partner_now, churn_step };
static const struct machine responder = {
	"Marker Responder", "6.5.4", marker_now, marker_step };

static const struct row {
	const struct machine *machine;
	void (*stand)(void);
	const char *from;
	const char *condition;
	void (*event)(void);
	const char *to;
	const struct effect *effect[3];
} rows[] = {
	{ &receive, begin, "INITIALIZE", "UCT", nothing,
	  "PORT_DISABLED", { &record_default, &unselect } },
	{ &receive, disabled, "PORT_DISABLED",
	  "port_enabled, LACP_Enabled", link_up,
	  "EXPIRED", { &expire, &start_short, &ntt } },
	{ &receive, disabled, "PORT_DISABLED",
	  "port_enabled, not LACP_Enabled", link_half,
	  "LACP_DISABLED", { &record_default, &unselect } },
	{ &pdu_in, was_current, "PORT_DISABLED", "port_moved", hear_elsewhere,
	  "INITIALIZE", { &record_default } },
	{ &receive, lacp_disabled, "LACP_DISABLED", "LACP_Enabled", link_up,
	  "PORT_DISABLED", { NULL } },
	{ &receive, lacp_disabled, "LACP_DISABLED", "not port_enabled",
	  link_down, "PORT_DISABLED", { NULL } },
	{ &pdu_in, expired, "EXPIRED", "LACPDU", hear_slow,
	  "CURRENT", { &record_pdu, &start_short } },
	{ &receive, expired, "EXPIRED", "current_while_timer", second_3,
	  "DEFAULTED", { &record_default } },
	{ &receive, expired, "EXPIRED", "not port_enabled", link_down,
	  "PORT_DISABLED", { NULL } },
	{ &pdu_in, defaulted, "DEFAULTED", "LACPDU", hear_slow,
	  "CURRENT", { &record_pdu, &start_short, &unselect } },
	{ &receive, defaulted, "DEFAULTED", "not port_enabled", link_down,
	  "PORT_DISABLED", { NULL } },
	{ &pdu_in, current, "CURRENT", "LACPDU", hear_slow,
	  "CURRENT", { &record_pdu, &start_short } },
	{ &pdu_in, current, "CURRENT", "LACPDU of another partner or key",
	  hear_other, "CURRENT", { &record_pdu, &unselect } },
	{ &receive, current, "CURRENT", "current_while_timer", second_3,
	  "EXPIRED", { &expire, &start_short, &ntt } },
	{ &receive, current, "CURRENT", "not port_enabled", link_down,
	  "PORT_DISABLED", { &keep } },

	{ &periodic, disabled, "NO_PERIODIC", "UCT, once somebody is active",
	  link_up, "FAST_PERIODIC", { NULL } },
	{ &periodic, fast, "FAST_PERIODIC", "periodic_timer", second_1,
	  "FAST_PERIODIC", { &ntt } },
	{ &periodic, fast, "FAST_PERIODIC", "partner asks for slow", hear_slow,
	  "SLOW_PERIODIC", { NULL } },
	{ &periodic, current, "SLOW_PERIODIC", "periodic_timer", second_30,
	  "SLOW_PERIODIC", { &ntt } },
	{ &periodic, current, "SLOW_PERIODIC", "partner asks for fast",
	  hear_fast, "FAST_PERIODIC", { &ntt } },
	{ &periodic, fast, "FAST_PERIODIC", "not port_enabled", link_down,
	  "NO_PERIODIC", { NULL } },
	{ &periodic, current, "SLOW_PERIODIC", "not LACP_Enabled", link_half,
	  "NO_PERIODIC", { NULL } },
	{ &periodic, passive, "NO_PERIODIC", "both sides passive",
	  hear_passive, "NO_PERIODIC", { NULL } },
	{ &periodic, passive, "NO_PERIODIC", "partner is active", hear_fast,
	  "FAST_PERIODIC", { NULL } },

	{ &mux_selected, expired, "DETACHED", "Selected = SELECTED", hear_fast,
	  "WAITING", { &sync_off } },
	{ &mux, waiting, "WAITING", "Selected = UNSELECTED", unselected,
	  "DETACHED", { &sync_off, &ntt } },
	{ &mux, waiting, "WAITING", "Selected = SELECTED, Ready", lift_hold,
	  "ATTACHED", { &sync_on, &ntt } },
	{ &mux, attached, "ATTACHED", "Selected = UNSELECTED", unselected,
	  "DETACHED", { &sync_off, &ntt } },
	{ &mux, attached, "ATTACHED", "Selected = STANDBY", standby,
	  "DETACHED", { &sync_off, &ntt } },
	{ &mux, attached, "ATTACHED", "SELECTED, partner in SYNC", hear_sync,
	  "COLLECTING", { &collect, &no_distribute, &ntt } },
	{ &mux, collecting, "COLLECTING", "Selected = UNSELECTED", unselected,
	  "ATTACHED", { &no_collect, &ntt } },
	{ &mux, collecting, "COLLECTING", "Selected = STANDBY", standby,
	  "ATTACHED", { &no_collect, &ntt } },
	{ &mux, collecting, "COLLECTING", "partner out of SYNC", hear_fast,
	  "ATTACHED", { &no_collect, &ntt } },
	{ &mux, collecting, "COLLECTING", "partner in SYNC and COLLECTING",
	  hear_collecting, "DISTRIBUTING", { &collect, &distribute } },
	{ &mux, distributing, "DISTRIBUTING", "Selected = UNSELECTED",
	  unselected, "COLLECTING", { &no_distribute, &ntt } },
	{ &mux, distributing, "DISTRIBUTING", "Selected = STANDBY", standby,
	  "COLLECTING", { &no_distribute, &ntt } },
	{ &mux, distributing, "DISTRIBUTING", "partner out of SYNC", hear_fast,
	  "COLLECTING", { &no_distribute, &ntt } },
	{ &mux, distributing, "DISTRIBUTING", "partner not COLLECTING",
	  hear_sync, "COLLECTING", { &no_distribute, &ntt } },

	{ &mux_passing, coupled_attached, "ATTACHED",
	  "SELECTED, partner in SYNC", hear_sync,
	  "DISTRIBUTING", { &collect, &distribute, &ntt } },
	{ &mux_coupled, coupled_sending, "DISTRIBUTING",
	  "partner not COLLECTING", hear_sync,
	  "DISTRIBUTING", { &distribute } },
	{ &mux_passing, coupled_sending, "DISTRIBUTING",
	  "Selected = UNSELECTED", unselected,
	  "ATTACHED", { &no_collect, &no_distribute, &ntt } },
	{ &mux_passing, coupled_sending, "DISTRIBUTING",
	  "Selected = STANDBY", standby,
	  "ATTACHED", { &no_collect, &no_distribute, &ntt } },
	{ &mux_passing, coupled_sending, "DISTRIBUTING",
	  "partner out of SYNC", hear_fast,
	  "ATTACHED", { &no_collect, &no_distribute, &ntt } },

	{ &actor_churn, silent, "ACTOR_CHURN_MONITOR", "actor_churn_timer",
	  minute, "ACTOR_CHURN", { NULL } },
	{ &actor_churn, churned, "ACTOR_CHURN", "actor in SYNC", attach,
	  "NO_ACTOR_CHURN", { &sync_on } },
	{ &actor_churn, silent, "ACTOR_CHURN_MONITOR", "actor in SYNC", attach,
	  "NO_ACTOR_CHURN", { &sync_on } },
	{ &actor_churn, in_sync, "NO_ACTOR_CHURN", "actor out of SYNC", detach,
	  "ACTOR_CHURN_MONITOR", { &sync_off } },
	{ &partner_churn, silent, "PARTNER_CHURN_MONITOR",
	  "partner_churn_timer", minute, "PARTNER_CHURN", { NULL } },
	{ &partner_churn, churned, "PARTNER_CHURN", "partner in SYNC",
	  hear_sync, "NO_PARTNER_CHURN", { NULL } },
	{ &partner_churn, in_sync, "NO_PARTNER_CHURN", "partner out of SYNC",
	  hear_fast, "PARTNER_CHURN_MONITOR", { NULL } },
	{ &partner_churn, silent, "PARTNER_CHURN_MONITOR", "partner in SYNC",
	  hear_sync, "NO_PARTNER_CHURN", { NULL } },

	{ &responder, current, "WAIT_FOR_MARKER", "Marker", marker,
	  "RESPOND_TO_MARKER", { NULL } },
	{ &responder, asked, "RESPOND_TO_MARKER", "answer handed out",
	  marker_taken, "WAIT_FOR_MARKER", { NULL } },
};

static void check_row(const struct row *row, int nr)
{
	const struct machine *machine = row->machine;
	bool ok;
	int i;

	row->stand();
	ok = EXPECT_STREQ(machine->state(), row->from);
	port.ntt = false;
	row->event();
	machine->step();
	ok &= EXPECT_STREQ(machine->state(), row->to);
	for (i = 0; i < 3 && row->effect[i]; i++)
		ok &= EXPECT(row->effect[i]->holds());
	if (!ok)
		printf("# row %d: %s, %s: %s\n", nr, machine->name, row->from,
		       row->condition);
}

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

TEST(every_transition)
{
	int i;

	for (i = 0; i < ROWS; i++)
		check_row(&rows[i], i);
}

static bool is_left(const struct machine *machine, const char *state)
{
	int i;

	for (i = 0; i < ROWS; i++)
		if (!strcmp(rows[i].machine->name, machine->name) &&
		    !strcmp(rows[i].from, state))
			return true;
	return false;
}

/* There is no way into a state that the table does not lead out of again */
TEST(every_state_is_left_again)
{
	int i;

	for (i = 0; i < ROWS; i++)
		if (!EXPECT(is_left(rows[i].machine, rows[i].to)))
			printf("# %s: %s\n", rows[i].machine->name, rows[i].to);
}

/* --- the manual ------------------------------------------------------------*/

static const char head[] =
	".. SPDX-License-Identifier: GPL-2.0-only\n"
	".. Made by tables.sh from the rows of the unit test.\n"
	"\n"
	"================\n"
	"LACP transitions\n"
	"================\n"
	"\n"
	"Every transition of the machines of IEEE 802.1AX-2014 as this driver\n"
	"makes it; ``selftests/unit/lacp_table_test.c`` brings a port into the\n"
	"first state by events alone, lets the condition come true, and sees one\n"
	"step, the second state and the effects. Drawings, and every point in which\n"
	"we do more or less than the standard, are in ``lacp.rst``. A timer is the end\n"
	"of it. BEGIN is where a port is attached.\n";

static const char columns[] =
	"\n.. list-table::\n"
	"   :header-rows: 1\n"
	"   :widths: 24 32 24 40\n"
	"\n"
	"   * - from\n"
	"     - condition\n"
	"     - to\n"
	"     - effect\n";

static int add(char *out, int len, const char *words)
{
	return len + snprintf(out + len, TEXT - len, "%s", words);
}

static int add_title(char *out, int len, const struct machine *machine)
{
	char title[80], line[80];
	int n;

	n = snprintf(title, sizeof(title), "%s (%s)", machine->name,
		     machine->clause);
	memset(line, '=', n);
	line[n] = '\0';
	len = add(out, len, "\n");
	len = add(out, len, title);
	len = add(out, len, "\n");
	len = add(out, len, line);
	return add(out, add(out, len, "\n"), columns);
}

static int add_row(char *out, int len, const struct row *row)
{
	int i;

	len = add(out, add(out, len, "   * - "), row->from);
	len = add(out, add(out, len, "\n     - "), row->condition);
	len = add(out, add(out, len, "\n     - "), row->to);
	len = add(out, len, "\n     -");
	for (i = 0; i < 3 && row->effect[i]; i++) {
		len = add(out, len, i ? "; " : " ");
		len = add(out, len, row->effect[i]->words);
	}
	return add(out, len, "\n");
}

static char *make_table(void)
{
	char *out = calloc(1, TEXT);
	int len = add(out, 0, head), i;

	for (i = 0; i < ROWS; i++) {
		if (!i || strcmp(rows[i].machine->name,
				 rows[i - 1].machine->name))
			len = add_title(out, len, rows[i].machine);
		len = add_row(out, len, &rows[i]);
	}
	EXPECT(len < TEXT - 1);
	return out;
}

TEST(manual_is_up_to_date)
{
	char *table = make_table();

	tree_expect(table_file, table);
	free(table);
}

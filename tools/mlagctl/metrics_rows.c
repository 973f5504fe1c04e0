// SPDX-License-Identifier: GPL-2.0-only
/*
 * The metrics of domains, legs, bonds and ports, by netlink attribute. Names
 * follow Prometheus: base units, _total for what only grows.
 */
#include <linux/mlag_iccp.h>
#include <linux/mlagbond.h>

#include "metrics.h"
#include "words_mlag.h"

#define DOMAIN(name)	MLAG_ICCP_A_DOMAIN_##name
#define FDB(name)	MLAG_ICCP_A_FDB_STATS_##name
#define LEG(name)	MLAG_ICCP_A_LEG_##name
#define BOND(name)	MLAGBOND_A_BOND_##name
#define PORT(name)	MLAGBOND_A_PORT_##name
#define COUNTERS(name)	MLAGBOND_A_COUNTERS_##name

enum { MS = 1000, US = 1000000, BYTES_OF_MBIT = 125000 };

/* --- domains ---------------------------------------------------------------- */

static const struct field domain_fields[] = {
	{ "bridge", DOMAIN(BRIDGE_NAME), FIELD_NAME },
	{ "state", DOMAIN(STATE), FIELD_U8 },
	{ "state-for", DOMAIN(STATE_FOR), FIELD_U64 },
	{ "role", DOMAIN(ROLE), FIELD_U8 },
	{ "posture", DOMAIN(POSTURE), FIELD_U8 },
	{ "config-match", DOMAIN(CONFIG_MATCH), FIELD_U8 },
	{ "rtt", DOMAIN(RTT), FIELD_U32 },
	{ "heartbeat", DOMAIN(HEARTBEAT_STATE), FIELD_U8 },
	{ "alarms", DOMAIN(ALARMS), FIELD_U32 },
	{ "findings", DOMAIN(FINDINGS), FIELD_U32 },
	{ "fdb", DOMAIN(FDB), FIELD_NEST },
};

static const struct field fdb_fields[] = {
	{ "fdb-entries", FDB(ENTRIES), FIELD_U32 },
	{ "fdb-capacity", FDB(CAPACITY), FIELD_U32 },
	{ "fdb-pending", FDB(PENDING), FIELD_U32 },
};

static const struct metric_label domain_labels[] = {
	{ "bridge", DOMAIN(BRIDGE_NAME) },
	{ NULL },
};

static const struct metric domain_metrics[] = {
	{ "mlag_domain_state", "State of the domain", METRIC_STATES,
	  .attr = DOMAIN(STATE), .label = "state",
	  .words = words_domain_state },
	{ "mlag_domain_state_seconds", "Time since the state last changed",
	  METRIC_GAUGE, .attr = DOMAIN(STATE_FOR), .per = MS },
	{ "mlag_domain_role", "Role of this chassis", METRIC_STATES,
	  .attr = DOMAIN(ROLE), .label = "role", .words = words_role },
	{ "mlag_domain_posture", "How this chassis carries on", METRIC_STATES,
	  .attr = DOMAIN(POSTURE), .label = "posture",
	  .words = words_posture },
	{ "mlag_domain_heartbeat", "What the second path says of the peer",
	  METRIC_STATES, .attr = DOMAIN(HEARTBEAT_STATE), .label = "state",
	  .words = words_heartbeat },
	{ "mlag_domain_alarm", "Alarms that are on", METRIC_BITS,
	  .attr = DOMAIN(ALARMS), .label = "alarm", .words = words_alarms },
	{ "mlag_domain_config_match",
	  "Whether both chassis are configured alike", METRIC_GAUGE,
	  .attr = DOMAIN(CONFIG_MATCH) },
	{ "mlag_domain_findings", "Differences that \"mlagctl diagnose\" tells",
	  METRIC_GAUGE, .attr = DOMAIN(FINDINGS) },
	{ "mlag_domain_rtt_seconds", "Round trip to the peer", METRIC_GAUGE,
	  .attr = DOMAIN(RTT), .per = US },
	{ "mlag_domain_fdb_entries", "Addresses that both chassis know",
	  METRIC_GAUGE, .nest = DOMAIN(FDB), .attr = FDB(ENTRIES) },
	{ "mlag_domain_fdb_capacity", "Addresses there is room for",
	  METRIC_GAUGE, .nest = DOMAIN(FDB), .attr = FDB(CAPACITY) },
	{ "mlag_domain_fdb_pending", "Addresses the peer is yet to hear of",
	  METRIC_GAUGE, .nest = DOMAIN(FDB), .attr = FDB(PENDING) },
	{ NULL },
};

/* --- legs ------------------------------------------------------------------- */

static const struct field leg_fields[] = {
	{ "bridge", LEG(BRIDGE_IFINDEX), FIELD_U32 },
	{ "leg", LEG(NAME), FIELD_NAME },
	{ "mlag-id", LEG(MLAG_ID), FIELD_U32 },
	{ "state", LEG(STATE), FIELD_U8 },
	{ "peer-state", LEG(PEER_STATE), FIELD_U8 },
	{ "ports", LEG(PORTS), FIELD_U16 },
	{ "ups", LEG(UPS), FIELD_U32 },
	{ "timeouts", LEG(TIMEOUTS), FIELD_U32 },
};

static const struct metric_label leg_labels[] = {
	{ "bridge", LEG(BRIDGE_IFINDEX), LABEL_DEVICE },
	{ "leg", LEG(NAME) },
	{ "mlag_id", LEG(MLAG_ID), LABEL_NUMBER },
	{ NULL },
};

static const struct metric leg_metrics[] = {
	{ "mlag_leg_state", "State of the leg here", METRIC_STATES,
	  .attr = LEG(STATE), .label = "state", .words = words_leg_state },
	{ "mlag_leg_peer_state", "State of the leg as the peer tells it",
	  METRIC_STATES, .attr = LEG(PEER_STATE), .label = "state",
	  .words = words_leg_wire },
	{ "mlag_leg_ports", "Ports of the leg that have link", METRIC_GAUGE,
	  .attr = LEG(PORTS) },
	{ "mlag_leg_ups_total", "How often the leg came up", METRIC_COUNTER,
	  .attr = LEG(UPS) },
	{ "mlag_leg_timeouts_total",
	  "How often the peer did not confirm a change in time",
	  METRIC_COUNTER, .attr = LEG(TIMEOUTS) },
	{ NULL },
};

/* --- bonds and ports -------------------------------------------------------- */

static const struct field bond_fields[] = {
	{ "bond", BOND(IFNAME), FIELD_NAME },
	{ "carrier", BOND(CARRIER), FIELD_U8 },
	{ "ports", BOND(NUM_PORTS), FIELD_U32 },
	{ "tx-ports", BOND(TX_PORTS), FIELD_U32 },
};

static const struct metric_label bond_labels[] = {
	{ "bond", BOND(IFNAME) },
	{ NULL },
};

static const struct metric bond_metrics[] = {
	{ "mlagbond_bond_carrier", "Whether the bond has carrier", METRIC_GAUGE,
	  .attr = BOND(CARRIER) },
	{ "mlagbond_bond_ports", "Ports of the bond", METRIC_GAUGE,
	  .attr = BOND(NUM_PORTS) },
	{ "mlagbond_bond_tx_ports", "Ports that send", METRIC_GAUGE,
	  .attr = BOND(TX_PORTS) },
	{ NULL },
};

static const struct field port_fields[] = {
	{ "port", PORT(IFNAME), FIELD_NAME },
	{ "bond", PORT(BOND), FIELD_U32 },
	{ "link", PORT(LINK), FIELD_U32 },
	{ "active", PORT(ACTIVE), FIELD_U8 },
	{ "link-failures", PORT(LINK_FAILURES), FIELD_U32 },
	{ "flaps", PORT(FLAPS), FIELD_U32 },
	{ "lacpdu-age", PORT(LACPDU_AGE), FIELD_U32 },
	{ "speed", PORT(SPEED), FIELD_U32 },
};

static const struct metric_label port_labels[] = {
	{ "bond", PORT(BOND), LABEL_DEVICE },
	{ "port", PORT(IFNAME) },
	{ NULL },
};

static const struct metric port_metrics[] = {
	{ "mlagbond_port_active", "Whether the port carries traffic",
	  METRIC_GAUGE, .attr = PORT(ACTIVE) },
	{ "mlagbond_port_link", "Link of the port as its bond sees it",
	  METRIC_STATES, .attr = PORT(LINK), .label = "state",
	  .words = words_link },
	{ "mlagbond_port_link_failures_total", "How often the port lost link",
	  METRIC_COUNTER, .attr = PORT(LINK_FAILURES) },
	{ "mlagbond_port_flaps_total", "How often LACP lost the port",
	  METRIC_COUNTER, .attr = PORT(FLAPS) },
	{ "mlagbond_port_lacpdu_age_seconds", "Time since the last LACPDU",
	  METRIC_GAUGE, .attr = PORT(LACPDU_AGE), .per = MS },
	{ "mlagbond_port_speed_bytes", "Speed of the port, in bytes a second",
	  METRIC_GAUGE, .attr = PORT(SPEED), .times = BYTES_OF_MBIT },
	{ NULL },
};

/* --- counters --------------------------------------------------------------- */

static const struct field device_fields[] = {
	{ "device", COUNTERS(IFNAME), FIELD_NAME },
	{ "bond", COUNTERS(BOND), FIELD_U32 },
};

static const struct metric_label device_labels[] = {
	{ "bond", COUNTERS(BOND), LABEL_DEVICE },
	{ "device", COUNTERS(IFNAME) },
	{ NULL },
};

static const struct metric none[] = { { NULL } };

const struct metric_source metric_sources[] = {
	{
		.family = MLAG_ICCP_FAMILY_NAME,
		.command = MLAG_ICCP_CMD_DOMAIN_GET,
		.fields = domain_fields,
		.count = ARRAY_SIZE(domain_fields),
		.inner = fdb_fields,
		.inner_count = ARRAY_SIZE(fdb_fields),
		.labels = domain_labels,
		.metrics = domain_metrics,
		.events = DOMAIN(COUNTER),
		.events_name = "mlag_domain_events_total",
		.events_help = "What the domain counted, by name",
	},
	{
		.family = MLAG_ICCP_FAMILY_NAME,
		.command = MLAG_ICCP_CMD_LEG_GET,
		.fields = leg_fields,
		.count = ARRAY_SIZE(leg_fields),
		.labels = leg_labels,
		.metrics = leg_metrics,
	},
	{
		.family = MLAGBOND_FAMILY_NAME,
		.command = MLAGBOND_CMD_BOND_GET,
		.fields = bond_fields,
		.count = ARRAY_SIZE(bond_fields),
		.labels = bond_labels,
		.metrics = bond_metrics,
	},
	{
		.family = MLAGBOND_FAMILY_NAME,
		.command = MLAGBOND_CMD_PORT_GET,
		.fields = port_fields,
		.count = ARRAY_SIZE(port_fields),
		.labels = port_labels,
		.metrics = port_metrics,
	},
	{
		.family = MLAGBOND_FAMILY_NAME,
		.command = MLAGBOND_CMD_COUNTERS_GET,
		.fields = device_fields,
		.count = ARRAY_SIZE(device_fields),
		.labels = device_labels,
		.metrics = none,
		.events = COUNTERS(COUNTER),
		.events_name = "mlagbond_device_events_total",
		.events_help = "What the bond or port counted, by name",
	},
};

const unsigned int metric_sources_count = ARRAY_SIZE(metric_sources);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables of the enums in linux/mlag_iccp.h and linux/mlagbond.h, in the words
 * of their specifications. Data only.
 */
#include <linux/mlag_iccp.h>
#include <linux/mlagbond.h>

#include "words_mlag.h"

#define STATE(name)	MLAG_ICCP_STATE_##name
#define LEG(name)	MLAG_ICCP_LEG_STATE_##name
#define WIRE(name)	MLAG_ICCP_LEG_WIRE_##name
#define ALARM(name)	MLAG_ICCP_ALARMS_##name

/* Three words for an operator of RouterOS; "state" beside it tells the rest. */
const struct word words_status[] = {
	{ "disabled", STATE(DISABLED) },
	{ "connecting", STATE(INIT) },
	{ "connecting", STATE(CONNECTING) },
	{ "connecting", STATE(SYNCING) },
	{ "connected", STATE(CONNECTED) },
	{ "connecting", STATE(ALONE) },
	{ "connecting", STATE(ISOLATED) },
	{ NULL, 0 },
};

const struct word words_domain_state[] = {
	{ "disabled", STATE(DISABLED) },
	{ "init", STATE(INIT) },
	{ "connecting", STATE(CONNECTING) },
	{ "syncing", STATE(SYNCING) },
	{ "connected", STATE(CONNECTED) },
	{ "alone", STATE(ALONE) },
	{ "isolated", STATE(ISOLATED) },
	{ NULL, 0 },
};

const struct word words_posture[] = {
	{ "held", MLAG_ICCP_POSTURE_HELD },
	{ "paired", MLAG_ICCP_POSTURE_PAIRED },
	{ "alone", MLAG_ICCP_POSTURE_ALONE },
	{ "reverted", MLAG_ICCP_POSTURE_REVERTED },
	{ "isolated", MLAG_ICCP_POSTURE_ISOLATED },
	{ NULL, 0 },
};

const struct word words_heartbeat[] = {
	{ "off", MLAG_ICCP_HEARTBEAT_STATE_OFF },
	{ "unheard", MLAG_ICCP_HEARTBEAT_STATE_UNHEARD },
	{ "alive", MLAG_ICCP_HEARTBEAT_STATE_ALIVE },
	{ "asked", MLAG_ICCP_HEARTBEAT_STATE_ASKED },
	{ "silent", MLAG_ICCP_HEARTBEAT_STATE_SILENT },
	{ NULL, 0 },
};

const struct word words_stp[] = {
	{ "off", MLAG_ICCP_STP_OFF },
	{ "plain", MLAG_ICCP_STP_PLAIN },
	{ "alone", MLAG_ICCP_STP_ALONE },
	{ "pair", MLAG_ICCP_STP_PAIR },
	{ NULL, 0 },
};

const struct word words_auth[] = {
	{ "off", MLAG_ICCP_AUTH_OFF },
	{ "starting", MLAG_ICCP_AUTH_STARTING },
	{ "on", MLAG_ICCP_AUTH_ON },
	{ "rolling", MLAG_ICCP_AUTH_ROLLING },
	{ "ending", MLAG_ICCP_AUTH_ENDING },
	{ NULL, 0 },
};

const struct word words_role[] = {
	{ "none", MLAG_ICCP_ROLE_NONE },
	{ "primary", MLAG_ICCP_ROLE_PRIMARY },
	{ "secondary", MLAG_ICCP_ROLE_SECONDARY },
	{ NULL, 0 },
};

const struct word words_leg_state[] = {
	{ "down", LEG(DOWN) },
	{ "prepare", LEG(PREPARE) },
	{ "sync", LEG(SYNC) },
	{ "switch", LEG(SWITCH) },
	{ "opening", LEG(OPENING) },
	{ "upping", LEG(UPPING) },
	{ "up", LEG(UP) },
	{ "yielding", LEG(YIELDING) },
	{ "moving", LEG(MOVING) },
	{ "lingering", LEG(LINGERING) },
	{ NULL, 0 },
};

const struct word words_leg_wire[] = {
	{ "down", WIRE(DOWN) },
	{ "prepare", WIRE(PREPARE) },
	{ "switch", WIRE(SWITCH) },
	{ "up", WIRE(UP) },
	{ "leave", WIRE(LEAVE) },
	{ "absent", WIRE(ABSENT) },
	{ NULL, 0 },
};

const struct word words_lacp[] = {
	{ "no-link", MLAG_ICCP_LACP_NO_LINK },
	{ "link", MLAG_ICCP_LACP_LINK },
	{ "ready", MLAG_ICCP_LACP_READY },
	{ "attached", MLAG_ICCP_LACP_ATTACHED },
	{ "collecting", MLAG_ICCP_LACP_COLLECTING },
	{ NULL, 0 },
};

const struct word words_rx_gate[] = {
	{ "closed", MLAG_ICCP_RX_GATE_CLOSED },
	{ "known", MLAG_ICCP_RX_GATE_KNOWN },
	{ "open", MLAG_ICCP_RX_GATE_OPEN },
	{ NULL, 0 },
};

const struct word words_tx_gate[] = {
	{ "closed", MLAG_ICCP_TX_GATE_CLOSED },
	{ "unicast", MLAG_ICCP_TX_GATE_UNICAST },
	{ "known", MLAG_ICCP_TX_GATE_KNOWN },
	{ "open", MLAG_ICCP_TX_GATE_OPEN },
	{ NULL, 0 },
};

const struct word words_filter[] = {
	{ "block", MLAG_ICCP_FILTER_BLOCK },
	{ "known", MLAG_ICCP_FILTER_KNOWN },
	{ "elsewhere", MLAG_ICCP_FILTER_ELSEWHERE },
	{ "no-echo", MLAG_ICCP_FILTER_NO_ECHO },
	{ "open", MLAG_ICCP_FILTER_OPEN },
	{ NULL, 0 },
};

const struct word words_alarms[] = {
	{ "group-fwd-mask", ALARM(GROUP_FWD_MASK) },
	{ "foreign-frames", ALARM(FOREIGN_FRAMES) },
	{ "no-memory", ALARM(NO_MEMORY) },
	{ "peer-port-blocked", ALARM(PEER_PORT_BLOCKED) },
	{ "duplicate-domain", ALARM(DUPLICATE_DOMAIN) },
	{ "heartbeat", ALARM(HEARTBEAT) },
	{ NULL, 0 },
};

const struct word words_link[] = {
	{ "up", MLAGBOND_LINK_UP },
	{ "fail", MLAGBOND_LINK_FAIL },
	{ "down", MLAGBOND_LINK_DOWN },
	{ "back", MLAGBOND_LINK_BACK },
	{ NULL, 0 },
};

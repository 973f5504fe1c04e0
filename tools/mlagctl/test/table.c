// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of tests: what is typed, what the kernel is asked, what is said.
 * Data only; harness.c runs it.
 */
#include <errno.h>
#include <linux/mlag_iccp.h>

#include "fake_kernel.h"
#include "harness.h"
#include "want_metrics.h"

#define ADD	"domain add br0 peer-port pp0"
#define ADD_REQUEST(rest) \
	"{\"do\":\"domain-new\",\"bridge-name\":\"br0\"," \
	"\"peer-port-name\":\"pp0\"" rest "}\n"
#define SET_REQUEST(rest) \
	"{\"do\":\"domain-set\",\"bridge-name\":\"br0\"," rest "}\n"
#define OPTIONS	"peer-port, priority, system-id, system-prio, hello, " \
	"dead, init-delay, reload-delay, split-action, preempt, " \
	"domain, maintenance, heartbeat, auth-key, consistency-action"

static const struct fake_script world = {
	.answer = world_answer,
	.events = world_events,
};

static const struct fake_script range = {
	.error = ERANGE,
	.sentence = "integer out of range",
	.bad_attr = MLAG_ICCP_A_DOMAIN_HELLO,
	.min = 50,
	.max = 10000,
};

static const struct fake_script not_a_port = {
	.error = EINVAL,
	.sentence = "peer-port pp0 is no port of bridge br0",
	.bad_attr = MLAG_ICCP_A_DOMAIN_PEER_PORT_NAME,
};

static const struct fake_script missing = {
	.error = EINVAL,
	.missing = MLAG_ICCP_A_DOMAIN_PEER_PORT_NAME,
};

static const struct fake_script no_words = { .error = EPERM };
static const struct fake_script warns = {
	.sentence = "no second path to the peer",
};
static const struct fake_script no_mlag = {
	.without = FAKE_WITHOUT_MLAG,
	.answer = world_answer,
	.events = world_events,
};
static const struct fake_script no_bond = {
	.without = FAKE_WITHOUT_BOND,
	.answer = world_answer,
};
static const struct fake_script no_module = {
	.without = FAKE_WITHOUT_MLAG | FAKE_WITHOUT_BOND,
};
static const struct fake_script torn_once = {
	.answer = world_newer,
	.torn = 1,
};
static const struct fake_script torn_always = {
	.answer = world_newer,
	.torn = 100,
};
static const struct fake_script follow = {
	.answer = world_newer,
	.events = world_events,
};
static const struct fake_script hostile = { .answer = world_hostile };
static const struct fake_script sick = { .answer = sick_answer };
static const struct fake_script newer = { .answer = world_newer };

const struct test tests[] = {
	/* what is sent */
	{ ADD, 0, ADD_REQUEST("") },
	{ ADD " priority 0 domain 4294967295", 0,
	  ADD_REQUEST(",\"priority\":0,\"tag\":4294967295") },
	{ ADD " system-id 02:00:5e:AB:cd:ef system-prio 1", 0,
	  ADD_REQUEST(",\"system-id\":\"02:00:5e:ab:cd:ef\","
		      "\"system-prio\":1") },
	{ ADD " hello 100 dead 400ms init-delay 5s reload-delay 0x10", 0,
	  ADD_REQUEST(",\"hello\":100,\"dead\":400,\"init-delay\":5,"
		      "\"reload-delay\":16") },
	{ "domain set br0 split-action isolate preempt on", 0,
	  SET_REQUEST("\"split-action\":2,\"preempt\":1") },
	{ "domain set br0 split-action keep preempt off", 0,
	  SET_REQUEST("\"split-action\":0,\"preempt\":0") },
	{ "domain set br0 split-action revert-id maintenance on", 0,
	  SET_REQUEST("\"split-action\":1,\"maintenance\":1") },
	{ "domain set br0 system-id auto peer-port eth1", 0,
	  SET_REQUEST("\"peer-port-name\":\"eth1\","
		      "\"system-id\":\"00:00:00:00:00:00\"") },
	{ "domain set br0 hello 010", 0, SET_REQUEST("\"hello\":10") },
	{ "domain set br0 heartbeat none", 0, SET_REQUEST("\"heartbeat\":0") },
	{ "domain set br0 auth-key none", 0, SET_REQUEST("\"auth-key\":\"\"") },
	{ ADD " auth-key test.key/good", 0,
	  ADD_REQUEST(",\"auth-key\":\"6b:65:79:20:6f:66:20:74:68:65:20:"
		      "70:61:69:72:20:31\"") },
	{ "domain set br0 consistency-action hold", 0,
	  SET_REQUEST("\"consistency-action\":1") },
	{ ADD " heartbeat dev eth9 priority 3", 0,
	  ADD_REQUEST(",\"priority\":3,\"heartbeat\":1,"
		      "\"heartbeat-name\":\"eth9\"") },
	{ ADD " heartbeat udp fd00::1 fd00::2 port 9 dev eth9 hello 100", 0,
	  ADD_REQUEST(",\"hello\":100,\"heartbeat\":2,"
		      "\"heartbeat-name\":\"eth9\",\"heartbeat-local\":"
		      "\"fd:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01\","
		      "\"heartbeat-peer\":"
		      "\"fd:00:00:00:00:00:00:00:00:00:00:00:00:00:00:02\","
		      "\"heartbeat-port\":9") },
	{ "maintenance exit br0", 0, SET_REQUEST("\"maintenance\":0") },
	{ "maintenance enter br0", 0, SET_REQUEST("\"maintenance\":1")
	  "{\"dump\":\"leg-get\",\"bridge-name\":\"br0\"}\n" },
	{ "maintenance enter br0", 1, SET_REQUEST("\"maintenance\":1"), NULL,
	  "mlagctl: maintenance enter br0: Operation not permitted\n",
	  &no_words },
	{ "domain del br0", 0,
	  "{\"do\":\"domain-del\",\"bridge-name\":\"br0\"}\n" },
	{ "-n blue domain del br0", 0,
	  "{\"do\":\"domain-del\",\"bridge-name\":\"br0\"}\n" },
	{ "domain del -n blue br0", 0,
	  "{\"do\":\"domain-del\",\"bridge-name\":\"br0\"}\n" },

	/* usage: the word, and what would have been right */
	{ "domain add br0 prioriti 3", 2, NULL, NULL,
	  "mlagctl: what is \"prioriti\"? expected " OPTIONS "\n" },
	{ "domain add", 2, NULL, NULL, "mlagctl: \"add\" needs a bridge\n" },
	{ "domain add br0", 2, NULL, NULL,
	  "mlagctl: \"domain add\" needs peer-port DEV\n" },
	{ "domain add br0 peer-port", 2, NULL, NULL,
	  "mlagctl: \"peer-port\" needs a device\n" },
	{ "domain add br0 peer-port abcdefghijklmnop", 2, NULL, NULL,
	  "mlagctl: what is \"abcdefghijklmnop\" after \"peer-port\"? "
	  "expected a device name of 1 to 15 characters\n" },
	{ ADD " priority", 2, NULL, NULL,
	  "mlagctl: \"priority\" needs a number 0..255\n" },
	{ ADD " priority 256", 2, NULL, NULL,
	  "mlagctl: what is \"256\" after \"priority\"? "
	  "expected a number 0..255\n" },
	{ ADD " priority -1", 2, NULL, NULL,
	  "mlagctl: what is \"-1\"? "
	  "expected -j, -p, -f, -n NETNS, -V, -h\n" },
	{ ADD " priority 1 priority 2", 2, NULL, NULL,
	  "mlagctl: \"priority\" stands twice\n" },
	{ ADD " system-prio 65536", 2, NULL, NULL,
	  "mlagctl: what is \"65536\" after \"system-prio\"? "
	  "expected a number 0..65535\n" },
	{ ADD " hello fast", 2, NULL, NULL,
	  "mlagctl: what is \"fast\" after \"hello\"? "
	  "expected a number 0..4294967295 in ms\n" },
	{ ADD " hello 200s", 2, NULL, NULL,
	  "mlagctl: what is \"200s\" after \"hello\"? "
	  "expected a number 0..4294967295 in ms\n" },
	{ ADD " hello 99999999999999999999999", 2, NULL, NULL,
	  "mlagctl: what is \"99999999999999999999999\" after \"hello\"? "
	  "expected a number 0..4294967295 in ms\n" },
	{ ADD " system-id 02:00:00:00:00", 2, NULL, NULL,
	  "mlagctl: what is \"02:00:00:00:00\" after \"system-id\"? "
	  "expected an address like 02:00:00:00:00:01, or auto\n" },
	{ ADD " system-id 02:00:00:00:00:1g", 2, NULL, NULL,
	  "mlagctl: what is \"02:00:00:00:00:1g\" after \"system-id\"? "
	  "expected an address like 02:00:00:00:00:01, or auto\n" },
	{ ADD " split-action kep", 2, NULL, NULL,
	  "mlagctl: what is \"kep\" after \"split-action\"? "
	  "expected keep, revert-id, isolate\n" },
	{ ADD " preempt yes", 2, NULL, NULL,
	  "mlagctl: what is \"yes\" after \"preempt\"? expected on, off\n" },
	{ ADD " consistency-action stop", 2, NULL, NULL,
	  "mlagctl: what is \"stop\" after \"consistency-action\"? "
	  "expected none, hold\n" },
	{ ADD " heartbeat", 2, NULL, NULL,
	  "mlagctl: \"heartbeat\" needs none, dev, udp\n" },
	{ ADD " heartbeat dev", 2, NULL, NULL,
	  "mlagctl: \"dev\" needs a device\n" },
	{ ADD " heartbeat udp 192.0.2.1", 2, NULL, NULL,
	  "mlagctl: \"heartbeat-peer\" needs an address like 192.0.2.1 or "
	  "2001:db8::1\n" },
	{ ADD " heartbeat udp 192.0.2 192.0.2.2", 2, NULL, NULL,
	  "mlagctl: what is \"192.0.2\" after \"heartbeat-local\"? expected "
	  "an address like 192.0.2.1 or 2001:db8::1\n" },
	{ ADD " heartbeat udp 192.0.2.1 192.0.2.2 port 99999", 2, NULL, NULL,
	  "mlagctl: what is \"99999\" after \"heartbeat-port\"? "
	  "expected a number 0..65535\n" },
	{ ADD " auth-key", 2, NULL, NULL,
	  "mlagctl: \"auth-key\" needs a file with the key, or none\n" },
	{ ADD " auth-key test.key/absent", 2, NULL, NULL,
	  "mlagctl: key file test.key/absent: No such file or directory\n" },
	{ ADD " auth-key test.key/empty", 2, NULL, NULL,
	  "mlagctl: key file test.key/empty: empty; "
	  "a key has 16 to 64 characters\n" },
	{ ADD " auth-key test.key/short", 2, NULL, NULL,
	  "mlagctl: key file test.key/short: too short; "
	  "a key has 16 to 64 characters\n" },
	{ ADD " auth-key test.key/long", 2, NULL, NULL,
	  "mlagctl: key file test.key/long: too long; "
	  "a key has 16 to 64 characters\n" },
	{ ADD " auth-key test.key/lines", 2, NULL, NULL,
	  "mlagctl: key file test.key/lines: more than one line\n" },
	{ ADD " auth-key test.key/open", 2, NULL, NULL,
	  "mlagctl: key file test.key/open: everybody may read or write it; "
	  "chmod 600 test.key/open\n" },
	{ "domain set br0", 2, NULL, NULL,
	  "mlagctl: \"domain set\" needs an option and its value\n" },
	{ "domain set br0 state up", 2, NULL, NULL,
	  "mlagctl: what is \"state\"? expected " OPTIONS "\n" },
	{ "domain del br0 now", 2, NULL, NULL,
	  "mlagctl: what is \"now\"? expected nothing more\n" },
	{ "domain shw", 2, NULL, NULL,
	  "mlagctl: what is \"shw\"? expected show, add, set, del\n" },
	{ "domian", 2, NULL, NULL,
	  "mlagctl: what is \"domian\"? expected domain, monitor, bond, fdb, "
	  "events, counters, diagnose, graph, metrics, maintenance\n" },
	{ "maintenance", 2, NULL, NULL,
	  "mlagctl: \"maintenance\" needs enter or exit\n" },
	{ "maintenance leave br0", 2, NULL, NULL,
	  "mlagctl: what is \"leave\"? expected enter, exit\n" },
	{ "maintenance exit", 2, NULL, NULL,
	  "mlagctl: \"exit\" needs a bridge\n" },
	{ "monitor br0 br1", 2, NULL, NULL,
	  "mlagctl: what is \"br1\"? expected nothing more\n" },
	{ "bond prts", 2, NULL, NULL,
	  "mlagctl: what is \"prts\"? expected show, monitor, ports\n" },
	{ "-x monitor", 2, NULL, NULL,
	  "mlagctl: what is \"-x\"? "
	  "expected -j, -p, -f, -n NETNS, -V, -h\n" },
	{ "monitor --jsn", 2, NULL, NULL,
	  "mlagctl: what is \"--jsn\"? "
	  "expected -j, -p, -f, -n NETNS, -V, -h\n" },
	{ "monitor -n", 2, NULL, NULL,
	  "mlagctl: \"-n\" needs a network namespace\n" },
	{ "-n red monitor", 1, NULL, NULL,
	  "mlagctl: cannot enter network namespace \"red\": "
	  "No such file or directory\n" },

	/* refusals, in the words of the command */
	{ ADD " hello 20", 1, ADD_REQUEST(",\"hello\":20"), NULL,
	  "mlagctl: domain add br0: hello 20: integer out of range, "
	  "expected 50..10000\n", &range },
	{ ADD, 1, ADD_REQUEST(""), NULL,
	  "mlagctl: domain add br0: peer-port pp0 is no port of bridge br0\n",
	  &not_a_port },
	{ "domain set br0 priority 1", 1, SET_REQUEST("\"priority\":1"), NULL,
	  "mlagctl: domain set br0: Invalid argument, "
	  "\"peer-port\" is missing\n", &missing },
	{ "domain del br0", 1,
	  "{\"do\":\"domain-del\",\"bridge-name\":\"br0\"}\n", NULL,
	  "mlagctl: domain del br0: Operation not permitted\n", &no_words },
	{ "monitor br0", 1,
	  "{\"do\":\"domain-get\",\"bridge-name\":\"br0\"}\n", NULL,
	  "mlagctl: monitor br0: Operation not permitted\n", &no_words },
	{ ADD, 0, ADD_REQUEST(""), NULL,
	  "mlagctl: note: no second path to the peer\n", &warns },
	{ "monitor", 1, NULL, NULL,
	  "mlagctl: the kernel has no family \"mlag_iccp\": module mlag_iccp "
	  "is not loaded (modprobe mlag_iccp)\n", &no_mlag },
	{ "bond ports", 1, NULL, NULL,
	  "mlagctl: the kernel has no family \"mlagbond\": module mlagbond "
	  "is not loaded (modprobe mlagbond)\n", &no_bond },
	{ "diagnose", 1,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"finding-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n",
	  "bridge=br0 severity=error reason=group-fwd-mask "
	  "finding=\"group_fwd_mask of the bridge or of the peer-port "
	  "has 0x4000: control frames of other chassis are forwarded\" "
	  "advice=\"clear 0x4000 in group_fwd_mask\"\n"
	  "leg=bond2 mlag-id=12 severity=error reason=no partner\n",
	  "mlagctl: the kernel has no family \"mlagbond\": module mlagbond "
	  "is not loaded (modprobe mlagbond)\n", &no_bond },
	{ "counters", 1, NULL, NULL,
	  "mlagctl: neither module is loaded "
	  "(modprobe mlagbond, modprobe mlag_iccp)\n", &no_module },
	{ "events -f", 1, NULL, NULL,
	  "mlagctl: the kernel has no family \"mlag_iccp\": module mlag_iccp "
	  "is not loaded (modprobe mlag_iccp)\n", &no_module },
	{ "bond show bond7", 1, NULL, NULL,
	  "mlagctl: there is no device \"bond7\"\n", &world },
	{ "domain show", 1, "{\"dump\":\"domain-get\"}\n", NULL,
	  "mlagctl: the kernel sent \"priority\" in 4 bytes: this mlagctl "
	  "does not fit the module\n", &hostile },

	/* what is shown */
	{ "", 0,
	  "{\"dump\":\"domain-get\"}\n",
	  "            bridge: br0\n"
	  "         peer-port: pp0\n"
	  "          priority: 100\n"
	  "         system-id: auto\n"
	  "       system-prio: 65535\n"
	  "             hello: 200ms\n"
	  "              dead: 600ms\n"
	  "        init-delay: 0s\n"
	  "      reload-delay: 60s\n"
	  "      split-action: revert-id\n"
	  "           preempt: off\n"
	  "            domain: 7\n"
	  "             state: connected\n"
	  "              role: primary\n"
	  "\n"
	  "            bridge: br1\n"
	  "         peer-port: eth9\n"
	  "          priority: 100\n"
	  "         system-id: auto\n"
	  "       system-prio: 65535\n"
	  "             hello: 200ms\n"
	  "              dead: 600ms\n"
	  "        init-delay: 0s\n"
	  "      reload-delay: 60s\n"
	  "      split-action: revert-id\n"
	  "           preempt: off\n"
	  "            domain: 7\n"
	  "             state: 200\n",
	  NULL, &world },
	{ "-j domain show", 0,
	  "{\"dump\":\"domain-get\"}\n",
	  "[{\"bridge\":\"br0\",\"peer_port\":\"pp0\",\"priority\":100,"
	  "\"system_id\":\"auto\",\"system_prio\":65535,\"hello_ms\":200,"
	  "\"dead_ms\":600,\"init_delay_s\":0,\"reload_delay_s\":60,"
	  "\"split_action\":\"revert-id\",\"preempt\":false,\"domain\":7,"
	  "\"state\":\"connected\",\"role\":\"primary\"},{\"bridge\":\"br1\","
	  "\"peer_port\":\"eth9\",\"priority\":100,\"system_id\":\"auto\","
	  "\"system_prio\":65535,\"hello_ms\":200,\"dead_ms\":600,"
	  "\"init_delay_s\":0,\"reload_delay_s\":60,"
	  "\"split_action\":\"revert-id\",\"preempt\":false,\"domain\":7,"
	  "\"state\":\"200\"}]\n",
	  NULL, &world },
	{ "monitor br0 -p", 0,
	  "{\"do\":\"domain-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"dump\":\"leg-get\",\"bridge-name\":\"br0\"}\n",
	  "[\n"
	  "    {\n"
	  "        \"bridge\": \"br0\",\n"
	  "        \"links\": [],\n"
	  "        \"legs\": []\n"
	  "    }\n"
	  "]\n",
	  NULL, &newer },
	{ "monitor", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n",
	  "          status: connected\n"
	  "       system-id: 02:00:00:00:00:a0\n"
	  "     active-role: primary\n"
	  "          bridge: br0\n"
	  "       peer-port: pp0\n"
	  "           state: connected\n"
	  "          uptime: 1d2h3m4.005s\n"
	  "     reload-left: 1m1.000s\n"
	  " system-priority: 65535\n"
	  "            node: 0\n"
	  "        node-mac: 02:00:00:00:00:a0\n"
	  "        priority: 100\n"
	  "          alarms: group-fwd-mask 0x40000000\n"
	  "        peer-mac: 02:00:00:00:00:b0\n"
	  "      peer-state: connected\n"
	  "       peer-role: secondary\n"
	  "       peer-node: 1\n"
	  "   peer-priority: 128\n"
	  "    peer-version: 1\n"
	  " peer-last-heard: 17ms\n"
	  " peer-fdb-digest: 0xfeedfacecafebeef\n"
	  "     fdb-entries: 4\n"
	  "    fdb-capacity: 131072\n"
	  "      fdb-digest: 0xfeedfacecafebeef\n"
	  "link name=pp0 carrier=yes tx-frames=12 rx-frames=5000000000\n"
	  "link name=p\"\\?? carrier=yes tx-frames=12 rx-frames=5000000000\n"
	  "leg name=bond0 mlag-id=10 state=up peer-state=up filter=block\n"
	  "leg name=bond2 mlag-id=12 state=down peer-state=up "
	  "hold-reason=\"no partner\" filter=block\n"
	  "\n"
	  "          status: 200\n"
	  "          bridge: br1\n"
	  "       peer-port: eth9\n"
	  "           state: 200\n"
	  "        priority: 100\n"
	  "leg name=bond8 mlag-id=8 state=up peer-state=up filter=block\n",
	  NULL, &world },
	{ "monitor -j", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n",
	  "[{\"status\":\"connected\",\"system_id\":\"02:00:00:00:00:a0\","
	  "\"active_role\":\"primary\",\"bridge\":\"br0\","
	  "\"peer_port\":\"pp0\",\"state\":\"connected\","
	  "\"uptime_ms\":93784005,\"init_delay_left_ms\":0,"
	  "\"reload_left_ms\":61000,\"system_priority\":65535,\"node\":0,"
	  "\"node_mac\":\"02:00:00:00:00:a0\",\"priority\":100,"
	  "\"alarms\":[\"group-fwd-mask\",\"0x40000000\"],"
	  "\"peer_mac\":\"02:00:00:00:00:b0\",\"peer_state\":\"connected\","
	  "\"peer_role\":\"secondary\",\"peer_node\":1,\"peer_priority\":128,"
	  "\"peer_version\":1,\"peer_last_heard_ms\":17,"
	  "\"peer_fdb_digest\":\"0xfeedfacecafebeef\",\"fdb_entries\":4,"
	  "\"fdb_capacity\":131072,\"fdb_digest\":\"0xfeedfacecafebeef\","
	  "\"links\":[{\"name\":\"pp0\",\"carrier\":true,\"tx_frames\":12,"
	  "\"rx_frames\":5000000000,\"ifindex\":20},{"
	  "\"name\":\"p\\\"\\\\\\u001b\\ufffd\",\"carrier\":true,"
	  "\"tx_frames\":12,\"rx_frames\":5000000000,\"ifindex\":21}],"
	  "\"legs\":[{\"name\":\"bond0\",\"mlag_id\":10,\"state\":\"up\","
	  "\"peer_state\":\"up\",\"filter\":\"block\",\"key\":32778,"
	  "\"drained\":true,\"ifindex\":10},{\"name\":\"bond2\",\"mlag_id\":12,"
	  "\"state\":\"down\",\"peer_state\":\"up\",\"hold_reason\":\"no "
	  "partner\",\"filter\":\"block\",\"key\":32778,\"drained\":true,"
	  "\"ifindex\":12}]},{"
	  "\"status\":\"200\",\"bridge\":\"br1\",\"peer_port\":\"eth9\","
	  "\"state\":\"200\",\"priority\":100,\"links\":[],\"legs\":[{"
	  "\"name\":\"bond8\",\"mlag_id\":8,\"state\":\"up\","
	  "\"peer_state\":\"up\",\"filter\":\"block\",\"key\":32778,"
	  "\"drained\":true,\"ifindex\":8}]}]\n",
	  NULL, &world },
	{ "monitor br0 -f", 0,
	  "{\"do\":\"domain-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"dump\":\"leg-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"do\":\"domain-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"dump\":\"leg-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"do\":\"domain-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"dump\":\"leg-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"do\":\"domain-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"dump\":\"leg-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"do\":\"domain-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"dump\":\"leg-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"do\":\"domain-get\",\"bridge-name\":\"br0\"}\n"
	  "{\"dump\":\"leg-get\",\"bridge-name\":\"br0\"}\n",
	  "          bridge: br0\n"
	  "\n"
	  "          bridge: br0\n"
	  "\n"
	  "          bridge: br0\n"
	  "\n"
	  "          bridge: br0\n"
	  "\n"
	  "          bridge: br0\n"
	  "\n"
	  "          bridge: br0\n",
	  NULL, &follow },
	{ "bond", 0,
	  "{\"dump\":\"bond-get\"}\n"
	  "{\"dump\":\"port-get\"}\n",
	  "                   bond: bond0\n"
	  "                   mode: 802.3ad\n"
	  "           active-ports: eth1\n"
	  "         inactive-ports: eth2\n"
	  "         lacp-system-id: 02:00:00:00:00:a0\n"
	  "   lacp-system-priority: 65535\n"
	  " lacp-partner-system-id: 02:00:00:00:00:c0\n"
	  "                carrier: yes\n"
	  "                  ports: 2\n"
	  "                mlag-id: 10\n"
	  "                rx-gate: known\n"
	  "              peer-port: pp0\n"
	  "            hold-reason: init-delay\n"
	  "\n"
	  "                   bond: bond1\n"
	  "                   mode: active-backup\n"
	  "           active-ports: eth3\n"
	  "         inactive-ports: \n"
	  "            active-port: if99\n",
	  NULL, &world },
	{ "bond show bond0 -j", 0,
	  "{\"do\":\"bond-get\",\"ifindex\":10}\n"
	  "{\"dump\":\"port-get\",\"bond\":10}\n",
	  "[{\"bond\":\"bond0\",\"mode\":\"802.3ad\",\"ifindex\":10,"
	  "\"active_ports\":[\"eth1\"],\"inactive_ports\":[\"eth2\"],"
	  "\"lacp_system_id\":\"02:00:00:00:00:a0\","
	  "\"lacp_system_priority\":65535,"
	  "\"lacp_partner_system_id\":\"02:00:00:00:00:c0\",\"carrier\":true,"
	  "\"ports\":2,\"mlag_id\":10,\"rx_gate\":\"known\","
	  "\"peer_port\":\"pp0\",\"hold_reason\":\"init-delay\"},{"
	  "\"bond\":\"bond1\",\"mode\":\"active-backup\",\"ifindex\":30,"
	  "\"active_ports\":[\"eth3\"],\"inactive_ports\":[],"
	  "\"active_port\":\"if99\"}]\n",
	  NULL, &world },
	{ "bond monitor bond1", 0,
	  "{\"do\":\"bond-get\",\"ifindex\":30}\n"
	  "{\"dump\":\"port-get\",\"bond\":30}\n",
	  NULL,
	  NULL, NULL },
	{ "bond ports -f", 0,
	  "{\"dump\":\"port-get\"}\n"
	  "{\"dump\":\"port-get\"}\n"
	  "{\"dump\":\"port-get\"}\n"
	  "{\"dump\":\"port-get\"}\n"
	  "{\"dump\":\"port-get\"}\n"
	  "{\"dump\":\"port-get\"}\n",
	  "Flags: A - active, P - partner\n"
	  "Flags: A - active, P - partner\n"
	  "Flags: A - active, P - partner\n"
	  "Flags: A - active, P - partner\n"
	  "Flags: A - active, P - partner\n"
	  "Flags: A - active, P - partner\n",
	  NULL, &follow },
	{ "bond ports", 0,
	  "{\"dump\":\"port-get\"}\n",
	  "Flags: A - active, P - partner\n"
	  "AP port=eth1 key=17 flags=\"A-GSCD--\" "
	  "partner-sys-id=02:00:00:00:00:c0 partner-sys-priority=65535 "
	  "partner-key=9 partner-flags=\"-T----FE\" bond=bond0 link=up\n"
	  "   port=eth2 bond=bond0 link=up reason=\"no-partner\"\n"
	  "A  port=eth3 bond=bond1 link=up\n",
	  NULL, &world },
	{ "bond ports bond0 -j", 0,
	  "{\"dump\":\"port-get\",\"bond\":10}\n",
	  "[{\"active\":true,\"partner\":true,\"port\":\"eth1\",\"key\":17,"
	  "\"flags\":\"A-GSCD--\",\"partner_sys_id\":\"02:00:00:00:00:c0\","
	  "\"partner_sys_priority\":65535,\"partner_key\":9,"
	  "\"partner_flags\":\"-T----FE\",\"bond\":\"bond0\",\"link\":\"up\","
	  "\"prio\":-5},{\"active\":false,\"partner\":false,"
	  "\"port\":\"eth2\",\"bond\":\"bond0\",\"link\":\"up\","
	  "\"reason\":\"no-partner\",\"lacpdu_age_ms\":12345,\"flaps\":2,"
	  "\"flap_cause\":\"no-link\",\"prio\":-5},{\"active\":true,"
	  "\"partner\":false,\"port\":\"eth3\",\"bond\":\"bond1\","
	  "\"link\":\"up\",\"prio\":-5}]\n",
	  NULL, &world },
	{ "graph -j", 2, NULL, NULL,
	  "mlagctl: a graph has no form in JSON, \"monitor -j\" has all "
	  "that is in it\n" },
	{ "graph", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n"
	  "{\"dump\":\"port-get\"}\n",
	  "graph mlag {\n"
	  "\t\"own3\" [shape=box, "
	  "label=\"br0\\n02:00:00:00:00:a0\\nprimary, connected\"];\n"
	  "\t\"peer3\" [shape=box, "
	  "label=\"peer\\n02:00:00:00:00:b0\\nsecondary, connected\"];\n"
	  "\t\"own3\" -- \"peer3\" [style=solid, label=\"p????\"];\n"
	  "\t\"client3.10\" [shape=ellipse, "
	  "label=\"mlag-id 10\\nno LACP\\nup\"];\n"
	  "\t\"own3\" -- \"client3.10\" [style=solid, label=\"bond0 eth1\"];\n"
	  "\t\"own3\" -- \"client3.10\" [style=dashed, "
	  "label=\"bond0 eth2\\nno-partner\"];\n"
	  "\t\"peer3\" -- \"client3.10\" [style=solid, label=\"up\"];\n"
	  "\t\"client3.12\" [shape=ellipse, "
	  "label=\"mlag-id 12\\nno LACP\\ndown: no partner\"];\n"
	  "\t\"own3\" -- \"client3.12\" [style=dashed, "
	  "label=\"bond2\\nno port\"];\n"
	  "\t\"peer3\" -- \"client3.12\" [style=solid, label=\"up\"];\n"
	  "\t{ rank=same; \"own3\"; \"peer3\"; }\n"
	  "\t\"own4\" [shape=box, label=\"br1\\nunknown\\nnone, unknown\"];\n"
	  "\t\"peer4\" [shape=box, label=\"peer\\nnot heard\", style=dashed];\n"
	  "\t\"client4.8\" [shape=ellipse, "
	  "label=\"mlag-id 8\\nno LACP\\nup\"];\n"
	  "\t\"own4\" -- \"client4.8\" [style=dashed, "
	  "label=\"bond8\\nno port\"];\n"
	  "\t\"peer4\" -- \"client4.8\" [style=solid, label=\"up\"];\n"
	  "\t{ rank=same; \"own4\"; \"peer4\"; }\n"
	  "}\n",
	  NULL, &world },
	{ "metrics -j", 2, NULL, NULL,
	  "mlagctl: metrics have no form in JSON, \"counters -j\" and "
	  "\"monitor -j\" have all that is in them\n" },
	{ "metrics br0", 2, NULL, NULL,
	  "mlagctl: what is \"br0\"? expected nothing more\n" },
	{ "metrics", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n"
	  "{\"dump\":\"bond-get\"}\n"
	  "{\"dump\":\"port-get\"}\n"
	  "{\"dump\":\"counters-get\"}\n",
	  want_metrics, NULL, &world },
	{ "diagnose", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"finding-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n"
	  "{\"dump\":\"port-get\"}\n",
	  "bridge=br0 severity=error reason=group-fwd-mask "
	  "finding=\"group_fwd_mask of the bridge or of the peer-port "
	  "has 0x4000: control frames of other chassis are forwarded\" "
	  "advice=\"clear 0x4000 in group_fwd_mask\"\n"
	  "leg=bond2 mlag-id=12 severity=error reason=no partner\n"
	  "port=eth2 bond=bond0 reason=no-partner finding=\"no LACPDU "
	  "for 12 s\" advice=\"configure LACP at the other end, or "
	  "lacp_fallback on here\"\n",
	  NULL, &world },
	{ "diagnose bond0 -j", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"finding-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n"
	  "{\"dump\":\"port-get\",\"bond\":10}\n",
	  "[{\"port\":\"eth2\",\"bond\":\"bond0\",\"reason\":\"no-partner"
	  "\",\"finding\":\"no LACPDU for 12 s\",\"advice\":\"configure "
	  "LACP at the other end, or lacp_fallback on here\"}]\n",
	  NULL, &world },
	{ "diagnose br0 -j", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"finding-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n",
	  "[{\"bridge\":\"br0\",\"severity\":\"error\",\"reason\":\"group"
	  "-fwd-mask\",\"finding\":\"group_fwd_mask of the bridge or of "
	  "the peer-port has 0x4000: control frames of other chassis are "
	  "forwarded\",\"advice\":\"clear 0x4000 in "
	  "group_fwd_mask\"},{\"leg\":\"bond2\",\"mlag_id\":12,\"severity"
	  "\":\"error\",\"reason\":\"no partner\"}]\n",
	  NULL, &world },
	{ "diagnose", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"finding-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n"
	  "{\"dump\":\"port-get\"}\n",
	  "Everything does what it should\n",
	  NULL, &newer },
	{ "diagnose", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"finding-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n"
	  "{\"dump\":\"port-get\"}\n",
	  "bridge=br0 severity=error reason=removal finding=\"the domain is "
	  "being removed\" advice=\"nothing\"\n"
	  "bridge=brb severity=error reason=no-peer-port finding=\"the "
	  "peer-port is no port of the bridge\" advice=\"ip link set "
	  "pp0 master brb\"\n"
	  "bridge=brc severity=error reason=not-heard finding=\"nothing "
	  "is heard from the peer\" advice=\"is there a domain at the "
	  "other end of the peer-port, and does nothing between drop "
	  "EtherType 0x88b5?\"\n"
	  "bridge=brc severity=error reason=peer-port-down finding=\"no "
	  "link of the peer-port has carrier\" advice=\"check the cables "
	  "between the chassis\"\n"
	  "bridge=brd severity=error reason=not-heard finding=\"nothing "
	  "is heard from the peer\" advice=\"is there a domain at the "
	  "other end of the peer-port, and does nothing between drop "
	  "EtherType 0x88b5?\"\n"
	  "bridge=brd severity=advice reason=peer-port-link "
	  "finding=\"link pp2 of the peer-port has no carrier\" "
	  "advice=\"check the cables between the chassis\"\n"
	  "bridge=bre severity=error reason=domain finding=\"the peer "
	  "has another domain tag\" advice=\"mlagctl domain set bre "
	  "domain N, alike on both\"\n"
	  "bridge=brf severity=error reason=version finding=\"the peer "
	  "speaks another version of the protocol\" advice=\"bring both "
	  "chassis to releases with a common version\"\n"
	  "bridge=brg severity=error reason=of-a-later-version\n"
	  "bridge=brh severity=error reason=one-way finding=\"the peer "
	  "is heard, and does not hear this chassis\" advice=\"look for "
	  "a cable or a filter that lets frames pass one way only\"\n"
	  "bridge=bri severity=error reason=alone finding=\"the peer is "
	  "gone, this chassis goes on alone\" advice=\"see to the peer "
	  "and to the peer-port; the system-id stays\"\n"
	  "bridge=brj severity=error reason=reverted finding=\"the peer "
	  "is lost, this chassis has a system-id of its own\" "
	  "advice=\"repair the peer-port; a heartbeat tells a dead peer "
	  "from a cut peer-port\"\n"
	  "bridge=brk severity=error reason=isolated finding=\"the peer "
	  "lives and the peer-port is lost: all legs are held\" "
	  "advice=\"repair the peer-port; orphan ports go on\"\n"
	  "bridge=brl severity=error reason=group-fwd-mask "
	  "finding=\"group_fwd_mask of the bridge or of the peer-port "
	  "has 0x4000: control frames of other chassis are forwarded\" "
	  "advice=\"clear 0x4000 in group_fwd_mask\"\n"
	  "bridge=brl severity=error reason=foreign-frames "
	  "finding=\"frames of EtherType 0x88b5 came in that are not "
	  "ours\" advice=\"is the peer-port connected to MLAG of another "
	  "make?\"\n"
	  "bridge=brl severity=error reason=no-memory finding=\"the "
	  "address table could not grow\" advice=\"free memory; "
	  "addresses that were left out are flooded\"\n"
	  "bridge=brl severity=error reason=peer-port-blocked "
	  "finding=\"STP of the bridge blocks the peer-port\" "
	  "advice=\"keep STP off the peer-port: it must always "
	  "forward\"\n"
	  "bridge=brl severity=error reason=duplicate-domain finding=\"a "
	  "third chassis with this domain tag speaks on the segment\" "
	  "advice=\"give each pair a domain tag of its own, and connect "
	  "the peer-ports directly\"\n"
	  "bridge=brm severity=error reason=heartbeat-unheard "
	  "finding=\"nothing was heard on the heartbeat yet\" "
	  "advice=\"is it configured at the peer, and do the addresses "
	  "reach each other?\"\n"
	  "bridge=brn severity=error reason=heartbeat-one-way "
	  "finding=\"the peer is heard on the heartbeat, and does not "
	  "hear this chassis\" advice=\"look for a firewall or a route "
	  "at the peer\"\n"
	  "bridge=bro severity=error reason=heartbeat-silent "
	  "finding=\"the heartbeat is configured, and silent\" "
	  "advice=\"check the second path; until then a cut peer-port is "
	  "taken for a dead peer\"\n"
	  "bridge=bro severity=advice reason=more finding=\"7 more "
	  "findings are not shown\" advice=\"see to those that are\"\n"
	  "bridge=br0 severity=error reason=vlan-filtering "
	  "finding=\"VLAN filtering is on here and off at the peer\" "
	  "advice=\"ip link set br0 type bridge vlan_filtering, alike "
	  "on both\"\n"
	  "bridge=br0 severity=error reason=vlan-protocol finding=\"the "
	  "VLAN tag is 802.1Q here and 802.1ad at the peer\" advice=\"ip "
	  "link set br0 type bridge vlan_protocol, alike on both\"\n"
	  "bridge=br0 severity=error reason=stp-mode finding=\"STP is "
	  "the kernel's here and a daemon's at the peer\" advice=\"ip "
	  "link set br0 type bridge stp_state, alike on both\"\n"
	  "bridge=br0 severity=error reason=stp-priority finding=\"the "
	  "STP priority of the bridge is 32768 here and 4096 at the "
	  "peer\" advice=\"ip link set br0 type bridge priority, "
	  "alike on both\"\n"
	  "bridge=br0 severity=error reason=peer-port-mtu finding=\"the "
	  "MTU of the peer-port is 9000 here and 1500 at the peer\" "
	  "advice=\"ip link set pp0 mtu, alike on both\"\n"
	  "bridge=br0 severity=error reason=peer-port-pvid finding=\"the "
	  "VLAN of untagged frames on the peer-port is 1 here and 2 at "
	  "the peer\" advice=\"bridge vlan add dev pp0 vid N pvid "
	  "untagged, alike on both\"\n"
	  "bridge=br0 severity=error reason=peer-port-vlan "
	  "finding=\"VLAN 30 is missing on the peer-port at the peer and "
	  "present here\" advice=\"bridge vlan add dev pp0 vid 30, "
	  "where it is missing\"\n"
	  "bridge=br0 severity=error reason=peer-port-vlan "
	  "finding=\"VLANs 40 to 49 are missing on the peer-port here "
	  "and present at the peer\" advice=\"bridge vlan add dev "
	  "pp0 vid 40-49, where it is missing\"\n"
	  "bridge=br0 severity=error reason=default-pvid finding=\"the "
	  "VLAN that a new port of the bridge gets is 1 here and 0 at "
	  "the peer\" advice=\"ip link set br0 type bridge "
	  "vlan_default_pvid, alike on both\"\n"
	  "bridge=br0 severity=error reason=ageing finding=\"the ageing "
	  "time of the bridge is 300000 ms here and 20000 ms at the "
	  "peer\" advice=\"ip link set br0 type bridge ageing_time, "
	  "alike on both\"\n"
	  "bridge=br0 severity=error reason=multicast-snooping "
	  "finding=\"multicast snooping is off here and on at the peer\" "
	  "advice=\"ip link set br0 type bridge mcast_snooping, alike "
	  "on both\"\n"
	  "bridge=br0 severity=error reason=hello finding=\"hello is 200 "
	  "ms here and 100 ms at the peer\" advice=\"mlagctl domain set "
	  "br0 hello, alike on both\"\n"
	  "bridge=br0 severity=error reason=dead finding=\"dead is 600 "
	  "ms here and 300 ms at the peer\" advice=\"mlagctl domain set "
	  "br0 dead, alike on both\"\n"
	  "bridge=br0 severity=error reason=version finding=\"the "
	  "protocol version is 1 here and 2 at the peer\" advice=\"bring "
	  "both chassis to one release\"\n"
	  "bridge=br0 severity=error reason=heartbeat finding=\"the "
	  "heartbeat is on here and off at the peer\" advice=\"mlagctl "
	  "domain set br0 heartbeat on both: one end alone hears "
	  "nobody\"\n"
	  "bridge=br0 severity=error reason=vlan-not-carried "
	  "finding=\"VLAN 7 is missing on both peer-ports, and legs "
	  "carry it\" advice=\"bridge vlan add dev pp0 vid 7, on "
	  "both\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error reason=mtu "
	  "finding=\"the MTU of the leg is 1500 here and 1400 at the "
	  "peer\" advice=\"ip link set leg10 mtu, alike on both\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error reason=pvid "
	  "finding=\"the VLAN of untagged frames on the leg is 1 here "
	  "and 30 at the peer\" advice=\"bridge vlan add dev leg10 vid N "
	  "pvid untagged, alike on both\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error reason=vlan "
	  "finding=\"VLAN 30 is missing on the leg here and present at "
	  "the peer\" advice=\"bridge vlan add dev leg10 vid 30, where it "
	  "is missing\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=lacp-rate finding=\"lacp_rate of the leg is fast here "
	  "and slow at the peer\" advice=\"ip link set leg10 type mlagbond "
	  "lacp_rate, alike on both\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=min-links finding=\"min_links of the leg is 0 here and "
	  "2 at the peer\" advice=\"ip link set leg10 type mlagbond "
	  "min_links, alike on both\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=lacp-fallback finding=\"lacp_fallback of the leg is "
	  "off here and on at the peer\" advice=\"ip link set leg10 type "
	  "mlagbond lacp_fallback, alike on both\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=one-side finding=\"the mlag-id is here and not at the "
	  "peer\" advice=\"give a bond of the other chassis this "
	  "mlag_id, and put it into the bridge\"\n"
	  "bridge=br0 mlag-id=12 severity=error reason=one-side "
	  "finding=\"the mlag-id is at the peer and not here\" "
	  "advice=\"give a bond of the other chassis this mlag_id, and "
	  "put it into the bridge\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=no-partner finding=\"the leg has an LACP partner at "
	  "the peer and not here\" advice=\"check the cable of the other "
	  "leg, and that the client has it in the same group\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error reason=partner "
	  "finding=\"the LACP partner is 02:00:00:00:00:c0 here and "
	  "02:00:00:00:00:c1 at the peer\" advice=\"one cable is in the "
	  "wrong port: both legs must lead to one client\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=duplicate-partner finding=\"the leg leads to the same "
	  "LACP group as mlag-id 9\" advice=\"give all ports to that "
	  "client one mlag_id, or check the cables\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=mtu-above-peer-port finding=\"the MTU of the leg is "
	  "9000, that of the peer-port 1500\" advice=\"ip link set "
	  "pp0 mtu, at least that of every leg\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=slow-client finding=\"the client asks for an LACPDU "
	  "every 30 s only: a leg that falls silent is noticed after 90 "
	  "s\" advice=\"set the LACP rate of the client to fast\"\n"
	  "bridge=br0 severity=error reason=of-a-later-version\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=config-differs finding=\"the two chassis are "
	  "configured differently, and consistency-action is hold\" "
	  "advice=\"see the errors here, or consistency-action none\"\n"
	  "bridge=br0 leg=leg10 mlag-id=11 severity=error "
	  "reason=of-a-later-version\n"
	  "bridge=br0 leg=leg10 mlag-id=12 severity=advice "
	  "reason=maintenance finding=\"the chassis is under maintenance\" "
	  "advice=\"mlagctl maintenance exit br0\"\n",
	  NULL, &sick },
	/* a leg that was named: what is about it, and its ports */
	{ "diagnose bond0", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"finding-get\"}\n"
	  "{\"dump\":\"leg-get\"}\n"
	  "{\"dump\":\"port-get\",\"bond\":10}\n",
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=slow-client finding=\"the client asks for an LACPDU "
	  "every 30 s only: a leg that falls silent is noticed after 90 "
	  "s\" advice=\"set the LACP rate of the client to fast\"\n"
	  "bridge=br0 leg=leg10 mlag-id=10 severity=error "
	  "reason=config-differs finding=\"the two chassis are configured "
	  "differently, and consistency-action is hold\" advice=\"see the "
	  "errors here, or consistency-action none\"\n",
	  NULL, &sick },
	{ "diagnose bond0 more", 2, NULL, NULL,
	  "mlagctl: what is \"more\"? expected nothing more\n" },
	{ "fdb show br0", 0,
	  "{\"dump\":\"fdb-get\",\"bridge-name\":\"br0\"}\n",
	  "Flags: L - local, P - peer, S - static, R - static at the peer, O "
	  "- ours, D - damped\n"
	  "  S  D mac=02:00:00:00:00:07 vid=1 origin=orphan owner=1 seq=2 "
	  "installed=peer-port wanted=peer-port bridge=br0\n"
	  " P  O  mac=02:00:00:00:00:08 vid=1 dev=if77 origin=orphan owner=1 "
	  "seq=2 installed=peer-port wanted=peer-port bridge=br0\n"
	  "L      mac=02:00:00:00:00:09 vid=2 dev=pp0 origin=orphan owner=1 "
	  "seq=2 installed=peer-port wanted=peer-port bridge=br0\n",
	  NULL, &world },
	{ "fdb -j", 0,
	  "{\"dump\":\"fdb-get\"}\n",
	  "[{\"local\":false,\"peer\":false,\"static\":true,"
	  "\"peer_static\":false,\"ours\":false,\"damped\":true,"
	  "\"mac\":\"02:00:00:00:00:07\",\"vid\":1,\"origin\":\"orphan\","
	  "\"owner\":1,\"seq\":2,\"installed\":\"peer-port\","
	  "\"wanted\":\"peer-port\",\"bridge\":\"br0\"},{\"local\":false,"
	  "\"peer\":true,\"static\":false,\"peer_static\":false,"
	  "\"ours\":true,\"damped\":false,\"mac\":\"02:00:00:00:00:08\","
	  "\"vid\":1,\"dev\":\"if77\",\"origin\":\"orphan\",\"owner\":1,"
	  "\"seq\":2,\"installed\":\"peer-port\",\"wanted\":\"peer-port\","
	  "\"bridge\":\"br0\"},{\"local\":true,\"peer\":false,"
	  "\"static\":false,\"peer_static\":false,\"ours\":false,"
	  "\"damped\":false,\"mac\":\"02:00:00:00:00:09\",\"vid\":2,"
	  "\"dev\":\"pp0\",\"origin\":\"orphan\",\"owner\":1,\"seq\":2,"
	  "\"installed\":\"peer-port\",\"wanted\":\"peer-port\","
	  "\"bridge\":\"br0\"}]\n",
	  NULL, &world },
	{ "events", 0,
	  "{\"dump\":\"event-get\"}\n",
	  "[ 1234.567890] bridge=br0 event=state value=\"connected\" "
	  "cause=\"two-way\"\n"
	  "[ 1234.567890] bridge=br0 event=leg-hold leg=bond0 mlag-id=10 "
	  "value=\"init-delay\" cause=\"two-way\"\n"
	  "[ 1234.567890] bridge=br1 event=200 cause=\"two-way\"\n",
	  NULL, &world },
	{ "events -j", 0,
	  "{\"dump\":\"event-get\"}\n",
	  "[{\"time_ns\":1234567890124,\"bridge\":\"br0\","
	  "\"event\":\"state\",\"value\":\"connected\",\"cause\":\"two-way\","
	  "\"seq\":1},{\"time_ns\":1234567890125,\"bridge\":\"br0\","
	  "\"event\":\"leg-hold\",\"leg\":\"bond0\",\"mlag_id\":10,"
	  "\"value\":\"init-delay\",\"cause\":\"two-way\",\"seq\":2},{"
	  "\"time_ns\":1234567890124,\"bridge\":\"br1\",\"event\":\"200\","
	  "\"cause\":\"two-way\",\"seq\":1}]\n",
	  NULL, &world },
	{ "events bond0", 0,
	  "{\"dump\":\"event-get\"}\n",
	  "[ 1234.567890] bridge=br0 event=leg-hold leg=bond0 mlag-id=10 "
	  "value=\"init-delay\" cause=\"two-way\"\n",
	  NULL, &world },
	{ "events -f", 0,
	  "{\"dump\":\"event-get\"}\n",
	  "[ 1234.567890] bridge=br0 event=state value=\"connected\" "
	  "cause=\"two-way\"\n"
	  "[ 1234.567890] bridge=br0 event=leg-hold leg=bond0 mlag-id=10 "
	  "value=\"init-delay\" cause=\"two-way\"\n"
	  "[ 1234.567890] bridge=br1 event=200 cause=\"two-way\"\n"
	  "[ 1234.567890] bridge=br0 event=role value=\"primary\" "
	  "cause=\"two-way\"\n"
	  "[    2.000000] bond=bond0 event=mux port=eth1 old=WAITING "
	  "new=ATTACHED cause=\"selected\"\n"
	  "[ 1234.567890] bridge=br0 event=domain-added cause=\"two-way\"\n",
	  "mlagctl: note: events came faster than they were read; some are "
	  "lost\n", &world },
	{ "events -fj", 0,
	  "{\"dump\":\"event-get\"}\n",
	  "{\"time_ns\":1234567890124,\"bridge\":\"br0\",\"event\":\"state\","
	  "\"value\":\"connected\",\"cause\":\"two-way\",\"seq\":1}\n"
	  "{\"time_ns\":1234567890125,\"bridge\":\"br0\","
	  "\"event\":\"leg-hold\",\"leg\":\"bond0\",\"mlag_id\":10,"
	  "\"value\":\"init-delay\",\"cause\":\"two-way\",\"seq\":2}\n"
	  "{\"time_ns\":1234567890124,\"bridge\":\"br1\",\"event\":\"200\","
	  "\"cause\":\"two-way\",\"seq\":1}\n"
	  "{\"time_ns\":1234567890126,\"bridge\":\"br0\",\"event\":\"role\","
	  "\"value\":\"primary\",\"cause\":\"two-way\",\"seq\":3}\n"
	  "{\"time_ns\":2000000000,\"bond\":\"bond0\",\"event\":\"mux\","
	  "\"port\":\"eth1\",\"old\":\"WAITING\",\"new\":\"ATTACHED\","
	  "\"cause\":\"selected\"}\n"
	  "{\"time_ns\":1234567890124,\"bridge\":\"br0\","
	  "\"event\":\"domain-added\",\"cause\":\"two-way\",\"seq\":1}\n",
	  "mlagctl: note: events came faster than they were read; some are "
	  "lost\n", &world },
	{ "events br1 -f", 0,
	  "{\"dump\":\"event-get\"}\n",
	  "[ 1234.567890] bridge=br1 event=200 cause=\"two-way\"\n",
	  "mlagctl: note: events came faster than they were read; some are "
	  "lost\n", &world },
	{ "events -f", 0,
	  NULL,
	  "[    2.000000] bond=bond0 event=mux port=eth1 old=WAITING "
	  "new=ATTACHED cause=\"selected\"\n",
	  "mlagctl: note: events came faster than they were read; some are "
	  "lost\n", &no_mlag },
	{ "counters", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"counters-get\"}\n",
	  "                      bridge: br0\n"
	  "                    hello-tx: 18446744073709551615\n"
	  "                     foreign: 3\n"
	  "\n"
	  "                      bridge: br1\n"
	  "\n"
	  "                      device: bond0\n"
	  "               split_horizon: 42\n"
	  "\n"
	  "                      device: eth1\n"
	  "                        bond: bond0\n"
	  "               split_horizon: 42\n"
	  "\n"
	  "                      device: bond1\n"
	  "               split_horizon: 42\n",
	  NULL, &world },
	{ "counters -j", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"counters-get\"}\n",
	  "[{\"bridge\":\"br0\",\"counters\":{"
	  "\"hello_tx\":18446744073709551615,\"foreign\":3}},{"
	  "\"bridge\":\"br1\",\"counters\":{}},{\"device\":\"bond0\","
	  "\"counters\":{\"split_horizon\":42}},{\"device\":\"eth1\","
	  "\"bond\":\"bond0\",\"counters\":{\"split_horizon\":42}},{"
	  "\"device\":\"bond1\",\"counters\":{\"split_horizon\":42}}]\n",
	  NULL, &world },
	{ "counters eth1", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"counters-get\"}\n",
	  "                      device: eth1\n"
	  "                        bond: bond0\n"
	  "               split_horizon: 42\n",
	  NULL, &world },
	{ "counters bond0", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"counters-get\"}\n",
	  "                      device: bond0\n"
	  "               split_horizon: 42\n"
	  "\n"
	  "                      device: eth1\n"
	  "                        bond: bond0\n"
	  "               split_horizon: 42\n",
	  NULL, &world },
	{ "counters br0", 0,
	  "{\"dump\":\"domain-get\"}\n",
	  "                      bridge: br0\n"
	  "                    hello-tx: 18446744073709551615\n"
	  "                     foreign: 3\n",
	  NULL, &no_bond },
	{ "counters eth2", 1,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"counters-get\"}\n",
	  NULL,
	  "mlagctl: \"eth2\" is neither a bridge under MLAG nor a bond or "
	  "port of mlagbond\n", &world },
	{ "domain show", 0,
	  "{\"dump\":\"domain-get\"}\n",
	  "            bridge: br0\n"
	  "           preempt: on\n",
	  NULL, &newer },
	{ "domain show", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"domain-get\"}\n",
	  "            bridge: br0\n"
	  "           preempt: on\n",
	  NULL, &torn_once },
	{ "domain show", 0,
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"domain-get\"}\n"
	  "{\"dump\":\"domain-get\"}\n",
	  "            bridge: br0\n"
	  "           preempt: on\n",
	  "mlagctl: note: the table changed while it was read; entries may "
	  "be missing or double\n", &torn_always },
	{ "-j domain show", 0,
	  "{\"dump\":\"domain-get\"}\n",
	  "[]\n",
	  NULL, NULL },
	{ "domain", 0,
	  "{\"dump\":\"domain-get\"}\n",
	  NULL,
	  NULL, NULL },
	{ "bond ports", 0,
	  "{\"dump\":\"port-get\"}\n",
	  "Flags: A - active, P - partner\n",
	  NULL, NULL },
	{ "-V", 0,
	  NULL,
	  "mlagctl 1.0-test\n",
	  NULL, NULL },
	{ "-h bond", 0,
	  NULL,
	  "mlagctl bond [show [BOND]] [-f]\n"
	  "mlagctl bond ports [BOND] [-f]\n"
	  "options, anywhere on the line:\n"
	  "  -j  JSON              -p  JSON over several lines\n"
	  "  -f  follow            -n NETNS  work in this network namespace\n"
	  "  -V  version           -h  help, also behind a command\n",
	  NULL, NULL },
};

const size_t tests_count = sizeof(tests) / sizeof(tests[0]);

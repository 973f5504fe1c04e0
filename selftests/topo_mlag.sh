# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154	# namespaces are assigned by setup_ns
# Topology of an MLAG pair, sourced after lib.sh. All links are veth.
#
#      [oA] e0                            [oB] e0
#            |                                  |
#            o0                                 o0
#     +----------------+   peer0         +----------------+
#     | A   br0        | p0 -------- p0  | B   br0        |
#     |     leg10      | p1 -------- p1  |     leg10      |
#     +----------------+                 +----------------+
#            l10  l20                      l10  l20
#             |     \_____________________   |    |
#             |                           \  |    |  (crossing only in the picture)
#            c0                           c0 c1  c1
#         +---------------------+      +---------------------+
#         | C   bond0           |      | D   bond0 (optional)|
#         | in-tree, 802.3ad    |      | behind leg20        |
#         +---------------------+      +---------------------+
#
# C's c0 goes to A, c1 to B. leg10: mlagbond, 802.3ad, mlag_id 10, port l10.
# peer0: mlagbond over p0 and p1, port of br0. oA, oB: orphan hosts.
#
# Namespaces are in $A $B $C $D $oA $oB. The cables outlive a chassis: its ends
# are parked in $PARK while it is dead, so its neighbours keep their NICs and
# see nothing but the loss of carrier.
#
# Choices, to be set before mlag_up:
#   TOPO_CLIENTS     "C" or "C D"
#   TOPO_PEER_MODE   mode of peer0: active-backup (default) or 802.3ad
#   TOPO_MIIMON      miimon of the clients in ms (10): how long a client goes on
#                    sending into a cut cable is its own affair, keep it short
#   TOPO_LEG_OPTS    more options of the legs
#   TOPO_DOMAIN_OPTS more options of both domains
#   TOPO_BRIDGE_OPTS more options of both bridges
#   TOPO_HEARTBEAT   not empty: a cable hb0 between A and B beside the peer links
#   TOPO_KIND        mlagbond; "bond" builds the same from in-tree parts, which
#                    joins nothing: for trying out scripts

: "${TOPO_CLIENTS:=C}"
: "${TOPO_PEER_MODE:=active-backup}"
: "${TOPO_MIIMON:=10}"
: "${TOPO_LEG_OPTS:=lacp_rate fast}"
: "${TOPO_DOMAIN_OPTS:=}"
: "${TOPO_BRIDGE_OPTS:=}"
: "${TOPO_HEARTBEAT:=}"
: "${TOPO_KIND:=mlagbond}"
: "${MLAGCTL:=mlagctl}"

declare -A TOPO_PRIORITY=([A]=100 [B]=110)
declare -A TOPO_CHASSIS_MAC=([A]=02:00:00:00:0a:00 [B]=02:00:00:00:0b:00)
declare -A TOPO_MLAG_ID=([C]=10 [D]=20)
declare -A TOPO_CLIENT_PORT=([A]=c0 [B]=c1)

# every interface of a chassis that is a cable is in this group
TOPO_CABLES=10

# in_ns NAMESPACE-VARIABLE COMMAND...
in_ns()
{
	local ns=${!1}

	shift
	ip netns exec "$ns" "$@"
}

# mlagctl_on CHASSIS ARG...
mlagctl_on()
{
	local chassis=$1

	shift
	in_ns "$chassis" "$MLAGCTL" "$@"
}

# topo_cable NS1 IF1 NS2 IF2: IF1 is parked, for a chassis to take
topo_cable()
{
	ip -n "$PARK" link add "$1.$2" group "$TOPO_CABLES" type veth \
		peer name "$4" netns "${!3}" &&
	ip -n "${!3}" link set "$4" up
}

topo_cables()
{
	local client chassis port i

	# the peer links first: a dying chassis loses its voice before its legs
	for i in 0 1; do
		ip -n "$PARK" link add "A.p$i" group "$TOPO_CABLES" type veth \
			peer name "B.p$i" || return 1
		ip -n "$PARK" link set "B.p$i" group "$TOPO_CABLES"
	done
	if [ -n "$TOPO_HEARTBEAT" ]; then
		ip -n "$PARK" link add A.hb0 group "$TOPO_CABLES" type veth \
			peer name B.hb0 || return 1
		ip -n "$PARK" link set B.hb0 group "$TOPO_CABLES"
	fi
	for client in $TOPO_CLIENTS; do
		for chassis in A B; do
			port=${TOPO_CLIENT_PORT[$chassis]}
			ip -n "$PARK" link add group "$TOPO_CABLES" \
				"$chassis.l${TOPO_MLAG_ID[$client]}" \
				type veth peer name "$port" \
				netns "${!client}" || return 1
		done
	done
	for chassis in A B; do
		topo_cable "$chassis" o0 "o$chassis" e0 || return 1
	done
}

# topo_client CLIENT
topo_client()
{
	local ns=${!1} port

	ip -n "$ns" link add bond0 type bond mode 802.3ad lacp_rate fast \
		miimon "$TOPO_MIIMON" xmit_hash_policy layer2+3 || return 1
	for port in c0 c1; do
		ip -n "$ns" link set "$port" down &&
		ip -n "$ns" link set "$port" master bond0 || return 1
	done
	ip -n "$ns" link set bond0 up
}

# topo_ports CHASSIS: names of its cables, peer links first
topo_ports()
{
	local client

	printf '%s ' p0 p1 ${TOPO_HEARTBEAT:+hb0}
	for client in $TOPO_CLIENTS; do
		printf 'l%s ' "${TOPO_MLAG_ID[$client]}"
	done
	echo o0
}

# topo_plug CHASSIS: take its ends of the cables; they stay down
topo_plug()
{
	local port

	for port in $(topo_ports "$1"); do
		ip -n "$PARK" link set "$1.$port" name "$port" \
			netns "${!1}" || return 1
	done
}

# topo_unplug CHASSIS: park its ends of the cables
topo_unplug()
{
	local port

	for port in $(topo_ports "$1"); do
		ip -n "${!1}" link set "$port" name "$1.$port" netns "$PARK"
	done
}

# topo_bond CHASSIS BOND PORT... -- OPTION...
topo_bond()
{
	local ns=${!1} bond=$2 ports=() port

	shift 2
	while [ "$1" != -- ]; do
		ports+=("$1")
		shift
	done
	shift
	ip -n "$ns" link add "$bond" type "$TOPO_KIND" "$@" || return 1
	for port in "${ports[@]}"; do
		ip -n "$ns" link set "$port" master "$bond" || return 1
	done
	ip -n "$ns" link set "$bond" up &&
	ip -n "$ns" link set "$bond" master br0
}

# topo_legs CHASSIS
topo_legs()
{
	local client id mlag

	for client in $TOPO_CLIENTS; do
		id=${TOPO_MLAG_ID[$client]}
		mlag="mlag_id $id"
		[ "$TOPO_KIND" = bond ] &&
			mlag="miimon 10 ad_actor_system 02:00:00:00:00:aa"
		# shellcheck disable=SC2086
		topo_bond "$1" "leg$id" "l$id" -- mode 802.3ad $mlag \
			$TOPO_LEG_OPTS || return 1
	done
}

# topo_chassis CHASSIS: build one in its empty namespace
topo_chassis()
{
	local ns=${!1} mode=$TOPO_PEER_MODE

	[ "$TOPO_KIND" = bond ] && mode="$mode miimon 10"
	# shellcheck disable=SC2086
	ip -n "$ns" link add br0 address "${TOPO_CHASSIS_MAC[$1]}" type bridge \
		forward_delay 0 $TOPO_BRIDGE_OPTS &&
	ip -n "$ns" link set br0 up &&
	topo_plug "$1" &&
	topo_bond "$1" peer0 p0 p1 -- mode $mode &&
	topo_legs "$1" &&
	ip -n "$ns" link set o0 master br0 &&
	ip -n "$ns" link set group "$TOPO_CABLES" up
}

# topo_domain CHASSIS
topo_domain()
{
	[ "$TOPO_KIND" = bond ] && return
	# shellcheck disable=SC2086
	mlagctl_on "$1" domain add br0 peer-port peer0 \
		priority "${TOPO_PRIORITY[$1]}" $TOPO_DOMAIN_OPTS
}

# topo_quiet NAMESPACE...: no frames but ours and the protocols'
topo_quiet()
{
	local ns

	for ns; do
		ip netns exec "$ns" sysctl -qw \
			net.ipv6.conf.all.disable_ipv6=1 \
			net.ipv6.conf.default.disable_ipv6=1 2>/dev/null
		ip -n "$ns" link set lo up
	done
}

# mlag_up: namespaces, cables, clients, both chassis, both domains
mlag_up()
{
	local client

	# shellcheck disable=SC2086
	setup_ns PARK A B oA oB $TOPO_CLIENTS || return 1
	topo_quiet "$PARK" "$A" "$B" "$oA" "$oB"
	topo_cables || return 1
	for client in $TOPO_CLIENTS; do
		topo_quiet "${!client}"
		topo_client "$client" || return 1
	done
	topo_chassis A && topo_chassis B && topo_domain A && topo_domain B
}

# monitor_get CHASSIS KEY: of the domain
monitor_get()
{
	mlagctl_on "$1" -j monitor br0 | json_get ".$2"
}

# domain_status CHASSIS: connected, connecting, disabled
domain_status()
{
	monitor_get "$1" status
}

# system_id CHASSIS: the LACP system-id in use
system_id()
{
	monitor_get "$1" system_id
}

# leg_state CHASSIS [CLIENT]
leg_state()
{
	local leg="mlag-id=${TOPO_MLAG_ID[${2:-C}]} state=([a-z-]+)"

	[[ $(mlagctl_on "$1" monitor br0) =~ $leg ]] || return
	echo "${BASH_REMATCH[1]}"
}

domain_connected()
{
	[ "$(domain_status "$1")" = connected ]
}

# mlag_wait_connected [SECONDS]
mlag_wait_connected()
{
	local chassis

	[ "$TOPO_KIND" = bond ] && return
	for chassis in A B; do
		slowwait "${1:-20}" domain_connected "$chassis" || return 1
	done
}

leg_is()
{
	[ "$(leg_state "$1" "$2")" = "$3" ]
}

# leg_wait CHASSIS STATE [CLIENT [SECONDS]]
leg_wait()
{
	[ "$TOPO_KIND" = bond ] && return
	slowwait "${4:-20}" leg_is "$1" "${3:-C}" "$2"
}

# client_ports CLIENT: ports in the active aggregator that may send
client_ports()
{
	local line agg max=0 n=()
	local want='mii_status UP .*ad_aggregator_id ([0-9]+) '
	want+='.*ad_actor_oper_port_state ([0-9]+) '
	want+='.*ad_partner_oper_port_state ([0-9]+) '

	while read -r line; do
		[[ $line =~ $want ]] || continue
		if ((BASH_REMATCH[2] % 64 >= 32 && BASH_REMATCH[3] % 32 >= 16))
		then
			agg=${BASH_REMATCH[1]}
			n[agg]=$((${n[agg]:-0} + 1))
			max=$((n[agg] > max ? n[agg] : max))
		fi
	done < <(ip -n "${!1}" -d -o link show type bond_slave)
	echo $max
}

# client_partner CLIENT: LACP system-id of its partner
client_partner()
{
	link_get "${!1}" bond0 .linkinfo.info_data.ad_info.partner_mac
}

client_has_ports()
{
	[ "$(client_ports "$1")" = "$2" ]
}

# client_wait_active N [CLIENT [SECONDS]]
client_wait_active()
{
	slowwait "${3:-20}" client_has_ports "${2:-C}" "$1"
}

# leg_cut CHASSIS [CLIENT]: the cable loses carrier; seen from the chassis
# nobody touched its own interface
leg_cut()
{
	local client=${2:-C}

	ip -n "${!client}" link set "${TOPO_CLIENT_PORT[$1]}" down
}

# leg_restore CHASSIS [CLIENT]
leg_restore()
{
	local client=${2:-C}

	ip -n "${!client}" link set "${TOPO_CLIENT_PORT[$1]}" up
}

# peer_link_cut INDEX [CHASSIS]: CHASSIS (A) sees the carrier go, the other end
# is taken down
peer_link_cut()
{
	local far=B

	[ "${2:-A}" = B ] && far=A
	ip -n "${!far}" link set "p$1" down
}

# peer_link_restore INDEX [CHASSIS]
peer_link_restore()
{
	local far=B

	[ "${2:-A}" = B ] && far=A
	ip -n "${!far}" link set "p$1" up
}

# chassis_kill CHASSIS: power cut. All its cables go down in one request, peer
# links first, so it cannot say goodbye; then it is gone.
chassis_kill()
{
	ip -n "${!1}" link set group "$TOPO_CABLES" down &&
	topo_unplug "$1" &&
	ip netns del "${!1}"
}

# chassis_boot CHASSIS: the same chassis, without memory
chassis_boot()
{
	ip netns add "${!1}" &&
	topo_quiet "${!1}" &&
	topo_chassis "$1" &&
	topo_domain "$1"
}

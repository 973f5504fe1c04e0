#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two processes that send at the same time, on a CPU each where there are two:
# each port gets its share and none is lost, in modes that keep no lock for it.

. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../topo_modes.sh"
ALL_TESTS="
	rr
	rr_at_random
	broadcast
	broadcast_while_one_comes_and_goes
"
need ip jq python3
need_module mlagbond

setup_ns A B
EACH=15000	# frames of each process, and of each port in broadcast

# two_senders: each EACH frames by b0
two_senders()
{
	run_in "$A" python3 - $EACH <<-'END'
		import os, socket, sys
		ready, go = os.pipe(), os.pipe()
		cpus = sorted(os.sched_getaffinity(0))

		def send(cpu):
		    os.sched_setaffinity(0, {cpu})
		    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
		    sock.bind(("b0", 0))
		    frame = bytes.fromhex("020000000b01020000000a0188b6")
		    os.write(ready[1], b".")
		    os.read(go[0], 1)
		    for _ in range(int(sys.argv[1])):
		        sock.send(frame.ljust(60, b"\0"))
		    os._exit(0)

		for cpu in cpus[0], cpus[-1]:
		    if not os.fork():
		        send(cpu)
		for _ in range(2):
		    os.read(ready[0], 1)
		os.write(go[1], b"..")
		sys.exit(any([os.wait()[1] for _ in range(2)]))
	END
	check_err $? "senders"
}

# port_frames: what the ports were given to send so far, in a row. A veth drops
# what its peer has no room for
port_frames()
{
	ip -n "$A" -s -j link show master b0 | jq -r 'sort_by(.ifname) |
		map(.stats64.tx | .packets + .dropped) | join(" ")'
}

# sent: what each port sends of that, for modes_counts
sent()
{
	local before after i

	read -ra before < <(port_frames)
	two_senders
	read -ra after < <(port_frames)
	MODES_SENT=()
	for ((i = 0; i < MODES_PORTS; i++)); do
		MODES_SENT[i]=$((after[i] - before[i]))
	done
}

# Each CPU has a turn of its own
rr()
{
	local n=$((2 * EACH / 3))

	modes_bond mlagbond 3 mode balance-rr
	sent
	check_is "$(modes_counts)" "$n $n $n" "frames"
	log_test "balance-rr: each port its share, nothing lost"
}

rr_at_random()
{
	local n=$((2 * EACH / 3))

	modes_bond mlagbond 3 mode balance-rr packets_per_slave 0
	sent
	check_is "$(modes_total)" $((2 * EACH)) "frames"
	modes_even "shares" $((n * 9 / 10)) $((n * 11 / 10)) 0 1 2
	log_test "balance-rr at random: nothing lost"
}

broadcast()
{
	modes_bond mlagbond 3 mode broadcast
	sent
	check_is "$(modes_counts)" "$((2 * EACH)) $((2 * EACH)) $((2 * EACH))" \
		"frames"
	log_test "broadcast: each frame by each port"
}

# cables: cable 0 is cut and mended as long as there is a file $WORK/go
cables()
{
	while [ -e "$WORK/go" ]; do
		printf 'link set w0 %s\n' down up down up down up |
			ip -n "$B" -batch -
	done
}

# A race only where there are two CPUs
broadcast_while_one_comes_and_goes()
{
	modes_bond mlagbond 3 mode broadcast
	: >"$WORK/go"
	cables &
	sent
	rm "$WORK/go"
	wait
	echo "# frames by port 0: ${MODES_SENT[0]} of $((2 * EACH))"
	check_is "$(modes_count 1) $(modes_count 2)" \
		"$((2 * EACH)) $((2 * EACH))" \
		"frames by ports 1 and 2 while port 0 comes and goes"
	log_test "broadcast: each frame once by each other port"
}

WORK=$(mktemp -d)
defer rm -rf "$WORK"
tests_run

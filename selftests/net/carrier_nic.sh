#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout=500
# Loss of carrier on NICs that tell of it themselves, virtio-net and e1000: the
# cable is pulled outside the guest, and until the other port is the active one
# at most 10 ms pass with miimon 10, and neither in the middle nor at worst more
# than with in-tree bonding in the same guest. Also, whose burnt-in address the
# bond has with system_mac lowest. Needs an emulated machine; what is
# measured is in carrier_nic.py.

. "$(dirname "$0")/../lib.sh"
if [ -z "${MLAGBOND_CABLE:-}" ]; then
	# User-mode Linux has no cables; the emulated machine runs this
	echo "ok 1 carrier of real NICs # SKIP no cable can be pulled here"
	echo "1..1"
	exit $KSFT_PASS
fi
need python3 ip
need_module bonding mlagbond
modprobe -a virtio_net e1000 || skip_all "no drivers for the NICs"
stty -F "$MLAGBOND_CABLE" raw -echo
python3 -B "$(dirname "$0")/carrier_nic.py" "$MLAGBOND_CABLE"

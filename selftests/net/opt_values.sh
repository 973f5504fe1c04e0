#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every option: values it takes are read back, others are refused by name, a
# refused request changes nothing, order does not matter. See opt_values.py.

. "$(dirname "$0")/../lib.sh"
need python3
need_module mlagbond
setup_ns NS
python3 "$(dirname "$0")/opt_values.py" "$NS"

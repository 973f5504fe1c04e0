#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Writes the tables of the manual that the code makes: option-table.rst from the
# option table of the driver and the notes in option-notes.txt, and
# lacp-transitions.rst from the rows of its unit test. The unit tests that do
# the writing also tell when a file is out of date.

cd "$(dirname "$0")/../selftests/unit" || exit 1
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
for test in opt_doc lacp_table; do
	DOC_WRITE=1 make -s OUT="$out" check T=$test || exit 1
done

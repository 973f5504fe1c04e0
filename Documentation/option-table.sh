#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Writes option-table.rst from the option table of the driver and the notes in
# option-notes.txt. The unit test that does the writing also tells when the file
# is out of date.

cd "$(dirname "$0")/../selftests/unit" || exit 1
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
OPT_DOC_WRITE=1 make -s OUT="$out" check T=opt_doc

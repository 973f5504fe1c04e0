#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# checkpatch.pl, from the kernel's source package, over our C files. In: files
# (all of drivers and include). Out: KTAP, a line for each file.

cd "$(dirname "$0")/../.." || exit 1
. selftests/vm/common.sh

source=$(selftests/vm/kernel.sh source) || exit 1
checkpatch=$source/scripts/checkpatch.pl

# What does not apply outside the kernel's tree, or that style says otherwise.
ignore=SPDX_LICENSE_TAG,FILE_PATH_CHANGES,CONST_STRUCT,EMBEDDED_FILENAME
ignore=$ignore,MACRO_ARG_REUSE,COMPLEX_MACRO,OPEN_ENDED_LINE
ignore=$ignore,NETWORKING_BLOCK_COMMENT_STYLE,LINUX_VERSION_CODE

if [ $# -eq 0 ]; then
	mapfile -t list < <(git ls-files -- 'drivers/*.[ch]' 'include/*.h')
	set -- "${list[@]}"
fi
echo "TAP version 13"
echo "1..$#"
nr=0
bad=0
for file; do
	nr=$((nr + 1))
	if out=$(perl "$checkpatch" --no-tree --no-summary --terse \
		 --max-line-length=80 --ignore "$ignore" -f "$file" 2>&1); then
		echo "ok $nr $file"
	else
		printf '%s\n' "$out" | sed 's/^/# /'
		echo "not ok $nr $file"
		bad=1
	fi
done
exit $bad

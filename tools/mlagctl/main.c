// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entry of the tool. All of it stands in mlagctl.c, which tests call without a
 * process of its own.
 */
#include "mlagctl.h"

int main(int argc, char **argv)
{
	return mlagctl_run(argc, argv);
}

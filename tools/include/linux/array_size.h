/* SPDX-License-Identifier: GPL-2.0-only */
/* User-space stand-in: number of elements. */
#ifndef _TOOLS_LINUX_ARRAY_SIZE_H
#define _TOOLS_LINUX_ARRAY_SIZE_H

#define ARRAY_SIZE(arr)	(sizeof(arr) / sizeof((arr)[0]))

#endif

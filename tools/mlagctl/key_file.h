/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A key from a file of one line.
 */
#ifndef MLAGCTL_KEY_FILE_H
#define MLAGCTL_KEY_FILE_H

#include <stddef.h>
#include <stdint.h>

enum key_limits {
	KEY_MIN = 16,
	KEY_MAX = 64,
};

/* Bytes in @key, KEY_MIN to KEY_MAX of them, or -1 after a complaint. */
int key_file_read(const char *path, uint8_t key[KEY_MAX]);

#endif /* MLAGCTL_KEY_FILE_H */

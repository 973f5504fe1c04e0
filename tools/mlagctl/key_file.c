// SPDX-License-Identifier: GPL-2.0-only
/*
 * A key comes in as a file of one line, its bytes leave. A file that others may
 * read or write holds no secret and is refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "key_file.h"
#include "mlagctl.h"

/* At most @size bytes; -1 with errno. */
static ssize_t read_all(int fd, uint8_t *buf, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while (used < size) {
		n = read(fd, buf + used, size - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		used += n;
	}
	return used;
}

static bool is_private(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st)) {
		complain("key file %s: %s", path, strerror(errno));
		return false;
	}
	if (!(st.st_mode & (S_IROTH | S_IWOTH)))
		return true;
	complain("key file %s: everybody may read or write it; chmod 600 %s",
		 path, path);
	return false;
}

/* The line without its end, or -1. */
static int line_length(const uint8_t *buf, size_t size, const char *path)
{
	const uint8_t *end = memchr(buf, '\n', size);
	size_t len = end ? (size_t)(end - buf) : size;

	if (end && len + 1 < size) {
		complain("key file %s: more than one line", path);
		return -1;
	}
	if (len >= KEY_MIN && len <= KEY_MAX)
		return len;
	if (!len)
		complain("key file %s: empty; a key has %d to %d characters",
			 path, KEY_MIN, KEY_MAX);
	else
		complain("key file %s: too %s; a key has %d to %d characters",
			 path, len < KEY_MIN ? "short" : "long", KEY_MIN,
			 KEY_MAX);
	return -1;
}

int key_file_read(const char *path, uint8_t key[KEY_MAX])
{
	uint8_t buf[KEY_MAX + 2];	/* end of line, and one too many */
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t size = -1;
	int len = -1;

	if (fd < 0) {
		complain("key file %s: %s", path, strerror(errno));
		return -1;
	}
	if (is_private(fd, path)) {
		size = read_all(fd, buf, sizeof(buf));
		if (size < 0)
			complain("key file %s: %s", path, strerror(errno));
	}
	close(fd);
	if (size >= 0)
		len = line_length(buf, size, path);
	if (len > 0)
		memcpy(key, buf, len);
	explicit_bzero(buf, sizeof(buf));
	return len;
}

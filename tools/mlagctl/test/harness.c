// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the table in this process and reports KTAP; then the same commands
 * against a kernel that sends wrong bits. Under ASan and UBSan a fault or a
 * leak ends the run with an exit code of its own.
 */
#include <sanitizer/common_interface_defs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake_kernel.h"
#include "harness.h"
#include "mlagctl.h"

enum harness_limits {
	HARNESS_WORDS = 32,
	HARNESS_OUTPUT = 32768,
	HARNESS_SEEDS = 400,
	HARNESS_JSON_DEPTH = 16,
};

/**
 * struct result - what a run left behind
 * @exit: code
 * @sockets: not closed
 * @out: stdout
 * @err: stderr
 */
struct result {
	int exit;
	unsigned int sockets;
	char out[HARNESS_OUTPUT];
	char err[HARNESS_OUTPUT];
};

/* A stream of the tool, caught in memory. */
struct capture {
	FILE *stream;
	int fd;
	int saved;
};

static void capture_begin(struct capture *capture, FILE *stream)
{
	fflush(stream);
	capture->stream = stream;
	capture->fd = memfd_create("capture", MFD_CLOEXEC);
	capture->saved = dup(fileno(stream));
	if (capture->fd < 0 || capture->saved < 0 ||
	    dup2(capture->fd, fileno(stream)) < 0)
		abort();
}

static void capture_end(struct capture *capture, char *buf)
{
	ssize_t len;

	fflush(capture->stream);
	len = pread(capture->fd, buf, HARNESS_OUTPUT - 1, 0);
	buf[len < 0 ? 0 : len] = '\0';
	dup2(capture->saved, fileno(capture->stream));
	close(capture->saved);
	close(capture->fd);
}

static void run(const char *line, const struct fake_script *script,
		struct result *result)
{
	struct capture out, err;
	char *argv[HARNESS_WORDS];
	char *copy = strdup(line);
	char *save = NULL, *word;
	int argc = 0;

	argv[argc++] = (char *)"mlagctl";
	word = strtok_r(copy, " ", &save);
	for (; word && argc < HARNESS_WORDS - 1;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;

	fake_reset(script);
	capture_begin(&out, stdout);
	capture_begin(&err, stderr);
	result->exit = mlagctl_run(argc, argv);
	capture_end(&err, result->err);
	capture_end(&out, result->out);
	result->sockets = fake_open_sockets();
	free(copy);
}

/* One JSON string; NULL if it is none. */
static const char *json_string(const char *s)
{
	if (*s++ != '"')
		return NULL;
	while (*s && *s != '"') {
		if ((unsigned char)*s < 0x20)
			return NULL;
		if (*s == '\\' && !*++s)
			return NULL;
		s++;
	}
	return *s ? s + 1 : NULL;
}

static const char *json_scalar(const char *s)
{
	size_t len = strcspn(s, ",]} \n");
	size_t digits = strspn(s, "-0123456789");

	if (*s == '"')
		return json_string(s);
	if (len && (len == digits || !strncmp(s, "true", len) ||
		    !strncmp(s, "false", len)))
		return s + len;
	return NULL;
}

static const char *skip_blank(const char *s)
{
	return s + strspn(s, " \n");
}

/* Where the value at @s ends; NULL if it is not JSON. */
static const char *json_value(const char *s, unsigned int depth)
{
	bool object = *s == '{';
	char close = object ? '}' : ']';

	if (depth > HARNESS_JSON_DEPTH)
		return NULL;
	if (*s != '{' && *s != '[')
		return json_scalar(s);
	s = skip_blank(s + 1);
	if (*s == close)
		return s + 1;
	for (;;) {
		if (object) {
			s = json_string(s);
			if (!s || *s != ':')
				return NULL;
			s = skip_blank(s + 1);
		}
		s = json_value(s, depth + 1);
		if (!s)
			return NULL;
		s = skip_blank(s);
		if (*s == close)
			return s + 1;
		if (*s != ',')
			return NULL;
		s = skip_blank(s + 1);
	}
}

static bool is_json(const char *text)
{
	while (*text) {
		text = json_value(text, 0);
		if (!text)
			return false;
		text = skip_blank(text);
	}
	return true;
}

static bool same(const char *what, const char *got, const char *wanted)
{
	if (!wanted)
		wanted = "";
	if (!strcmp(got, wanted))
		return true;
	printf("# %s\n# wanted:\n%s\n# got:\n%s\n", what, wanted, got);
	return false;
}

static bool wants_json(const char *line)
{
	return strstr(line, "-j") || strstr(line, "-p") || strstr(line, "-fj");
}

static bool test_passes(const struct test *test, struct result *result)
{
	bool ok;

	run(test->argv, test->script, result);
	ok = result->exit == test->exit;
	if (!ok)
		printf("# exit %d, wanted %d\n", result->exit, test->exit);
	ok &= same("requests", fake_requests(), test->requests);
	ok &= same("stdout", result->out, test->out);
	ok &= same("stderr", result->err, test->err);
	if (result->sockets) {
		printf("# %u sockets left open\n", result->sockets);
		ok = false;
	}
	if (wants_json(test->argv) && !result->exit && !is_json(result->out)) {
		printf("# stdout is not JSON\n");
		ok = false;
	}
	return ok;
}

/* A wrong bit may be refused or shown, never believed to be a crash. */
static bool seed_passes(const char *line, uint32_t seed, struct result *result)
{
	struct fake_script script = {
		.answer = world_answer,
		.events = world_events,
		.mutate = seed,
	};

	run(line, &script, result);
	if (result->exit != MLAGCTL_OK && result->exit != MLAGCTL_REFUSED)
		printf("# seed %u: exit %d\n", seed, result->exit);
	else if (result->exit == MLAGCTL_REFUSED && !*result->err)
		printf("# seed %u: refused without a word\n", seed);
	else if (!result->exit && wants_json(line) && !is_json(result->out))
		printf("# seed %u: not JSON: %s\n", seed, result->out);
	else if (!result->sockets)
		return true;
	return false;
}

static const char *const mutated[] = {
	"monitor -j", "domain show", "bond show -j", "bond ports",
	"bond ports -j", "fdb show -j", "events -fj", "counters -j", "events", "diagnose", "graph",
	"metrics",
};

static bool mutation_passes(const char *line, struct result *result)
{
	bool ok = true;
	uint32_t seed;

	for (seed = 1; seed <= HARNESS_SEEDS; seed++)
		ok &= seed_passes(line, seed, result);
	return ok;
}

/* Files with keys, as the table names them. */
static void key_files_make(void)
{
	static const struct {
		const char *name;
		const char *text;
		mode_t mode;
	} files[] = {
		{ "good", "key of the pair 1\n", 0600 },
		{ "empty", "\n", 0600 },
		{ "short", "fifteen letters\n", 0640 },
		{ "long", "0123456789012345678901234567890123456789"
			  "0123456789012345678901234\n", 0600 },
		{ "lines", "key of the pair 1\n\n", 0600 },
		{ "open", "key of the pair 1\n", 0644 },
	};
	char path[64];
	FILE *file;
	size_t i;

	mkdir("test.key", 0700);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "test.key/%s", files[i].name);
		file = fopen(path, "w");
		if (!file || fputs(files[i].text, file) < 0 || fclose(file) ||
		    chmod(path, files[i].mode))
			abort();
	}
}

static void key_files_remove(void)
{
	if (system("rm -rf test.key"))
		abort();
}

int main(void)
{
	static struct result result;
	size_t i, count = sizeof(mutated) / sizeof(mutated[0]);
	unsigned int failed = 0;
	bool ok;

	/* While a test runs, fd 2 is a buffer that dies with the process. */
	__sanitizer_set_report_fd((void *)(intptr_t)dup(STDERR_FILENO));
	key_files_make();
	printf("KTAP version 1\n1..%zu\n", tests_count + count);
	for (i = 0; i < tests_count; i++) {
		ok = test_passes(&tests[i], &result);
		failed += !ok;
		printf("%sok %zu mlagctl %s\n", ok ? "" : "not ", i + 1,
		       tests[i].argv);
	}
	for (i = 0; i < count; i++) {
		ok = mutation_passes(mutated[i], &result);
		failed += !ok;
		printf("%sok %zu wrong bits: mlagctl %s\n", ok ? "" : "not ",
		       tests_count + i + 1, mutated[i]);
	}
	key_files_remove();
	printf("# mlagctl: %zu passed, %u failed, 0 skipped\n",
	       tests_count + count - failed, failed);
	return failed ? 1 : 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Global options, the table of commands, and the way a refusal of the kernel
 * is told. In comes the command line, out goes an exit code.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "mlagctl.h"
#include "transport.h"

#ifndef MLAGCTL_VERSION
#define MLAGCTL_VERSION "unknown"
#endif

enum mlagctl_limits {
	MLAGCTL_WORDS_QUOTED = 3,	/* "domain add br0" */
};

/**
 * struct options - what may stand anywhere on the command line
 * @netns: -n, NULL if not given
 */
struct options {
	bool json;
	bool pretty;
	bool follow;
	bool version;
	bool help;
	const char *netns;
};

static const struct command commands[] = {
	{ "domain", cmd_domain,
	  "mlagctl domain add BRIDGE peer-port DEV [OPTION VALUE]...\n"
	  "mlagctl domain set BRIDGE OPTION VALUE [OPTION VALUE]...\n"
	  "mlagctl domain del BRIDGE\n"
	  "mlagctl domain [show [BRIDGE]]\n"
	  "OPTION := peer-port DEV | priority 0..255 | system-id MAC|auto |\n"
	  "          system-prio 1..65535 | hello MS | dead MS | init-delay S |\n"
	  "          reload-delay S | split-action keep|revert-id|isolate |\n"
	  "          preempt on|off | domain N | maintenance on|off |\n"
	  "          heartbeat none | heartbeat dev DEV |\n"
	  "          heartbeat udp LOCAL PEER [dev DEV] [port N] |\n"
	  "          auth-key FILE|none | consistency-action none|hold\n" },
	{ "monitor", cmd_monitor,
	  "mlagctl monitor [BRIDGE] [-f]\n" },
	{ "bond", cmd_bond,
	  "mlagctl bond [show [BOND]] [-f]\n"
	  "mlagctl bond ports [BOND] [-f]\n" },
	{ "fdb", cmd_fdb,
	  "mlagctl fdb [show [BRIDGE]]\n" },
	{ "events", cmd_events,
	  "mlagctl events [BRIDGE] [-f]\n" },
	{ "counters", cmd_counters,
	  "mlagctl counters [BRIDGE|BOND]\n" },
	{ "diagnose", cmd_diagnose,
	  "mlagctl diagnose [BRIDGE|BOND]\n" },
	{ "graph", cmd_graph,
	  "mlagctl graph [BRIDGE]\n" },
	{ "metrics", cmd_metrics,
	  "mlagctl metrics\n" },
	{ "maintenance", cmd_maintenance,
	  "mlagctl maintenance enter|exit BRIDGE\n" },
	{ NULL, NULL, NULL },
};

static const char options_help[] =
	"options, anywhere on the line:\n"
	"  -j  JSON              -p  JSON over several lines\n"
	"  -f  follow            -n NETNS  work in this network namespace\n"
	"  -V  version           -h  help, also behind a command\n";

static const struct option long_options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "pretty", no_argument, NULL, 'p' },
	{ "follow", no_argument, NULL, 'f' },
	{ "netns", required_argument, NULL, 'n' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

void complain(const char *format, ...)
{
	va_list args;

	fputs("mlagctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

static int option_bad(char **argv, int option)
{
	char text[] = { '-', optopt, '\0' };
	const char *word = optopt ? text : argv[optind - 1];

	if (option == ':') {
		complain("\"%s\" needs a network namespace", argv[optind - 1]);
		return MLAGCTL_USAGE;
	}
	return args_what(word, "-j, -p, -f, -n NETNS, -V, -h");
}

static int options_parse(struct options *options, int argc, char **argv)
{
	int option;

	memset(options, 0, sizeof(*options));
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":jpfn:Vh", long_options,
				     NULL)) != -1) {
		switch (option) {
		case 'p':
			options->pretty = true;
			options->json = true;
			break;
		case 'j':
			options->json = true;
			break;
		case 'f':
			options->follow = true;
			break;
		case 'n':
			options->netns = optarg;
			break;
		case 'V':
			options->version = true;
			break;
		case 'h':
			options->help = true;
			break;
		default:
			return option_bad(argv, option);
		}
	}
	return 0;
}

static int help(const char *word)
{
	const struct command *command;

	for (command = commands; command->word; command++)
		if (!word || !strcmp(word, command->word))
			fputs(command->grammar, stdout);
	fputs(options_help, stdout);
	return MLAGCTL_OK;
}

int family_need(struct ctx *ctx, const char *name, struct nl_family *family)
{
	if (!nl_family_find(&ctx->nl, name, family))
		return 0;
	if (ctx->nl.refusal.error == ENOENT)
		complain("the kernel has no family \"%s\": module %s is not loaded (modprobe %s)",
			 name, name, name);
	else
		complain("cannot look up the family \"%s\": %s", name,
			 strerror(ctx->nl.refusal.error));
	return -1;
}

/*
 * "mlagctl: domain add br0: ", and the option in the way unless the kernel's
 * sentence names it.
 */
static void refusal_where(const struct args *args, const struct field *field,
			  const char *text, const char *sentence)
{
	int i;

	fputs("mlagctl: ", stderr);
	for (i = 0; i < args->count && i < MLAGCTL_WORDS_QUOTED; i++)
		fprintf(stderr, "%s%s", i ? " " : "", args->words[i]);
	if (field && text && field->flags & FIELD_INPUT &&
	    !strstr(sentence, field->label))
		fprintf(stderr, ": %s %s", field->label, text);
	fputs(": ", stderr);
}

static void refusal_explain(const struct nl_refusal *refusal,
			    const struct args *args,
			    const struct params *params)
{
	const struct field *field = NULL, *missing = NULL;
	const char *text = NULL, *unused;

	if (params && refusal->attr)
		field = params_by_attr(params, refusal->attr, &text);
	if (params && refusal->missing)
		missing = params_by_attr(params, refusal->missing, &unused);

	refusal_where(args, field, text, refusal->sentence);
	if (refusal->sentence[0])
		fputs(refusal->sentence, stderr);
	else
		fputs(strerror(refusal->error), stderr);
	if (refusal->has_range)
		fprintf(stderr, ", expected %" PRIu64 "..%" PRIu64,
			refusal->min, refusal->max);
	if (missing)
		fprintf(stderr, ", \"%s\" is missing", missing->label);
	fputc('\n', stderr);
}

int request_run(struct ctx *ctx, const struct args *args,
		const struct params *params, struct nlmsghdr *request,
		struct nl_replies *replies)
{
	if (nl_query(&ctx->nl, request, replies)) {
		refusal_explain(&ctx->nl.refusal, args, params);
		return MLAGCTL_REFUSED;
	}
	if (replies->torn)
		complain("note: the table changed while it was read; entries may be missing or double");
	return MLAGCTL_OK;
}

int request_do(struct ctx *ctx, const struct args *args,
	       const struct params *params, struct nlmsghdr *request)
{
	struct nl_replies replies;
	int ret;

	ret = request_run(ctx, args, params, request, &replies);
	if (!ret)
		nl_replies_free(&replies);
	return ret;
}

uint32_t device_index(const char *name)
{
	uint32_t ifindex = transport_ifindex(name);

	if (!ifindex)
		complain("there is no device \"%s\"", name);
	return ifindex;
}

static int run_command(const struct options *options, struct args *args)
{
	struct ctx ctx = { .follow = options->follow };
	int ret;

	if (options->netns && transport_enter_netns(options->netns)) {
		complain("cannot enter network namespace \"%s\": %s",
			 options->netns, strerror(errno));
		return MLAGCTL_REFUSED;
	}
	if (options->follow)
		setvbuf(stdout, NULL, _IOLBF, 0);
	if (nl_open(&ctx.nl))
		return MLAGCTL_REFUSED;

	print_init(&ctx.out, stdout, options->json, options->pretty);
	ret = command_run(&ctx, args, commands);
	nl_close(&ctx.nl);
	if (fflush(stdout) || ferror(stdout)) {
		complain("cannot write the answer: %s", strerror(errno));
		return MLAGCTL_REFUSED;
	}
	return ret;
}

int mlagctl_run(int argc, char **argv)
{
	struct options options;
	struct args args;

	if (options_parse(&options, argc, argv))
		return MLAGCTL_USAGE;
	if (options.version) {
		printf("mlagctl %s\n", MLAGCTL_VERSION);
		return MLAGCTL_OK;
	}

	args = (struct args){ .words = argv + optind, .count = argc - optind };
	if (options.help)
		return help(args_peek(&args));
	return run_command(&options, &args);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlagctl metrics: everything that is worth a graph or an alert, in the text
 * format of Prometheus, for the textfile collector of node_exporter. Dumps of
 * both families come in, rows of metrics_rows.c say what is told of them; a
 * module that is not loaded has no metrics.
 */
#include <inttypes.h>
#include <linux/mlag_iccp.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "metrics.h"
#include "mlagctl.h"
#include "transport.h"

/**
 * struct told - what has been read of one source
 * @out: where to
 * @source: which
 * @replies: all of it, as samples of a metric must stand together
 */
struct told {
	FILE *out;
	const struct metric_source *source;
	struct nl_replies replies;
};

/* A name may have any byte; what is no ASCII is shown as elsewhere. */
static void put_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(*text >= ' ' && *text <= '~' ? *text : '?', out);
	}
	fputc('"', out);
}

static void put_label(FILE *out, const struct metric_label *label,
		      const struct attrs *attrs)
{
	char buf[IF_NAMESIZE + 1];
	const char *text = buf;
	uint64_t number;

	fprintf(out, "%s=", label->name);
	if (label->kind == LABEL_NAME) {
		put_quoted(out, attrs_text(attrs, label->attr));
		return;
	}
	number = attrs_number(attrs, label->attr);
	if (label->kind == LABEL_NUMBER || !transport_ifname(number, buf))
		snprintf(buf, sizeof(buf), "%" PRIu64, number);
	put_quoted(out, text);
}

/* "name{bridge="br0",state="up"} ", the last label only if @extra is one */
static void put_name(const struct told *told, const char *name,
		     const struct attrs *attrs, const char *extra,
		     const char *value)
{
	const struct metric_label *label;
	const char *between = "";

	fprintf(told->out, "%s{", name);
	for (label = told->source->labels; label->name; label++) {
		if (!attrs->at[label->attr])
			continue;
		fputs(between, told->out);
		put_label(told->out, label, attrs);
		between = ",";
	}
	if (extra) {
		fprintf(told->out, "%s%s=", between, extra);
		put_quoted(told->out, value);
	}
	fputs("} ", told->out);
}

/* Exactly, without what floating point would make of it. */
static void put_value(FILE *out, const struct metric *metric, uint64_t value)
{
	uint32_t per = metric->per ? metric->per : 1, left;

	if (metric->times)
		value *= metric->times;
	fprintf(out, "%" PRIu64, value / per);
	if (value % per) {
		fputc('.', out);
		for (left = value % per; per > 1 && left; left %= per) {
			per /= 10;
			fputc('0' + left / per, out);
		}
	}
	fputc('\n', out);
}

static void put_words(const struct told *told, const struct metric *metric,
		      const struct attrs *attrs, uint64_t value)
{
	const struct word *word;

	for (word = metric->words; word->text; word++) {
		put_name(told, metric->name, attrs, metric->label, word->text);
		fprintf(told->out, "%d\n", metric->kind == METRIC_BITS ?
			!!(value & word->value) : value == word->value);
	}
}

static void put_sample(const struct told *told, const struct metric *metric,
		       const struct attrs *attrs, uint64_t value)
{
	if (metric->words) {
		put_words(told, metric, attrs, value);
		return;
	}
	put_name(told, metric->name, attrs, NULL, NULL);
	put_value(told->out, metric, value);
}

static int read_message(const struct told *told, struct attrs *attrs,
			const struct nlmsghdr *message)
{
	return attrs_parse(attrs, message, told->source->fields,
			   told->source->count);
}

/* Where the value of a metric is: @attrs itself, or a nest of it. */
static int read_nest(const struct told *told, const struct metric *metric,
		     const struct attrs *attrs, struct attrs *inner)
{
	if (!metric->nest) {
		*inner = *attrs;
		return 0;
	}
	memset(inner, 0, sizeof(*inner));
	return attrs->at[metric->nest] ?
		attrs_parse_nest(inner, attrs->at[metric->nest],
				 told->source->inner,
				 told->source->inner_count) : 0;
}

static void put_head(FILE *out, const char *name, const char *help,
		     bool counter)
{
	fprintf(out, "# HELP %s %s.\n# TYPE %s %s\n", name, help, name,
		counter ? "counter" : "gauge");
}

/* Nothing is said of a metric that has no sample. */
static int put_metric(const struct told *told, const struct metric *metric)
{
	const struct nlmsghdr *message = NULL;
	struct attrs attrs, inner;
	bool begun = false;

	while ((message = nl_reply_next(&told->replies, message))) {
		if (read_message(told, &attrs, message) ||
		    read_nest(told, metric, &attrs, &inner))
			return -1;
		if (!inner.at[metric->attr])
			continue;
		if (!begun)
			put_head(told->out, metric->name, metric->help,
				 metric->kind == METRIC_COUNTER);
		begun = true;
		put_sample(told, metric, &attrs,
			   attrs_number(&inner, metric->attr));
	}
	return 0;
}

/* Both families number the two attributes of a counter alike. */
static const struct field event_fields[] = {
	{ "name", MLAG_ICCP_A_COUNTER_NAME, FIELD_NAME },
	{ "value", MLAG_ICCP_A_COUNTER_VALUE, FIELD_U64 },
};

static int put_event(const struct told *told, const struct attrs *attrs,
		     const struct nlattr *nest)
{
	struct attrs event;

	if (attrs_parse_nest(&event, nest, event_fields,
			     ARRAY_SIZE(event_fields)))
		return -1;
	if (!event.at[MLAG_ICCP_A_COUNTER_NAME])
		return 0;
	put_name(told, told->source->events_name, attrs, "event",
		 attrs_text(&event, MLAG_ICCP_A_COUNTER_NAME));
	fprintf(told->out, "%" PRIu64 "\n",
		attrs_number(&event, MLAG_ICCP_A_COUNTER_VALUE));
	return 0;
}

static int put_events(const struct told *told)
{
	const struct nlmsghdr *message = NULL;
	const struct nlattr *attr;
	struct attrs attrs;

	if (!told->source->events || !nl_reply_next(&told->replies, NULL))
		return 0;
	put_head(told->out, told->source->events_name,
		 told->source->events_help, true);
	while ((message = nl_reply_next(&told->replies, message))) {
		if (read_message(told, &attrs, message))
			return -1;
		mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr))
			if (mnl_attr_get_type(attr) == told->source->events &&
			    put_event(told, &attrs, attr))
				return -1;
	}
	return 0;
}

static int put_source(struct ctx *ctx, const struct args *args,
		      const struct metric_source *source,
		      unsigned int *families)
{
	struct told told = { .out = ctx->out.out, .source = source };
	const struct metric *metric;
	struct nl_family family;
	struct nlmsghdr *request;
	int ret;

	if (nl_family_find(&ctx->nl, source->family, &family))
		return MLAGCTL_OK;
	++*families;
	request = nl_request(&ctx->nl, &family, source->command, NLM_F_DUMP);
	ret = request_run(ctx, args, NULL, request, &told.replies);
	if (ret)
		return ret;
	for (metric = source->metrics; metric->name && !ret; metric++)
		ret = put_metric(&told, metric);
	if (!ret)
		ret = put_events(&told);
	nl_replies_free(&told.replies);
	return ret ? MLAGCTL_REFUSED : MLAGCTL_OK;
}

int cmd_metrics(struct ctx *ctx, struct args *args)
{
	unsigned int i, families = 0;
	int ret = MLAGCTL_OK;

	if (ctx->out.json) {
		complain("metrics have no form in JSON, \"counters -j\" and \"monitor -j\" have all that is in them");
		return MLAGCTL_USAGE;
	}
	if (args_end(args))
		return MLAGCTL_USAGE;
	for (i = 0; i < metric_sources_count && !ret; i++)
		ret = put_source(ctx, args, &metric_sources[i], &families);
	if (!ret && !families) {
		complain("neither module is loaded (modprobe mlagbond, modprobe mlag_iccp)");
		return MLAGCTL_REFUSED;
	}
	return ret;
}

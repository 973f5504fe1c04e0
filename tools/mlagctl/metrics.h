/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What "mlagctl metrics" tells: one row for each metric. The rows are in
 * metrics_rows.c, what is made of them in cmd_metrics.c.
 */
#ifndef MLAGCTL_METRICS_H
#define MLAGCTL_METRICS_H

#include "field.h"

enum metric_kind {
	METRIC_GAUGE,
	METRIC_COUNTER,
	METRIC_STATES,	/* a gauge for each word, 1 for the one it is in */
	METRIC_BITS,	/* a gauge for each word, 1 for those that are set */
};

/**
 * struct metric - one metric
 * @name: by the conventions of Prometheus
 * @help: a sentence without its full stop
 * @kind: enum metric_kind
 * @nest: attribute that @attr is in, 0 for none
 * @attr: where the value is; no sample without it
 * @times: factor to the base unit, 0 for 1
 * @per: divisor to the base unit, a power of ten, 0 for 1
 * @label: of METRIC_STATES and METRIC_BITS
 * @words: of the same
 */
struct metric {
	const char *name;
	const char *help;
	enum metric_kind kind;
	uint16_t nest;
	uint16_t attr;
	uint32_t times;
	uint32_t per;
	const char *label;
	const struct word *words;
};

enum metric_label_kind {
	LABEL_NAME,
	LABEL_NUMBER,
	LABEL_DEVICE,	/* an interface index, told as name */
};

/**
 * struct metric_label - what tells one sample of a metric from the others
 * @name: of the label
 * @attr: where its value is; not given without it
 * @kind: enum metric_label_kind
 */
struct metric_label {
	const char *name;
	uint16_t attr;
	enum metric_label_kind kind;
};

/**
 * struct metric_source - one dump of a family, and the metrics in it
 * @family: name
 * @command: of the dump
 * @fields: of a reply
 * @count: rows of @fields
 * @inner: of the nests that metrics are in
 * @inner_count: rows of @inner
 * @labels: of each sample, ends with a row without a name
 * @metrics: ends with a row without a name
 * @events: attribute of a counter with a name, repeated; 0 for none
 * @events_name: of the metric that these are
 * @events_help: its help
 */
struct metric_source {
	const char *family;
	uint8_t command;
	const struct field *fields;
	unsigned int count;
	const struct field *inner;
	unsigned int inner_count;
	const struct metric_label *labels;
	const struct metric *metrics;
	uint16_t events;
	const char *events_name;
	const char *events_help;
};

extern const struct metric_source metric_sources[];
extern const unsigned int metric_sources_count;

#endif /* MLAGCTL_METRICS_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The option table under hostile input: texts for every option, and requests
 * of any options and values on bonds in any state.
 *
 * What is accepted must be in range and read back; what is refused must leave
 * the candidate's other options alone; an accepted request must stay accepted
 * when it is made again.
 */
#include <linux/errno.h>
#include <linux/mlagbond.h>
#include <mlagbond/core/opt_check.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(cond) do { \
	if (!(cond)) \
		abort(); \
} while (0)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* Eats its input; zeros when that is at its end. */
struct input {
	const u8 *data;
	size_t left;
};

static u64 take(struct input *in, unsigned int bytes)
{
	u64 value = 0;

	for (; bytes; bytes--) {
		value <<= 8;
		if (!in->left)
			continue;
		value |= *in->data++;
		in->left--;
	}
	return value;
}

static bool numeric(const struct mbond_opt *opt)
{
	return opt->kind < MBOND_KIND_MAC;
}

static void fuzz_text(const char *text)
{
	const struct mbond_opt *opt = mbond_opt_table;
	union {
		struct mbond_params bond;
		struct mbond_port_params port;
	} params;
	const struct mbond_word *word;
	s64 value, again;
	int err;

	for (; opt < &mbond_opt_table[MBOND_OPT_COUNT]; opt++) {
		if (!numeric(opt))
			continue;
		err = mbond_opt_parse(opt, text, &value);
		CHECK(!err || err == -EINVAL || err == -ERANGE ||
		      err == -EOPNOTSUPP);
		if (err)
			continue;
		CHECK(mbond_opt_in_range(opt, value));
		mbond_opt_put(opt, &params, value);
		CHECK(mbond_opt_get(opt, &params) == value);
		word = mbond_opt_word(opt, value);
		CHECK(!word || !mbond_opt_parse(opt, word->word, &again));
		CHECK(!word || again == value);
	}
	opt = mbond_opt_by_name(text);
	CHECK(!opt || !strcmp(opt->name, text) || !strcmp(opt->alias, text));
}

static void check_sane(const struct mbond_params *p)
{
	const struct mbond_opt *opt = mbond_opt_table;

	for (; opt < &mbond_opt_table[MBOND_OPT_BOND_COUNT]; opt++)
		if (numeric(opt))
			CHECK(mbond_opt_in_range(opt, mbond_opt_get(opt, p)));
	CHECK(!p->mlag_id || p->mode == MLAGBOND_MODE_8023AD);
	CHECK(!(p->ad_actor_system[0] & 1));
	CHECK(memchr(p->primary, 0, sizeof(p->primary)));
	if (p->miimon) {
		CHECK(!(p->updelay % p->miimon));
		CHECK(!(p->downdelay % p->miimon));
		CHECK(!(p->peer_notif_delay % p->miimon));
	} else {
		CHECK(!p->updelay && !p->downdelay && !p->peer_notif_delay);
	}
}

static void stage(struct mbond_request *req, struct input *in)
{
	const struct mbond_opt *opt;
	struct mbond_params before;
	struct mbond_fault fault;
	u64 mac, given, changed;
	u8 addr[MBOND_IP6_LEN];
	char name[32];
	s64 value;
	int err;

	opt = &mbond_opt_table[take(in, 1) % MBOND_OPT_BOND_COUNT];
	value = (s32)take(in, 4);
	if (opt->kind == MBOND_KIND_U32)
		value = (u32)value;
	else if (opt->kind != MBOND_KIND_S32)
		value = (u16)value;
	before = req->params;
	given = req->given;
	switch (opt->kind) {
	case MBOND_KIND_DEV:
		memset(name, (u8)value, sizeof(name));
		name[value % sizeof(name)] = 0;
		if (opt == &mbond_opt_table[MBOND_OPT_PRIMARY])
			mbond_request_set_primary(req, name);
		else
			mbond_request_set_active(req, value);
		err = 0;
		break;
	case MBOND_KIND_MAC:
		mac = take(in, 6);
		err = mbond_request_set_mac(req, opt, (u8 *)&mac, &fault);
		break;
	case MBOND_KIND_IP4S:
	case MBOND_KIND_IP6S:
		memset(addr, value, sizeof(addr));
		addr[0] = take(in, 1);
		err = mbond_request_add_addr(req, opt, addr, &fault);
		break;
	default:
		err = mbond_request_set(req, opt, value, &fault);
		break;
	}
	changed = mbond_params_diff(&before, &req->params);
	CHECK(!(changed & ~mbond_opt_bit(opt)));
	if (err) {
		CHECK(fault.err == err && fault.opt == opt);
		CHECK(!changed && req->given == given);
	}
}

static void fuzz_request(struct input *in)
{
	struct mbond_bond_state state;
	struct mbond_params now, before;
	struct mbond_request req;
	struct mbond_fault fault;
	unsigned int requests, options, bits;
	int err;

	mbond_params_default(&now);
	for (requests = 0; in->left && requests < 32; requests++) {
		state.up = take(in, 1) & 1;
		bits = take(in, 1);
		state.ports = bits & 1;
		state.as_bonding = bits & 2;
		mbond_request_init(&req, &now);
		for (options = take(in, 1) % 16; options; options--)
			stage(&req, in);
		before = now;
		err = mbond_request_check(&req, &now, &state, &fault);
		CHECK(!mbond_params_diff(&before, &now));
		if (err) {
			CHECK(fault.err == err);
			CHECK(req.given & mbond_opt_bit(fault.opt));
			continue;
		}
		check_sane(&req.params);
		now = req.params;
		req.given &= ~MBOND_OPT_BIT(ACTIVE_SLAVE);
		CHECK(!mbond_request_check(&req, &now, &state, &fault));
		CHECK(!mbond_params_diff(&req.params, &now));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	char text[64];
	size_t len;

	if (take(&in, 1) & 1) {
		len = in.left < sizeof(text) - 1 ? in.left : sizeof(text) - 1;
		memcpy(text, in.data, len);
		text[len] = 0;
		fuzz_text(text);
	} else {
		fuzz_request(&in);
	}
	return 0;
}

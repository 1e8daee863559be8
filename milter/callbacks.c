#include "milter/callbacks.h"

#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>
#include <time.h>

#include "milter/reply.h"
#include "milter/session.h"

/* libmilter hands its callbacks nothing of ours before the first smfi_setpriv. Written once,
 * before the first session. */
static struct daemon *the_daemon;

static const unsigned long needed_actions = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE;

/* Stages without anything for us are not sent, and no other but the end is answered: an answer a
 * stage is most of a filter's CPU. */
static const unsigned long wanted_steps =
	SMFIP_NOHELO | SMFIP_NODATA | SMFIP_NOUNKNOWN | SMFIP_NOEOH | SMFIP_NR_CONN |
	SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_DATA | SMFIP_NR_UNKN |
	SMFIP_NR_HDR | SMFIP_NR_EOH | SMFIP_NR_BODY | SMFIP_HDR_LEADSPC;

static struct session *session_of(SMFICTX *ctx)
{
	return smfi_getpriv(ctx);
}

static sfsistat answer(const struct session *session, unsigned long no_reply)
{
	return session != NULL && (session->no_reply & no_reply) != 0 ? SMFIS_NOREPLY
								      : SMFIS_CONTINUE;
}

static void ask_for_macros(SMFICTX *ctx, unsigned long actions)
{
	if ((actions & SMFIF_SETSYMLIST) == 0)
		return;
	smfi_setsymlist(ctx, SMFIM_CONNECT, (char *)"j {daemon_name}");
	smfi_setsymlist(ctx, SMFIM_ENVFROM, (char *)"i {auth_authen} {verify} {cert_subject}");
	smfi_setsymlist(ctx, SMFIM_EOM, (char *)"i");
}

static sfsistat on_negotiate(SMFICTX *ctx, unsigned long actions, unsigned long steps,
			     unsigned long f2, unsigned long f3, unsigned long *ret_actions,
			     unsigned long *ret_steps, unsigned long *ret_f2, unsigned long *ret_f3)
{
	struct daemon *daemon = the_daemon;
	struct session *session;

	(void)f2;
	(void)f3;
	if ((actions & needed_actions) != needed_actions) {
		log_printf(daemon->log, LOG_ERR,
			   "the MTA does not let this filter%s%s%s: refused (allow it where the MTA "
			   "lists its filters)",
			   (actions & SMFIF_ADDHDRS) != 0 ? "" : " add fields",
			   (actions & SMFIF_CHGHDRS) != 0 ? "" : " remove fields",
			   (actions & SMFIF_QUARANTINE) != 0 ? "" : " quarantine");
		COUNT(daemon->counters.sessions_refused);
		return SMFIS_REJECT;
	}
	session = session_of(ctx);
	if (session == NULL)
		session = session_new(daemon);
	if (session == NULL) {
		log_printf(daemon->log, LOG_WARNING, "session refused: %u are open%s",
			   COUNT_GET(daemon->open_sessions),
			   COUNT_GET(daemon->draining) ? ", and the filter is stopping" : "");
		return SMFIS_REJECT;
	}
	*ret_actions = needed_actions | (actions & (SMFIF_SETSYMLIST | SMFIF_DELRCPT));
	*ret_steps = wanted_steps & steps;
	*ret_f2 = 0;
	*ret_f3 = 0;
	session->no_reply = *ret_steps;
	session->leading_space = (*ret_steps & SMFIP_HDR_LEADSPC) != 0;
	ask_for_macros(ctx, actions);
	if (smfi_setpriv(ctx, session) != MI_SUCCESS) {
		session_free(session);
		return SMFIS_REJECT;
	}
	return SMFIS_CONTINUE;
}

static sfsistat on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *address)
{
	struct session *session = session_of(ctx);

	(void)host;
	if (session != NULL)
		session_connect(session, address, smfi_getsymval(ctx, (char *)"{daemon_name}"));
	return answer(session, SMFIP_NR_CONN);
}

/* Only a certificate that the MTA could verify says who the client is. */
static const char *certificate_subject(SMFICTX *ctx)
{
	const char *verified = smfi_getsymval(ctx, (char *)"{verify}");

	if (verified == NULL || strcmp(verified, "OK") != 0)
		return NULL;
	return smfi_getsymval(ctx, (char *)"{cert_subject}");
}

static sfsistat on_mail(SMFICTX *ctx, char **arguments)
{
	struct session *session = session_of(ctx);

	if (session != NULL) {
		session_mail(session, arguments != NULL ? arguments[0] : NULL,
			     smfi_getsymval(ctx, (char *)"{auth_authen}"));
		session_certificate(session, certificate_subject(ctx));
	}
	return answer(session, SMFIP_NR_MAIL);
}

static sfsistat on_recipient(SMFICTX *ctx, char **arguments)
{
	struct session *session = session_of(ctx);

	if (session != NULL)
		session_recipient(session, arguments != NULL ? arguments[0] : NULL);
	return answer(session, SMFIP_NR_RCPT);
}

static sfsistat on_field(SMFICTX *ctx, char *name, char *value)
{
	struct session *session = session_of(ctx);

	if (session != NULL)
		session_field(session, name != NULL ? name : "", value != NULL ? value : "");
	return answer(session, SMFIP_NR_HDR);
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *chunk, size_t n)
{
	struct session *session = session_of(ctx);

	if (session != NULL)
		session_body(session, (struct str){ (const char *)chunk, n });
	return answer(session, SMFIP_NR_BODY);
}

static const char *remove_fields(SMFICTX *ctx, const struct decision *decision)
{
	for (size_t i = 0; i < decision->n_removals; i++) {
		const struct removal *removal = &decision->removals[i];

		if (smfi_chgheader(ctx, (char *)removal->name.p, (int)removal->index, NULL) !=
		    MI_SUCCESS)
			return "the MTA did not let a field be removed";
	}
	return NULL;
}

/* Inserted at the top, last one first, so that they stand in their order. smfi_addheader would
 * on Sendmail reuse a field just removed. */
static const char *add_fields(SMFICTX *ctx, const struct session *session, struct arena *arena,
			      const struct decision *decision)
{
	for (size_t i = decision->stamp.n_headers; i-- > 0;) {
		const struct header *header = &decision->stamp.headers[i];
		char *name = arena_cstr(arena, header->name);
		char *value = field_value_prepare(arena, header->name, header->value,
						  session->leading_space);

		if (smfi_insheader(ctx, 1, name, value) != MI_SUCCESS)
			return "the MTA did not let a field be added";
	}
	return NULL;
}

/* The recipients that the policy takes off. */
static const char *strip_recipients(SMFICTX *ctx, struct arena *arena,
				    const struct decision *decision)
{
	const struct str_list *stripped = decision->stripped;

	for (size_t i = 0; stripped != NULL && i < stripped->n; i++) {
		struct str recipient = arena_printf(arena, "<%.*s>", STR_ARG(stripped->items[i]));

		if (smfi_delrcpt(ctx, (char *)recipient.p) != MI_SUCCESS)
			return "the MTA did not let a recipient be taken off";
	}
	return NULL;
}

static const char *hold(SMFICTX *ctx, struct arena *arena, const struct decision *decision)
{
	if (decision->verdict != SEVERITY_QUARANTINE)
		return NULL;
	if (smfi_quarantine(ctx, arena_cstr(arena, decision->quarantine)) != MI_SUCCESS)
		return "the MTA did not let the message be quarantined";
	return NULL;
}

static bool is_refusal(const struct decision *decision)
{
	return decision->verdict == SEVERITY_REJECT || decision->verdict == SEVERITY_TEMPFAIL;
}

/* smfi_setmlreply ends at the first NULL. */
static bool set_reply(SMFICTX *ctx, const struct smtp_reply *reply)
{
	char *const *l = reply->lines;

	return smfi_setmlreply(ctx, reply->code, reply->enhanced, l[0], l[1], l[2], l[3], l[4], l[5],
			       l[6], l[7], l[8], l[9], l[10], l[11], l[12], l[13], l[14], l[15],
			       l[16], l[17], l[18], l[19], l[20], l[21], l[22], l[23], l[24], l[25],
			       l[26], l[27], l[28], l[29], l[30], l[31], (char *)NULL) == MI_SUCCESS;
}

static sfsistat refuse(SMFICTX *ctx, struct session *session, struct arena *arena,
		       const struct decision *decision)
{
	bool permanent = decision->verdict == SEVERITY_REJECT;
	struct smtp_reply reply;

	smtp_reply_prepare(arena, permanent ? '5' : '4', decision->reply, decision->n_reply, &reply);
	if (!set_reply(ctx, &reply))
		log_printf(session->daemon->log, LOG_ERR,
			   "%s: libmilter took no reply text: the MTA's own goes out",
			   session_id(session));
	return permanent ? SMFIS_REJECT : SMFIS_TEMPFAIL;
}

/* Tells the MTA; what it does not take turns the decision into the configured error. */
static sfsistat carry_out(SMFICTX *ctx, struct session *session, struct decision *decision)
{
	struct arena *arena = arena_new();
	const char *error = NULL;
	sfsistat status = SMFIS_CONTINUE;

	if (!is_refusal(decision)) {
		error = remove_fields(ctx, decision);
		if (error == NULL)
			error = add_fields(ctx, session, arena, decision);
		if (error == NULL)
			error = strip_recipients(ctx, arena, decision);
		if (error == NULL)
			error = hold(ctx, arena, decision);
	}
	if (error != NULL) {
		log_printf(session->daemon->log, LOG_ERR, "%s: %s", session_id(session), error);
		session_failed(session, decision, error);
	}
	session_record(session, decision);
	if (is_refusal(decision))
		status = refuse(ctx, session, arena, decision);
	arena_free(arena);
	return status;
}

static sfsistat on_end(SMFICTX *ctx)
{
	struct session *session = session_of(ctx);
	struct decision *decision;
	sfsistat status;

	if (session == NULL)
		return SMFIS_TEMPFAIL;
	decision = session_decide(session, smfi_getsymval(ctx, (char *)"i"), (int64_t)time(NULL));
	status = carry_out(ctx, session, decision);
	session_finish(session, decision);
	return status;
}

static sfsistat on_abort(SMFICTX *ctx)
{
	struct session *session = session_of(ctx);

	if (session != NULL)
		session_abort(session);
	return SMFIS_CONTINUE;
}

static sfsistat on_close(SMFICTX *ctx)
{
	struct session *session = ctx != NULL ? session_of(ctx) : NULL;

	if (session != NULL)
		smfi_setpriv(ctx, NULL);
	session_free(session);
	return SMFIS_CONTINUE;
}

bool callbacks_register(struct daemon *daemon)
{
	struct smfiDesc description = {
		.xxfi_name = (char *)"crm-notice",
		.xxfi_version = SMFI_VERSION,
		.xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE | SMFIF_DELRCPT |
			      SMFIF_SETSYMLIST,
		.xxfi_connect = on_connect,
		.xxfi_envfrom = on_mail,
		.xxfi_envrcpt = on_recipient,
		.xxfi_header = on_field,
		.xxfi_body = on_body,
		.xxfi_eom = on_end,
		.xxfi_abort = on_abort,
		.xxfi_close = on_close,
		.xxfi_negotiate = on_negotiate,
	};

	the_daemon = daemon;
	return smfi_register(description) == MI_SUCCESS;
}

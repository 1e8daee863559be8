/* nothing.c - a libmilter filter that asks for every message and does nothing with it: what the
 * benchmark measures ours against */
#include <libmilter/mfapi.h>
#include <libmilter/mfdef.h>
#include <stdio.h>

static sfsistat negotiate(SMFICTX *ctx, unsigned long actions, unsigned long steps,
			  unsigned long f2, unsigned long f3, unsigned long *ret_actions,
			  unsigned long *ret_steps, unsigned long *ret_f2, unsigned long *ret_f3)
{
	(void)ctx;
	(void)f2;
	(void)f3;
	*ret_actions = actions & (SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE);
	*ret_steps = steps & (SMFIP_NOHELO | SMFIP_NODATA | SMFIP_NOUNKNOWN | SMFIP_NOEOH |
			      SMFIP_NR_CONN | SMFIP_NR_MAIL | SMFIP_NR_RCPT | SMFIP_NR_HDR |
			      SMFIP_NR_BODY);
	*ret_f2 = *ret_f3 = 0;
	return SMFIS_CONTINUE;
}

static sfsistat on_mail(SMFICTX *ctx, char **arguments)
{
	(void)ctx;
	(void)arguments;
	return SMFIS_NOREPLY;
}

static sfsistat on_field(SMFICTX *ctx, char *name, char *value)
{
	(void)ctx;
	(void)name;
	(void)value;
	return SMFIS_NOREPLY;
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *chunk, size_t n)
{
	(void)ctx;
	(void)chunk;
	(void)n;
	return SMFIS_NOREPLY;
}

static sfsistat on_end(SMFICTX *ctx)
{
	(void)ctx;
	return SMFIS_CONTINUE;
}

int main(int argc, char **argv)
{
	struct smfiDesc description = {
		.xxfi_name = (char *)"nothing",
		.xxfi_version = SMFI_VERSION,
		.xxfi_flags = SMFIF_ADDHDRS | SMFIF_CHGHDRS | SMFIF_QUARANTINE,
		.xxfi_envfrom = on_mail,
		.xxfi_envrcpt = on_mail,
		.xxfi_header = on_field,
		.xxfi_body = on_body,
		.xxfi_eom = on_end,
		.xxfi_negotiate = negotiate,
	};

	if (argc != 2) {
		fprintf(stderr, "usage: nothing SOCKET\n");
		return 64;
	}
	if (smfi_register(description) != MI_SUCCESS || smfi_setconn(argv[1]) != MI_SUCCESS ||
	    smfi_opensocket(1) != MI_SUCCESS)
		return 69;
	return smfi_main() == MI_SUCCESS ? 0 : 69;
}

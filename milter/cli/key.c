/* key.c - crm-notice key: the public half of the private key that seals, signs or makes checkpoints */
#include <stdio.h>
#include <sysexits.h>

#include "milter/cli/cli.h"
#include "milter/cli/sign.h"

static void usage(FILE *out)
{
	fputs("usage: crm-notice key [OPTION]... KEY\n"
	      "Prints the public half of a private key in PEM form, for `crm-notice verify --key`. KEY is\n"
	      "a PEM file, or a URI such as pkcs11:token=gate;object=seal;type=private.\n"
	      "\n"
	      "  --passphrase FILE      in its first line, what opens the key, or its PIN\n"
	      "  --provider NAME        a provider of OpenSSL that knows the URI; once each\n"
	      "  --openssl-config FILE  OpenSSL's configuration, which loads providers\n"
	      "  --help                 this text\n"
	      "\n"
	      "Exit status: 0; 64 usage, 65 unreadable file, 66 no such file, 78 no usable key.\n",
	      out);
}

int cli_key(int argc, char **argv)
{
	static const struct option longs[] = {
		SIGN_KEY_OPTIONS,
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct sign_options options = { .command = "key" };
	int c;

	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'h' || c == '?') {
			usage(c == 'h' ? stdout : stderr);
			return c == 'h' ? EX_OK : EX_USAGE;
		}
		if (!sign_option(&options, c, optarg))
			return EX_USAGE;
	}
	if (argc - optind != 1) {
		usage(stderr);
		return EX_USAGE;
	}
	options.key = argv[optind];
	return sign_public_key(&options);
}

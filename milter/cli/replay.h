/* replay.h - crm-notice policy replay: what a policy would change for mails that were sent */
#ifndef MILTER_CLI_REPLAY_H
#define MILTER_CLI_REPLAY_H

/* As cli.h says of subcommands; argv[0] is "replay". */
int cli_replay(int argc, char **argv);

#endif

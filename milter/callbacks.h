/* callbacks.h - libmilter's callbacks; beside service.c the only place that knows libmilter */
#ifndef MILTER_CALLBACKS_H
#define MILTER_CALLBACKS_H

#include "milter/daemon.h"

/* Registers the filter. daemon outlives all sessions. False where libmilter refuses. */
bool callbacks_register(struct daemon *daemon);

#endif

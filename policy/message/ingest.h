/* ingest.h - from the bytes of a file, or from the callbacks of a milter, to a message source
 *
 * Both ways end in the same structure and the same defects, so that `crm-notice check` judges
 * what the daemon judges. A mail server normalises some bytes before a filter sees them: from
 * the daemon those defects cannot be seen.
 */
#ifndef POLICY_MESSAGE_INGEST_H
#define POLICY_MESSAGE_INGEST_H

#include "policy/message/message.h"

struct ingest;

/* A new ingest whose memory is its own; limits are copied. */
struct ingest *ingest_new(const struct message_limits *limits);
void ingest_free(struct ingest *ingest);
/* Forgets the message and gives the memory back, for the next one of the session. */
void ingest_clear(struct ingest *ingest);

/* As a milter is told: fields in order, then body chunks of any cut. Copies. */
void ingest_field(struct ingest *ingest, struct str name, struct str value);
void ingest_body(struct ingest *ingest, struct str chunk);
/* The same where the value came without the space behind the colon, which is put back. */
void ingest_bare_field(struct ingest *ingest, struct str name, struct str value);

/* A whole file instead. Where every line ends in a lone LF they are read as CRLF; in any other
 * file a lone LF or CR is the defect it is (INTERFACE.md, crm-notice test). An mbox "From " line
 * at the very top is skipped. */
void ingest_file(struct ingest *ingest, struct str bytes);

/* What came so far, valid until ingest_clear or ingest_free. */
const struct message_source *ingest_source(struct ingest *ingest);

#endif

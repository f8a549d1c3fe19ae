#ifndef CPostgres_H
#define CPostgres_H
#include <postgresql/libpq-fe.h>

/// Opens libpq, before any of its functions is called. NULL, or why it cannot be used, to be copied at once.
const char *postgres_open(void);
#endif

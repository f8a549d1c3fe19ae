#ifndef CPostgres_H
#define CPostgres_H
#include <postgresql/libpq-fe.h>

/// Opens libpq, before any of its functions is called. NULL, or the name of the library when it is missing.
const char *postgres_open(void);
#endif

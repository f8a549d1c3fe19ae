#include "CPostgres.h"

#include <dlfcn.h>
#include <stddef.h>

// libpq brings 19 libraries along, for Kerberos and LDAP: it is opened where a database is used, so that no other process has them. Its functions
// have their own names here; what is called is passed on to the library, which itself does not see these.
#define EACH_FUNCTION(_) \
  _(void, PQclear, (PGresult *res), (res)) \
  _(PostgresPollingStatusType, PQconnectPoll, (PGconn *conn), (conn)) \
  _(PGconn *, PQconnectStartParams, (const char *const *keywords, const char *const *values, int expand_dbname), (keywords, values, expand_dbname)) \
  _(PGconn *, PQconnectdb, (const char *conninfo), (conninfo)) \
  _(int, PQconnectionNeedsPassword, (const PGconn *conn), (conn)) \
  _(int, PQconnectionUsedPassword, (const PGconn *conn), (conn)) \
  _(void, PQconninfoFree, (PQconninfoOption *connOptions), (connOptions)) \
  _(PQconninfoOption *, PQconninfoParse, (const char *conninfo, char **errmsg), (conninfo, errmsg)) \
  _(int, PQconsumeInput, (PGconn *conn), (conn)) \
  _(int, PQenterPipelineMode, (PGconn *conn), (conn)) \
  _(char *, PQerrorMessage, (const PGconn *conn), (conn)) \
  _(PGresult *, PQexec, (PGconn *conn, const char *query), (conn, query)) \
  _(void, PQfinish, (PGconn *conn), (conn)) \
  _(int, PQflush, (PGconn *conn), (conn)) \
  _(void, PQfreemem, (void *ptr), (ptr)) \
  _(PGresult *, PQgetResult, (PGconn *conn), (conn)) \
  _(int, PQgetisnull, (const PGresult *res, int tup_num, int field_num), (res, tup_num, field_num)) \
  _(int, PQgetlength, (const PGresult *res, int tup_num, int field_num), (res, tup_num, field_num)) \
  _(char *, PQgetvalue, (const PGresult *res, int tup_num, int field_num), (res, tup_num, field_num)) \
  _(int, PQisBusy, (PGconn *conn), (conn)) \
  _(int, PQnfields, (const PGresult *res), (res)) \
  _(int, PQntuples, (const PGresult *res), (res)) \
  _(const char *, PQparameterStatus, (const PGconn *conn, const char *paramName), (conn, paramName)) \
  _(PGPing, PQping, (const char *conninfo), (conninfo)) \
  _(int, PQpipelineSync, (PGconn *conn), (conn)) \
  _(char *, PQresultErrorField, (const PGresult *res, int fieldcode), (res, fieldcode)) \
  _(ExecStatusType, PQresultStatus, (const PGresult *res), (res)) \
  _(int, PQsendPrepare, (PGconn *conn, const char *stmtName, const char *query, int nParams, const Oid *paramTypes), (conn, stmtName, query, nParams, paramTypes)) \
  _(int, PQsendQueryParams, (PGconn *conn, const char *command, int nParams, const Oid *paramTypes, const char *const *paramValues, const int *paramLengths, const int *paramFormats, int resultFormat), (conn, command, nParams, paramTypes, paramValues, paramLengths, paramFormats, resultFormat)) \
  _(int, PQsendQueryPrepared, (PGconn *conn, const char *stmtName, int nParams, const char *const *paramValues, const int *paramLengths, const int *paramFormats, int resultFormat), (conn, stmtName, nParams, paramValues, paramLengths, paramFormats, resultFormat)) \
  _(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn *conn, PQnoticeProcessor proc, void *arg), (conn, proc, arg)) \
  _(int, PQsetnonblocking, (PGconn *conn, int arg), (conn, arg)) \
  _(int, PQsocket, (const PGconn *conn), (conn)) \
  _(ConnStatusType, PQstatus, (const PGconn *conn), (conn))

#define DECLARE(type, name, parameters, arguments) static __typeof__(&name) found_##name;
EACH_FUNCTION(DECLARE)

const char *postgres_open(void) {
  // Opened once more it is the same.
  void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library) return dlerror();
#define FIND(type, name, parameters, arguments) \
  void *at_##name = dlsym(library, #name); \
  if (!at_##name) return "libpq.so.5 is too old: it has no " #name; \
  __atomic_store_n(&found_##name, (__typeof__(&name))at_##name, __ATOMIC_RELAXED);
  EACH_FUNCTION(FIND)
  return NULL;
}

#define FORWARD(type, name, parameters, arguments) \
  __attribute__((visibility("hidden"))) type name parameters { \
    return __atomic_load_n(&found_##name, __ATOMIC_RELAXED) arguments; \
  }
EACH_FUNCTION(FORWARD)

#include "CPostgres.h"

#include <dlfcn.h>
#include <stddef.h>

// libpq brings 19 libraries along, for Kerberos and LDAP: it is opened where a database is used, so that no other process has them. Its functions
// have their own names here; what is called is passed on to the library.
static void *library;

const char *postgres_open(void) {
  static const char file[] = "libpq.so.5";
  // Opened once more it is the same.
  void *opened = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (opened) __atomic_store_n(&library, opened, __ATOMIC_RELEASE);
  return opened ? NULL : file;
}

static void *function(const char *name) {
  if (!__atomic_load_n(&library, __ATOMIC_ACQUIRE)) postgres_open();
  return dlsym(__atomic_load_n(&library, __ATOMIC_ACQUIRE), name);
}

#define FORWARD(type, name, parameters, arguments) \
  type name parameters { \
    static __typeof__(&name) found; \
    __typeof__(&name) known = __atomic_load_n(&found, __ATOMIC_RELAXED); \
    if (!known) __atomic_store_n(&found, known = (__typeof__(&name))function(#name), __ATOMIC_RELAXED); \
    return known arguments; \
  }

FORWARD(void, PQclear, (PGresult *res), (res))
FORWARD(PostgresPollingStatusType, PQconnectPoll, (PGconn *conn), (conn))
FORWARD(PGconn *, PQconnectStartParams, (const char *const *keywords, const char *const *values, int expand_dbname), (keywords, values, expand_dbname))
FORWARD(PGconn *, PQconnectdb, (const char *conninfo), (conninfo))
FORWARD(int, PQconnectionNeedsPassword, (const PGconn *conn), (conn))
FORWARD(int, PQconnectionUsedPassword, (const PGconn *conn), (conn))
FORWARD(void, PQconninfoFree, (PQconninfoOption *connOptions), (connOptions))
FORWARD(PQconninfoOption *, PQconninfoParse, (const char *conninfo, char **errmsg), (conninfo, errmsg))
FORWARD(int, PQconsumeInput, (PGconn *conn), (conn))
FORWARD(int, PQenterPipelineMode, (PGconn *conn), (conn))
FORWARD(char *, PQerrorMessage, (const PGconn *conn), (conn))
FORWARD(PGresult *, PQexec, (PGconn *conn, const char *query), (conn, query))
FORWARD(void, PQfinish, (PGconn *conn), (conn))
FORWARD(int, PQflush, (PGconn *conn), (conn))
FORWARD(void, PQfreemem, (void *ptr), (ptr))
FORWARD(PGresult *, PQgetResult, (PGconn *conn), (conn))
FORWARD(int, PQgetisnull, (const PGresult *res, int tup_num, int field_num), (res, tup_num, field_num))
FORWARD(int, PQgetlength, (const PGresult *res, int tup_num, int field_num), (res, tup_num, field_num))
FORWARD(char *, PQgetvalue, (const PGresult *res, int tup_num, int field_num), (res, tup_num, field_num))
FORWARD(int, PQisBusy, (PGconn *conn), (conn))
FORWARD(int, PQnfields, (const PGresult *res), (res))
FORWARD(int, PQntuples, (const PGresult *res), (res))
FORWARD(const char *, PQparameterStatus, (const PGconn *conn, const char *paramName), (conn, paramName))
FORWARD(PGPing, PQping, (const char *conninfo), (conninfo))
FORWARD(int, PQpipelineSync, (PGconn *conn), (conn))
FORWARD(char *, PQresultErrorField, (const PGresult *res, int fieldcode), (res, fieldcode))
FORWARD(ExecStatusType, PQresultStatus, (const PGresult *res), (res))
FORWARD(int, PQsendPrepare, (PGconn *conn, const char *stmtName, const char *query, int nParams, const Oid *paramTypes), (conn, stmtName, query, nParams, paramTypes))
FORWARD(int, PQsendQueryParams, (PGconn *conn, const char *command, int nParams, const Oid *paramTypes, const char *const *paramValues, const int *paramLengths, const int *paramFormats, int resultFormat), (conn, command, nParams, paramTypes, paramValues, paramLengths, paramFormats, resultFormat))
FORWARD(int, PQsendQueryPrepared, (PGconn *conn, const char *stmtName, int nParams, const char *const *paramValues, const int *paramLengths, const int *paramFormats, int resultFormat), (conn, stmtName, nParams, paramValues, paramLengths, paramFormats, resultFormat))
FORWARD(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn *conn, PQnoticeProcessor proc, void *arg), (conn, proc, arg))
FORWARD(int, PQsetnonblocking, (PGconn *conn, int arg), (conn, arg))
FORWARD(int, PQsocket, (const PGconn *conn), (conn))
FORWARD(ConnStatusType, PQstatus, (const PGconn *conn), (conn))

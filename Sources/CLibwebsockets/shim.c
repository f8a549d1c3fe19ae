#include "CLibwebsockets.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

static int choose_http11(SSL *session, const unsigned char **chosen, unsigned char *count, const unsigned char *offered, unsigned int offered_count, void *user) {
  static const unsigned char known[] = "\x08http/1.1";
  if (SSL_select_next_proto((unsigned char **)chosen, count, known, sizeof(known) - 1, offered, offered_count) == OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_OK;
  return SSL_TLSEXT_ERR_NOACK;
}

SSL_CTX *vf_tls_server(const char *certificate, const char *key) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  if (!context) return NULL;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_http11, NULL);
  SSL_CTX_set_default_passwd_cb(context, vf_no_password);
  if (SSL_CTX_use_certificate_chain_file(context, certificate) == 1 && SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 && SSL_CTX_check_private_key(context) == 1) return context;
  SSL_CTX_free(context);
  ERR_clear_error();
  return NULL;
}

SSL *vf_tls_accept(SSL_CTX *context, int fd) {
  SSL *session = SSL_new(context);
  if (!session) return NULL;
  if (SSL_set_fd(session, fd) != 1) {
    SSL_free(session);
    return NULL;
  }
  SSL_set_accept_state(session);
  return session;
}

static int outcome(SSL *session, int result) {
  if (result > 0) return result;
  int error = SSL_get_error(session, result);
  ERR_clear_error();
  switch (error) {
    case SSL_ERROR_WANT_READ: return -1;
    case SSL_ERROR_WANT_WRITE: return -2;
    case SSL_ERROR_ZERO_RETURN: return 0;
    default: return -3;
  }
}

int vf_tls_read(SSL *session, void *buffer, int count) {
  ERR_clear_error();
  return outcome(session, SSL_read(session, buffer, count));
}

int vf_tls_write(SSL *session, const void *buffer, int count) {
  ERR_clear_error();
  return outcome(session, SSL_write(session, buffer, count));
}

int vf_peer_address(int fd, char *text, size_t count) {
  struct sockaddr_storage address;
  socklen_t length = sizeof(address);
  if (getpeername(fd, (struct sockaddr *)&address, &length)) return -1;
  if (address.ss_family == AF_INET6) {
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&address;
    if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) return inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, text, (socklen_t)count) ? 0 : -1;
  }
  return getnameinfo((struct sockaddr *)&address, length, text, (socklen_t)count, NULL, 0, NI_NUMERICHOST);
}

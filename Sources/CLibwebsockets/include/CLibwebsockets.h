#ifndef CLibwebsockets_H
#define CLibwebsockets_H
#include <libwebsockets.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

/// Bytes libwebsockets needs free in front of every payload; `LWS_PRE` is a macro Swift cannot import.
static inline size_t vf_lws_pre(void) { return LWS_PRE; }

/// Kill a connection from the next pass of its loop, never inside the call; a negative macro with a cast.
static inline void vf_lws_kill(struct lws *wsi) {
  lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

/// Writes bytes as they are, after what is buffered of others; what the socket does not take is buffered. -1: the connection is broken.
/// The name of this kind of write is a macro.
static inline int vf_lws_write_raw(struct lws *wsi, unsigned char *bytes, size_t count) {
  return lws_write(wsi, bytes, count, LWS_WRITE_RAW);
}

/// Fills up to 256 bytes with random ones of the kernel. 0: they are there.
static inline int vf_random(void *bytes, size_t count) { return getentropy(bytes, count); }

/// Adopts a timer or epoll descriptor; the descriptor argument is a union, which Swift would fill byte by byte.
static inline struct lws *vf_lws_adopt_file(struct lws_vhost *vhost, int fd, const char *protocol, void *opaque) {
  lws_adopt_desc_t info = {.vh = vhost, .type = LWS_ADOPT_RAW_FILE_DESC, .vh_prot_name = protocol, .opaque = opaque};
  info.fd.filefd = fd;
  return lws_adopt_descriptor_vhost_via_info(&info);
}

/// Port value of a virtual host that adopts sockets and never listens itself; a macro with a sign.
static inline int vf_lws_port_no_listen(void) { return CONTEXT_PORT_NO_LISTEN_SERVER; }

/// Context options: text is checked for UTF-8 and TLS is set up only when asked, `Origin` is sent as given; 64-bit shifted enumerators arrive in Swift with mixed signs.
static inline uint64_t vf_lws_options(int checks_text, int tls) {
  uint64_t options = LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN;
  if (checks_text) options |= LWS_SERVER_OPTION_VALIDATE_UTF8;
  return tls ? options | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : options;
}

/// Asked for the password of a key file: there is nobody to ask.
static inline int vf_no_password(char *buffer, int size, int is_writing, void *user) { return -1; }

/// Looks whether a server could use these PEM files. 0: yes; 1: no certificate; 2: no private key, or one with a password; 3: the key is another certificate's; 4: OpenSSL could not begin.
static inline int vf_tls_check(const char *certificate, const char *key) {
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  if (!context) return 4;
  int result = 0;
  if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1) result = 1;
  if (!result) {
    FILE *file = fopen(key, "re");
    EVP_PKEY *private_key = file ? PEM_read_PrivateKey(file, NULL, vf_no_password, NULL) : NULL;
    if (file) fclose(file);
    if (!private_key) result = 2;
    else if (SSL_CTX_use_PrivateKey(context, private_key) != 1 || SSL_CTX_check_private_key(context) != 1) result = 3;
    EVP_PKEY_free(private_key);
  }
  SSL_CTX_free(context);
  ERR_clear_error();
  return result;
}

/// What a server shows and speaks: PEM files, TLS 1.2 and up, HTTP/1.1 by ALPN. NULL when OpenSSL cannot use them.
struct ssl_ctx_st *vf_tls_server(const char *certificate, const char *key);
static inline void vf_tls_server_free(struct ssl_ctx_st *context) { SSL_CTX_free(context); }

/// The server's end of TLS on a connected socket, which stays the caller's.
struct ssl_st *vf_tls_accept(struct ssl_ctx_st *context, int fd);
static inline void vf_tls_free(struct ssl_st *session) { SSL_free(session); }

/// Bytes read or written, 1 and up; 0: the peer sends no more; -1: wait until the socket is readable; -2: until it is writable; -3: broken.
int vf_tls_read(struct ssl_st *session, void *buffer, int count);
int vf_tls_write(struct ssl_st *session, const void *buffer, int count);

/// Says goodbye without waiting for an answer.
static inline void vf_tls_shutdown(struct ssl_st *session) {
  if (SSL_is_init_finished(session)) SSL_shutdown(session);
  ERR_clear_error();
}

/// Peer's address in digits. 0: it is there.
int vf_peer_address(int fd, char *text, size_t count);

/// Bytes that a TCP connection received and somebody has read; -1 where the system does not say, or too much comes to say it now.
int64_t vf_tcp_read_bytes(int fd);

/// Bytes that wait in a socket, not read yet.
int vf_waiting_bytes(int fd);

/// Two ends of one connection inside the process, non-blocking. 0: they are there.
static inline int vf_socket_pair(int *ends) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends); }

/// What is watched for on a descriptor of an epoll set.
static inline int vf_epoll_change(int epoll, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events};
  event.data.u64 = token;
  return epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
}

/// Which of the events a descriptor has.
static inline uint32_t vf_epoll_events(const struct epoll_event *event) { return event->events; }

/// `epoll_event` is packed with a union inside; these two keep the token's type plain.
static inline int vf_epoll_add(int epoll, int fd, uint32_t events, uint64_t token) {
  struct epoll_event event = {.events = events};
  event.data.u64 = token;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

/// The token given to `vf_epoll_add`, read back from an event.
static inline uint64_t vf_epoll_token(const struct epoll_event *event) { return event->data.u64; }

/// `accept4` with the flags every descriptor here has; glibc declares it for GNU sources only, which Swift is not.
static inline int vf_accept(int listener) {
  extern int accept4(int, struct sockaddr *, socklen_t *, int);
  return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/// A non-blocking TCP socket of `family`; the socket types are an anonymous enumeration that Swift does not see.
static inline int vf_tcp_socket(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

/// Names the calling thread for `top -H` and debuggers; also declared for GNU sources only. At most 15 bytes.

/// A non-blocking event descriptor to wake an epoll loop with.
static inline int vf_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

#endif

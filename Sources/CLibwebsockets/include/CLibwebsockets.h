#ifndef CLibwebsockets_H
#define CLibwebsockets_H
#include <libwebsockets.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

/// Bytes libwebsockets needs free in front of every payload; `LWS_PRE` is a macro Swift cannot import.
static inline size_t vf_lws_pre(void) { return LWS_PRE; }

/// Kill a connection from the next pass of its loop, never inside the call; a negative macro with a cast.
static inline void vf_lws_kill(struct lws *wsi) {
  lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

/// Adopts a timer or epoll descriptor; the descriptor argument is a union, which Swift would fill byte by byte.
static inline struct lws *vf_lws_adopt_file(struct lws_vhost *vhost, int fd, const char *protocol, void *opaque) {
  lws_adopt_desc_t info = {.vh = vhost, .type = LWS_ADOPT_RAW_FILE_DESC, .vh_prot_name = protocol, .opaque = opaque};
  info.fd.filefd = fd;
  return lws_adopt_descriptor_vhost_via_info(&info);
}

/// Adopts an accepted TCP socket as an HTTP/1.1 server connection without TLS; the same union.
static inline struct lws *vf_lws_adopt_socket(struct lws_vhost *vhost, int fd, void *opaque) {
  lws_adopt_desc_t info = {.vh = vhost, .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP, .opaque = opaque};
  info.fd.sockfd = fd;
  return lws_adopt_descriptor_vhost_via_info(&info);
}

/// Port value of a virtual host that adopts sockets and never listens itself; a macro with a sign.
static inline int vf_lws_port_no_listen(void) { return CONTEXT_PORT_NO_LISTEN_SERVER; }

/// Context options: text is checked for UTF-8, `Origin` is sent as given, TLS is set up only when asked; 64-bit shifted enumerators arrive in Swift with mixed signs.
static inline uint64_t vf_lws_options(int tls_clients) {
  uint64_t options = LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN;
  return tls_clients ? options | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : options;
}

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
static inline void vf_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

/// A non-blocking event descriptor to wake an epoll loop with.
static inline int vf_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

#endif

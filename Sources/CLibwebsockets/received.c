// On its own: the system's header and the C library's cannot be included together.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int vf_waiting_bytes(int fd) {
  int waiting = 0;
  return ioctl(fd, FIONREAD, &waiting) ? 0 : waiting;
}

int64_t vf_tcp_read_bytes(int fd) {
  // What comes between the two questions would be in one answer only.
  for (int attempt = 0; attempt < 8; attempt++) {
    int waiting = vf_waiting_bytes(fd);
    // The kernel fills in as much as it knows; an old one ends before the field.
    struct tcp_info info = {0};
    socklen_t length = sizeof(info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length)) return -1;
    if (length < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof(info.tcpi_bytes_received)) return -1;
    if (vf_waiting_bytes(fd) == waiting) return (int64_t)info.tcpi_bytes_received - waiting;
  }
  return -1;
}

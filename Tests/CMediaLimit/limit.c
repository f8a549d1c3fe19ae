#include "CMediaLimit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <opus/opus.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  FRAME_SAMPLES = 320,  // 20 ms at 16 kHz
  FRAME_TICKS = 20,     // of a millisecond
};

struct call {
  OpusDecoder *decoder;
  int ours, theirs;
};

struct limit {
  const uint8_t *bytes;
  const int32_t *ends;
  int32_t packets, call_count;
  struct call *calls;
  int poller;
};

static double cpu_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

// Connects both ends of a call. Returns 0, or -1 when that fails.
static int open_call(struct call *call, int listener, const struct sockaddr_in *address) {
  int code, on = 1;
  call->decoder = opus_decoder_create(16000, 1, &code);
  call->ours = socket(AF_INET, SOCK_STREAM, 0);
  if (!call->decoder || connect(call->ours, (const struct sockaddr *)address, sizeof *address) != 0) return -1;
  call->theirs = accept(listener, NULL, NULL);
  return call->theirs < 0 ? -1 : setsockopt(call->ours, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static int open_calls(struct limit *limit) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), status = 0;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 16) != 0 ||
      getsockname(listener, (struct sockaddr *)&address, &length) != 0)
    status = -1;
  for (int32_t index = 0; index < limit->call_count && status == 0; index++) {
    struct call *call = &limit->calls[index];
    status = open_call(call, listener, &address);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = call->theirs};
    if (status == 0) status = epoll_ctl(limit->poller, EPOLL_CTL_ADD, call->theirs, &event);
  }
  close(listener);
  return status;
}

static void close_calls(struct limit *limit) {
  for (int32_t index = 0; index < limit->call_count; index++) {
    struct call *call = &limit->calls[index];
    if (call->decoder) opus_decoder_destroy(call->decoder);
    if (call->ours > 0) close(call->ours);
    if (call->theirs > 0) close(call->theirs);
  }
}

// Reads what comes on all connections until one of them ends.
static void *drain(void *argument) {
  struct limit *limit = argument;
  struct epoll_event events[64];
  uint8_t rest[4096];
  while (1) {
    int count = epoll_wait(limit->poller, events, 64, -1);
    for (int index = 0; index < count; index++)
      if (read(events[index].data.fd, rest, sizeof rest) <= 0) return NULL;
  }
}

// One frame of one call. Returns 0, or -1 when that fails.
static int do_frame(const struct limit *limit, int32_t index, int32_t frame) {
  int16_t samples[FRAME_SAMPLES];
  int32_t packet = frame % limit->packets;
  const uint8_t *start = limit->bytes + (packet == 0 ? 0 : limit->ends[packet - 1]);
  int32_t count = (int32_t)(limit->bytes + limit->ends[packet] - start);
  if (opus_decode(limit->calls[index].decoder, start, count, samples, FRAME_SAMPLES, 0) != FRAME_SAMPLES) return -1;
  return write(limit->calls[index].ours, start, (size_t)count) == count ? 0 : -1;
}

static void add_millisecond(struct timespec *time) {
  time->tv_nsec += 1000000;
  if (time->tv_nsec < 1000000000) return;
  time->tv_nsec -= 1000000000;
  time->tv_sec += 1;
}

static double measure(const struct limit *limit, int32_t seconds) {
  struct timespec next;
  int32_t frames = seconds > 0 ? seconds * 50 : 50;
  double begin = cpu_nanoseconds();
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (int32_t tick = 0; tick < frames * FRAME_TICKS; tick++) {
    for (int32_t index = tick % FRAME_TICKS; index < limit->call_count; index += FRAME_TICKS)
      if (do_frame(limit, index, tick / FRAME_TICKS) != 0) return -1;
    if (seconds == 0) continue;
    add_millisecond(&next);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
  return (cpu_nanoseconds() - begin) / ((double)frames * limit->call_count);
}

double media_limit_nanoseconds(
  const uint8_t *bytes, const int32_t *ends, int32_t packets, int32_t calls, int32_t seconds) {
  struct limit limit = {.bytes = bytes, .ends = ends, .packets = packets, .call_count = calls};
  pthread_t reader;
  double figure = -1;
  limit.calls = calloc((size_t)calls, sizeof *limit.calls);
  limit.poller = epoll_create1(EPOLL_CLOEXEC);
  if (limit.calls && open_calls(&limit) == 0 && pthread_create(&reader, NULL, drain, &limit) == 0) {
    figure = measure(&limit, seconds);
    shutdown(limit.calls[0].ours, SHUT_RDWR);
    pthread_join(reader, NULL);
  }
  if (limit.calls) close_calls(&limit);
  free(limit.calls);
  close(limit.poller);
  return figure;
}

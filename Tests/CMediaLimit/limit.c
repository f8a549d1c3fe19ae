#include "CMediaLimit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <opus/opus.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// 20 ms at 16 kHz.
enum { FRAME_SAMPLES = 320 };

static double cpu_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

// Both ends of a TCP connection of this machine. Returns 0, or -1 when there is none.
static int connect_both(int ends[2]) {
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  ends[0] = socket(AF_INET, SOCK_STREAM, 0);
  ends[1] = -1;
  if (bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 1) == 0 &&
      getsockname(listener, (struct sockaddr *)&address, &length) == 0 &&
      connect(ends[0], (struct sockaddr *)&address, length) == 0)
    ends[1] = accept(listener, NULL, NULL);
  close(listener);
  int on = 1;
  return ends[1] < 0 ? -1 : setsockopt(ends[0], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void *drain(void *argument) {
  static uint8_t rest[65536];
  while (read(*(int *)argument, rest, sizeof rest) > 0) {}
  return NULL;
}

static double measure(
  OpusDecoder **decoders, int socket, const uint8_t *bytes, const int32_t *ends, int32_t packets, int32_t calls, int32_t frames) {
  int16_t samples[FRAME_SAMPLES];
  double begin = cpu_nanoseconds();
  for (int32_t frame = 0; frame < frames; frame++) {
    int32_t packet = frame % packets;
    const uint8_t *start = bytes + (packet == 0 ? 0 : ends[packet - 1]);
    int32_t count = (int32_t)(bytes + ends[packet] - start);
    for (int32_t call = 0; call < calls; call++) {
      if (opus_decode(decoders[call], start, count, samples, FRAME_SAMPLES, 0) != FRAME_SAMPLES) return -1;
      if (write(socket, start, (size_t)count) != count) return -1;
    }
  }
  return (cpu_nanoseconds() - begin) / ((double)frames * calls);
}

double media_limit_nanoseconds(const uint8_t *bytes, const int32_t *ends, int32_t packets, int32_t calls, int32_t frames) {
  int pair[2];
  pthread_t reader;
  if (connect_both(pair) != 0 || pthread_create(&reader, NULL, drain, &pair[1]) != 0) return -1;
  OpusDecoder **decoders = calloc((size_t)calls, sizeof *decoders);
  double figure = 0;
  for (int32_t call = 0; call < calls; call++) {
    int code = OPUS_OK;
    decoders[call] = opus_decoder_create(16000, 1, &code);
    if (code != OPUS_OK) figure = -1;
  }
  if (figure == 0) figure = measure(decoders, pair[0], bytes, ends, packets, calls, frames);
  for (int32_t call = 0; call < calls; call++)
    if (decoders[call]) opus_decoder_destroy(decoders[call]);
  free(decoders);
  shutdown(pair[0], SHUT_RDWR);
  pthread_join(reader, NULL);
  close(pair[0]);
  close(pair[1]);
  return figure;
}

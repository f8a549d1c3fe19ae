#ifndef CMediaLimit_H
#define CMediaLimit_H
#include <stdint.h>

/// The least that a server must do for a frame of a call: decode what the caller sent and write a frame of the agent's to a socket.
///
/// `calls` Opus decoders of 16 kHz mono take turns at the packets `bytes[ends[i - 1]] ..< bytes[ends[i]]`, and for each the same packet is
/// written to its call's TCP connection of this machine; another thread reads all of them as they come.
/// - Parameters:
///   - seconds: 0: one frame after the other as fast as can be, for 50 frames a call. Otherwise in real time for so long: 50 frames a
///     second of each call, spread evenly over the milliseconds, as a server must do it, with caches that went cold in between.
/// - Returns: CPU time of this thread for one frame in nanoseconds, or -1 when something failed.
double media_limit_nanoseconds(
  const uint8_t *bytes, const int32_t *ends, int32_t packets, int32_t calls, int32_t seconds);
#endif

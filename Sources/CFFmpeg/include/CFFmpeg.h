#ifndef CFFMPEG_H
#define CFFMPEG_H
#include <stddef.h>
#include <stdint.h>

// Sound files by FFmpeg's libraries, which are opened when they are asked for and never linked. Only a child process calls this.

/// Most channels of a file.
#define FFMPEG_CHANNELS_MAX 8

/// Opens the libraries. NULL, or the name of the file that is missing or of another version than the headers.
const char *ffmpeg_load(void);

/// Debian's packages with the libraries, blanks between them. Opens nothing.
const char *ffmpeg_packages(void);

/// Such as `5.1.9-0+deb12u1`; behind `ffmpeg_load`.
const char *ffmpeg_version(void);

/// How a file was read.
typedef enum {
  FFMPEG_READ = 0,
  /// Of no kind that FFmpeg knows.
  FFMPEG_UNKNOWN,
  /// Of a kind that is not taken; `name` says which.
  FFMPEG_CONTAINER_REFUSED,
  /// Nothing to hear: no stream of sound, or not one sample.
  FFMPEG_SILENT,
  /// Coded in a way that is not taken; `name` says which.
  FFMPEG_CODEC_REFUSED,
  FFMPEG_DAMAGED,
  /// More than `samples_max`.
  FFMPEG_TOO_LONG,
  /// More than `FFMPEG_CHANNELS_MAX` channels.
  FFMPEG_TOO_MANY_CHANNELS,
  FFMPEG_NO_MEMORY,
} FFmpegOutcome;

/// A file to be read, and what was found.
typedef struct {
  const uint8_t *bytes;
  size_t count;
  /// Samples per second that are wanted.
  int sample_rate;
  /// Most samples per channel, at that rate.
  size_t samples_max;

  /// Container, and behind FFMPEG_CODEC_REFUSED the codec.
  char name[64];
  /// Of the file.
  int channels;
  /// Of the file, per second.
  int own_rate;
  /// Decoded so far, per channel, at `sample_rate`.
  size_t samples;
} FFmpegFile;

/// Decodes the whole file and sums the products of each two channels' samples (1 is full scale).
/// `products[i * FFMPEG_CHANNELS_MAX + j]` is of the channels i and j.
FFmpegOutcome ffmpeg_measure(FFmpegFile *file, double *products);

/// Decodes the whole file into the mean of the channels in `taken` (bit i is channel i), which the caller frees.
FFmpegOutcome ffmpeg_mix(FFmpegFile *file, uint32_t taken, int16_t **mono);

typedef enum { FFMPEG_MP3 = 0, FFMPEG_AAC, FFMPEG_FLAC } FFmpegFormat;

/// Encodes mono samples into a file of its own, which the caller frees. MP3 and AAC (ADTS) can be put one behind the other.
/// `is_whole`: nothing follows, so that a head may say how long it is. 0, or what FFmpeg returned.
int ffmpeg_encode(FFmpegFormat format, const int16_t *samples, size_t count, int sample_rate, int is_whole,
                  uint8_t **bytes, size_t *size);
#endif

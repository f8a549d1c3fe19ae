#include <stdlib.h>
#include <string.h>

#include "CFFmpeg.h"
#include "libraries.h"

// What is read. Playlists (hls, dash, concat, sdp), images and everything that names other files or hosts are not among them.
static const char *const containers =
    "wav,w64,aiff,au,caf,flac,mp3,ogg,matroska,webm,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,aac,amr";
static const char *const codecs =
    "aac,mp3float,mp3,mp2float,mp2,opus,vorbis,flac,alac,pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,"
    "pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,gsm,gsm_ms,"
    "amrnb,amrwb,speex";

/// Bytes of the buffer between a file in memory and its demuxer.
#define IO_BYTES 65536
/// Bytes by which a file is told whose kind is not taken.
#define PROBE_BYTES 65536

/// Takes decoded samples: one plane per channel.
typedef int (*Sink)(void *context, float *const *planes, int channels, int count);

typedef struct {
  FFmpegFile *file;
  size_t place;
  AVFormatContext *format;
  AVIOContext *io;
  AVCodecContext *decoder;
  int stream;
  SwrContext *resampler;
  AVChannelLayout layout;  // of the first frame: what others are brought to
  AVChannelLayout input_layout;
  int input_rate, input_format;
  float *planes[FFMPEG_CHANNELS_MAX];
  int room;  // samples of a plane
  Sink sink;
  void *context;
} Reading;

static int read_bytes(void *opaque, uint8_t *buffer, int size) {
  Reading *r = opaque;
  size_t left = r->file->count - r->place;
  if (left == 0) return AVERROR_EOF;
  size_t count = left < (size_t)size ? left : (size_t)size;
  memcpy(buffer, r->file->bytes + r->place, count);
  r->place += count;
  return (int)count;
}

static int64_t seek_bytes(void *opaque, int64_t offset, int whence) {
  Reading *r = opaque;
  int64_t count = (int64_t)r->file->count;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return count;
    case SEEK_SET: break;
    case SEEK_CUR: offset += (int64_t)r->place; break;
    case SEEK_END: offset += count; break;
    default: return AVERROR(EINVAL);
  }
  if (offset < 0 || offset > count) return AVERROR(EINVAL);
  r->place = (size_t)offset;
  return offset;
}

static void set_name(FFmpegFile *file, const char *name) { snprintf(file->name, sizeof file->name, "%s", name); }

/// Why a file cannot be opened: what kind it is, if that can be told.
static FFmpegOutcome refusal(FFmpegFile *file) {
  size_t count = file->count < PROBE_BYTES ? file->count : PROBE_BYTES;
  uint8_t *start = calloc(1, count + AVPROBE_PADDING_SIZE);
  if (!start) return FFMPEG_NO_MEMORY;
  memcpy(start, file->bytes, count);
  AVProbeData probe = {.filename = "", .buf = start, .buf_size = (int)count};
  int score = 0;
  const AVInputFormat *kind = ffmpeg.av_probe_input_format2(&probe, 1, &score);
  free(start);
  if (!kind || score <= AVPROBE_SCORE_RETRY / 2) return FFMPEG_UNKNOWN;
  set_name(file, kind->name);
  return ffmpeg.av_match_list(kind->name, containers, ',') ? FFMPEG_DAMAGED : FFMPEG_CONTAINER_REFUSED;
}

static FFmpegOutcome open_container(Reading *r) {
  uint8_t *buffer = ffmpeg.av_malloc(IO_BYTES);
  if (!buffer) return FFMPEG_NO_MEMORY;
  r->io = ffmpeg.avio_alloc_context(buffer, IO_BYTES, 0, r, read_bytes, NULL, seek_bytes);
  r->format = ffmpeg.avformat_alloc_context();
  if (!r->io || !r->format) return FFMPEG_NO_MEMORY;
  r->format->pb = r->io;
  r->format->flags |= AVFMT_FLAG_CUSTOM_IO;
  AVDictionary *options = NULL;
  ffmpeg.av_dict_set(&options, "format_whitelist", containers, 0);
  ffmpeg.av_dict_set(&options, "codec_whitelist", codecs, 0);
  ffmpeg.av_dict_set(&options, "protocol_whitelist", "none", 0);
  int code = ffmpeg.avformat_open_input(&r->format, "", NULL, &options);
  ffmpeg.av_dict_free(&options);
  if (code < 0) return code == AVERROR(ENOMEM) ? FFMPEG_NO_MEMORY : refusal(r->file);
  set_name(r->file, r->format->iformat->name);
  for (unsigned i = 0; i < r->format->nb_streams; i++)
    if (r->format->streams[i]->codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
      r->format->streams[i]->discard = AVDISCARD_ALL;
  if (ffmpeg.avformat_find_stream_info(r->format, NULL) < 0) return FFMPEG_DAMAGED;
  r->stream = ffmpeg.av_find_best_stream(r->format, AVMEDIA_TYPE_AUDIO, -1, -1, NULL, 0);
  return r->stream < 0 ? FFMPEG_SILENT : FFMPEG_READ;
}

static FFmpegOutcome open_decoder(Reading *r) {
  const AVCodecParameters *parameters = r->format->streams[r->stream]->codecpar;
  const AVCodec *codec = ffmpeg.avcodec_find_decoder(parameters->codec_id);
  if (!codec || !ffmpeg.av_match_list(codec->name, codecs, ',')) {
    set_name(r->file, ffmpeg.avcodec_get_name(parameters->codec_id));
    return FFMPEG_CODEC_REFUSED;
  }
  r->decoder = ffmpeg.avcodec_alloc_context3(codec);
  if (!r->decoder) return FFMPEG_NO_MEMORY;
  if (ffmpeg.avcodec_parameters_to_context(r->decoder, parameters) < 0) return FFMPEG_DAMAGED;
  r->decoder->thread_count = 1;
  r->decoder->pkt_timebase = r->format->streams[r->stream]->time_base;
  return ffmpeg.avcodec_open2(r->decoder, codec, NULL) < 0 ? FFMPEG_DAMAGED : FFMPEG_READ;
}

/// Hands on what the resampler gives for `frame`; NULL has it give the rest.
static FFmpegOutcome hand_on(Reading *r, const AVFrame *frame) {
  int expected = ffmpeg.swr_get_out_samples(r->resampler, frame ? frame->nb_samples : 0);
  if (expected < 0) return FFMPEG_DAMAGED;
  if (expected > r->room) {
    for (int i = 0; i < r->layout.nb_channels; i++) {
      float *larger = realloc(r->planes[i], (size_t)expected * sizeof *larger);
      if (!larger) return FFMPEG_NO_MEMORY;
      r->planes[i] = larger;
    }
    r->room = expected;
  }
  int count = ffmpeg.swr_convert(r->resampler, (uint8_t **)r->planes, expected,
                                 frame ? (const uint8_t **)frame->extended_data : NULL, frame ? frame->nb_samples : 0);
  if (count < 0) return FFMPEG_DAMAGED;
  if (count == 0) return FFMPEG_READ;
  r->file->samples += (size_t)count;
  if (r->file->samples > r->file->samples_max) return FFMPEG_TOO_LONG;
  return r->sink(r->context, r->planes, r->layout.nb_channels, count) == 0 ? FFMPEG_READ : FFMPEG_NO_MEMORY;
}

static FFmpegOutcome rest(Reading *r) { return r->resampler ? hand_on(r, NULL) : FFMPEG_READ; }

/// A resampler for what `frame` holds. A stream may change its rate, format and channels in the middle.
static FFmpegOutcome prepare(Reading *r, const AVFrame *frame) {
  if (r->resampler && frame->sample_rate == r->input_rate && frame->format == r->input_format &&
      ffmpeg.av_channel_layout_compare(&frame->ch_layout, &r->input_layout) == 0)
    return FFMPEG_READ;
  FFmpegOutcome outcome = rest(r);
  if (outcome != FFMPEG_READ) return outcome;
  ffmpeg.swr_free(&r->resampler);
  int channels = frame->ch_layout.nb_channels;
  if (channels < 1 || frame->sample_rate < 1) return FFMPEG_DAMAGED;
  if (channels > FFMPEG_CHANNELS_MAX) {
    r->file->channels = channels;
    return FFMPEG_TOO_MANY_CHANNELS;
  }
  if (ffmpeg.av_channel_layout_copy(&r->input_layout, &frame->ch_layout) < 0) return FFMPEG_NO_MEMORY;
  AVChannelLayout input = {0};
  ffmpeg.av_channel_layout_default(&input, channels);
  if (r->layout.nb_channels == 0) {
    ffmpeg.av_channel_layout_default(&r->layout, channels);
    r->file->channels = channels;
    r->file->own_rate = frame->sample_rate;
  }
  r->input_rate = frame->sample_rate;
  r->input_format = frame->format;
  int code = ffmpeg.swr_alloc_set_opts2(&r->resampler, &r->layout, AV_SAMPLE_FMT_FLTP, r->file->sample_rate, &input,
                                        frame->format, frame->sample_rate, 0, NULL);
  if (code >= 0) code = ffmpeg.swr_init(r->resampler);
  ffmpeg.av_channel_layout_uninit(&input);
  if (code >= 0) return FFMPEG_READ;
  ffmpeg.swr_free(&r->resampler);
  return FFMPEG_DAMAGED;
}

/// Decodes one packet; NULL has the decoder give the rest. A packet that cannot be decoded is passed over.
static FFmpegOutcome decode_packet(Reading *r, const AVPacket *packet, AVFrame *frame) {
  int code = ffmpeg.avcodec_send_packet(r->decoder, packet);
  if (code == AVERROR(ENOMEM)) return FFMPEG_NO_MEMORY;
  if (code < 0) return FFMPEG_READ;
  while (ffmpeg.avcodec_receive_frame(r->decoder, frame) >= 0) {
    FFmpegOutcome outcome = prepare(r, frame);
    if (outcome == FFMPEG_READ) outcome = hand_on(r, frame);
    ffmpeg.av_frame_unref(frame);
    if (outcome != FFMPEG_READ) return outcome;
  }
  return FFMPEG_READ;
}

static FFmpegOutcome decode_stream(Reading *r, AVPacket *packet, AVFrame *frame) {
  if (!packet || !frame) return FFMPEG_NO_MEMORY;
  while (ffmpeg.av_read_frame(r->format, packet) >= 0) {
    FFmpegOutcome outcome =
        packet->stream_index == r->stream ? decode_packet(r, packet, frame) : FFMPEG_READ;
    ffmpeg.av_packet_unref(packet);
    if (outcome != FFMPEG_READ) return outcome;
  }
  FFmpegOutcome outcome = decode_packet(r, NULL, frame);
  if (outcome == FFMPEG_READ) outcome = rest(r);
  if (outcome != FFMPEG_READ) return outcome;
  return r->file->samples == 0 ? FFMPEG_SILENT : FFMPEG_READ;
}

static void close_reading(Reading *r) {
  for (int i = 0; i < FFMPEG_CHANNELS_MAX; i++) free(r->planes[i]);
  ffmpeg.swr_free(&r->resampler);
  ffmpeg.av_channel_layout_uninit(&r->layout);
  ffmpeg.av_channel_layout_uninit(&r->input_layout);
  ffmpeg.avcodec_free_context(&r->decoder);
  ffmpeg.avformat_close_input(&r->format);
  if (r->io) ffmpeg.av_freep(&r->io->buffer);
  ffmpeg.avio_context_free(&r->io);
}

static FFmpegOutcome decode(FFmpegFile *file, Sink sink, void *context) {
  file->samples = 0;
  Reading reading = {.file = file, .sink = sink, .context = context};
  FFmpegOutcome outcome = open_container(&reading);
  if (outcome == FFMPEG_READ) outcome = open_decoder(&reading);
  if (outcome == FFMPEG_READ) {
    AVPacket *packet = ffmpeg.av_packet_alloc();
    AVFrame *frame = ffmpeg.av_frame_alloc();
    outcome = decode_stream(&reading, packet, frame);
    ffmpeg.av_packet_free(&packet);
    ffmpeg.av_frame_free(&frame);
  }
  close_reading(&reading);
  return outcome;
}

static int add_products(void *context, float *const *planes, int channels, int count) {
  double *products = context;
  for (int i = 0; i < channels; i++)
    for (int j = i; j < channels; j++) {
      double sum = 0;
      for (int k = 0; k < count; k++) {
        double product = (double)planes[i][k] * planes[j][k];
        if (product == product) sum += product;  // what is no number is silence
      }
      products[i * FFMPEG_CHANNELS_MAX + j] += sum;
      if (i != j) products[j * FFMPEG_CHANNELS_MAX + i] += sum;
    }
  return 0;
}

FFmpegOutcome ffmpeg_measure(FFmpegFile *file, double *products) {
  memset(products, 0, FFMPEG_CHANNELS_MAX * FFMPEG_CHANNELS_MAX * sizeof *products);
  return decode(file, add_products, products);
}

typedef struct {
  uint32_t taken;
  int16_t *samples;
  size_t count, room;
} Mix;

/// Full scale is 32768; louder is clipped, and what is no number is silence.
static int16_t integer(float value) {
  float scaled = value * 32768.0f;
  if (!(scaled == scaled)) return 0;
  if (scaled >= 32767.0f) return INT16_MAX;
  if (scaled <= -32768.0f) return INT16_MIN;
  return (int16_t)(scaled < 0 ? scaled - 0.5f : scaled + 0.5f);
}

static int add_mean(void *context, float *const *planes, int channels, int count) {
  Mix *mix = context;
  if (mix->room - mix->count < (size_t)count) {
    size_t room = 2 * (mix->count + (size_t)count);
    int16_t *larger = realloc(mix->samples, room * sizeof *larger);
    if (!larger) return -1;
    mix->samples = larger;
    mix->room = room;
  }
  int number = __builtin_popcount(mix->taken);
  for (int k = 0; k < count; k++) {
    float sum = 0;
    for (int i = 0; i < channels; i++)
      if (mix->taken >> i & 1) sum += planes[i][k];
    mix->samples[mix->count++] = integer(sum / (float)number);
  }
  return 0;
}

FFmpegOutcome ffmpeg_mix(FFmpegFile *file, uint32_t taken, int16_t **mono) {
  Mix mix = {.taken = taken};
  FFmpegOutcome outcome = taken ? decode(file, add_mean, &mix) : FFMPEG_DAMAGED;
  if (outcome == FFMPEG_READ) *mono = mix.samples;
  else free(mix.samples);
  return outcome;
}

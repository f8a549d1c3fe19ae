#include <string.h>

#include "CFFmpeg.h"
#include "libraries.h"

/// Of MP3 and AAC: speech of one voice at 24 kHz; OpenAI's own MP3 has about as much.
#define BIT_RATE 64000

typedef struct {
  const char *encoder, *container;
  enum AVSampleFormat samples;
} Coding;

static const Coding codings[] = {
    [FFMPEG_MP3] = {"libmp3lame", "mp3", AV_SAMPLE_FMT_S16P},
    [FFMPEG_AAC] = {"aac", "adts", AV_SAMPLE_FMT_FLTP},
    [FFMPEG_FLAC] = {"flac", "flac", AV_SAMPLE_FMT_S16},
};

typedef struct {
  AVCodecContext *encoder;
  AVFormatContext *format;
  AVPacket *packet;
  AVFrame *frame;
} Writing;

static int open_encoder(Writing *w, const Coding *coding, FFmpegFormat format, int sample_rate) {
  const AVCodec *codec = ffmpeg.avcodec_find_encoder_by_name(coding->encoder);
  if (!codec) return AVERROR_ENCODER_NOT_FOUND;
  w->encoder = ffmpeg.avcodec_alloc_context3(codec);
  if (!w->encoder) return AVERROR(ENOMEM);
  ffmpeg.av_channel_layout_default(&w->encoder->ch_layout, 1);
  w->encoder->sample_rate = sample_rate;
  w->encoder->sample_fmt = coding->samples;
  w->encoder->time_base = (AVRational){1, sample_rate};
  w->encoder->thread_count = 1;
  w->encoder->flags |= AV_CODEC_FLAG_BITEXACT;
  if (format != FFMPEG_FLAC) w->encoder->bit_rate = BIT_RATE;
  // Without it each frame stands for itself, so that files can be put one behind the other.
  if (format == FFMPEG_MP3) ffmpeg.av_opt_set(w->encoder->priv_data, "reservoir", "0", 0);
  return ffmpeg.avcodec_open2(w->encoder, codec, NULL);
}

static int open_container(Writing *w, const Coding *coding, int is_whole) {
  w->format = ffmpeg.avformat_alloc_context();
  if (!w->format) return AVERROR(ENOMEM);
  w->format->oformat = ffmpeg.av_guess_format(coding->container, NULL, NULL);
  if (!w->format->oformat) return AVERROR_MUXER_NOT_FOUND;
  w->format->flags |= AVFMT_FLAG_BITEXACT;
  int code = ffmpeg.avio_open_dyn_buf(&w->format->pb);
  if (code < 0) return code;
  AVStream *stream = ffmpeg.avformat_new_stream(w->format, NULL);
  if (!stream) return AVERROR(ENOMEM);
  stream->time_base = w->encoder->time_base;
  code = ffmpeg.avcodec_parameters_from_context(stream->codecpar, w->encoder);
  if (code < 0) return code;
  AVDictionary *options = NULL;
  ffmpeg.av_dict_set(&options, "id3v2_version", "0", 0);
  ffmpeg.av_dict_set(&options, "write_xing", is_whole ? "1" : "0", 0);
  code = ffmpeg.avformat_write_header(w->format, &options);
  ffmpeg.av_dict_free(&options);
  return code;
}

static void fill(AVFrame *frame, const int16_t *samples) {
  if (frame->format != AV_SAMPLE_FMT_FLTP) {
    memcpy(frame->data[0], samples, (size_t)frame->nb_samples * sizeof *samples);
    return;
  }
  float *plane = (float *)frame->data[0];
  for (int i = 0; i < frame->nb_samples; i++) plane[i] = (float)samples[i] / 32768.0f;
}

/// Writes what the encoder gives for a frame; NULL has it give the rest.
static int encode_frame(Writing *w, const AVFrame *frame) {
  int code = ffmpeg.avcodec_send_frame(w->encoder, frame);
  while (code >= 0) {
    code = ffmpeg.avcodec_receive_packet(w->encoder, w->packet);
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return 0;
    if (code >= 0) code = ffmpeg.av_write_frame(w->format, w->packet);
    ffmpeg.av_packet_unref(w->packet);
  }
  return code;
}

static int encode_samples(Writing *w, const int16_t *samples, size_t count) {
  w->packet = ffmpeg.av_packet_alloc();
  w->frame = ffmpeg.av_frame_alloc();
  if (!w->packet || !w->frame) return AVERROR(ENOMEM);
  size_t size = (size_t)w->encoder->frame_size;
  for (size_t place = 0; place < count; place += size) {
    ffmpeg.av_frame_unref(w->frame);
    w->frame->nb_samples = (int)(count - place < size ? count - place : size);
    w->frame->format = w->encoder->sample_fmt;
    w->frame->sample_rate = w->encoder->sample_rate;
    w->frame->pts = (int64_t)place;
    int code = ffmpeg.av_channel_layout_copy(&w->frame->ch_layout, &w->encoder->ch_layout);
    if (code >= 0) code = ffmpeg.av_frame_get_buffer(w->frame, 0);
    if (code < 0) return code;
    fill(w->frame, samples + place);
    code = encode_frame(w, w->frame);
    if (code < 0) return code;
  }
  int code = encode_frame(w, NULL);
  return code < 0 ? code : ffmpeg.av_write_trailer(w->format);
}

static void close_writing(Writing *w, uint8_t **bytes, size_t *size) {
  uint8_t *buffer = NULL;
  if (w->format && w->format->pb) {
    int count = ffmpeg.avio_close_dyn_buf(w->format->pb, &buffer);
    w->format->pb = NULL;
    *size = count > 0 ? (size_t)count : 0;
    *bytes = malloc(*size + 1);
    if (*bytes && buffer) memcpy(*bytes, buffer, *size);
    ffmpeg.av_free(buffer);
  }
  ffmpeg.av_packet_free(&w->packet);
  ffmpeg.av_frame_free(&w->frame);
  ffmpeg.avcodec_free_context(&w->encoder);
  ffmpeg.avformat_free_context(w->format);
}

int ffmpeg_encode(FFmpegFormat format, const int16_t *samples, size_t count, int sample_rate, int is_whole,
                  uint8_t **bytes, size_t *size) {
  const Coding *coding = &codings[format];
  Writing writing = {0};
  *bytes = NULL;
  *size = 0;
  int code = open_encoder(&writing, coding, format, sample_rate);
  if (code >= 0) code = open_container(&writing, coding, is_whole);
  if (code >= 0) code = encode_samples(&writing, samples, count);
  close_writing(&writing, bytes, size);
  if (code >= 0 && *bytes) return 0;
  free(*bytes);
  *bytes = NULL;
  return code < 0 ? code : AVERROR(ENOMEM);
}

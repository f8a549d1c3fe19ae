#ifndef CFFMPEG_LIBRARIES_H
#define CFFMPEG_LIBRARIES_H
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

// Every function of FFmpeg that is called, by library.
#define FFMPEG_FUNCTIONS(F)       \
  F(util, av_version_info)        \
  F(util, av_log_set_level)       \
  F(util, av_malloc)              \
  F(util, av_free)                \
  F(util, av_freep)               \
  F(util, av_match_list)          \
  F(util, av_opt_set)             \
  F(util, av_dict_set)            \
  F(util, av_dict_free)           \
  F(util, av_frame_alloc)         \
  F(util, av_frame_free)          \
  F(util, av_frame_unref)         \
  F(util, av_frame_get_buffer)    \
  F(util, av_channel_layout_default) \
  F(util, av_channel_layout_copy) \
  F(util, av_channel_layout_uninit) \
  F(util, av_channel_layout_compare) \
  F(codec, av_packet_alloc)       \
  F(codec, av_packet_free)        \
  F(codec, av_packet_unref)       \
  F(codec, avcodec_find_decoder)  \
  F(codec, avcodec_find_encoder_by_name) \
  F(codec, avcodec_get_name)      \
  F(codec, avcodec_alloc_context3) \
  F(codec, avcodec_free_context)  \
  F(codec, avcodec_parameters_to_context) \
  F(codec, avcodec_parameters_from_context) \
  F(codec, avcodec_open2)         \
  F(codec, avcodec_send_packet)   \
  F(codec, avcodec_receive_frame) \
  F(codec, avcodec_send_frame)    \
  F(codec, avcodec_receive_packet) \
  F(format, av_probe_input_format2) \
  F(format, avformat_alloc_context) \
  F(format, avformat_free_context) \
  F(format, avformat_open_input)  \
  F(format, avformat_close_input) \
  F(format, avformat_find_stream_info) \
  F(format, av_find_best_stream)  \
  F(format, av_read_frame)        \
  F(format, avio_alloc_context)   \
  F(format, avio_context_free)    \
  F(format, avio_open_dyn_buf)    \
  F(format, avio_close_dyn_buf)   \
  F(format, av_guess_format)      \
  F(format, avformat_new_stream)  \
  F(format, avformat_write_header) \
  F(format, av_write_frame)       \
  F(format, av_write_trailer)     \
  F(resample, swr_alloc_set_opts2) \
  F(resample, swr_init)           \
  F(resample, swr_free)           \
  F(resample, swr_get_out_samples) \
  F(resample, swr_convert)

/// The functions, where `ffmpeg_load` found them.
struct FFmpegFunctions {
#define FFMPEG_FIELD(library, name) __typeof__(name) *name;
  FFMPEG_FUNCTIONS(FFMPEG_FIELD)
#undef FFMPEG_FIELD
};
extern struct FFmpegFunctions ffmpeg;
#endif

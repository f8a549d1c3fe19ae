#include "libraries.h"

#include <dlfcn.h>
#include <stddef.h>

#include "CFFmpeg.h"

struct FFmpegFunctions ffmpeg;

// The names hold the version that the headers are of, so that structures have the layout that was compiled.
#define TEXT_OF(number) #number
#define LIBRARY(name, version) "lib" name ".so." TEXT_OF(version)
static const char *const util_name = LIBRARY("avutil", LIBAVUTIL_VERSION_MAJOR);
static const char *const resample_name = LIBRARY("swresample", LIBSWRESAMPLE_VERSION_MAJOR);
static const char *const codec_name = LIBRARY("avcodec", LIBAVCODEC_VERSION_MAJOR);
static const char *const format_name = LIBRARY("avformat", LIBAVFORMAT_VERSION_MAJOR);

#define PACKAGE(name, version) "lib" name TEXT_OF(version)

const char *ffmpeg_packages(void) {
  // They bring libavutil along.
  return PACKAGE("avformat", LIBAVFORMAT_VERSION_MAJOR) " " PACKAGE("avcodec", LIBAVCODEC_VERSION_MAJOR) " " PACKAGE(
      "swresample", LIBSWRESAMPLE_VERSION_MAJOR);
}

const char *ffmpeg_load(void) {
  // Everything is bound now: later on no file can be opened any more.
  void *util = dlopen(util_name, RTLD_NOW | RTLD_LOCAL);
  if (!util) return util_name;
  void *resample = dlopen(resample_name, RTLD_NOW | RTLD_LOCAL);
  if (!resample) return resample_name;
  void *codec = dlopen(codec_name, RTLD_NOW | RTLD_LOCAL);
  if (!codec) return codec_name;
  void *format = dlopen(format_name, RTLD_NOW | RTLD_LOCAL);
  if (!format) return format_name;
#define FFMPEG_FIND(library, name)                      \
  *(void **)&ffmpeg.name = dlsym(library, #name); \
  if (!ffmpeg.name) return library##_name;
  FFMPEG_FUNCTIONS(FFMPEG_FIND)
#undef FFMPEG_FIND
  ffmpeg.av_log_set_level(AV_LOG_QUIET);
  return NULL;
}

const char *ffmpeg_version(void) { return ffmpeg.av_version_info(); }

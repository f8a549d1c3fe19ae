#include "library.h"

#include <stdlib.h>
#include <string.h>

// What streaming models want to hear behind the last word before they write it, in seconds: sherpa-onnx's own examples add as much.
static const float tail = 0.66f;

const SherpaStreamingRecognizer *sherpa_load_streaming(const SherpaLibrary *library, const SherpaField *fields,
                                                       size_t count, int32_t sample_rate, int32_t threads) {
  SherpaOnnxOnlineRecognizerConfig config;
  memset(&config, 0, sizeof config);
  if (!sherpa_fill(SHERPA_STREAMING, &config, fields, count)) return NULL;
  config.feat_config.sample_rate = sample_rate;
  config.feat_config.feature_dim = 80;
  config.model_config.num_threads = threads;
  config.model_config.provider = "cpu";
  config.decoding_method = "greedy_search";
  return library->create_streaming(&config);
}

void sherpa_unload_streaming(const SherpaLibrary *library, const SherpaStreamingRecognizer *recognizer) {
  library->destroy_streaming(recognizer);
}

const SherpaStream *sherpa_open_stream(const SherpaLibrary *library, const SherpaStreamingRecognizer *recognizer) {
  return library->create_online_stream(recognizer);
}

void sherpa_close_stream(const SherpaLibrary *library, const SherpaStream *stream) {
  library->destroy_online_stream(stream);
}

char *sherpa_hear(const SherpaLibrary *library, const SherpaStreamingRecognizer *recognizer, const SherpaStream *stream,
                  int32_t sample_rate, const float *samples, int32_t count, int is_last) {
  if (count > 0) library->accept_online(stream, sample_rate, samples, count);
  if (is_last) {
    int32_t silent = (int32_t)(tail * (float)sample_rate);
    float *silence = calloc((size_t)silent, sizeof *silence);
    if (!silence) return NULL;
    library->accept_online(stream, sample_rate, silence, silent);
    free(silence);
    library->finish_online(stream);
  }
  while (library->is_ready(recognizer, stream)) library->decode_online(recognizer, stream);
  const SherpaOnnxOnlineRecognizerResult *result = library->online_result(recognizer, stream);
  char *text = result && result->text ? strdup(result->text) : NULL;
  if (result) library->destroy_online_result(result);
  return text;
}

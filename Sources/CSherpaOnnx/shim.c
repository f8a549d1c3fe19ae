#include "CSherpaOnnx.h"

#include <dlfcn.h>
#include <sherpa-onnx/c-api/c-api.h>
#include <stdlib.h>
#include <string.h>

struct SherpaLibrary {
  const SherpaOnnxOfflineRecognizer *(*create_recognizer)(const SherpaOnnxOfflineRecognizerConfig *);
  void (*destroy_recognizer)(const SherpaOnnxOfflineRecognizer *);
  const SherpaOnnxOfflineStream *(*create_stream)(const SherpaOnnxOfflineRecognizer *);
  void (*destroy_stream)(const SherpaOnnxOfflineStream *);
  void (*accept)(const SherpaOnnxOfflineStream *, int32_t, const float *, int32_t);
  void (*decode)(const SherpaOnnxOfflineRecognizer *, const SherpaOnnxOfflineStream *);
  const SherpaOnnxOfflineRecognizerResult *(*result)(const SherpaOnnxOfflineStream *);
  void (*destroy_result)(const SherpaOnnxOfflineRecognizerResult *);
};

static int find(void *library, const char *name, void *function) {
  void *found = dlsym(library, name);
  *(void **)function = found;
  return found != NULL;
}

SherpaLibrary *sherpa_open(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return NULL;
  SherpaLibrary *f = calloc(1, sizeof *f);
  if (!f) return NULL;
  int found = find(library, "SherpaOnnxCreateOfflineRecognizer", &f->create_recognizer) &&
              find(library, "SherpaOnnxDestroyOfflineRecognizer", &f->destroy_recognizer) &&
              find(library, "SherpaOnnxCreateOfflineStream", &f->create_stream) &&
              find(library, "SherpaOnnxDestroyOfflineStream", &f->destroy_stream) &&
              find(library, "SherpaOnnxAcceptWaveformOffline", &f->accept) &&
              find(library, "SherpaOnnxDecodeOfflineStream", &f->decode) &&
              find(library, "SherpaOnnxGetOfflineStreamResult", &f->result) &&
              find(library, "SherpaOnnxDestroyOfflineRecognizerResult", &f->destroy_result);
  if (found) return f;
  free(f);
  return NULL;
}

const SherpaRecognizer *sherpa_load_moonshine(const SherpaLibrary *library, const char *encoder, const char *decoder,
                                              const char *tokens) {
  SherpaOnnxOfflineRecognizerConfig config;
  memset(&config, 0, sizeof config);
  config.feat_config.sample_rate = 16000;
  config.feat_config.feature_dim = 80;
  config.model_config.moonshine.encoder = encoder;
  config.model_config.moonshine.merged_decoder = decoder;
  config.model_config.tokens = tokens;
  config.model_config.num_threads = 1;
  config.model_config.provider = "cpu";
  config.decoding_method = "greedy_search";
  return library->create_recognizer(&config);
}

void sherpa_unload(const SherpaLibrary *library, const SherpaRecognizer *recognizer) {
  library->destroy_recognizer(recognizer);
}

char *sherpa_transcribe(const SherpaLibrary *library, const SherpaRecognizer *recognizer, int32_t sample_rate,
                        const float *samples, int32_t count) {
  const SherpaOnnxOfflineStream *stream = library->create_stream(recognizer);
  if (!stream) return NULL;
  library->accept(stream, sample_rate, samples, count);
  library->decode(recognizer, stream);
  const SherpaOnnxOfflineRecognizerResult *result = library->result(stream);
  char *text = result && result->text ? strdup(result->text) : NULL;
  if (result) library->destroy_result(result);
  library->destroy_stream(stream);
  return text;
}

#include "library.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static int find(void *library, const char *name, void *function) {
  void *found = dlsym(library, name);
  *(void **)function = found;
  return found != NULL;
}

static int find_streaming(void *library, SherpaLibrary *f) {
  return find(library, "SherpaOnnxCreateOnlineRecognizer", &f->create_streaming) &&
         find(library, "SherpaOnnxDestroyOnlineRecognizer", &f->destroy_streaming) &&
         find(library, "SherpaOnnxCreateOnlineStream", &f->create_online_stream) &&
         find(library, "SherpaOnnxDestroyOnlineStream", &f->destroy_online_stream) &&
         find(library, "SherpaOnnxOnlineStreamAcceptWaveform", &f->accept_online) &&
         find(library, "SherpaOnnxOnlineStreamInputFinished", &f->finish_online) &&
         find(library, "SherpaOnnxIsOnlineStreamReady", &f->is_ready) &&
         find(library, "SherpaOnnxDecodeOnlineStream", &f->decode_online) &&
         find(library, "SherpaOnnxGetOnlineStreamResult", &f->online_result) &&
         find(library, "SherpaOnnxDestroyOnlineRecognizerResult", &f->destroy_online_result);
}

static int find_denoiser(void *library, SherpaLibrary *f) {
  return find(library, "SherpaOnnxCreateOfflineSpeechDenoiser", &f->create_denoiser) &&
         find(library, "SherpaOnnxDestroyOfflineSpeechDenoiser", &f->destroy_denoiser) &&
         find(library, "SherpaOnnxOfflineSpeechDenoiserRun", &f->denoise) &&
         find(library, "SherpaOnnxDestroyDenoisedAudio", &f->destroy_denoised);
}

static int find_embedder(void *library, SherpaLibrary *f) {
  return find(library, "SherpaOnnxCreateSpeakerEmbeddingExtractor", &f->create_embedder) &&
         find(library, "SherpaOnnxDestroySpeakerEmbeddingExtractor", &f->destroy_embedder) &&
         find(library, "SherpaOnnxSpeakerEmbeddingExtractorDim", &f->dimension) &&
         find(library, "SherpaOnnxSpeakerEmbeddingExtractorCreateStream", &f->create_embedder_stream) &&
         find(library, "SherpaOnnxSpeakerEmbeddingExtractorIsReady", &f->is_embedder_ready) &&
         find(library, "SherpaOnnxSpeakerEmbeddingExtractorComputeEmbedding", &f->embed) &&
         find(library, "SherpaOnnxSpeakerEmbeddingExtractorDestroyEmbedding", &f->destroy_embedding);
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
              find(library, "SherpaOnnxDestroyOfflineRecognizerResult", &f->destroy_result) &&
              find(library, "SherpaOnnxCreateOfflineTts", &f->create_synthesizer) &&
              find(library, "SherpaOnnxDestroyOfflineTts", &f->destroy_synthesizer) &&
              find(library, "SherpaOnnxOfflineTtsSampleRate", &f->sample_rate) &&
              find(library, "SherpaOnnxOfflineTtsNumSpeakers", &f->speakers) &&
              find(library, "SherpaOnnxOfflineTtsGenerateWithConfig", &f->generate) &&
              find(library, "SherpaOnnxDestroyOfflineTtsGeneratedAudio", &f->destroy_audio) && find_streaming(library, f) &&
              find_denoiser(library, f) && find_embedder(library, f);
  if (found) return f;
  free(f);
  return NULL;
}

const SherpaRecognizer *sherpa_load_recognizer(const SherpaLibrary *library, const SherpaField *fields, size_t count,
                                               int32_t sample_rate, int32_t threads) {
  SherpaOnnxOfflineRecognizerConfig config;
  memset(&config, 0, sizeof config);
  if (!sherpa_fill(SHERPA_RECOGNIZER, &config, fields, count)) return NULL;
  config.feat_config.sample_rate = sample_rate;
  config.feat_config.feature_dim = 80;
  config.model_config.num_threads = threads;
  config.model_config.provider = "cpu";
  config.decoding_method = "greedy_search";
  return library->create_recognizer(&config);
}

void sherpa_unload_recognizer(const SherpaLibrary *library, const SherpaRecognizer *recognizer) {
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

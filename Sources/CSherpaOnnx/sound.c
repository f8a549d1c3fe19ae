#include "library.h"

#include <stdlib.h>
#include <string.h>

const SherpaDenoiser *sherpa_load_denoiser(const SherpaLibrary *library, const SherpaField *fields, size_t count,
                                           int32_t threads, float depth) {
  SherpaOnnxOfflineSpeechDenoiserConfig config;
  memset(&config, 0, sizeof config);
  if (!sherpa_fill(SHERPA_DENOISER, &config, fields, count)) return NULL;
  config.model.num_threads = threads;
  config.model.provider = "cpu";
  config.model.dpdfnet.attenuation_limit_db = depth;
  return library->create_denoiser(&config);
}

void sherpa_unload_denoiser(const SherpaLibrary *library, const SherpaDenoiser *denoiser) {
  library->destroy_denoiser(denoiser);
}

int sherpa_denoise(const SherpaLibrary *library, const SherpaDenoiser *denoiser, int32_t sample_rate,
                   const float *samples, int32_t count, SherpaSound *sound) {
  const SherpaOnnxDenoisedAudio *audio = library->denoise(denoiser, samples, count, sample_rate);
  if (!audio) return -1;
  size_t bytes = audio->n > 0 ? (size_t)audio->n * sizeof(float) : 0;
  sound->samples = bytes ? malloc(bytes) : NULL;
  sound->count = sound->samples ? audio->n : 0;
  sound->sample_rate = audio->sample_rate;
  if (sound->samples) memcpy(sound->samples, audio->samples, bytes);
  library->destroy_denoised(audio);
  return sound->samples ? 0 : -1;
}

const SherpaEmbedder *sherpa_load_embedder(const SherpaLibrary *library, const SherpaField *fields, size_t count,
                                           int32_t threads) {
  SherpaOnnxSpeakerEmbeddingExtractorConfig config;
  memset(&config, 0, sizeof config);
  if (!sherpa_fill(SHERPA_EMBEDDER, &config, fields, count)) return NULL;
  config.num_threads = threads;
  config.provider = "cpu";
  return library->create_embedder(&config);
}

void sherpa_unload_embedder(const SherpaLibrary *library, const SherpaEmbedder *embedder) {
  library->destroy_embedder(embedder);
}

int sherpa_embed(const SherpaLibrary *library, const SherpaEmbedder *embedder, int32_t sample_rate,
                 const float *samples, int32_t count, SherpaSound *embedding) {
  const SherpaOnnxOnlineStream *stream = library->create_embedder_stream(embedder);
  if (!stream) return -1;
  library->accept_online(stream, sample_rate, samples, count);
  library->finish_online(stream);
  const float *values = library->is_embedder_ready(embedder, stream) ? library->embed(embedder, stream) : NULL;
  int32_t dimension = library->dimension(embedder);
  embedding->samples = values && dimension > 0 ? malloc((size_t)dimension * sizeof(float)) : NULL;
  embedding->count = embedding->samples ? dimension : 0;
  embedding->sample_rate = 0;
  if (embedding->samples) memcpy(embedding->samples, values, (size_t)dimension * sizeof(float));
  if (values) library->destroy_embedding(values);
  library->destroy_online_stream(stream);
  return embedding->samples ? 0 : -1;
}

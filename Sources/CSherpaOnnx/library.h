#ifndef LIBRARY_H
#define LIBRARY_H

#include "CSherpaOnnx.h"

#include <sherpa-onnx/c-api/c-api.h>

struct SherpaLibrary {
  const SherpaOnnxOfflineRecognizer *(*create_recognizer)(const SherpaOnnxOfflineRecognizerConfig *);
  void (*destroy_recognizer)(const SherpaOnnxOfflineRecognizer *);
  const SherpaOnnxOfflineStream *(*create_stream)(const SherpaOnnxOfflineRecognizer *);
  void (*destroy_stream)(const SherpaOnnxOfflineStream *);
  void (*accept)(const SherpaOnnxOfflineStream *, int32_t, const float *, int32_t);
  void (*decode)(const SherpaOnnxOfflineRecognizer *, const SherpaOnnxOfflineStream *);
  const SherpaOnnxOfflineRecognizerResult *(*result)(const SherpaOnnxOfflineStream *);
  void (*destroy_result)(const SherpaOnnxOfflineRecognizerResult *);

  const SherpaOnnxOfflineTts *(*create_synthesizer)(const SherpaOnnxOfflineTtsConfig *);
  void (*destroy_synthesizer)(const SherpaOnnxOfflineTts *);
  int32_t (*sample_rate)(const SherpaOnnxOfflineTts *);
  int32_t (*speakers)(const SherpaOnnxOfflineTts *);
  const SherpaOnnxGeneratedAudio *(*generate)(const SherpaOnnxOfflineTts *, const char *,
                                              const SherpaOnnxGenerationConfig *,
                                              SherpaOnnxGeneratedAudioProgressCallbackWithArg, void *);
  void (*destroy_audio)(const SherpaOnnxGeneratedAudio *);

  const SherpaOnnxOnlineRecognizer *(*create_streaming)(const SherpaOnnxOnlineRecognizerConfig *);
  void (*destroy_streaming)(const SherpaOnnxOnlineRecognizer *);
  const SherpaOnnxOnlineStream *(*create_online_stream)(const SherpaOnnxOnlineRecognizer *);
  void (*destroy_online_stream)(const SherpaOnnxOnlineStream *);
  void (*accept_online)(const SherpaOnnxOnlineStream *, int32_t, const float *, int32_t);
  void (*finish_online)(const SherpaOnnxOnlineStream *);
  int32_t (*is_ready)(const SherpaOnnxOnlineRecognizer *, const SherpaOnnxOnlineStream *);
  void (*decode_online)(const SherpaOnnxOnlineRecognizer *, const SherpaOnnxOnlineStream *);
  const SherpaOnnxOnlineRecognizerResult *(*online_result)(const SherpaOnnxOnlineRecognizer *,
                                                           const SherpaOnnxOnlineStream *);
  void (*destroy_online_result)(const SherpaOnnxOnlineRecognizerResult *);

  const SherpaOnnxOfflineSpeechDenoiser *(*create_denoiser)(const SherpaOnnxOfflineSpeechDenoiserConfig *);
  void (*destroy_denoiser)(const SherpaOnnxOfflineSpeechDenoiser *);
  const SherpaOnnxDenoisedAudio *(*denoise)(const SherpaOnnxOfflineSpeechDenoiser *, const float *, int32_t, int32_t);
  void (*destroy_denoised)(const SherpaOnnxDenoisedAudio *);

  const SherpaOnnxSpeakerEmbeddingExtractor *(*create_embedder)(const SherpaOnnxSpeakerEmbeddingExtractorConfig *);
  void (*destroy_embedder)(const SherpaOnnxSpeakerEmbeddingExtractor *);
  int32_t (*dimension)(const SherpaOnnxSpeakerEmbeddingExtractor *);
  const SherpaOnnxOnlineStream *(*create_embedder_stream)(const SherpaOnnxSpeakerEmbeddingExtractor *);
  int32_t (*is_embedder_ready)(const SherpaOnnxSpeakerEmbeddingExtractor *, const SherpaOnnxOnlineStream *);
  const float *(*embed)(const SherpaOnnxSpeakerEmbeddingExtractor *, const SherpaOnnxOnlineStream *);
  void (*destroy_embedding)(const float *);
};

/// Writes the values of `fields` into a configuration of that sort, which is zeroed. 0 when one is unknown.
int sherpa_fill(SherpaConfiguration sort, void *configuration, const SherpaField *fields, size_t count);

#endif

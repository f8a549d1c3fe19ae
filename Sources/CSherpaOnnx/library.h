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
};

/// Writes the values of `fields` into a configuration of that sort, which is zeroed. 0 when one is unknown.
int sherpa_fill(SherpaConfiguration sort, void *configuration, const SherpaField *fields, size_t count);

#endif

#include "library.h"

#include <stdlib.h>
#include <string.h>

const SherpaSynthesizer *sherpa_load_synthesizer(const SherpaLibrary *library, const SherpaField *fields, size_t count,
                                                 int32_t threads) {
  SherpaOnnxOfflineTtsConfig config;
  memset(&config, 0, sizeof config);
  if (!sherpa_fill(SHERPA_SYNTHESIZER, &config, fields, count)) return NULL;
  config.model.num_threads = threads;
  config.model.provider = "cpu";
  return library->create_synthesizer(&config);
}

void sherpa_unload_synthesizer(const SherpaLibrary *library, const SherpaSynthesizer *synthesizer) {
  library->destroy_synthesizer(synthesizer);
}

int32_t sherpa_sample_rate(const SherpaLibrary *library, const SherpaSynthesizer *synthesizer) {
  return library->sample_rate(synthesizer);
}

int32_t sherpa_speakers(const SherpaLibrary *library, const SherpaSynthesizer *synthesizer) {
  return library->speakers(synthesizer);
}

int sherpa_speak(const SherpaLibrary *library, const SherpaSynthesizer *synthesizer, const SherpaUtterance *utterance,
                 float **samples, int32_t *count) {
  SherpaOnnxGenerationConfig config;
  memset(&config, 0, sizeof config);
  config.sid = utterance->speaker;
  config.speed = utterance->speed;
  if (utterance->phoneme_count > 0) {
    config.phoneme_codepoints = utterance->phonemes;
    config.phoneme_codepoints_lens = &utterance->phoneme_count;
    config.phoneme_codepoints_num_sentences = 1;
  }
  const SherpaOnnxGeneratedAudio *audio = library->generate(synthesizer, utterance->text, &config, NULL, NULL);
  if (!audio) return -1;
  size_t bytes = audio->n > 0 ? (size_t)audio->n * sizeof(float) : 0;
  *samples = bytes ? malloc(bytes) : NULL;
  *count = *samples ? audio->n : 0;
  if (*samples) memcpy(*samples, audio->samples, bytes);
  library->destroy_audio(audio);
  return *samples ? 0 : -1;
}

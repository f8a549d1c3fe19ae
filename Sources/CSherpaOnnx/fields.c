#include "library.h"

#include <stddef.h>
#include <string.h>

// Every text field that a description may fill, with its place in the configuration. A family is a row or two here; no code knows it.
struct Place {
  const char *field;
  size_t offset;
};

#define RECOGNIZER(name, member) {name, offsetof(SherpaOnnxOfflineRecognizerConfig, model_config.member)}
static const struct Place recognizer_places[] = {
    RECOGNIZER("tokens", tokens),
    RECOGNIZER("bpe_vocab", bpe_vocab),
    RECOGNIZER("model_type", model_type),
    RECOGNIZER("transducer.encoder", transducer.encoder),
    RECOGNIZER("transducer.decoder", transducer.decoder),
    RECOGNIZER("transducer.joiner", transducer.joiner),
    RECOGNIZER("whisper.encoder", whisper.encoder),
    RECOGNIZER("whisper.decoder", whisper.decoder),
    RECOGNIZER("whisper.language", whisper.language),
    RECOGNIZER("moonshine.preprocessor", moonshine.preprocessor),
    RECOGNIZER("moonshine.encoder", moonshine.encoder),
    RECOGNIZER("moonshine.uncached_decoder", moonshine.uncached_decoder),
    RECOGNIZER("moonshine.cached_decoder", moonshine.cached_decoder),
    RECOGNIZER("moonshine.merged_decoder", moonshine.merged_decoder),
    RECOGNIZER("canary.encoder", canary.encoder),
    RECOGNIZER("canary.decoder", canary.decoder),
    RECOGNIZER("canary.src_lang", canary.src_lang),
    RECOGNIZER("canary.tgt_lang", canary.tgt_lang),
    RECOGNIZER("cohere_transcribe.encoder", cohere_transcribe.encoder),
    RECOGNIZER("cohere_transcribe.decoder", cohere_transcribe.decoder),
    RECOGNIZER("cohere_transcribe.language", cohere_transcribe.language),
    RECOGNIZER("fire_red_asr.encoder", fire_red_asr.encoder),
    RECOGNIZER("fire_red_asr.decoder", fire_red_asr.decoder),
    RECOGNIZER("sense_voice.model", sense_voice.model),
    RECOGNIZER("sense_voice.language", sense_voice.language),
    RECOGNIZER("paraformer.model", paraformer.model),
    RECOGNIZER("nemo_ctc.model", nemo_ctc.model),
    RECOGNIZER("zipformer_ctc.model", zipformer_ctc.model),
    RECOGNIZER("wenet_ctc.model", wenet_ctc.model),
    RECOGNIZER("dolphin.model", dolphin.model),
    RECOGNIZER("omnilingual.model", omnilingual.model),
    RECOGNIZER("medasr.model", medasr.model),
    RECOGNIZER("fire_red_asr_ctc.model", fire_red_asr_ctc.model),
    RECOGNIZER("telespeech_ctc.model", telespeech_ctc),
};

#define SYNTHESIZER(name, member) {name, offsetof(SherpaOnnxOfflineTtsConfig, model.member)}
static const struct Place synthesizer_places[] = {
    SYNTHESIZER("vits.model", vits.model),
    SYNTHESIZER("vits.tokens", vits.tokens),
    SYNTHESIZER("vits.lexicon", vits.lexicon),
    SYNTHESIZER("matcha.acoustic_model", matcha.acoustic_model),
    SYNTHESIZER("matcha.vocoder", matcha.vocoder),
    SYNTHESIZER("matcha.tokens", matcha.tokens),
    SYNTHESIZER("matcha.lexicon", matcha.lexicon),
    SYNTHESIZER("kokoro.model", kokoro.model),
    SYNTHESIZER("kokoro.voices", kokoro.voices),
    SYNTHESIZER("kokoro.tokens", kokoro.tokens),
    SYNTHESIZER("kokoro.lexicon", kokoro.lexicon),
    SYNTHESIZER("kokoro.lang", kokoro.lang),
    SYNTHESIZER("kitten.model", kitten.model),
    SYNTHESIZER("kitten.voices", kitten.voices),
    SYNTHESIZER("kitten.tokens", kitten.tokens),
    SYNTHESIZER("kitten.lexicon", kitten.lexicon),
    SYNTHESIZER("supertonic.duration_predictor", supertonic.duration_predictor),
    SYNTHESIZER("supertonic.text_encoder", supertonic.text_encoder),
    SYNTHESIZER("supertonic.vector_estimator", supertonic.vector_estimator),
    SYNTHESIZER("supertonic.vocoder", supertonic.vocoder),
    SYNTHESIZER("supertonic.tts_json", supertonic.tts_json),
    SYNTHESIZER("supertonic.unicode_indexer", supertonic.unicode_indexer),
    SYNTHESIZER("supertonic.voice_style", supertonic.voice_style),
};

#define STREAMING(name, member) {name, offsetof(SherpaOnnxOnlineRecognizerConfig, model_config.member)}
static const struct Place streaming_places[] = {
    STREAMING("tokens", tokens),
    STREAMING("bpe_vocab", bpe_vocab),
    STREAMING("model_type", model_type),
    STREAMING("transducer.encoder", transducer.encoder),
    STREAMING("transducer.decoder", transducer.decoder),
    STREAMING("transducer.joiner", transducer.joiner),
    STREAMING("paraformer.encoder", paraformer.encoder),
    STREAMING("paraformer.decoder", paraformer.decoder),
    STREAMING("zipformer2_ctc.model", zipformer2_ctc.model),
    STREAMING("nemo_ctc.model", nemo_ctc.model),
    STREAMING("t_one_ctc.model", t_one_ctc.model),
};

#define DENOISER(name, member) {name, offsetof(SherpaOnnxOfflineSpeechDenoiserConfig, model.member)}
static const struct Place denoiser_places[] = {
    DENOISER("gtcrn.model", gtcrn.model),
    DENOISER("dpdfnet.model", dpdfnet.model),
};

// The sort of an embedder stands in its file.
#define EMBEDDER(name) {name, offsetof(SherpaOnnxSpeakerEmbeddingExtractorConfig, model)}
static const struct Place embedder_places[] = {
    EMBEDDER("wespeaker.model"),
    EMBEDDER("3d_speaker.model"),
    EMBEDDER("nemo_speaker.model"),
};

struct Table {
  const struct Place *places;
  size_t count;
};

#define TABLE(places) {places, sizeof places / sizeof *places}
static const struct Table tables[] = {
    [SHERPA_RECOGNIZER] = TABLE(recognizer_places), [SHERPA_SYNTHESIZER] = TABLE(synthesizer_places),
    [SHERPA_STREAMING] = TABLE(streaming_places),   [SHERPA_DENOISER] = TABLE(denoiser_places),
    [SHERPA_EMBEDDER] = TABLE(embedder_places),
};

static const struct Place *place(SherpaConfiguration sort, const char *field) {
  const struct Table *table = &tables[sort];
  for (size_t i = 0; i < table->count; i++)
    if (strcmp(table->places[i].field, field) == 0) return &table->places[i];
  return NULL;
}

int sherpa_has_field(SherpaConfiguration sort, const char *field) { return place(sort, field) != NULL; }

int sherpa_fill(SherpaConfiguration sort, void *configuration, const SherpaField *fields, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const struct Place *found = place(sort, fields[i].field);
    if (!found) return 0;
    memcpy((char *)configuration + found->offset, &fields[i].value, sizeof fields[i].value);
  }
  return 1;
}

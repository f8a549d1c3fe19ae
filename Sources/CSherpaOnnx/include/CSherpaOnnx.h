#ifndef CSherpaOnnx_H
#define CSherpaOnnx_H

#include <stddef.h>
#include <stdint.h>

// sherpa-onnx, opened at run time from the engine folder. The sources take the types from the header in that folder.

/// The opened library and its functions. Lives until the process ends.
typedef struct SherpaLibrary SherpaLibrary;
/// A recogniser for whole utterances; safe to share by threads.
typedef struct SherpaOnnxOfflineRecognizer SherpaRecognizer;
/// A synthesiser; used by one thread at a time.
typedef struct SherpaOnnxOfflineTts SherpaSynthesizer;
/// A recogniser that is given speech while it is spoken; safe to share by threads.
typedef struct SherpaOnnxOnlineRecognizer SherpaStreamingRecognizer;
/// What one speaker says to it; used by one thread at a time.
typedef struct SherpaOnnxOnlineStream SherpaStream;
/// Takes noise out of speech; keeps nothing between two sounds.
typedef struct SherpaOnnxOfflineSpeechDenoiser SherpaDenoiser;
/// Tells voices apart; keeps nothing between two sounds.
typedef struct SherpaOnnxSpeakerEmbeddingExtractor SherpaEmbedder;

/// Opens the library at `path`. NULL when it or one of the functions is missing.
SherpaLibrary *sherpa_open(const char *path);

/// Which configuration of the library a field belongs to.
typedef enum {
  SHERPA_RECOGNIZER,
  SHERPA_SYNTHESIZER,
  SHERPA_STREAMING,
  SHERPA_DENOISER,
  SHERPA_EMBEDDER,
} SherpaConfiguration;

/// A file or a setting of a model: a text field of the configuration, such as `whisper.encoder`, and what it gets.
typedef struct {
  const char *field;
  const char *value;
} SherpaField;

/// Whether the configuration has this text field.
int sherpa_has_field(SherpaConfiguration configuration, const char *field);

/// Loads a model for the CPU. NULL when a field is unknown or the library refuses the model; it logs its reason on standard error, and for
/// some files it ends the process.
const SherpaRecognizer *sherpa_load_recognizer(const SherpaLibrary *library, const SherpaField *fields, size_t count,
                                               int32_t sample_rate, int32_t threads);
void sherpa_unload_recognizer(const SherpaLibrary *library, const SherpaRecognizer *recognizer);

/// What was said in `samples` (-1 to 1, mono), as UTF-8 to be given to free(). NULL when the engine gives no result.
char *sherpa_transcribe(const SherpaLibrary *library, const SherpaRecognizer *recognizer, int32_t sample_rate,
                        const float *samples, int32_t count);

/// Loads a model, as above.
const SherpaSynthesizer *sherpa_load_synthesizer(const SherpaLibrary *library, const SherpaField *fields, size_t count,
                                                 int32_t threads);
void sherpa_unload_synthesizer(const SherpaLibrary *library, const SherpaSynthesizer *synthesizer);

/// Samples a second of what the model speaks, and its speakers.
int32_t sherpa_sample_rate(const SherpaLibrary *library, const SherpaSynthesizer *synthesizer);
int32_t sherpa_speakers(const SherpaLibrary *library, const SherpaSynthesizer *synthesizer);

/// What is spoken: a text, or its phonemes as Unicode scalars where there are any.
typedef struct {
  const char *text;
  const int32_t *phonemes;
  int32_t phoneme_count;
  /// From 0.
  int32_t speaker;
  /// 1 is the model's own; 2 is twice as fast.
  float speed;
} SherpaUtterance;

/// Speaks. The samples (-1 to 1, mono) are to be given to free(). 0, or -1 when the engine gives none.
int sherpa_speak(const SherpaLibrary *library, const SherpaSynthesizer *synthesizer, const SherpaUtterance *utterance,
                 float **samples, int32_t *count);

/// Loads a model, as above.
const SherpaStreamingRecognizer *sherpa_load_streaming(const SherpaLibrary *library, const SherpaField *fields,
                                                       size_t count, int32_t sample_rate, int32_t threads);
void sherpa_unload_streaming(const SherpaLibrary *library, const SherpaStreamingRecognizer *recognizer);

/// Begins to listen to somebody. NULL when there is no memory.
const SherpaStream *sherpa_open_stream(const SherpaLibrary *library, const SherpaStreamingRecognizer *recognizer);
void sherpa_close_stream(const SherpaLibrary *library, const SherpaStream *stream);

/// Hears what comes behind what was heard so far (-1 to 1, mono). The words since the stream was opened, as UTF-8 to be given to free(); NULL
/// when the engine gives no result. After the last samples nothing more may be heard.
char *sherpa_hear(const SherpaLibrary *library, const SherpaStreamingRecognizer *recognizer, const SherpaStream *stream,
                  int32_t sample_rate, const float *samples, int32_t count, int is_last);

/// A sound (-1 to 1, mono) or other numbers; to be given to free().
typedef struct {
  float *samples;
  int32_t count;
  int32_t sample_rate;
} SherpaSound;

/// Loads a model, as above. By how many decibels at most noise is taken away, where the family can be told.
const SherpaDenoiser *sherpa_load_denoiser(const SherpaLibrary *library, const SherpaField *fields, size_t count,
                                           int32_t threads, float depth);
void sherpa_unload_denoiser(const SherpaLibrary *library, const SherpaDenoiser *denoiser);

/// Takes noise out of samples (-1 to 1, mono); the result may have another rate. 0, or -1 when the engine gives none.
int sherpa_denoise(const SherpaLibrary *library, const SherpaDenoiser *denoiser, int32_t sample_rate,
                   const float *samples, int32_t count, SherpaSound *sound);

/// Loads a model, as above.
const SherpaEmbedder *sherpa_load_embedder(const SherpaLibrary *library, const SherpaField *fields, size_t count,
                                           int32_t threads);
void sherpa_unload_embedder(const SherpaLibrary *library, const SherpaEmbedder *embedder);

/// The numbers that stand for the voice in samples (-1 to 1, mono). 0, or -1 when the engine gives none.
int sherpa_embed(const SherpaLibrary *library, const SherpaEmbedder *embedder, int32_t sample_rate,
                 const float *samples, int32_t count, SherpaSound *embedding);

#endif

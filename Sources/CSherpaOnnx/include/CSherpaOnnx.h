#ifndef CSherpaOnnx_H
#define CSherpaOnnx_H

#include <stdint.h>

// sherpa-onnx, opened at run time from the engine folder. shim.c takes the types from the header in that folder.

/// The opened library and its functions. Lives until the process ends.
typedef struct SherpaLibrary SherpaLibrary;
/// A recogniser for whole utterances; safe to share by threads.
typedef struct SherpaOnnxOfflineRecognizer SherpaRecognizer;

/// Opens the library at `path`. NULL when it or one of the functions is missing.
SherpaLibrary *sherpa_open(const char *path);

/// Loads a Moonshine model: encoder, merged decoder and token list by path; one thread. NULL when it cannot.
const SherpaRecognizer *sherpa_load_moonshine(const SherpaLibrary *library, const char *encoder, const char *decoder,
                                              const char *tokens);
void sherpa_unload(const SherpaLibrary *library, const SherpaRecognizer *recognizer);

/// What was said in `samples` (-1 to 1, mono), as UTF-8 to be given to free(). NULL when the engine gives no result.
char *sherpa_transcribe(const SherpaLibrary *library, const SherpaRecognizer *recognizer, int32_t sample_rate,
                        const float *samples, int32_t count);

#endif

#ifndef CEspeakNG_H
#define CEspeakNG_H
#include <espeak-ng/speak_lib.h>
#include <stddef.h>

// eSpeak NG keeps its state in global variables: callers hold one lock around every function here.

/// Opens eSpeak NG without a sound device, before anything else here. Its sample rate in Hz, or below 0 when the library or its data is
/// missing; `data_path` receives the folder of the data, or the name of the library.
int espeak_open(const char **data_path);

/// Its version.
const char *espeak_version(void);

/// Its voices, NULL after the last one.
const espeak_VOICE *const *espeak_voices(void);

/// Selects a voice such as `en-us` or `en-us+f3`. 0 or eSpeak's error.
int espeak_select(const char *voice);

/// The phonemes of one clause in IPA, joined, as UTF-8 to be given to free(); NULL when out of memory.
char *espeak_phonemes(const char *text);

/// Sets the speaking rate in words per minute, 80 to 450, and base pitch and pitch range, 0 to 99 of eSpeak's own scales; all
/// stay until they are set again. 0 or eSpeak's error.
int espeak_set_style(int words_per_minute, int pitch, int pitch_range);

/// Speaks into memory. `samples` is to be given to free(). 0, eSpeak's error, or -1 when it would pass `count_max` samples.
int espeak_speak(const char *text, size_t count_max, short **samples, size_t *count);
#endif

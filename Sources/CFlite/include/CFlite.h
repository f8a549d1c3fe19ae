#ifndef CFLITE_H
#define CFLITE_H

#include <stdint.h>

// Debian's flite (libflite1), opened at run time by a child process. Used by one thread at a time.

/// The voices that are offered: US English, statistical (clustergen).
typedef enum { FLITE_RMS, FLITE_AWB, FLITE_VOICES } FliteVoice;

/// Opens the libraries and makes the voices. NULL, or the name of the file that is missing.
const char *flite_open(void);

/// Speaks `text`. `stretch`: 1 is the voice's own pace, 2 takes twice as long. The samples (16 bits, mono) are to be given to free(). The same
/// text, voice and stretch give the same samples.
/// Returns samples a second, or -1 when flite gives none.
int flite_speak(FliteVoice voice, const char *text, float stretch, int16_t **samples, int *count);

#endif

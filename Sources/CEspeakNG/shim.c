#include "CEspeakNG.h"

#include <stdlib.h>
#include <string.h>

enum { IPA = 2, DONT_EXIT = espeakINITIALIZE_DONT_EXIT };

struct Take {
  short *samples;
  size_t count, room, count_max;
  int failed;
};

static int keep(short *wav, int count, espeak_EVENT *events) {
  struct Take *take = events->user_data;
  if (!take || !wav || count <= 0) return 0;
  if (take->count + (size_t)count > take->count_max) return take->failed = 1;
  if (take->count + (size_t)count > take->room) {
    size_t room = 2 * (take->count + (size_t)count);
    short *samples = realloc(take->samples, room * sizeof(short));
    if (!samples) return take->failed = 1;
    take->samples = samples;
    take->room = room;
  }
  memcpy(take->samples + take->count, wav, (size_t)count * sizeof(short));
  take->count += (size_t)count;
  return 0;
}

int espeak_open(const char **data_path) {
  int rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, DONT_EXIT);
  espeak_Info(data_path);
  if (rate > 0) espeak_SetSynthCallback(keep);
  return rate;
}

int espeak_select(const char *voice) { return espeak_SetVoiceByName(voice); }

char *espeak_phonemes(const char *text) {
  size_t length = 0;
  char *all = calloc(1, 1);
  const void *rest = text;
  while (all && rest) {
    const char *clause = espeak_TextToPhonemes(&rest, espeakCHARS_UTF8, IPA);
    size_t added = strlen(clause);
    char *longer = realloc(all, length + added + 2);
    if (!longer) {
      free(all);
      return NULL;
    }
    all = longer;
    if (length && added) all[length++] = ' ';
    memcpy(all + length, clause, added + 1);
    length += added;
  }
  return all;
}

int espeak_set_style(int words_per_minute, int pitch, int pitch_range) {
  int code = espeak_SetParameter(espeakRATE, words_per_minute, 0);
  if (code == EE_OK) code = espeak_SetParameter(espeakPITCH, pitch, 0);
  if (code == EE_OK) code = espeak_SetParameter(espeakRANGE, pitch_range, 0);
  return code;
}

int espeak_speak(const char *text, size_t count_max, short **samples, size_t *count) {
  struct Take take = {.count_max = count_max};
  int code = espeak_Synth(text, strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, &take);
  if (code == EE_OK && take.failed) code = -1;
  if (code != EE_OK) {
    free(take.samples);
    take.samples = NULL;
    take.count = 0;
  }
  *samples = take.samples;
  *count = take.count;
  return code;
}

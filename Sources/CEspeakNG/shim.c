#include "CEspeakNG.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// The library brings 26 others along, for sound devices: it is opened where it is used, so that no other process has them.
#define EACH_FUNCTION(_) \
  _(Info) _(Initialize) _(ListVoices) _(SetParameter) _(SetSynthCallback) _(SetVoiceByName) _(Synth) _(TextToPhonemes)
#define DECLARE(name) __typeof__(&espeak_##name) name;
static struct {
  EACH_FUNCTION(DECLARE)
} library;

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
  static const char file[] = "libespeak-ng.so.1";
  *data_path = file;
  void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return -1;
#define FIND(name) \
  if (!(library.name = (__typeof__(library.name))dlsym(handle, "espeak_" #name))) return -1;
  EACH_FUNCTION(FIND)
  int rate = library.Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, DONT_EXIT);
  library.Info(data_path);
  if (rate > 0) library.SetSynthCallback(keep);
  return rate;
}

const char *espeak_version(void) { return library.Info(NULL); }

const espeak_VOICE *const *espeak_voices(void) { return (const espeak_VOICE *const *)library.ListVoices(NULL); }

int espeak_select(const char *voice) { return library.SetVoiceByName(voice); }

char *espeak_phonemes(const char *text) {
  size_t length = 0;
  char *all = calloc(1, 1);
  const void *rest = text;
  while (all && rest) {
    const char *clause = library.TextToPhonemes(&rest, espeakCHARS_UTF8, IPA);
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
  int code = library.SetParameter(espeakRATE, words_per_minute, 0);
  if (code == EE_OK) code = library.SetParameter(espeakPITCH, pitch, 0);
  if (code == EE_OK) code = library.SetParameter(espeakRANGE, pitch_range, 0);
  return code;
}

int espeak_speak(const char *text, size_t count_max, short **samples, size_t *count) {
  struct Take take = {.count_max = count_max};
  int code = library.Synth(text, strlen(text) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, &take);
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

#include "CFlite.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// As in flite 2.2 (cst_voice.h, cst_wave.h, cst_features.h): the beginnings of what is read here. The library's soname is libflite.so.1.
typedef struct {
  const char *name;
  void *features;
} Voice;
typedef struct {
  const char *type;
  int sample_rate, num_samples, num_channels;
  short *samples;
} Wave;

static Wave *(*text_to_wave)(const char *, Voice *);
static void (*delete_wave)(Wave *);
static void (*set_float)(void *, const char *, float);
static Voice *voices[FLITE_VOICES];

static const struct {
  const char *file, *maker;
} sources[FLITE_VOICES] = {
    {"libflite_cmu_us_rms.so.1", "register_cmu_us_rms"},
    {"libflite_cmu_us_awb.so.1", "register_cmu_us_awb"},
};

static void *symbol(void *library, const char *name) { return library ? dlsym(library, name) : NULL; }

const char *flite_open(void) {
  static const char file[] = "libflite.so.1";
  // The voices find its functions among those of the process.
  void *library = dlopen(file, RTLD_NOW | RTLD_GLOBAL);
  int (*init)(void) = symbol(library, "flite_init");
  text_to_wave = symbol(library, "flite_text_to_wave");
  delete_wave = symbol(library, "delete_wave");
  set_float = symbol(library, "feat_set_float");
  if (!init || !text_to_wave || !delete_wave || !set_float) return file;
  init();
  for (int i = 0; i < FLITE_VOICES; i++) {
    Voice *(*make)(const char *) = symbol(dlopen(sources[i].file, RTLD_NOW | RTLD_GLOBAL), sources[i].maker);
    voices[i] = make ? make(NULL) : NULL;
    if (!voices[i]) return sources[i].file;
  }
  return NULL;
}

int flite_speak(FliteVoice voice, const char *text, float stretch, int16_t **samples, int *count) {
  if (voice < 0 || voice >= FLITE_VOICES || !voices[voice]) return -1;
  set_float(voices[voice]->features, "duration_stretch", stretch);
  srand(1);  // its breath is made of rand()
  Wave *wave = text_to_wave(text, voices[voice]);
  if (!wave) return -1;
  int rate = -1;
  if (wave->num_channels == 1 && wave->num_samples > 0 && wave->sample_rate > 0) {
    size_t bytes = (size_t)wave->num_samples * sizeof(int16_t);
    *samples = malloc(bytes);
    if (*samples) {
      memcpy(*samples, wave->samples, bytes);
      *count = wave->num_samples;
      rate = wave->sample_rate;
    }
  }
  delete_wave(wave);
  return rate;
}

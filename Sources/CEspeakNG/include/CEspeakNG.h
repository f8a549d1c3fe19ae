#ifndef CEspeakNG_H
#define CEspeakNG_H
#include <espeak-ng/speak_lib.h>
#endif

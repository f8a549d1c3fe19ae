#ifndef CKissFFT_H
#define CKissFFT_H
#include <kissfft/kiss_fftr.h>
#endif

#ifndef CSpeexDSP_H
#define CSpeexDSP_H
#include <speex/speex_echo.h>
#include <speex/speex_resampler.h>
#endif

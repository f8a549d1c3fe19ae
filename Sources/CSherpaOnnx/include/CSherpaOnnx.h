#ifndef CSherpaOnnx_H
#define CSherpaOnnx_H
#include <stdint.h>
#endif

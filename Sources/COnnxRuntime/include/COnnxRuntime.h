#ifndef COnnxRuntime_H
#define COnnxRuntime_H
#include <stdint.h>
#endif

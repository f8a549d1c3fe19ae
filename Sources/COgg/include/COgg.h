#ifndef COgg_H
#define COgg_H
#include <ogg/ogg.h>
#endif

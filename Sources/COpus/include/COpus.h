#ifndef COpus_H
#define COpus_H
#include <opus/opus.h>
#endif

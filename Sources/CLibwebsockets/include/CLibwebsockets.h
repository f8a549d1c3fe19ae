#ifndef CLibwebsockets_H
#define CLibwebsockets_H
#include <libwebsockets.h>
#endif

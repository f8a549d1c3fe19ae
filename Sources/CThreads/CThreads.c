// The functions are in the header.
#include "CThreads.h"

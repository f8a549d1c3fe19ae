#pragma once
#include <sys/prctl.h>

/// Names the calling thread; the system keeps 15 bytes.
static inline void thread_set_name(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

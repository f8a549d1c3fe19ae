#include "CAllocationCounter.h"

#include <errno.h>
#include <stddef.h>

// glibc's own allocator under its internal names; the definitions below take the place of the public ones in the test
// process, also for shared libraries.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static __thread long allocations;

long allocations_of_this_thread(void) { return allocations; }

// A sanitizer brings its own allocator, which must not be taken away from it; nothing is counted then.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)

int counts_allocations(void) { return 0; }

#else

int counts_allocations(void) { return 1; }

void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size) {
  allocations++;
  return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  allocations++;
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  allocations++;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  allocations++;
  *block = __libc_memalign(alignment, size);
  return *block ? 0 : ENOMEM;
}

#endif

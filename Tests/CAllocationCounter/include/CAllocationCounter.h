#ifndef CAllocationCounter_H
#define CAllocationCounter_H

/// Heap allocations of the calling thread since it began: every malloc, calloc, realloc and aligned allocation of the test
/// process, Swift's and the libraries' alike. Always 0 under the address or the thread sanitizer, whose allocators are their own.
long allocations_of_this_thread(void);

/// Whether allocations are counted: not under a sanitizer.
int counts_allocations(void);

#endif

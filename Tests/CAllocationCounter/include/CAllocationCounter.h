#ifndef CAllocationCounter_H
#define CAllocationCounter_H

/// Heap allocations of the calling thread since it began: every malloc, calloc, realloc and aligned allocation of the test
/// process, Swift's and the libraries' alike.
long allocations_of_this_thread(void);

#endif

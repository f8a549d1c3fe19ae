#ifndef CCHILDPROCESSES_H
#define CCHILDPROCESSES_H
#include <spawn.h>
#include <stdbool.h>

// What the C library has for starting processes, and Swift does not see.

/// Leaves no descriptor from `first` on open in the new process. 0 or an error number.
int child_close_from(posix_spawn_file_actions_t *actions, int first);

/// Gives up for ever to gain rights by starting a program. 0 or -1.
int child_drop_privileges(void);

/// Leaves every thread of this process nothing but memory, time and the descriptors that it has: whatever else is asked of the kernel (files,
/// sockets, processes, signals) fails with EPERM, for ever. Behind `child_drop_privileges`. 0 or -1.
int child_confine(void);

/// Whether this program was built with a sanitizer, which reserves terabytes of address space.
bool child_has_sanitizer(void);
#endif

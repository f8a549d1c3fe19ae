#pragma once
#include <stddef.h>

/// A file of the repository within the program.
struct embedded_file {
  /// From the repository's root, such as `web/index.html`.
  const char *path;
  const unsigned char *bytes;
  size_t count;
};

/// The page, and the sample flows and cases, sorted by path; `embedded_files.c` is written by `Sources/setup/embed.py`.
const struct embedded_file *embedded_files(void);
size_t embedded_files_count(void);

#pragma once
#include <openssl/evp.h>
#include <openssl/sha.h>
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

/// The SHA-256 of `count` bytes in base64 with a zero byte after it: 45 bytes to `text`.
static inline void embedded_digest(const unsigned char *bytes, size_t count, unsigned char *text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(bytes, count, digest);
  EVP_EncodeBlock(text, digest, sizeof digest);
}

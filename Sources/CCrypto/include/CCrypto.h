#pragma once
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stddef.h>
#include <stdint.h>

/// HMAC-SHA1, which Twilio signs with. Writes 20 bytes and returns 1; 0 where the library cannot.
static inline int crypto_hmac_sha1(const uint8_t *key, size_t key_count, const uint8_t *message, size_t count, uint8_t *digest) {
  unsigned int length = 0;
  return HMAC(EVP_sha1(), key, (int)key_count, message, count, digest, &length) != NULL && length == 20;
}

/// HMAC-SHA256 (RFC 2104) of libcrypto; the digest is named by a macro with a call.
/// Writes 32 bytes and returns 1; 0 where the library cannot.
static inline int crypto_hmac_sha256(const uint8_t *key, size_t key_count, const uint8_t *message, size_t count, uint8_t *digest) {
  unsigned int length = 0;
  return HMAC(EVP_sha256(), key, (int)key_count, message, count, digest, &length) != NULL && length == 32;
}

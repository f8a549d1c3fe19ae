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

/// AES-256-GCM (NIST SP 800-38D) with a nonce of 12 bytes. Writes `count` bytes of ciphertext and a tag of 16 bytes and returns 1; 0
/// where the library cannot.
static inline int crypto_aes256_gcm_seal(
    const uint8_t *key, const uint8_t *nonce, const uint8_t *associated, size_t associated_count, const uint8_t *plain, size_t count,
    uint8_t *cipher, uint8_t *tag) {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (context == NULL) return 0;
  int length = 0;
  int done = EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
             (associated_count == 0 || EVP_EncryptUpdate(context, NULL, &length, associated, (int)associated_count) == 1) &&
             (count == 0 || (EVP_EncryptUpdate(context, cipher, &length, plain, (int)count) == 1 && length == (int)count)) &&
             EVP_EncryptFinal_ex(context, cipher + count, &length) == 1 &&
             EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, tag) == 1;
  EVP_CIPHER_CTX_free(context);
  return done;
}

/// The way back. Returns 1 when the tag is right; 0 otherwise, and then nothing in `plain` may be used.
static inline int crypto_aes256_gcm_open(
    const uint8_t *key, const uint8_t *nonce, const uint8_t *associated, size_t associated_count, const uint8_t *cipher, size_t count,
    const uint8_t *tag, uint8_t *plain) {
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  if (context == NULL) return 0;
  int length = 0;
  int done = EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, key, nonce) == 1 &&
             (associated_count == 0 || EVP_DecryptUpdate(context, NULL, &length, associated, (int)associated_count) == 1) &&
             (count == 0 || (EVP_DecryptUpdate(context, plain, &length, cipher, (int)count) == 1 && length == (int)count)) &&
             EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, (void *)tag) == 1 &&
             EVP_DecryptFinal_ex(context, plain + count, &length) == 1;
  EVP_CIPHER_CTX_free(context);
  return done;
}

// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Checksums and hash functions, written from their definitions.
#include "bench.h"

// The Internet checksum (RFC 1071).
PROGRAM(checksum) {
  u32 sum = 0;
  for (u32 i = 0; i < BLOCK / 2; i++) {
    sum += AS16(m + i * 2);
  }
  sum = (sum & 0xffff) + (sum >> 16);
  return (sum & 0xffff) + (sum >> 16);
}

// CRC-32 bit by bit.
PROGRAM(crc32) {
  u32 crc = ~0u;
  for (u32 i = 0; i < 128; i++) {
    crc ^= m[i];
    for (u32 k = 0; k < 8; k++) {
      crc = crc >> 1 ^ (0xedb88320 & -(crc & 1));
    }
  }
  return ~crc;
}

PROGRAM(fnv1a) {
  u64 hash = 0xcbf29ce484222325ul;
  for (u32 i = 0; i < 512; i++) {
    hash = (hash ^ m[i]) * 0x100000001b3ul;
  }
  return hash;
}

PROGRAM(adler32) {
  u32 a = 1;
  u32 b = 0;
  for (u32 i = 0; i < 512; i++) {
    a += m[i];
    b += a;
    if ((i & 63) == 63) {
      a %= 65521;
      b %= 65521;
    }
  }
  return (u64)b << 16 | a;
}

// Bob Jenkins's lookup3, as the kernel has it in linux/jhash.h.
#define MIX(a, b, c)                       \
  do {                                     \
    a -= c; a ^= ROTATE32(c, 4); c += b;   \
    b -= a; b ^= ROTATE32(a, 6); a += c;   \
    c -= b; c ^= ROTATE32(b, 8); b += a;   \
    a -= c; a ^= ROTATE32(c, 16); c += b;  \
    b -= a; b ^= ROTATE32(a, 19); a += c;  \
    c -= b; c ^= ROTATE32(b, 4); b += a;   \
  } while (0)

PROGRAM(jhash) {
  u32 a = 0xdeadbeef;
  u32 b = a;
  u32 c = a;
  for (u32 i = 0; i < 84; i++) {
    a += AS32(m + i * 12);
    b += AS32(m + i * 12 + 4);
    c += AS32(m + i * 12 + 8);
    MIX(a, b, c);
  }
  return (u64)b << 32 | c;
}

#define SIP_ROUND(a, b, c, d)                                  \
  do {                                                         \
    a += b; b = ROTATE64(b, 13) ^ a; a = ROTATE64(a, 32);      \
    c += d; d = ROTATE64(d, 16) ^ c;                           \
    a += d; d = ROTATE64(d, 21) ^ a;                           \
    c += b; b = ROTATE64(b, 17) ^ c; c = ROTATE64(c, 32);      \
  } while (0)

PROGRAM(siphash) {
  u64 a = 0x736f6d6570736575ul;
  u64 b = 0x646f72616e646f6dul;
  u64 c = 0x6c7967656e657261ul;
  u64 d = 0x7465646279746573ul;
  for (u32 i = 0; i < 128; i++) {
    u64 word = AS64(m + i * 8);
    d ^= word;
    SIP_ROUND(a, b, c, d);
    SIP_ROUND(a, b, c, d);
    a ^= word;
  }
  return a ^ b ^ c ^ d;
}

PROGRAM(murmur) {
  u32 hash = 42;
  for (u32 i = 0; i < 256; i++) {
    u32 k = AS32(m + i * 4) * 0xcc9e2d51;
    k = ROTATE32(k, 15) * 0x1b873593;
    hash = ROTATE32(hash ^ k, 13) * 5 + 0xe6546b64;
  }
  hash ^= hash >> 16;
  hash *= 0x85ebca6b;
  hash ^= hash >> 13;
  return hash;
}

// The mixing of SHA-256, without its constants.
PROGRAM(sha_mix) {
  u32 a = 0x6a09e667, b = 0xbb67ae85, c = 0x3c6ef372, d = 0xa54ff53a, e = 0x510e527f;
  for (u32 i = 0; i < 128; i++) {
    u32 w = AS32(m + i * 4);
    u32 s1 = ROTATE32(e, 26) ^ ROTATE32(e, 21) ^ ROTATE32(e, 7);
    u32 s0 = ROTATE32(a, 30) ^ ROTATE32(a, 19) ^ ROTATE32(a, 10);
    u32 t = w + s1 + (e & d ^ ~e & c);
    u32 u = s0 + (a & b ^ a & c ^ b & c);
    e = d + t;
    d = c;
    c = b;
    b = a;
    a = t + u;
  }
  return (u64)(a ^ b) << 32 | (c ^ d ^ e);
}

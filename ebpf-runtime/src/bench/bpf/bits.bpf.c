// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Work on single bits.
#include "bench.h"

// Bits set in 128 words, the way of Hacker's Delight, figure 5-2.
PROGRAM(bitcount) {
  u64 total = 0;
  for (u32 i = 0; i < 128; i++) {
    u64 x = AS64(m + i * 8);
    x = x - (x >> 1 & 0x5555555555555555ul);
    x = (x & 0x3333333333333333ul) + (x >> 2 & 0x3333333333333333ul);
    x = x + (x >> 4) & 0x0f0f0f0f0f0f0f0ful;
    total += x * 0x0101010101010101ul >> 56;
  }
  return total;
}

// Bits set, one by one: Kernighan's way.
PROGRAM(popcount) {
  SALT;
  u32 total = 0;
  for (u32 i = 0; i < 128; i++) {
    u32 x = AS16(m + i * 2) ^ (u16)salt;
    for (u32 k = 0; k < 16 && x; k++) {
      x &= x - 1;
      total++;
    }
  }
  return total;
}

INLINE u32 log2(u64 x) {
  u32 result = 0;
  if (x >> 32) { result += 32; x >>= 32; }
  if (x >> 16) { result += 16; x >>= 16; }
  if (x >> 8) { result += 8; x >>= 8; }
  if (x >> 4) { result += 4; x >>= 4; }
  if (x >> 2) { result += 2; x >>= 2; }
  return result + (x >> 1);
}

PROGRAM(log2_fold) {
  SALT;
  u64 total = 0;
  for (u32 i = 0; i < 128; i++) {
    total = total * 3 + log2((AS64(m + i * 8) ^ salt) >> (AS64(m + i * 8) & 63));
  }
  return total;
}

PROGRAM(rotate) {
  u64 a = AS64(m);
  u32 b = AS32(m + 8);
  for (u32 i = 0; i < 128; i++) {
    a = ROTATE64(a, 13) ^ AS64(m + i * 8);
    b = ROTATE32(b, 7) + (u32)a;
    a += ROTATE64(a, 41);
  }
  return a + b;
}

PROGRAM(endian_swap) {
  u64 total = 0;
  for (u32 i = 0; i < 128; i++) {
    const u8 *p = m + i * 8;
    total += __builtin_bswap64(AS64(p));
    total ^= __builtin_bswap32(AS32(p + 4));
    total += __builtin_bswap16(AS16(p + 2));
  }
  return total;
}

PROGRAM(bit_reverse) {
  u32 total = 0;
  for (u32 i = 0; i < 256; i++) {
    u32 x = AS32(m + i * 4);
    x = x >> 1 & 0x55555555 | (x & 0x55555555) << 1;
    x = x >> 2 & 0x33333333 | (x & 0x33333333) << 2;
    x = x >> 4 & 0x0f0f0f0f | (x & 0x0f0f0f0f) << 4;
    total += __builtin_bswap32(x);
  }
  return total;
}

// Primes below 2048: a sieve of bits on the stack.
PROGRAM(sieve_bits) {
  u32 composite[64] = {};
  u32 count = 0;
  for (u32 i = 2; i < 46; i++) {
    if (!(composite[i >> 5] >> (i & 31) & 1)) {
      for (u32 k = i * i; k < 2048; k += i) {
        composite[k >> 5 & 63] |= 1u << (k & 31);
      }
    }
  }
  for (u32 i = 0; i < 64; i++) {
    count += (composite[i] ^ AS32(m)) & 0xff;
  }
  return count;
}

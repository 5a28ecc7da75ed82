// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Arithmetic.
#include "bench.h"

PROGRAM(fibonacci) {
  u64 a = m[0];
  u64 b = 1;
  for (u32 i = 0; i < 1000; i++) {
    u64 next = a + b;
    OPAQUE(next);
    a = b;
    b = next;
  }
  return a;
}

PROGRAM(gcd) {
  SALT;
  u64 total = 0;
  for (u32 i = 0; i < 16; i++) {
    u32 a = (AS32(m + i * 8) ^ (u32)salt) | 1;
    u32 b = AS32(m + i * 8 + 4) | 1;
    for (u32 k = 0; k < 48 && b; k++) {
      u32 rest = a % b;
      a = b;
      b = rest;
    }
    total += a;
  }
  return total;
}

PROGRAM(collatz) {
  SALT;
  u64 total = 0;
  u64 zero = zero_of_unknown_value;
  for (u32 i = 0; i < 16; i++) {
    u64 n = (m[i] ^ (u8)salt) + 1;
    for (u32 k = 0; k < 100 && n != 1; k++) {
      n = n & 1 ? n * 3 + 1 : n >> 1;
      FORGET(n);
      total++;
    }
  }
  return total;
}

// Decimal digits: divisions by constants.
PROGRAM(decimal) {
  u32 total = 0;
  for (u32 i = 0; i < 64; i++) {
    u32 x = AS32(m + i * 4);
    for (u32 k = 0; k < 10; k++) {
      total += x % 10 * k;
      x /= 10;
    }
  }
  return total;
}

PROGRAM(calendar) {
  u64 total = 0;
  for (u32 i = 0; i < 128; i++) {
    u64 seconds = AS64(m + i * 8) >> 30;
    u64 days = seconds / 86400;
    u64 era = days / 146097;
    u64 rest = days - era * 146097;
    total += (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365 + seconds % 60;
  }
  return total;
}

PROGRAM(div_mod_heavy) {
  u64 total = 1;
  for (u32 i = 0; i < 64; i++) {
    u64 a = AS64(m + i * 16);
    u64 b = AS32(m + i * 16 + 8) | 1;
    total += a / b ^ a % b;
  }
  return total;
}

PROGRAM(signed_division) {
  s64 total = 0;
  for (u32 i = 0; i < 128; i++) {
    s32 a = (s32)AS32(m + i * 8);
    s32 b = (s32)(AS32(m + i * 8 + 4) >> 20 | 1);
    total += a / b + a % b;
  }
  return (u64)total;
}

// 3^x modulo a number of 31 bits.
PROGRAM(power_modulo) {
  u64 total = 0;
  for (u32 i = 0; i < 8; i++) {
    u64 modulus = (AS32(m + i * 8) & 0x7fffffff) | 0x40000001;
    u64 power = 3;
    u64 result = 1;
    u32 exponent = AS16(m + i * 8 + 4);
    for (u32 k = 0; k < 16; k++) {
      if (exponent & 1) {
        result = result * power % modulus;
      }
      power = power * power % modulus;
      exponent >>= 1;
    }
    total += result;
  }
  return total;
}

// Square roots, bit by bit.
PROGRAM(square_root) {
  SALT;
  u64 total = 0;
  u32 zero = zero_of_unknown_value;
  for (u32 i = 0; i < 64; i++) {
    u32 x = AS32(m + i * 4) ^ (u32)salt;
    u32 root = 0;
    u32 bit = 1u << 30;
    for (u32 k = 0; k < 16; k++) {
      if (x >= root + bit) {
        x -= root + bit;
        root = (root >> 1) + bit;
      } else {
        root >>= 1;
      }
      bit >>= 2;
      FORGET(root);
      FORGET(x);
    }
    total += root;
  }
  return total;
}

PROGRAM(random_walk) {
  u64 state = AS64(m) | 1;
  u64 total = 0;
  for (u32 i = 0; i < 500; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    total += (state * 0x2545f4914f6cdd1dul) >> 33;
  }
  return total;
}

// Multiplies 8x8 matrices of small numbers, of which one is on the stack.
PROGRAM(matrix) {
  u32 b[64];
  u64 total = 0;
  for (u32 i = 0; i < 64; i++) {
    b[(i & 7) * 8 + (i >> 3)] = AS32(m + 256 + i * 4);
  }
  for (u32 i = 0; i < 8; i++) {
    for (u32 k = 0; k < 8; k++) {
      u32 sum = 0;
      for (u32 n = 0; n < 8; n++) {
        sum += AS32(m + (i * 8 + n) * 4) * b[k * 8 + n];
      }
      total = total * 31 + sum;
    }
  }
  return total;
}

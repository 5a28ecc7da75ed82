// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Loads and stores: tables, searches, sorts.
#include "bench.h"

static u32 sorted[256];
static u32 counts[256];
static u32 items[32];

PROGRAM(binary_search) {
  SALT;
  for (u32 i = 0; i < 256; i++) {
    sorted[i] = i * 255;
  }
  u32 total = 0;
  u32 zero = zero_of_unknown_value;
  for (u32 i = 0; i < 128; i++) {
    u32 wanted = AS16(m + i * 2) ^ (u16)salt;
    u32 low = 0;
    u32 high = 256;
    for (u32 k = 0; k < 8; k++) {
      u32 middle = (low + high) / 2;
      if (sorted[middle & 255] <= wanted) {
        low = middle;
      } else {
        high = middle;
      }
      FORGET(low);
      FORGET(high);
    }
    total = total * 3 + low;
  }
  return total;
}

PROGRAM(histogram) {
  for (u32 i = 0; i < 1024; i++) {
    counts[m[i]]++;
  }
  u32 total = 0;
  for (u32 i = 0; i < 256; i++) {
    total = total * 3 + counts[i];
    counts[i] = 0;
  }
  return total;
}

PROGRAM(stride_load) {
  u64 total = 0;
  for (u32 stride = 1; stride <= 8; stride++) {
    for (u32 i = 0; i < 128; i++) {
      total += m[i * stride];
    }
  }
  return total;
}

PROGRAM(memcmp) {
  SALT;
  u64 total = 0;
  for (u32 i = 0; i < 32; i++) {
    u32 k = 0;
    for (; k < 32; k++) {
      if (((m[i + k] ^ (u8)salt) & 0xe0) == (m[512 + i + k] & 0x1f) + 1) {
        break;
      }
    }
    total += k;
  }
  return total;
}

// Where in 1000 bytes a pattern of two bits in a row of four is.
PROGRAM(string_search) {
  SALT;
  u8 first = salt & 3;
  u64 total = 0;
  for (u32 i = 0; i < 1000; i++) {
    if ((m[i] & 3) == first && (m[i + 1] & 3) == 2 && (m[i + 2] & 3) == 3) {
      total += i;
    }
  }
  return total;
}

PROGRAM(varint_decode) {
  SALT;
  u64 total = 0;
  u64 value = 0;
  u32 shift = 0;
  for (u32 i = 0; i < 512; i++) {
    u8 byte = m[i] ^ (u8)salt;
    value |= (u64)(byte & 0x7f) << (shift & 63);
    shift += 7;
    if (!(byte & 0x80)) {
      total += value;
      value = 0;
      shift = 0;
    }
  }
  return total;
}

PROGRAM(bubble_sort) {
  SALT;
  for (u32 i = 0; i < 32; i++) {
    items[i] = AS32(m + i * 4) ^ (u32)salt;
  }
  for (u32 i = 0; i < 31; i++) {
    for (u32 k = 0; k < 31 - i; k++) {
      u32 x = items[k];
      u32 y = items[k + 1];
      if (x > y) {
        items[k] = y;
        items[k + 1] = x;
      }
    }
  }
  u64 total = 0;
  for (u32 i = 0; i < 32; i++) {
    total = total * 31 + items[i];
  }
  return total;
}

// Odd-even transposition with minimum and maximum.
PROGRAM(network_sort) {
  SALT;
  u32 a[32];
  for (u32 i = 0; i < 32; i++) {
    a[i] = AS32(m + i * 4) ^ (u32)salt;
  }
  for (u32 i = 0; i < 32; i++) {
    for (u32 k = i & 1; k < 31; k += 2) {
      u32 x = a[k];
      u32 y = a[k + 1];
      a[k] = x < y ? x : y;
      a[k + 1] = x < y ? y : x;
    }
  }
  u64 total = 0;
  for (u32 i = 0; i < 32; i++) {
    total = total * 31 + a[i];
  }
  return total;
}

PROGRAM(stack_copy) {
  u64 a[32];
  u64 total = 0;
  for (u32 round = 0; round < 4; round++) {
    for (u32 i = 0; i < 32; i++) {
      a[i] = AS64(m + round * 256 + i * 8) + total;
    }
    for (u32 i = 0; i < 32; i++) {
      OPAQUE(total);
      total += a[i * 7 & 31];
    }
  }
  return total;
}

// More values than registers.
PROGRAM(spill_pressure) {
  u64 a = AS64(m), b = AS64(m + 8), c = AS64(m + 16), d = AS64(m + 24), e = AS64(m + 32), f = AS64(m + 40);
  u64 g = AS64(m + 48), h = AS64(m + 56), k = AS64(m + 64), l = AS64(m + 72), n = AS64(m + 80), o = AS64(m + 88);
  for (u32 i = 0; i < 128; i++) {
    u64 x = AS64(m + i * 8);
    a += b ^ x;
    b -= c & x;
    c ^= d + x;
    d += e ^ a;
    e -= f | b;
    f ^= g + c;
    g += h ^ d;
    h -= k & e;
    k ^= l + f;
    l += n ^ g;
    n -= o | h;
    o ^= a + k;
  }
  return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ k ^ l ^ n ^ o;
}

PROGRAM(multi_accumulator) {
  u64 a = 0, b = 0, c = 0, d = 0;
  for (u32 i = 0; i < 1024; i += 32) {
    for (u32 k = 0; k < 4; k++) {
      a += AS64(m + i) * (k + 1);
      b ^= AS64(m + i + 8) >> k;
      c += AS64(m + i + 16) << k;
      d -= AS64(m + i + 24) & ~0ul >> k;
      OPAQUE(a);
    }
  }
  return a ^ b ^ c ^ d;
}

// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Branches, loops and calls.
#include "bench.h"

PROGRAM(switch_dispatch) {
  SALT;
  u64 x = AS64(m);
  for (u32 i = 0; i < 512; i++) {
    switch ((m[i] ^ salt) & 15) {
      case 0: x += 3; break;
      case 1: x ^= 0x55; break;
      case 2: x *= 7; break;
      case 3: x -= i; break;
      case 4: x = x << 3 | x >> 61; break;
      case 5: x ^= x >> 9; break;
      case 6: x += x << 5; break;
      case 7: x = ~x; break;
      case 8: x |= 0x1000; break;
      case 9: x &= ~0x400ul; break;
      case 10: x += i * 3; break;
      case 11: x ^= i << 8; break;
      case 12: x >>= 1; break;
      case 13: x -= 12345; break;
      case 14: x += m[i + 1]; break;
      default: x ^= m[i + 2]; break;
    }
  }
  return x;
}

PROGRAM(nested_loops) {
  u64 total = m[0];
  for (u32 i = 0; i < 10; i++) {
    for (u32 k = 0; k < 10; k++) {
      for (u32 n = 0; n < 10; n++) {
        total += i * k ^ n;
        OPAQUE(total);
      }
    }
  }
  return total;
}

PROGRAM(conditional_moves) {
  SALT;
  u32 least = ~0u;
  u32 most = 0;
  s64 clamped = 0;
  for (u32 i = 0; i < 128; i++) {
    u32 x = AS32(m + i * 8) ^ (u32)salt;
    least = x < least ? x : least;
    clamped += (s32)x < -1000000 ? -1000000 : (s32)x;
    most = x > most ? x : most;
  }
  return (u64)clamped ^ least ^ (u64)most << 32;
}

// A tokenizer: what the next byte means depends on those before.
PROGRAM(state_machine) {
  SALT;
  u32 state = 0;
  u64 tokens = 0;
  for (u32 i = 0; i < 512; i++) {
    u8 c = m[i] ^ (u8)salt;
    if (state == 0) {
      if (c < 100) {
        state = 1;
      } else if (c < 140) {
        state = 2;
      }
    } else if (state == 1) {
      if (c >= 128) {
        tokens += 3;
        state = 0;
      }
    } else if (state == 2) {
      if (c & 1) {
        tokens += 1 << 8;
        state = 3;
      } else {
        state = 0;
      }
    } else {
      state = c > 200 ? 0 : 1;
    }
  }
  return tokens + state;
}

// Headers of 32 packets in a row: Ethernet, IPv4 or IPv6, TCP or UDP.
PROGRAM(packet_parse) {
  SALT;
  u64 total = 0;
  for (u32 i = 0; i < 64; i++) {
    const u8 *p = m + i * 14;
    u16 type = __builtin_bswap16(AS16(p + 12)) >> (salt & 15) & 1 ? 0x0800 : 0x86dd;
    u32 protocol;
    u32 header;
    if (type == 0x0800) {
      header = (p[14] & 15) * 4;
      protocol = p[23] ^ (u8)salt;
      if (header < 20) {
        total += 1;
        continue;
      }
      total += __builtin_bswap32(AS32(p + 26)) >> 8;
    } else {
      header = 40;
      protocol = p[20] ^ (u8)salt;
      total ^= AS64(p + 22);
    }
    u16 port = __builtin_bswap16(AS16(p + 36));
    if (protocol < 100) {
      total += port == 443 ? 7 : port;
    } else if (protocol < 180) {
      total += header + __builtin_bswap16(AS16(p + 38));
    }
  }
  return total;
}

NOINLINE u64 level4(u64 x, u64 y) { OPAQUE(x); return x * 3 + y; }
NOINLINE u64 level3(u64 x, u64 y) { OPAQUE(x); return level4(x ^ y, y + 1) + x; }
NOINLINE u64 level2(u64 x, u64 y) { OPAQUE(x); return level3(x + y, y) ^ level4(y, x); }
NOINLINE u64 level1(u64 x, u64 y) { OPAQUE(x); return level2(x, y >> 1) + y; }

PROGRAM(call_chain) {
  u64 total = 0;
  for (u32 i = 0; i < 128; i++) {
    total = level1(total, AS64(m + i * 8));
  }
  return total;
}

#define STEP(n)                                  \
  a += AS32(m + (n) * 4 % 1000);                 \
  b ^= a << ((n) % 13 + 1);                      \
  c += b >> ((n) % 7 + 3) ^ AS16(m + (n) % 500); \
  if (c & 1 << ((n) % 8)) a ^= c;                \
  else b += c * 5;
#define STEP5(n) STEP(n) STEP(n + 1) STEP(n + 2) STEP(n + 3) STEP(n + 4)
#define STEP25(n) STEP5(n) STEP5(n + 5) STEP5(n + 10) STEP5(n + 15) STEP5(n + 20)

// About 500 and 1000 instructions in a row, gone through several times.
PROGRAM(large_mixed_500) {
  u64 a = 1, b = 2, c = 3;
  for (u32 i = 0; i < 8; i++) {
    STEP25(0)
    OPAQUE(a);
  }
  return a ^ b ^ c;
}

PROGRAM(large_mixed_1000) {
  u64 a = 1, b = 2, c = 3;
  for (u32 i = 0; i < 4; i++) {
    STEP25(0) STEP25(25) STEP25(50)
    OPAQUE(a);
  }
  return a ^ b ^ c;
}

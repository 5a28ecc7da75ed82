// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// What lets one C function be a BPF program and native code: a function of a block of memory, which for BPF is the packet
// of an XDP program, and whose first bytes the runner fills with numbers that look random but are always the same.
//
// Programs leave the block as it is.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long s64;

#define BLOCK 1024  // bytes of the block

#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline))
#define SECTION(name) __attribute__((section(name), used))

#ifdef __bpf__

struct context {  // struct xdp_md of linux/bpf.h
  u32 data;
  u32 data_end;
};
#define POINTER(field) (u8 *)(long)(field)
#define ENTRY SECTION("xdp")

#else

struct context {
  u8 *data;
  u8 *data_end;
};
#define POINTER(field) (field)
#define ENTRY __attribute__((visibility("default")))

#endif

// A program: PROGRAM(name) { ... m is the block ... return a number; }
#define PROGRAM(name)                              \
  INLINE u64 name##_body(const u8 *m);             \
  ENTRY int name(struct context *context) {        \
    const u8 *m = POINTER(context->data);          \
    if (m + BLOCK > POINTER(context->data_end)) {  \
      return 0;                                    \
    }                                              \
    u64 result = name##_body(m);                   \
    return (int)(result ^ result >> 32);           \
  }                                                \
  INLINE u64 name##_body(const u8 *m)

#define AS16(p) (*(const u16 *)(p))
#define AS32(p) (*(const u32 *)(p))
#define AS64(p) (*(const u64 *)(p))

#define ROTATE32(x, by) ((u32)(x) << (by) | (u32)(x) >> (32 - (by)))
#define ROTATE64(x, by) ((u64)(x) << (by) | (u64)(x) >> (64 - (by)))

// Keeps a compiler from computing in advance, or from taking apart what belongs together.
#define OPAQUE(x) asm volatile("" : "+r"(x))

// A number that is another one in each run, and the same for whoever runs it as often: without it, machines learn by heart
// which way each branch goes.
#define SALT                                                                  \
  static u64 salts;                                                           \
  salts = salts * 6364136223846793005ul + 1442695040888963407ul;              \
  const u64 salt = salts >> 24

// 0, which no verifier knows: what was mixed with it can be anything for it. Else it follows every value of a variable
// through every turn of a loop, and gives up.
__attribute__((weak)) u64 zero_of_unknown_value;
#define FORGET(x) ((x) ^= zero)

// What compiled objects ask the loader, as clang's builtins take it; without libbpf's headers so that one text serves
// every compiler.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed int s32;
typedef signed long long s64;

#define SEC(name) __attribute__((section(name), used))
#define RELOCATED __attribute__((preserve_access_index))

#define byte_offset(at) __builtin_preserve_field_info(at, 0)
#define byte_size(at) __builtin_preserve_field_info(at, 1)
#define field_exists(at) __builtin_preserve_field_info(at, 2)
#define field_signed(at) __builtin_preserve_field_info(at, 3)
#define left_shift(at) __builtin_preserve_field_info(at, 4)
#define right_shift(at) __builtin_preserve_field_info(at, 5)
#define local_id(type) __builtin_btf_type_id(*(type *)0, 0)
#define target_id(type) __builtin_btf_type_id(*(type *)0, 1)
#define type_exists(type) __builtin_preserve_type_info(*(type *)0, 0)
#define type_size(type) __builtin_preserve_type_info(*(type *)0, 1)
#define type_matches(type) __builtin_preserve_type_info(*(type *)0, 2)
#define value_exists(type, value) __builtin_preserve_enum_value(*(type *)value, 0)
#define value_of(type, value) __builtin_preserve_enum_value(*(type *)value, 1)

// Keeps every answer in the program: the compiler may neither merge nor drop it.
#define keep(answer)                  \
  ({                                  \
    u64 kept = (answer);              \
    asm volatile("" : "+r"(kept));    \
    sum += kept;                      \
  })

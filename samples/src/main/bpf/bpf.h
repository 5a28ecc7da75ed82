// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// What these programs take from the kernel's interface (include/uapi/linux/bpf.h), by the names that libbpf's headers
// use: they compile with those as well, and with no header at all but this one.
#pragma once

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;

// A section's name says what kind of program it holds and where it is attached.
#define SEC(name) __attribute__((section(name), used))

// Maps are described by types alone: the length of an array stands for a number.
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name

enum {
  BPF_MAP_TYPE_HASH = 1,
  BPF_MAP_TYPE_ARRAY = 2,
  BPF_MAP_TYPE_LRU_HASH = 9,
};

enum { BPF_ANY = 0, BPF_NOEXIST = 1 };

static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static long (*const bpf_probe_read_kernel_str)(void *to, __u32 bytes, const void *from) = (void *)115;

// Members that are used here, and no others: the loader moves each access to where the running kernel has the member.
#define KERNEL_TYPE __attribute__((preserve_access_index))

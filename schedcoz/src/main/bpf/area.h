// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// What an address of a process belongs to. bpf_find_vma answers once per interrupt only (its unlocking waits for an
// irq_work) and not at all while somebody changes mappings; so the tree of areas is walked here, without a lock, as
// its readers under RCU do (lib/maple_tree.c, mtree_range_walk), by reads that cannot fault. Since Linux 6.1.
#pragma once
#include "kernel.h"

#define READ(to, from) bpf_probe_read_kernel(&to, sizeof to, &from)

struct area {
  __u64 start;
  __u64 end;
  __u64 flags;
  __u64 pages;  // offset of its start in the file
  __u64 file;   // struct file *, or 0
};

enum { RANGE_PIVOTS = 15, ARANGE_PIVOTS = 9, DEEPEST = 6 };
enum { MAPLE_LEAF_64 = 1, MAPLE_RANGE_64 = 2, MAPLE_ARANGE_64 = 3 };

struct pivots {
  __u64 upto[RANGE_PIVOTS];  // each slot holds addresses up to, and with, its pivot
};

// The entry of a node in whose range an address lies.
static __attribute__((noinline)) __u64 descend(__u64 node, __u32 type, __u64 address) {
  struct pivots pivots = {};
  __u32 last = 0;
  struct maple_range_64 *range = (struct maple_range_64 *)node;
  struct maple_arange_64 *arange = (struct maple_arange_64 *)node;
  struct maple_metadata meta = {};
  if (type == MAPLE_ARANGE_64) {
    bpf_probe_read_kernel(&pivots, ARANGE_PIVOTS * sizeof(__u64), &arange->pivot[0]);
    bpf_probe_read_kernel(&meta, sizeof meta, &arange->meta);
    last = meta.end;
  } else {
    bpf_probe_read_kernel(&pivots, RANGE_PIVOTS * sizeof(__u64), &range->pivot[0]);
    bpf_probe_read_kernel(&meta, sizeof meta, &range->meta);
    last = pivots.upto[RANGE_PIVOTS - 1] ? RANGE_PIVOTS : meta.end;  // full: a slot lies where the metadata would
  }
  __u32 slot = 0;
  for (; slot < RANGE_PIVOTS; slot++) {
    if (slot >= last || address <= pivots.upto[slot]) break;
  }
  __u64 entry = 0;
  if (type == MAPLE_ARANGE_64)
    bpf_probe_read_kernel(&entry, sizeof entry, (const char *)&arange->slot[0] + slot * sizeof entry);
  else
    bpf_probe_read_kernel(&entry, sizeof entry, (const char *)&range->slot[0] + slot * sizeof entry);
  return entry;
}

// Whether an address is mapped; into what.
static __attribute__((noinline)) int area_at(__u64 memory, __u64 address, struct area *area) {
  if (!area) return 0;
  struct mm_struct *mm = (struct mm_struct *)memory;
  __u64 entry = 0;
  READ(entry, mm->mm_mt.ma_root);
  if ((entry & 3) != 2) return 0;  // the root is no node: one area at most, which no running program has
  for (int depth = 0; depth < DEEPEST; depth++) {
    if (entry < 4096) return 0;
    __u32 type = entry >> 3 & 15;
    if (type < MAPLE_LEAF_64 || type > MAPLE_ARANGE_64) return 0;
    entry = descend(entry & ~255ULL, type, address);
    if (type != MAPLE_LEAF_64) continue;
    if (entry < 4096 || entry & 3) return 0;
    struct vm_area_struct *vma = (struct vm_area_struct *)entry;
    READ(area->start, vma->vm_start);
    READ(area->end, vma->vm_end);
    READ(area->flags, vma->vm_flags);
    READ(area->pages, vma->vm_pgoff);
    READ(area->file, vma->vm_file);
    return area->start <= address && address < area->end;
  }
  return 0;
}

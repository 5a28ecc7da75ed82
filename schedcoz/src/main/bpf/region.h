// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Where code lies: in files, so that it is found in every process that maps them, wherever and whenever it does.
#pragma once
#include "area.h"
#include "context.h"

struct file_id {
  __u64 inode;
  __u32 device;  // as the kernel numbers it: major << 20 | minor
  __u32 region;
};

enum { RANGES = 1024 };

// A region's code in one file: ranges of file offsets, sorted, apart from each other; the end is not in them.
struct ranges {
  __u64 count;
  struct {
    __u64 start;
    __u64 end;
  } range[RANGES];
};

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 4096);
  __type(key, struct file_id);
  __type(value, struct ranges);
} regions SEC(".maps");

struct place {
  __u64 inode;
  __u32 device;
  __u32 unused;
  __u64 offset;
};

// How often code was sampled.
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 65536);
  __type(key, struct place);
  __type(value, __u64);
} places SEC(".maps");

__u32 region;  // the one that is made faster
__u32 noting;  // whether samples go to places

INLINE void identify(struct file *file, struct place *p) {
  __u32 mode = 0;
  struct inode *inode = 0;
  READ(mode, file->f_mode);
  if (mode & FMODE_BACKING && __builtin_preserve_field_info(((struct backing_file *)0)->user_path, 2)) {
    struct dentry *dentry = 0;
    READ(dentry, ((struct backing_file *)file)->user_path.dentry);
    READ(inode, dentry->d_inode);
  } else {
    READ(inode, file->f_inode);
  }
  struct super_block *system = 0;
  READ(system, inode->i_sb);
  READ(p->inode, inode->i_ino);
  READ(p->device, system->s_dev);
}

INLINE int contains(struct ranges *r, __u64 offset) {
  __u32 low = 0;
  __u32 high = r->count;
  if (high > RANGES) return 0;
  for (int i = 0; i < 11 && low < high; i++) {
    __u64 middle = (low + high) / 2;
    asm volatile("" : "+r"(middle));  // the mask below is for the verifier: it must not be optimised away
    middle &= RANGES - 1;
    if (offset < r->range[middle].start)
      high = middle;
    else if (offset >= r->range[middle].end)
      low = middle + 1;
    else
      return 1;
  }
  return 0;
}

INLINE int in_region(struct cpu *c, struct task_struct *task, __u64 ip) {
  struct area area = {};
  struct place p = {};
  if (!area_at((__u64)task->mm, ip, &area) || !area.file) {
    c->unplaced++;
    return 0;
  }
  identify((struct file *)area.file, &p);
  p.offset = ip - area.start + (area.pages << 12);
  if (noting) {
    __u64 *count = bpf_map_lookup_elem(&places, &p);
    __u64 one = 1;
    if (count)
      __sync_fetch_and_add(count, 1);
    else if (bpf_map_update_elem(&places, &p, &one, BPF_NOEXIST))
      c->lost_places++;
  }
  struct file_id file = {.inode = p.inode, .device = p.device, .region = region};
  struct ranges *r = bpf_map_lookup_elem(&regions, &file);
  return r && contains(r, p.offset);
}

// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// What these programs take from the kernel: its stable interface (include/uapi/linux/bpf.h) and those members of its
// types that are read here. The loader moves each access to where the running kernel has the member.
#pragma once

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef long long __s64;

#define SEC(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))
#define KERNEL_TYPE __attribute__((preserve_access_index))

// Maps are described by types alone: the length of an array stands for a number.
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name

enum {
  BPF_MAP_TYPE_HASH = 1,
  BPF_MAP_TYPE_ARRAY = 2,
  BPF_MAP_TYPE_PERCPU_ARRAY = 6,
  BPF_MAP_TYPE_LRU_HASH = 9,
  BPF_MAP_TYPE_STACK = 23,
  BPF_MAP_TYPE_TASK_STORAGE = 29,
};

enum { BPF_ANY = 0, BPF_NOEXIST = 1 };
enum { BPF_F_NO_PREALLOC = 1, BPF_F_MMAPABLE = 1 << 10 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 };

struct task_struct;
static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*const bpf_map_update_elem)(void *map, const void *key, const void *value, __u64 flags) = (void *)2;
static long (*const bpf_map_delete_elem)(void *map, const void *key) = (void *)3;
static __u64 (*const bpf_ktime_get_ns)(void) = (void *)5;
static __u32 (*const bpf_get_smp_processor_id)(void) = (void *)8;
static long (*const bpf_map_push_elem)(void *map, const void *value, __u64 flags) = (void *)87;
static long (*const bpf_map_pop_elem)(void *map, void *value) = (void *)88;
static long (*const bpf_probe_read_user)(void *to, __u32 size, const void *from) = (void *)112;
static long (*const bpf_probe_read_kernel)(void *to, __u32 size, const void *from) = (void *)113;
static long (*const bpf_send_signal_thread)(__u32 signal) = (void *)117;
static __u64 (*const bpf_jiffies64)(void) = (void *)118;
static void *(*const bpf_task_storage_get)(void *map, struct task_struct *task, void *value, __u64 flags) = (void *)156;
static struct task_struct *(*const bpf_get_current_task_btf)(void) = (void *)158;
static __u64 (*const bpf_get_attach_cookie)(void *at) = (void *)174;

// A kernel address as a pointer to a type: no call, and reads through it cannot fault (Documentation/bpf/kfuncs.rst).
extern void *bpf_rdonly_cast(const void *address, __u32 type) __attribute__((section(".ksyms"), weak));

// The number of a type in the running kernel.
#define KERNEL_TYPE_ID(type) __builtin_btf_type_id(*(type *)0, 1)

// Half a pointer is a number to the verifier.
INLINE __u32 half(__u64 pointer) {
  __u32 lower;
  asm volatile("%0 = %1" : "=w"(lower) : "w"((__u32)pointer));
  return lower;
}

// Arguments of a typed tracepoint, which are 64-bit words.
#define ARGUMENT(type, name, index) type name = (type)arguments[index]

typedef struct {
  unsigned long sig[1];
} sigset_t;

struct sigpending {
  sigset_t signal;
} KERNEL_TYPE;

struct sigaction {
  void *sa_handler;
} KERNEL_TYPE;

struct k_sigaction {
  struct sigaction sa;
} KERNEL_TYPE;

struct sighand_struct {
  struct k_sigaction action[64];
} KERNEL_TYPE;

struct super_block {
  __u32 s_dev;
} KERNEL_TYPE;

struct inode {
  unsigned long i_ino;
  struct super_block *i_sb;
} KERNEL_TYPE;

struct dentry {
  struct inode *d_inode;
} KERNEL_TYPE;

struct path {
  struct dentry *dentry;
} KERNEL_TYPE;

struct file {
  __u32 f_mode;
  struct inode *f_inode;
} KERNEL_TYPE;

// A file of an overlay: mappings are of the file below, /proc/PID/maps shows the one above (fs/file_table.c).
struct backing_file {
  struct file file;
  struct path user_path;
} KERNEL_TYPE;

enum { FMODE_BACKING = 1 << 25 };

struct maple_tree {
  void *ma_root;
} KERNEL_TYPE;

struct maple_metadata {
  unsigned char end;
  unsigned char gap;
} KERNEL_TYPE;

struct maple_range_64 {
  unsigned long pivot[15];
  void *slot[16];
  struct maple_metadata meta;
} KERNEL_TYPE;

struct maple_arange_64 {
  unsigned long pivot[9];
  void *slot[10];
  struct maple_metadata meta;
} KERNEL_TYPE;

struct mm_struct {
  struct maple_tree mm_mt;
  unsigned long start_stack;
} KERNEL_TYPE;

struct vm_area_struct {
  unsigned long vm_start;
  unsigned long vm_end;
  unsigned long vm_flags;
  unsigned long vm_pgoff;
  struct file *vm_file;
} KERNEL_TYPE;

enum { VM_READ = 1, VM_WRITE = 2, VM_EXEC = 4, VM_GROWSDOWN = 0x100 };

struct thread_struct {
  unsigned long fsbase;
} KERNEL_TYPE;

struct rlimit {
  unsigned long rlim_cur;
} KERNEL_TYPE;

struct signal_struct {
  struct rlimit rlim[16];
} KERNEL_TYPE;

enum { RLIMIT_STACK = 3 };

// include/uapi/linux/signal.h: the stack is given up while a handler runs on it
#define SS_AUTODISARM (1U << 31)

struct bpf_local_storage;

struct rq;

struct cfs_rq {
  struct rq *rq;
} KERNEL_TYPE;

struct sched_entity {
  struct cfs_rq *cfs_rq;
} KERNEL_TYPE;

// Any type that begins with a word of 32 bits.
struct refcount_struct {
  struct {
    __u32 counter;
  } refs;
};

struct task_struct {
  int pid;
  int tgid;
  struct mm_struct *mm;
  struct signal_struct *signal;
  struct sighand_struct *sighand;
  sigset_t blocked;
  struct sigpending pending;
  unsigned long sas_ss_sp;
  unsigned long sas_ss_size;
  unsigned int sas_ss_flags;
  struct thread_struct thread;
  struct bpf_local_storage *bpf_storage;
  struct sched_entity se;
} KERNEL_TYPE;

struct sk_buff;

// What a program of type perf_event or uprobe gets (arch/x86/include/uapi/asm/ptrace.h, struct pt_regs).
struct registers {
  __u64 r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
};

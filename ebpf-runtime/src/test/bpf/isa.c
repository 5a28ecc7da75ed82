// Something of every kind of instruction that clang chooses by itself.
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long s64;

#define SEC(name) __attribute__((section(name), used))

static u64 (*helper)(u64 a, u64 b) = (void *)7;
u32 numbers[8];
static volatile u64 total;

__attribute__((noinline)) static s32 sub(s32 x) {
  asm volatile("");
  return x * 3 + numbers[1];
}

SEC("xdp")
u64 loops(u64 *p, s64 b, s32 c, s8 *s) {
  u64 r = b;
  for (s32 i = 0; i < c; i++) {
    r ^= p[i] + s[i];
    if (r > 100 && (s64)r < b)
      r >>= i & 63;
    else if ((s32)r <= c)
      r = (s64)r >> 3;
    else if (i & 0x40)
      r <<= 1;
  }
  return r + sub(c);
}

SEC("xdp")
u64 widths(u8 *a, u16 *b, u32 *c, u64 *d) {
  a[1] = b[2];
  b[3] = c[-1];
  c[4] = d[5] + a[7];
  d[-6] = *c - *b;
  a[8] = 0x12;
  b[9] = 0x1234;
  c[10] = 0x12345678;
  d[11] = -5;
  numbers[2] = (u32)*d / 10 + (u32)*d % *c;
  total += *d / *c | *d % 7;
  return (*d & 0xfff0) * 0x100000001UL ^ ~*c;
}

SEC("xdp")
u64 order(u64 a, u32 b, u16 c) {
  return __builtin_bswap64(a) + __builtin_bswap32(b) + __builtin_bswap16(c) - -(s64)a;
}

SEC("xdp")
u64 compares(s32 a, s32 b, u32 c, u32 d) {
  u64 r = 0;
  if (a < b)
    r += helper(a, 1);
  if (a <= 5)
    r += helper(b, 2);
  if (c < d)
    r += helper(c, 3);
  if (c >= 0x80000000)
    r += helper(d, 4);
  if (a == b)
    r += helper(a, 5);
  if (c != 77)
    r += helper(a, 6);
  return r;
}

SEC("xdp")
void add(u64 *p, u64 v) { __sync_fetch_and_add(p, v); }

#ifdef ATOMICS
SEC("xdp")
u64 atomics(u64 *p, u64 v) {
  u64 r = __sync_fetch_and_add(p, v);
  r += __sync_fetch_and_and(p + 1, v);
  r += __sync_fetch_and_or(p + 2, v);
  r += __sync_fetch_and_xor(p - 3, v);
  r += __sync_lock_test_and_set(p, v);
  r += __sync_val_compare_and_swap(p, r, v);
  __sync_fetch_and_and(p, r);
  return r;
}
#endif

#ifdef ATOMICS32
SEC("xdp")
u64 atomics32(u32 *p, u32 v) {
  u64 r = __sync_fetch_and_add(p, v);
  r += __sync_fetch_and_xor(p + 1, v);
  r += __sync_lock_test_and_set(p, v);
  r += __sync_val_compare_and_swap(p, 5, v);
  __sync_fetch_and_or(p, r);
  return r;
}
#endif

#ifdef SIGNED
SEC("xdp")
s64 signs(s64 a, s32 b, s8 *c, s16 *d, s32 *e) {
  s64 r = a / b + a % b + (s32)a / b + (s32)a % b;
  r += *c + *d + *e;
  return r + (s8)a + (s16)a + (s32)a + (s8)b * (s16)b;
}
#endif

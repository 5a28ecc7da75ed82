// Work that keeps known values in every register, in the flags and in the red zone, and looks at
// them afterwards: whoever borrows the thread and forgets to put one back is found out.
#ifndef REGISTERS_H
#define REGISTERS_H
#pragma GCC diagnostic ignored "-Wunused-function"
#include "report.h"

enum { TURNS = 200000 };

// 13 general registers hold known values while the loop runs; rcx counts, rsp has a red zone below.
// The carry flag goes through every turn (dec, lea and jnz leave it alone), so r15 counts 1 a turn.
__attribute__((noinline, noclone)) static void check_general(const char *who) {
  static __thread uint64_t out[16];
  uint64_t *o = out;
  __asm__ volatile(
      "pushq %%rbp\n\t"
      "pushq %[o]\n\t"
      "movq $0x1111111111111111, %%rax\n\t"
      "movq $0x2222222222222222, %%rbx\n\t"
      "movq $0x3333333333333333, %%rdx\n\t"
      "movq $0x4444444444444444, %%rsi\n\t"
      "movq $0x5555555555555555, %%rdi\n\t"
      "movq $0x6666666666666666, %%rbp\n\t"
      "movq $0x7777777777777777, %%r8\n\t"
      "movq $0x0888888888888888, %%r9\n\t"
      "movq $0x0999999999999999, %%r10\n\t"
      "movq $0x0aaaaaaaaaaaaaaa, %%r11\n\t"
      "movq $0x0bbbbbbbbbbbbbbb, %%r12\n\t"
      "movq $0x0ccccccccccccccc, %%r13\n\t"
      "movq $0x0ddddddddddddddd, %%r14\n\t"
      "movq %%r12, -8(%%rsp)\n\t"
      "movq %%r13, -64(%%rsp)\n\t"
      "movq %%r14, -128(%%rsp)\n\t"
      "xorl %%r15d, %%r15d\n\t"
      "movl %[turns], %%ecx\n\t"
      "stc\n"
      "1:\n\t"
      "adcq $0, %%r15\n\t" // +1, carry out is 0
      "cmc\n\t"            // and 1 again for the next turn
      "leaq -1(%%rcx), %%rcx\n\t"
      "jrcxz 2f\n\t"
      "jmp 1b\n"
      "2:\n\t"
      "movq -8(%%rsp), %%rcx\n\t"
      "xorq %%r12, %%rcx\n\t"
      "xorq -64(%%rsp), %%rcx\n\t"
      "xorq %%r13, %%rcx\n\t"
      "xorq -128(%%rsp), %%rcx\n\t"
      "xorq %%r14, %%rcx\n\t"
      "xchgq (%%rsp), %%rbp\n\t" // the address of out; its value is on the stack now
      "movq %%rax, 0(%%rbp)\n\t"
      "movq %%rbx, 8(%%rbp)\n\t"
      "movq %%rdx, 16(%%rbp)\n\t"
      "movq %%rsi, 24(%%rbp)\n\t"
      "movq %%rdi, 32(%%rbp)\n\t"
      "movq %%r8, 40(%%rbp)\n\t"
      "movq %%r9, 48(%%rbp)\n\t"
      "movq %%r10, 56(%%rbp)\n\t"
      "movq %%r11, 64(%%rbp)\n\t"
      "movq %%r12, 72(%%rbp)\n\t"
      "movq %%r13, 80(%%rbp)\n\t"
      "movq %%r14, 88(%%rbp)\n\t"
      "movq %%r15, 96(%%rbp)\n\t"
      "movq %%rcx, 104(%%rbp)\n\t"
      "popq %%rax\n\t"
      "movq %%rax, 112(%%rbp)\n\t"
      "popq %%rbp\n\t"
      : [o] "+D"(o)
      : [turns] "i"(TURNS)
      : "rax", "rbx", "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "cc",
        "memory");
  static const uint64_t known[] = {
      0x1111111111111111, 0x2222222222222222, 0x3333333333333333, 0x4444444444444444, 0x5555555555555555,
      0x7777777777777777, 0x0888888888888888, 0x0999999999999999, 0x0aaaaaaaaaaaaaaa, 0x0bbbbbbbbbbbbbbb,
      0x0ccccccccccccccc, 0x0ddddddddddddddd, TURNS,              0,                  0x6666666666666666};
  for (unsigned i = 0; i < sizeof known / sizeof *known; i++) {
    if (out[i] != known[i]) {
      report_wrong(who, (long)out[i], (long)known[i]);
    }
  }
}

// 16 vector registers count up side by side; where the machine has them, 512 bits wide.
__attribute__((noinline, noclone, target("avx2"))) static void check_avx(const char *who) {
  static __thread uint64_t out[16][4] __attribute__((aligned(32)));
  __asm__ volatile(
      "movl $1, %%eax\n\t"
      "vmovd %%eax, %%xmm15\n\t"
      "vpbroadcastq %%xmm15, %%ymm15\n\t"
#define ZERO(n) "vpxor %%ymm" #n ", %%ymm" #n ", %%ymm" #n "\n\t"
#define ADD(n) "vpaddq %%ymm15, %%ymm" #n ", %%ymm" #n "\n\t"
#define STORE(n) "vmovdqa %%ymm" #n ", 32*" #n "(%%rdi)\n\t"
#define EACH(do) do(0) do(1) do(2) do(3) do(4) do(5) do(6) do(7) do(8) do(9) do(10) do(11) do(12) do(13) do(14)
      EACH(ZERO)
      "movl %[turns], %%ecx\n"
      "1:\n\t" EACH(ADD)
      "decl %%ecx\n\t"
      "jnz 1b\n\t" EACH(STORE) STORE(15)
      "vzeroupper\n\t"
      :
      : "D"(out), [turns] "i"(TURNS)
      : "rax", "rcx", "cc", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
        "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
  for (int r = 0; r < 16; r++) {
    for (int lane = 0; lane < 4; lane++) {
      uint64_t known = r == 15 ? 1 : TURNS;
      if (out[r][lane] != known) {
        report_wrong(who, (long)out[r][lane], (long)known);
      }
    }
  }
}

__attribute__((noinline, noclone, target("avx512f"))) static void check_avx512(const char *who) {
  static __thread uint64_t out[8] __attribute__((aligned(64)));
  __asm__ volatile(
      "movl $0x55, %%eax\n\t"
      "kmovw %%eax, %%k3\n\t"
      "movl $1, %%eax\n\t"
      "vpbroadcastq %%rax, %%zmm16\n\t"
      "vpxorq %%zmm31, %%zmm31, %%zmm31\n\t"
      "movl %[turns], %%ecx\n"
      "1:\n\t"
      "vpaddq %%zmm16, %%zmm31, %%zmm31%{%%k3%}\n\t"
      "decl %%ecx\n\t"
      "jnz 1b\n\t"
      "vmovdqa64 %%zmm31, (%%rdi)\n\t"
      "vzeroupper\n\t"
      :
      : "D"(out), [turns] "i"(TURNS)
      : "rax", "rcx", "cc", "memory", "xmm16", "xmm31", "k3");
  for (int lane = 0; lane < 8; lane++) {
    uint64_t known = lane % 2 == 0 ? TURNS : 0;
    if (out[lane] != known) {
      report_wrong(who, (long)out[lane], (long)known);
    }
  }
}

// x87 (its stack and control word) and SSE with another rounding mode than the usual one.
__attribute__((noinline, noclone)) static void check_floating(const char *who) {
  uint32_t csr = 0x5f80; // exceptions masked, towards +infinity
  uint32_t back;
  uint16_t word = 0x077f; // towards -infinity
  uint16_t word_back;
  uint32_t usual;
  uint16_t usual_word;
  double sse;
  double x87;
  __asm__ volatile(
      "stmxcsr %[usual]\n\t"
      "fnstcw %[usual_word]\n\t"
      "ldmxcsr %[csr]\n\t"
      "fldcw %[word]\n\t"
      "movl $1, %%eax\n\t"
      "cvtsi2sd %%eax, %%xmm1\n\t"
      "xorps %%xmm0, %%xmm0\n\t"
      "fld1\n\t"
      "fldz\n\t"
      "movl %[turns], %%ecx\n"
      "1:\n\t"
      "addsd %%xmm1, %%xmm0\n\t"
      "fadd %%st(1), %%st\n\t"
      "decl %%ecx\n\t"
      "jnz 1b\n\t"
      "movsd %%xmm0, %[sse]\n\t"
      "fstpl %[x87]\n\t"
      "fstp %%st(0)\n\t"
      "stmxcsr %[back]\n\t"
      "fnstcw %[word_back]\n\t"
      "ldmxcsr %[usual]\n\t"
      "fldcw %[usual_word]\n\t"
      : [sse] "=m"(sse), [x87] "=m"(x87), [back] "=m"(back), [word_back] "=m"(word_back), [usual] "=m"(usual),
        [usual_word] "=m"(usual_word)
      : [csr] "m"(csr), [word] "m"(word), [turns] "i"(TURNS)
      : "rax", "rcx", "cc", "memory", "xmm0", "xmm1", "st", "st(1)");
  if (sse != TURNS || x87 != TURNS) {
    report_wrong(who, (long)sse, TURNS);
  }
  if ((back & 0xffc0) != 0x5f80 || word_back != word) { // the low bits collect exceptions
    report_wrong(who, back, 0x5f80);
  }
}
#endif

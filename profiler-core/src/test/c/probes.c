/* Static probes as <sys/sdt.h> makes them, written by hand. Runs until its input ends. */
#include <stdio.h>

__attribute__((section(".probes"))) volatile unsigned short shop_sale_semaphore;

#define NOTE(provider, name, semaphore, arguments)                                               \
  "990: nop\n"                                                                                   \
  ".pushsection .note.stapsdt,\"\",\"note\"\n"                                                   \
  ".balign 4\n"                                                                                  \
  ".4byte 992f-991f, 994f-993f, 3\n"                                                             \
  "991: .asciz \"stapsdt\"\n"                                                                    \
  "992: .balign 4\n"                                                                             \
  "993: .8byte 990b\n"                                                                           \
  ".8byte _.stapsdt.base\n"                                                                      \
  ".8byte " semaphore "\n"                                                                       \
  ".asciz \"" provider "\"\n"                                                                    \
  ".asciz \"" name "\"\n"                                                                        \
  ".asciz \"" arguments "\"\n"                                                                   \
  "994: .balign 4\n"                                                                             \
  ".popsection\n"                                                                                \
  ".ifndef _.stapsdt.base\n"                                                                     \
  ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n"                        \
  ".weak _.stapsdt.base\n"                                                                       \
  ".hidden _.stapsdt.base\n"                                                                     \
  "_.stapsdt.base: .space 1\n"                                                                   \
  ".size _.stapsdt.base, 1\n"                                                                    \
  ".popsection\n"                                                                                \
  ".endif\n"

static inline __attribute__((always_inline)) void sale(long amount, int kind) {
  __asm__ volatile(NOTE("shop", "sale", "shop_sale_semaphore", "8@%[a] -4@%[k]")
                   :
                   : [a] "r"(amount), [k] "r"(kind));
}

volatile long sink;

__attribute__((noinline)) void counter(long n) { sale(n * 3, (int)n); }

int main(void) {
  sale(1, 2);
  counter(5);
  __asm__ volatile(NOTE("shop", "closed", "0", ""));
  printf("ready\n");
  fflush(stdout);
  while (getchar() != EOF) {
    counter(sink++);
  }
  return 0;
}

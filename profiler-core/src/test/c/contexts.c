// Works on stacks of its own making: makecontext pushes the address of a libc function by hand.
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

enum { CONTEXTS = 4, STACK_BYTES = 64 * 1024 };

static ucontext_t home, contexts[CONTEXTS];
static int rounds;
volatile unsigned long sink;

__attribute__((noinline)) static void work(void) {
  unsigned long x = sink;
  for (int i = 0; i < 300000; i++) x = x * 6364136223846793005UL + i;
  sink = x;
}

__attribute__((noinline)) static void turn(int id) {
  for (int i = 0; i < rounds; i++) {
    work();
    swapcontext(&contexts[id], &home);
  }
}

int main(int argc, char **argv) {
  rounds = argc > 1 ? atoi(argv[1]) : 300;
  for (int i = 0; i < CONTEXTS; i++) {
    getcontext(&contexts[i]);
    contexts[i].uc_stack.ss_sp = malloc(STACK_BYTES);
    contexts[i].uc_stack.ss_size = STACK_BYTES;
    contexts[i].uc_link = &home;
    makecontext(&contexts[i], (void (*)(void))turn, 1, i);
  }
  for (int round = 0; round < rounds; round++)
    for (int i = 0; i < CONTEXTS; i++) swapcontext(&home, &contexts[i]);
  printf("%lu\n", sink);
}

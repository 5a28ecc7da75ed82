/* Calls a null pointer; the handler of the signal burns for ever. Built without call frame
   information: what is left are frame pointers and the return address on the stack. */
#include <signal.h>
#include <stddef.h>

volatile unsigned long sink;
void (*volatile nowhere)(void) = NULL;

__attribute__((noinline)) void burn(void) {
  for (;;) sink += 2654435761UL;
}

__attribute__((noinline)) void handler(int signal) {
  sink += signal;
  burn();
  sink++;
}

__attribute__((noinline)) void calls(int n) {
  nowhere();
  sink += n;
}

int main(int argc, char **argv) {
  (void)argv;
  signal(SIGSEGV, handler);
  calls(argc);
  return 0;
}

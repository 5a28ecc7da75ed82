// Does little else than pass an instruction (the first of stepped) that the kernel cannot imitate when it is probed: it
// lets the thread execute a copy in a single step, and holds signals back meanwhile.
#include <signal.h>
#include <sys/prctl.h>

static volatile unsigned long passed;

__attribute__((noinline)) unsigned long stepped(unsigned long x) { return x * 3 + 1; }

int main(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) passed = stepped(passed);
}

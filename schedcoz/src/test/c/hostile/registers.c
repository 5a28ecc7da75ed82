// Two threads that keep known values in every register, the flags, the red zone, x87, SSE, AVX and AVX-512 state, and
// look at them afterwards (registers.h of the runtime's own tests).
#include "hostile.h"
#include "registers.h"

static void all(void) {
  check_general("general registers");
  check_floating("floating point");
  if (__builtin_cpu_supports("avx2")) {
    check_avx("ymm registers");
  }
  if (__builtin_cpu_supports("avx512f")) {
    check_avx512("zmm31");
  }
}

static void *other(void *nothing) {
  for (;;) {
    all();
  }
  return nothing;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  thread(other, NULL);
  thread(hot_for_ever, NULL);
  while (!is_over()) {
    all();
    step();
  }
  hostile_end();
}

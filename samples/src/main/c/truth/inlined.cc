// X is a C++ function that the compiler puts into three others, and into none of them alone: two threads meet at a
// barrier, one does X of 8 and 4 more units, the other one X of 3 + 1 and 5 more: 2s / 3.
#define OWN_REGION
#include "truth.h"

namespace work {

inline __attribute__((always_inline)) uint64_t hot(long n) {
  uint64_t seed_ = static_cast<uint64_t>(n);
  SPIN(n) // region
  return seed_;
}

} // namespace work

static pthread_barrier_t meeting;

PUBLIC uint64_t alpha() { return work::hot(scaled(8)) + cold(units(4)); }

PUBLIC uint64_t beta() { return work::hot(scaled(3)) ^ cold(units(5)); }

PUBLIC uint64_t gamma_part() { return work::hot(scaled(1)) + 1; }

static void *other(void *nothing) {
  keep_on_cpu(1);
  for (;;) {
    beta();
    gamma_part();
    pthread_barrier_wait(&meeting);
  }
  return nothing;
}

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  pthread_barrier_init(&meeting, nullptr, 2);
  thread(other, nullptr);
  keep_on_cpu(0);
  while (!is_over()) {
    alpha();
    pthread_barrier_wait(&meeting);
    step();
  }
  truth_end();
}

// One thread: X and as much other work in one phase of 250 visits, only other work in the next one: s / 4.
#include "truth.h"

enum { PHASE = 250 };

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  // Whole pairs of phases only.
  for (long visit = 0; visit % (2 * PHASE) != 0 || !is_over(); visit++) {
    int with = visit / PHASE % 2 == 0;
    if (with) {
      hot(scaled(5));
    }
    cold(units(with ? 5 : 10));
    step();
  }
  truth_end();
}

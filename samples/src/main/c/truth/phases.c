// One thread: X and as much other work in one phase of 2,000 visits, only other work in the next one: s / 4.
#include "truth.h"

int main(int argc, char **argv) {
  truth_begin(argc, argv);
  for (long visit = 0; !is_over(); visit++) {
    int with = visit / 2000 % 2 == 0;
    if (with) {
      hot(scaled(5));
    }
    cold(units(with ? 5 : 10));
    step();
  }
  truth_end();
}

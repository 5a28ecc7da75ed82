// An enumerator with the top bit of 32 set.
#include "core.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum big { BIG = 0x80000001U, NOT_BIG = 2 };

SEC("socket") int big(void *context) {
  u64 sum = 0;
  keep(value_of(enum big, BIG));
  return sum;
}

// Enumerators of 64 bits: clang 14 writes only their low half into BTF, so that libbpf refuses its objects.
#include "core.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum wide { WIDE_LOW = 1, WIDE_HIGH = 0x123456789abULL };
enum small_here { SMALL_HERE = 1 };
enum wide_here { WIDE_HERE = 0x1000000000ULL };
enum signed_wide { DEEP = -0x123456789abLL };

SEC("socket") int wide(void *context) {
  u64 sum = 0;
  keep(value_exists(enum wide, WIDE_HIGH));
  keep(value_of(enum wide, WIDE_LOW));
  keep(value_of(enum wide, WIDE_HIGH));
  keep(value_of(enum small_here, SMALL_HERE));
  keep(value_of(enum wide_here, WIDE_HERE));
  keep(value_of(enum signed_wide, DEEP));
  keep(type_size(enum wide));
  keep(type_size(enum small_here));
  return sum;
}

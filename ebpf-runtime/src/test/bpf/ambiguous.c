// Targets that hold several types of one essential name: what agrees is taken, what does not is refused.
#include "core.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct twin {
  int same;
  int first_only;
  int differs;
} RELOCATED;

SEC("socket") int program(void *context) {
  struct twin *t = context;
  u64 sum = 0;
#ifdef NARROWED
  // Only one of the two has it, and from then on the other is no candidate.
  keep(byte_offset(t->first_only));
#endif
  keep(byte_offset(t->same));
#ifdef DIFFERS
  keep(byte_offset(t->differs));
#endif
#ifdef SIZES
  keep(type_size(struct twin));
#endif
#ifdef IDS
  keep(target_id(struct twin));
#endif
  return sum;
}

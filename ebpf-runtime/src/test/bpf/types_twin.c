// Two types of one essential name.
#include "core.h"

struct twin {
  int same;
  int first_only;
  long differs;
};
struct twin___other {
  int same;
  int between[5];
  int differs;
};

struct twin *t1;
struct twin___other *t2;

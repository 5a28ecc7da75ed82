// A target from another age: fields have moved into anonymous members, changed width and sign, vanished.
#include "core.h"

struct inner {
  long before;
  struct {
    union {
      unsigned short x;
    };
    long y[2];
  };
};
enum colour { BLACK = 1, GREEN = 70000, RED = -3 };
enum negative { BELOW = 5, ABOVE = 6 };
enum wide { WIDE_LOW = 0x987654321ULL, WIDE_HIGH = 2 };
enum small_here { SMALL_HERE = 0x123456789ULL };
typedef long counted;
typedef union { long a; } named_anonymous;
typedef long (*callback)(long, struct inner *);
typedef u64 (*other_callback)(int);
struct either {
  char c[3];
  long i;
};
union forward {
  int now_known;
};
struct node {
  struct node *next;
  union forward *other;
  long value;
};
struct nested {
  struct inner in;
  callback call;
};
struct outer {
  u64 wide_bits : 60;
  u64 rest : 4;
  struct {
    struct {
      long moved;
      u16 signed_bits : 12;
      u16 middle : 4;
    };
  };
  u16 grown;
  struct inner many[3];
  union {
    long padding[3];
    struct {
      struct {
        char at;
        u8 deeper;
        u16 low : 1;
      };
      u64 deep;
    };
  };
  struct inner in;
  u16 shrunk;
  short shrunk_signed;
  void *pointer;
  u8 shade;
  enum negative depth;
  counted number;
  u8 bytes[12];
  u16 matrix[3][3];
  int modified;
  double ratio;
  struct either either;
  struct inner *first;
  int tail[8];
};
struct flexible {
  struct inner items[4];
  int n;
};

struct outer *b1;
struct flexible *b2;
struct node *b3;
struct nested *b4;
enum wide b5;
enum small_here b6;
enum colour b7;
named_anonymous b8;
other_callback b9;
enum big { BIG = 0x90000000U, NOT_BIG = 2 };
enum wide_here { WIDE_HERE = -5 };
enum signed_wide { DEEP = -7 };
enum big ba;
enum wide_here bb;
enum signed_wide bc;

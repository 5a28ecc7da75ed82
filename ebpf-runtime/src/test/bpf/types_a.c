// A target much like what kinds.c and matches.c were compiled for: few fields moved.
#include "core.h"

struct inner {
  int x;
  long y[3];
};
enum colour { RED = 1, GREEN = 7, BLUE = 42 };
enum negative { BELOW = -5, ABOVE = 5 };
enum wide { WIDE_LOW = 1, WIDE_HIGH = 0x123456789abULL };
enum small_here { SMALL_HERE = 1 };
typedef int counted;
typedef struct { int a; } named_anonymous;
typedef int (*callback)(int, struct inner *);
typedef u64 (*other_callback)(void);
union either {
  int i;
  char c[8];
};
struct forward {
  int now_known;
};
struct node {
  struct node *next;
  struct forward *other;
  int value;
};
struct nested {
  struct inner in;
  struct {
    int unnamed;
  };
  callback call;
};
struct outer {
  long inserted;
  int first;
  short moved;
  char grown;
  struct inner in;
  struct inner many[4];
  union {
    int in_union;
    struct {
      u16 deep;
      u16 deeper;
    };
  };
  int lost;
  u32 shrunk;
  s32 shrunk_signed;
  struct inner *pointer;
  u32 low : 3;
  u32 middle : 9;
  s32 signed_bits : 7;
  u64 wide_bits : 40;
  enum colour shade;
  enum negative depth;
  counted number;
  u8 bytes[16];
  u16 matrix[3][5];
  volatile const int modified;
  float ratio;
  union either either;
  char tail[];
};
struct flexible {
  int n;
  struct inner items[];
};

struct outer *a1;
struct flexible *a2;
struct node *a3;
struct nested *a4;
enum wide a5;
enum small_here a6;
named_anonymous a7;
other_callback a8;
enum big { BIG = 0x80000001U, NOT_BIG = 2 };
enum wide_here { WIDE_HERE = 5 };
enum signed_wide { DEEP = -0x223456789abLL };
enum big aa;
enum wide_here ab;
enum signed_wide ac;

// The relocation that clang knows since version 15: whether a type is in the target as it is here.
#include "core.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct inner {
  int x;
  long y[3];
} RELOCATED;

struct inner___fewer {
  int x;
} RELOCATED;

struct inner___more {
  int x;
  int unheard_of;
} RELOCATED;

struct inner___narrow {
  short x;
} RELOCATED;

struct inner___unsigned {
  unsigned x;
} RELOCATED;

struct inner___length {
  long y[4];
} RELOCATED;

enum colour { RED = 100, GREEN = 200 };
enum colour___more { RED___more = 1, PURPLE___more = 2 };
enum wide { WIDE_LOW = 1, WIDE_HIGH = 0x123456789abULL };
enum small_here { SMALL_HERE = 1 };

struct forward;
struct node {
  struct node *next;
  struct forward *other;
  int value;
} RELOCATED;

struct node___union {
  union forward___union *other;
} RELOCATED;

union either {
  int i;
  char c[8];
} RELOCATED;

struct either___struct {
  int i;
} RELOCATED;

typedef int counted;
typedef long counted___long;
typedef int (*callback)(int, struct inner *);
typedef int (*callback___fewer)(int);
typedef int (*callback___other)(long, struct inner *);

struct nested {
  struct inner in;
  struct {
    int unnamed;
  };
  callback call;
} RELOCATED;

struct gone {
  int field;
} RELOCATED;

SEC("socket") int matches(void *context) {
  u64 sum = 0;
  keep(type_matches(struct inner));
  keep(type_matches(struct inner___fewer));
  keep(type_matches(struct inner___more));
  keep(type_matches(struct inner___narrow));
  keep(type_matches(struct inner___unsigned));
  keep(type_matches(struct inner___length));
  keep(type_matches(enum colour));
  keep(type_matches(enum colour___more));
  keep(type_matches(enum wide));
  keep(type_matches(enum small_here));
  keep(type_matches(struct node));
  keep(type_matches(struct node___union));
  keep(type_matches(union either));
  keep(type_matches(struct either___struct));
  keep(type_matches(counted));
  keep(type_matches(counted___long));
  keep(type_matches(callback));
  keep(type_matches(callback___fewer));
  keep(type_matches(callback___other));
  keep(type_matches(struct nested));
  keep(type_matches(struct gone));
  return sum;
}

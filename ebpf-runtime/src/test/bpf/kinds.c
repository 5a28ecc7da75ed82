// Every kind of relocation, each present and missing, against the types of types_a.c, types_b.c and of a kernel.
#include "core.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct inner {
  int x;
  long y[3];
} RELOCATED;

enum colour { RED = 1, GREEN = 7, BLUE = 42, GONE_COLOUR = 9 };
enum negative { BELOW = -5, ABOVE = 5 };
enum gone_enum { GONE_VALUE = 3 };

typedef int counted;
typedef struct { int a; } named_anonymous;
typedef int (*callback)(int, struct inner *);
typedef u64 (*other_callback)(void);

union either {
  int i;
  char c[8];
} RELOCATED;

// The fields of which other versions move, grow, vanish or slip into anonymous members.
struct outer {
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
} RELOCATED;

struct gone {
  int field;
  u32 bits : 5;
} RELOCATED;

struct outer___flavour {
  int only_in_flavour;
  int first;
} RELOCATED;

struct flexible {
  int n;
  struct inner items[];
} RELOCATED;

SEC("socket") int offsets(void *context) {
  struct outer *o = context;
  u64 sum = 0;
  keep(byte_offset(o->first));
  keep(byte_offset(o->moved));
  keep(byte_offset(o->grown));
  keep(byte_offset(o->in));
  keep(byte_offset(o->in.y[2]));
  keep(byte_offset(o->many[3].y[1]));
  keep(byte_offset(o->in_union));
  keep(byte_offset(o->deep));
  keep(byte_offset(o->deeper));
  keep(byte_offset(o->lost));
  keep(byte_offset(o->pointer));
  keep(byte_offset(o->low));
  keep(byte_offset(o->middle));
  keep(byte_offset(o->signed_bits));
  keep(byte_offset(o->wide_bits));
  keep(byte_offset(o->shade));
  keep(byte_offset(o->bytes[7]));
  keep(byte_offset(o->bytes[15]));
  keep(byte_offset(o->matrix[2][3]));
  keep(byte_offset(o->matrix[1]));
  keep(byte_offset(o->modified));
  keep(byte_offset(o->ratio));
  keep(byte_offset(o->either.c[5]));
  keep(byte_offset(o->tail[3]));
  keep(byte_offset(o[2].moved));
  return sum;
}

SEC("socket") int sizes(void *context) {
  struct outer *o = context;
  u64 sum = 0;
  keep(byte_size(o->first));
  keep(byte_size(o->moved));
  keep(byte_size(o->grown));
  keep(byte_size(o->in));
  keep(byte_size(o->many));
  keep(byte_size(o->many[1]));
  keep(byte_size(o->deep));
  keep(byte_size(o->lost));
  keep(byte_size(o->pointer));
  keep(byte_size(o->low));
  keep(byte_size(o->middle));
  keep(byte_size(o->signed_bits));
  keep(byte_size(o->wide_bits));
  keep(byte_size(o->depth));
  keep(byte_size(o->number));
  keep(byte_size(o->bytes));
  keep(byte_size(o->matrix[1]));
  keep(byte_size(o->either));
  return sum;
}

SEC("socket") int existence(void *context) {
  struct outer *o = context;
  struct gone *g = context;
  struct outer___flavour *f = context;
  struct flexible *flexible = context;
  u64 sum = 0;
  keep(field_exists(o->first));
  keep(field_exists(o->moved));
  keep(field_exists(o->grown));
  keep(field_exists(o->in.y[2]));
  keep(field_exists(o->many[3]));
  keep(field_exists(o->deep));
  keep(field_exists(o->lost));
  keep(field_exists(o->pointer));
  keep(field_exists(o->low));
  keep(field_exists(o->matrix[2][3]));
  keep(field_exists(o->bytes[15]));
  keep(field_exists(o->ratio));
  keep(field_exists(o->tail[100]));
  keep(field_exists(g->field));
  keep(field_exists(f->only_in_flavour));
  keep(field_exists(f->first));
  keep(field_exists(flexible->items[9].y[1]));
  return sum;
}

SEC("socket") int signs(void *context) {
  struct outer *o = context;
  struct gone *g = context;
  u64 sum = 0;
  keep(field_signed(o->first));
  keep(field_signed(o->moved));
  keep(field_signed(o->shrunk));
  keep(field_signed(o->low));
  keep(field_signed(o->signed_bits));
  keep(field_signed(o->wide_bits));
  keep(field_signed(o->number));
  keep(field_signed(o->lost));
  keep(field_signed(g->bits));
  return sum;
}

SEC("socket") int shifts(void *context) {
  struct outer *o = context;
  struct gone *g = context;
  u64 sum = 0;
  keep(left_shift(o->first));
  keep(right_shift(o->first));
  keep(left_shift(o->grown));
  keep(right_shift(o->grown));
  keep(left_shift(o->low));
  keep(right_shift(o->low));
  keep(left_shift(o->middle));
  keep(right_shift(o->middle));
  keep(left_shift(o->signed_bits));
  keep(right_shift(o->signed_bits));
  keep(left_shift(o->wide_bits));
  keep(right_shift(o->wide_bits));
  keep(left_shift(o->shade));
  keep(right_shift(o->shade));
  keep(left_shift(g->bits));
  keep(right_shift(g->bits));
  return sum;
}

SEC("socket") int types(void *context) {
  u64 sum = 0;
  keep(local_id(struct outer));
  keep(local_id(struct gone));
  keep(local_id(int *));
  keep(target_id(struct outer));
  keep(target_id(struct inner));
  keep(target_id(struct gone));
  keep(target_id(enum colour));
  keep(target_id(counted));
  keep(target_id(union either));
  keep(type_exists(struct outer));
  keep(type_exists(struct inner));
  keep(type_exists(struct gone));
  keep(type_exists(union either));
  keep(type_exists(enum colour));
  keep(type_exists(enum gone_enum));
  keep(type_exists(counted));
  keep(type_exists(named_anonymous));
  keep(type_exists(callback));
  keep(type_exists(other_callback));
  keep(type_size(struct outer));
  keep(type_size(struct inner));
  keep(type_size(struct gone));
  keep(type_size(union either));
  keep(type_size(enum colour));
  keep(type_size(counted));
  keep(type_size(callback));
  return sum;
}

SEC("socket") int enumerators(void *context) {
  u64 sum = 0;
  keep(value_exists(enum colour, RED));
  keep(value_exists(enum colour, GREEN));
  keep(value_exists(enum colour, GONE_COLOUR));
  keep(value_exists(enum gone_enum, GONE_VALUE));
  keep(value_exists(enum negative, BELOW));
  keep(value_of(enum colour, RED));
  keep(value_of(enum colour, GREEN));
  keep(value_of(enum colour, BLUE));
  keep(value_of(enum colour, GONE_COLOUR));
  keep(value_of(enum gone_enum, GONE_VALUE));
  keep(value_of(enum negative, BELOW));
  keep(value_of(enum negative, ABOVE));
  return sum;
}

// Plain accesses: the offset is in the load or store itself, and its width may have to change.
SEC("socket") int accesses(void *context) {
  struct outer *o = context;
  struct gone *g = context;
  volatile struct outer *v = context;
  u64 sum = 0;
  keep(v->first);
  keep(v->moved);
  keep(v->shrunk);
  keep(v->shrunk_signed);
  keep((u64)v->pointer);
  keep(v->in.x);
  keep(v->in.y[1]);
  keep(v->many[2].y[2]);
  keep(v->deeper);
  keep(v->lost);
  keep(v->either.i);
  keep(v->bytes[3]);
  v->first = 1;
  v->moved = sum;
  v->shrunk = sum;
  v->in.y[0] = 77;
  keep((u64)__builtin_preserve_access_index(&o->many[1].x));
  keep((u64)__builtin_preserve_access_index(&o->matrix[1][2]));
  keep((u64)__builtin_preserve_access_index(&g->field));
  return sum;
}

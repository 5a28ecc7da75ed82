// A type of every kind that clang writes.
#define tagged(x) __attribute__((btf_type_tag(x)))
#define declared(x) __attribute__((btf_decl_tag(x)))

enum signed_values { MINUS = -5, PLUS = 5 };
enum unsigned_values { BIG = 0xfffffff0u };
enum wide_values { WIDE = 1ull << 40, NEGATIVE = -1ll };
enum wide_unsigned { WIDEST = 0xffffffffffffffffull };

struct forward;
union forward_union;

typedef int number;
typedef const volatile number *restrict_me;

struct declared("a struct") everything {
  int plain;
  unsigned bits : 5;
  int more_bits : 7;
  long : 0;
  _Bool flag : 1;
  char text[3];
  int grid[2][4];
  struct forward *forward;
  union forward_union *forward_union;
  union {
    double real;
    float single;
    struct {
      short a, b;
    };
  };
  enum signed_values s;
  enum unsigned_values u;
  enum wide_values w;
  enum wide_unsigned v;
  int tagged("user") * pointer;
  int (*call)(const char *, ...);
  restrict_me restricted;
  __int128 huge;
  struct everything *self;
  number empty[0];
};

struct everything everything declared("a variable");
static volatile int counter;

__attribute__((noinline)) static int helper(int *restrict a, struct everything *b declared("an argument")) {
  return *a + b->plain + counter;
}

declared("a function") int entry(struct everything *e) {
  return helper(&e->plain, e) + everything.more_bits;
}

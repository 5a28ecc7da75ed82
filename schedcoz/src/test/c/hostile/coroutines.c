// Two threads, each with 16 coroutines on stacks of 8 KiB that lie in one arena from malloc, with guards between them.
// A signal frame is more than 1 KiB, about 3 KiB with AVX-512: where the coroutine has used up most of its stack, there is
// no room for one, and no edge of a mapping says so. Variant "deep": 1 KiB is left; without it, 6 KiB.
#include "hostile.h"
#include <alloca.h>
#include <ucontext.h>

enum { COROUTINES = 16, STACK = 8192, GUARD = 8192, LEFT = 1024 };

struct scheduler {
  struct arena stacks;
  ucontext_t own;
  ucontext_t coroutine[COROUTINES];
  int running;
  long rounds[COROUTINES];
};

static __thread struct scheduler *mine;

// Works at the bottom of what is left of the stack.
__attribute__((noinline)) static void work_on_stack(void) {
  size_t above = (unsigned char *)__builtin_frame_address(0) - room_at(&mine->stacks, mine->running);
  size_t size = above - LEFT;
  volatile char *used = alloca(size);
  used[0] = 1;
  used[size - 1] = 2;
  do_cold();
  if (used[0] != 1 || used[size - 1] != 2) {
    report_wrong("a coroutine's own bytes", used[0], 1);
  }
}

static void body(void) {
  for (;;) {
    struct scheduler *s = mine;
    if (is_variant("deep") || is_variant("spoil")) {
      work_on_stack();
    } else {
      do_cold();
    }
    s->rounds[s->running]++;
    swapcontext(&s->coroutine[s->running], &s->own);
  }
}

static struct scheduler *scheduler(void) {
  struct scheduler *s = calloc(1, sizeof *s);
  must(s != NULL, "calloc");
  s->stacks = arena_of(COROUTINES, STACK, GUARD);
  for (int i = 0; i < COROUTINES; i++) {
    getcontext(&s->coroutine[i]);
    s->coroutine[i].uc_stack.ss_sp = room_at(&s->stacks, i);
    s->coroutine[i].uc_stack.ss_size = STACK;
    makecontext(&s->coroutine[i], body, 0);
  }
  return s;
}

static void round_of(struct scheduler *s) {
  for (s->running = 0; s->running < COROUTINES; s->running++) {
    swapcontext(&s->own, &s->coroutine[s->running]);
  }
  check_arena(&s->stacks, "a guard between coroutine stacks");
}

static void *other(void *nothing) {
  mine = scheduler();
  for (;;) {
    round_of(mine);
  }
  return nothing;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  thread(hot_for_ever, NULL);
  thread(other, NULL);
  mine = scheduler();
  while (!is_over()) {
    round_of(mine);
    step();
  }
  for (int i = 1; i < COROUTINES; i++) {
    if (mine->rounds[i] != mine->rounds[0]) {
      report_wrong("rounds of a coroutine", mine->rounds[i], mine->rounds[0]);
    }
  }
  hostile_end();
}

// 16 threads on stacks that the program brings along, as small as the C library allows, in one arena from malloc with
// guards between them; they are born and joined again and again.
#include "hostile.h"
#include <limits.h>

enum { THREADS = 16, GUARD = 8192 };

static void *brief(void *argument) {
  for (int i = 0; i < 4; i++) {
    do_cold();
  }
  return (char *)argument + 42;
}

int main(int argc, char **argv) {
  hostile_begin(argc, argv);
  thread(hot_for_ever, NULL);
  size_t least = ((size_t)PTHREAD_STACK_MIN + 4095) / 4096 * 4096;
  struct arena stacks = arena_of(THREADS, least, GUARD);
  while (!is_over()) {
    pthread_t t[THREADS];
    for (int i = 0; i < THREADS; i++) {
      pthread_attr_t attributes;
      pthread_attr_init(&attributes);
      errno = pthread_attr_setstack(&attributes, room_at(&stacks, i), least);
      must(errno == 0, "pthread_attr_setstack");
      errno = pthread_create(&t[i], &attributes, brief, room_at(&stacks, i));
      must(errno == 0, "pthread_create");
      pthread_attr_destroy(&attributes);
    }
    for (int i = 0; i < THREADS; i++) {
      void *result = NULL;
      pthread_join(t[i], &result);
      if (result != (void *)(room_at(&stacks, i) + 42)) {
        report_wrong("result of a thread on a small stack", i, i);
      }
    }
    check_arena(&stacks, "a guard between thread stacks");
    step();
  }
  hostile_end();
}

/* Loads the library that its argument names when it is told to. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv) {
  printf("ready\n");
  fflush(stdout);
  if (getchar() == EOF || argc < 2) {
    return 1;
  }
  void *library = dlopen(argv[1], RTLD_NOW);
  printf(library ? "loaded\n" : "failed\n");
  fflush(stdout);
  while (getchar() != EOF) {
  }
  return 0;
}

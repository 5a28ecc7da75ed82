// What libbpf says about section names: for each argument a line "TYPE ATTACH_TYPE", or "unknown".
#include <bpf/libbpf.h>
#include <stdio.h>

static int silent(enum libbpf_print_level level, const char *format, va_list args) {
  return 0;
}

int main(int argc, char **argv) {
  libbpf_set_print(silent);
  for (int i = 1; i < argc; i++) {
    enum bpf_prog_type type;
    enum bpf_attach_type attach;
    if (libbpf_prog_type_by_name(argv[i], &type, &attach))
      puts("unknown");
    else
      printf("%d %d\n", type, attach);
  }
  return 0;
}

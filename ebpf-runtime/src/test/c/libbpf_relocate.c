// What libbpf makes of an object: opens OBJECT, loads it with the types of BTF instead of the running kernel's
// ("-" for the kernel's own) and prints the instructions of each program as they are after relocation.
//
//   program NAME HEX    for each program, whether the verifier took it or not
//   relocated | refused whether relocation of the object came to its end
//   said TEXT           each warning
//
// Relocation is over before the first program goes to the kernel, so a refusal by the verifier changes nothing here.
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int refused;

static int print(enum libbpf_print_level level, const char *format, va_list args) {
  if (level != LIBBPF_WARN)
    return 0;
  char text[4096];
  int n = vsnprintf(text, sizeof text, format, args);
  if (strstr(text, "failed to perform CO-RE relocations") || strstr(text, "failed to relocate"))
    refused = 1;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
    printf("said %s\n", line);
  return n;
}

int main(int argc, char **argv) {
  if (argc != 3)
    return 2;
  libbpf_set_print(print);
  LIBBPF_OPTS(bpf_object_open_opts, options);
  if (strcmp(argv[2], "-"))
    options.btf_custom_path = argv[2];
  struct bpf_object *object = bpf_object__open_file(argv[1], &options);
  if (!object)
    return 1;
  int error = bpf_object__load(object);
  printf("loaded %d\n", error);
  struct bpf_program *program;
  bpf_object__for_each_program(program, object) {
    printf("program %s ", bpf_program__name(program));
    const unsigned char *code = (const unsigned char *)bpf_program__insns(program);
    for (size_t i = 0; i < bpf_program__insn_cnt(program) * 8; i++)
      printf("%02x", code[i]);
    printf("\n");
  }
  printf("%s\n", refused ? "refused" : "relocated");
  bpf_object__close(object);
  return 0;
}

// What the kernel made of the programs that libbpf loaded from OBJECT:
//
//   program NAME TYPE TAG VERIFIED XLATED    what bpf_prog_info says: numbers, and bytes in hex
//   run NAME RETURNED OUT                    where the type can be run by BPF_PROG_TEST_RUN, with 64 bytes of
//                                            data or 16 of context, byte i being i; OUT is what it left
//   refused NAME                             the kernel does not take it
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hex(const unsigned char *bytes, size_t n) {
  for (size_t i = 0; i < n; i++)
    printf("%02x", bytes[i]);
  printf("\n");
}

static void run(const char *name, int fd, enum bpf_prog_type type) {
  unsigned char data[64], out[64] = {0}, context[16];
  for (int i = 0; i < 64; i++)
    data[i] = i;
  memcpy(context, data, sizeof context);
  LIBBPF_OPTS(bpf_test_run_opts, options);
  switch (type) {
  case BPF_PROG_TYPE_SOCKET_FILTER:
  case BPF_PROG_TYPE_SCHED_CLS:
  case BPF_PROG_TYPE_XDP:
  case BPF_PROG_TYPE_CGROUP_SKB:
    options.data_in = data;
    options.data_size_in = sizeof data;
    options.data_out = out;
    options.data_size_out = sizeof out;
    break;
  case BPF_PROG_TYPE_SYSCALL:
  case BPF_PROG_TYPE_RAW_TRACEPOINT:
    options.ctx_in = context;
    options.ctx_size_in = sizeof context;
    break;
  default:
    return;
  }
  if (bpf_prog_test_run_opts(fd, &options))
    return;
  printf("run %s %u ", name, options.retval);
  if (options.data_in)
    hex(out, options.data_size_out);
  else
    hex(context, sizeof context);
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  libbpf_set_print(NULL);
  // One object per program, so that what the kernel refuses costs no other.
  for (int wanted = 0;; wanted++) {
    struct bpf_object *object = bpf_object__open_file(argv[1], NULL);
    if (!object)
      return 1;
    struct bpf_program *program, *one = NULL;
    int at = 0;
    bpf_object__for_each_program(program, object) {
      bpf_program__set_autoload(program, at == wanted);
      if (at++ == wanted)
        one = program;
    }
    if (!one)
      return 0;
    const char *name = bpf_program__name(one);
    if (bpf_object__load(object)) {
      printf("refused %s\n", name);
    } else {
      static unsigned char code[1 << 16];
      struct bpf_prog_info info = {.xlated_prog_insns = (unsigned long)code, .xlated_prog_len = sizeof code};
      unsigned size = sizeof info;
      if (bpf_obj_get_info_by_fd(bpf_program__fd(one), &info, &size))
        return 1;
      printf("program %s %u ", name, info.type);
      for (int i = 0; i < 8; i++)
        printf("%02x", info.tag[i]);
      printf(" %u ", info.verified_insns);
      hex(code, info.xlated_prog_len);
      run(name, bpf_program__fd(one), info.type);
    }
    bpf_object__close(object);
  }
}

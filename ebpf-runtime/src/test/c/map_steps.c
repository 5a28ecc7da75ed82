// Runs the machine code of map operations in processes of its own, and ends or stops them after a given number of
// instructions. Commands come on stdin, one a line; each is answered by one line.
//
//   map_steps MAP CODE PROGRESS UPDATE DELETE LOOKUP OUTPUT KEYS
//     MAP, CODE, PROGRESS are files to be mapped; the next four are offsets in CODE; KEYS own keys of each process
//
//   kill OPERATION KEY CONTENT N    one operation in slot 1, killed after N instructions: "killed" or "ended ERRNO"
//   stop OPERATION KEY CONTENT N COUNT
//                                   the same, but it stands still after N instructions while slots 2, 3 and 4 do COUNT
//                                   operations each, and then goes on: "ended ERRNO"
//   churn MICROS SEED               slot 1 does operations until it is killed after so long: "killed"
//
//   OPERATION: u update, d delete, l lookup that must find CONTENT, o output into a ring
//
// PROGRESS holds 64-bit words: [slot * 1024 + 0] operation under way (key + 1), [1] its content (0: delete), [2] records
// written, [3] records refused, [16 + key] content that is there (0: none), [512 + key] number of the key; the numbers
// of the keys that all share are slot 0's.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FACTOR 0x9e3779b97f4a7c15ULL
#define SHARED_KEYS 24
#define NUMBERS 512

static char *map, *code;
static volatile uint64_t *progress;
static long update_at, delete_at, lookup_at, output_at, own_keys;
static uint32_t invocation[64];

static void *mapped(const char *path, int protection) {
  int fd = open(path, protection & PROT_WRITE ? O_RDWR : O_RDONLY);
  struct stat s;
  if (fd < 0 || fstat(fd, &s)) exit(3);
  void *at = mmap(0, s.st_size, protection, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) exit(4);
  close(fd);
  return at;
}

static long call(long routine, const void *a, const void *b, const void *c, long d, int trap) {
  register void *block asm("r12") = invocation;
  long result;
  char *f = code + routine;
  asm volatile(
      "test %[trap], %[trap]\n jz 1f\n int3\n 1: call *%[f]"
      : "=a"(result), "+D"(a), "+S"(b), "+d"(c), "+c"(d)
      : [f] "b"(f), [trap] "0"((long)trap), "r"(block)
      : "r8", "r9", "r10", "r11", "memory", "cc");
  return result;
}

struct key { uint32_t part[3]; };
struct value { uint64_t content, product, sum; };

static long operate(char operation, uint32_t number, uint64_t content, int flags, int trap) {
  struct key key = {{number, number, number}};
  struct value value = {content, content * FACTOR, content ^ number};
  if (operation == 'o') return call(output_at, map, &value, (void *)sizeof value, 0, trap);
  if (operation == 'l') {
    struct value *found = (struct value *)call(lookup_at, map, &key, 0, 0, trap);
    return found && found->content == content ? 0 : -77;
  }
  if (operation == 'd') return call(delete_at, map, &key, 0, 0, trap);
  return call(update_at, map, &key, &value, flags, trap);
}

static uint64_t seed;
static uint64_t chance(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

// Random operations; what its own keys hold must always be what it knows.
static int churn(int slot, long count, int ring) {
  volatile uint64_t *mine = progress + slot * 1024;
  invocation[2] = slot;
  for (long i = 0; i < count; i++) {
    if (ring) {
      struct value value = {slot, mine[2], mine[2] * FACTOR};
      long length = 16 + chance() % 9;
      if (call(output_at, map, &value, (void *)length, 0, 0) == 0) {
        mine[2]++;
      } else {
        mine[3]++;
        if (mine[3] % 64 == 0) usleep(50);  // somebody reads, unless a stopped one is waited for
      }
      continue;
    }
    uint64_t r = chance();
    if (r % 4 == 0) {
      uint32_t number = progress[NUMBERS + r / 4 % SHARED_KEYS];
      long result = operate(r & 64 ? 'd' : 'u', number, chance(), 0, 0);
      if (result != 0 && !(r & 64 && result == -2)) return 10;
      continue;
    }
    uint32_t own = r / 4 % own_keys;
    uint32_t number = mine[NUMBERS + own];
    uint64_t there = mine[16 + own];
    struct key key = {{number, number, number}};
    struct value *found = (struct value *)call(lookup_at, map, &key, 0, 0, 0);
    if (!found != !there) return 11;
    if (found && (found->content != there || found->product != there * FACTOR)) return 12;
    uint64_t content = r & 256 ? chance() | 1 : 0;
    mine[1] = content;
    mine[0] = own + 1;
    long result = operate(content ? 'u' : 'd', number, content, content && r & 512 ? there ? 2 : 1 : 0, 0);
    if (result != (content || there ? 0 : -2)) return 13;
    mine[16 + own] = content;
    mine[0] = 0;
  }
  return 0;
}

static pid_t child(int slot, long count, int ring) {
  uint64_t s = chance();
  pid_t pid = fork();
  if (pid == 0) {
    seed = s | 1;
    _exit(churn(slot, count, ring));
  }
  return pid;
}

// A child that is at the instruction after its int3 plus n; 0 when its operation has ended before.
static pid_t stepped(char operation, uint32_t number, uint64_t content, long n, int *status) {
  pid_t pid = fork();
  if (pid == 0) {
    invocation[2] = 1;
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    long result = operate(operation, number, content, 0, 1);
    asm volatile("int3");
    _exit(-result & 0xff);
  }
  waitpid(pid, status, 0);
  for (long i = 0; i < n; i++) {
    ptrace(PTRACE_SINGLESTEP, pid, 0, 0);
    waitpid(pid, status, 0);
    if (WIFEXITED(*status) || WIFSIGNALED(*status)) return 0;
  }
  return pid;
}

int main(int argc, char **argv) {
  if (argc < 9) return 2;
  map = mapped(argv[1], PROT_READ | PROT_WRITE);
  code = mapped(argv[2], PROT_READ | PROT_EXEC);
  progress = mapped(argv[3], PROT_READ | PROT_WRITE);
  update_at = atol(argv[4]);
  delete_at = atol(argv[5]);
  lookup_at = atol(argv[6]);
  output_at = atol(argv[7]);
  own_keys = atol(argv[8]);
  seed = 88172645463325252ULL;
  char line[256];
  while (fgets(line, sizeof line, stdin)) {
    char verb[16], operation;
    unsigned long a, b, n, count;
    int status = 0;
    if (sscanf(line, "churn %lu %lu", &a, &b) == 2) {
      seed = seed * FACTOR + b * 2 + 1;
      pid_t pid = child(1, 1L << 62, 0);
      usleep(a);
      kill(pid, SIGKILL);
      waitpid(pid, &status, 0);
      printf(WIFSIGNALED(status) ? "killed\n" : "ended %d\n", WEXITSTATUS(status));
    } else if (sscanf(line, "%15s %c %lu %lu %lu %lu", verb, &operation, &a, &b, &n, &count) >= 5) {
      pid_t pid = stepped(operation, a, b, n, &status);
      if (pid && verb[0] == 's') {
        pid_t others[3];
        for (int i = 0; i < 3; i++) others[i] = child(2 + i, count, operation == 'o');
        int failed = 0;
        for (int i = 0; i < 3; i++) {
          int theirs;
          waitpid(others[i], &theirs, 0);
          if (!WIFEXITED(theirs) || WEXITSTATUS(theirs)) failed = theirs ? theirs : -1;
        }
        if (failed) {
          printf("another failed: 0x%x\n", failed);
          fflush(stdout);
          return 5;
        }
      }
      if (pid && verb[0] == 's') {
        if (operation == 'o') usleep(1000);  // until all is read
        ptrace(PTRACE_CONT, pid, 0, 0);
        waitpid(pid, &status, 0);  // its second int3, or its end
        if (WIFSTOPPED(status)) {
          ptrace(PTRACE_CONT, pid, 0, 0);
          waitpid(pid, &status, 0);
        }
        printf("ended %d\n", WEXITSTATUS(status));
      } else if (pid) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        printf("killed\n");
      } else {
        printf("ended %d\n", WEXITSTATUS(status));
      }
    } else {
      printf("what?\n");
    }
    fflush(stdout);
  }
  return 0;
}

package dev.whatif.core.capability;

import org.jspecify.annotations.Nullable;

/** Why the kernel lets this user not look into a process (ptrace(2), "access mode checking"). */
record Refusal(KernelFiles files, Privileges privileges, ProcessStatus status) {

  /** Whose process it is: a name, or a number when the user has none here. */
  String owner() {
    long user = status.realUser();
    return files
        .text("/etc/passwd")
        .flatMap(t ->
            t.lines()
                .map(l -> l.split(":", -1))
                .filter(f -> f.length > 2 && f[2].equals(Long.toString(user)))
                .map(f -> f[0])
                .findFirst())
        .orElse(Long.toString(user));
  }

  String reason() {
    if (status.realUser() != privileges.userId()) {
      return "it belongs to user " + owner() + ", not to you";
    }
    if (privileges.userId() == 0) {
      return "it is protected even from root (user namespace, or a security module)";
    }
    return "it has more privileges than you, or made itself undumpable (prctl PR_SET_DUMPABLE)";
  }

  @Nullable String remedy() {
    return privileges.userId() == 0 ? null : "run as root";
  }
}

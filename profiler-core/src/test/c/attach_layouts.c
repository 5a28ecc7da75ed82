// What the C compiler thinks of the structs and numbers that entering a process needs.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define SIZE(type) printf("sizeof(" #type ") %zu\n", sizeof(type))
#define FIELD(type, field) printf(#type "." #field " %zu\n", offsetof(struct type, field))
#define VALUE(name) printf(#name " %ld\n", (long)(name))

int main(void) {
  SIZE(struct msghdr);
  SIZE(struct iovec);
  SIZE(struct cmsghdr);
  FIELD(msghdr, msg_name);
  FIELD(msghdr, msg_namelen);
  FIELD(msghdr, msg_iov);
  FIELD(msghdr, msg_iovlen);
  FIELD(msghdr, msg_control);
  FIELD(msghdr, msg_controllen);
  FIELD(msghdr, msg_flags);
  FIELD(iovec, iov_base);
  FIELD(iovec, iov_len);
  FIELD(cmsghdr, cmsg_len);
  FIELD(cmsghdr, cmsg_level);
  FIELD(cmsghdr, cmsg_type);
  VALUE(CMSG_SPACE(sizeof(int)));
  VALUE(CMSG_LEN(sizeof(int)));
  VALUE(AF_UNIX);
  VALUE(SOCK_STREAM);
  VALUE(SOCK_SEQPACKET);
  VALUE(SOCK_CLOEXEC);
  VALUE(SOL_SOCKET);
  VALUE(SCM_RIGHTS);
  VALUE(MSG_DONTWAIT);
  VALUE(MSG_CMSG_CLOEXEC);
  VALUE(MSG_NOSIGNAL);
  VALUE(O_RDWR);
  VALUE(O_CLOEXEC);
  VALUE(F_ADD_SEALS);
  VALUE(F_GET_SEALS);
  VALUE(F_SEAL_SEAL);
  VALUE(F_SEAL_SHRINK);
  VALUE(F_SEAL_GROW);
  VALUE(LOCK_EX);
  VALUE(LOCK_NB);
  VALUE(MFD_CLOEXEC);
  VALUE(MFD_ALLOW_SEALING);
  VALUE(SYS_pidfd_getfd);
  return 0;
}

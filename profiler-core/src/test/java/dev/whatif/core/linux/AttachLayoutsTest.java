package dev.whatif.core.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.whatif.testing.Programs;
import dev.whatif.testing.Requirement;
import dev.whatif.testing.Requires;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@Requires(Requirement.GCC)
class AttachLayoutsTest {

  private static final Map<String, Long> C =
      Programs.run(Programs.compiled("attach_layouts.c").toString())
          .lines()
          .collect(
              Collectors.toMap(
                  l -> l.substring(0, l.lastIndexOf(' ')),
                  l -> Long.valueOf(l.substring(l.lastIndexOf(' ') + 1))));

  private static void same(String name, long value) {
    assertThat(C).as(name).containsEntry(name, value);
  }

  @Test
  void aMessageIsLaidOutAsTheCompilerDoes() {
    same("sizeof(struct msghdr)", Socket.MSGHDR_BYTES);
    same("sizeof(struct iovec)", Socket.IOVEC_BYTES);
    same("sizeof(struct cmsghdr)", Socket.CMSGHDR_BYTES);
    same("msghdr.msg_name", Socket.MSG_NAME);
    same("msghdr.msg_namelen", Socket.MSG_NAMELEN);
    same("msghdr.msg_iov", Socket.MSG_IOV);
    same("msghdr.msg_iovlen", Socket.MSG_IOVLEN);
    same("msghdr.msg_control", Socket.MSG_CONTROL);
    same("msghdr.msg_controllen", Socket.MSG_CONTROLLEN);
    same("msghdr.msg_flags", Socket.MSG_FLAGS);
    same("iovec.iov_base", Socket.IOV_BASE);
    same("iovec.iov_len", Socket.IOV_LEN);
    same("cmsghdr.cmsg_len", Socket.CMSG_LEN);
    same("cmsghdr.cmsg_level", Socket.CMSG_LEVEL);
    same("cmsghdr.cmsg_type", Socket.CMSG_TYPE);
    same("CMSG_SPACE(sizeof(int))", Socket.ONE_FD_BYTES);
    same("CMSG_LEN(sizeof(int))", Socket.CMSGHDR_BYTES + Integer.BYTES);
  }

  @Test
  void numbersAreThoseOfTheHeaders() {
    same("AF_UNIX", Socket.AF_UNIX);
    same("SOCK_STREAM", Socket.SOCK_STREAM);
    same("SOCK_SEQPACKET", Socket.SOCK_SEQPACKET);
    same("SOCK_CLOEXEC", Socket.SOCK_CLOEXEC);
    same("SOL_SOCKET", Socket.SOL_SOCKET);
    same("SCM_RIGHTS", Socket.SCM_RIGHTS);
    same("MSG_DONTWAIT", Socket.MSG_DONTWAIT);
    same("MSG_CMSG_CLOEXEC", Socket.MSG_CMSG_CLOEXEC);
    same("MSG_NOSIGNAL", Socket.MSG_NOSIGNAL);
    same("O_RDWR", Fcntl.O_RDWR);
    same("O_CLOEXEC", Fcntl.O_CLOEXEC);
    same("F_ADD_SEALS", Fcntl.F_ADD_SEALS);
    same("F_GET_SEALS", Fcntl.F_GET_SEALS);
    same("F_SEAL_SEAL", Fcntl.F_SEAL_SEAL);
    same("F_SEAL_SHRINK", Fcntl.F_SEAL_SHRINK);
    same("F_SEAL_GROW", Fcntl.F_SEAL_GROW);
    same("LOCK_EX", Flock.LOCK_EX);
    same("LOCK_NB", Flock.LOCK_NB);
    same("MFD_CLOEXEC", Memfd.MFD_CLOEXEC);
    same("MFD_ALLOW_SEALING", Memfd.MFD_ALLOW_SEALING);
    same("SYS_pidfd_getfd", Pidfd.NR_PIDFD_GETFD);
  }
}

// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
// Answers pings before the network stack sees them: an ICMP echo request leaves as its reply through the interface by
// which it came. Everything else goes its way. Nothing has to be attached to see it work:
//
//   whatif bpf run echo.bpf.o --mem \
//     02000000000202000000000108004500001c00010000400166de0a0000010a0000020800f7fd00010001
//
// It returns 3 (XDP_TX: send it back), and the answer is in the packet; for anything else 2 (XDP_PASS).
#include "bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

enum { XDP_PASS = 2, XDP_TX = 3 };

// Of the kernel's interface (include/uapi/linux/bpf.h): the same everywhere, never moved by the loader.
struct xdp_md {
  __u32 data;
  __u32 data_end;
};

// Packets are as the network has them: the most significant byte first, members without gaps.
struct ping {
  __u8 to[6];
  __u8 from[6];
  __u8 protocol[2]; // 0x0800 is IPv4
  __u8 version_and_length; // 0x45: version 4, 5 words
  __u8 service;
  __u8 bytes[2];
  __u8 fragment[4];
  __u8 hops;
  __u8 carries; // 1 is ICMP
  __u8 header_sum[2];
  __u8 source[4];
  __u8 destination[4];
  __u8 type; // 8 asks, 0 answers
  __u8 code;
  __u8 sum[2];
};

static void swap(__u8 *a, __u8 *b, int bytes) {
#pragma unroll
  for (int i = 0; i < bytes; i++) {
    __u8 kept = a[i];
    a[i] = b[i];
    b[i] = kept;
  }
}

SEC("xdp")
int answer_ping(struct xdp_md *context) {
  struct ping *ping = (void *)(long)context->data;
  void *end = (void *)(long)context->data_end;
  // The verifier wants to see that the packet is long enough for what is read of it.
  if ((void *)(ping + 1) > end)
    return XDP_PASS;
  if (ping->protocol[0] != 0x08 || ping->protocol[1] != 0x00 || ping->version_and_length != 0x45)
    return XDP_PASS;
  if (ping->carries != 1 || ping->type != 8 || ping->code != 0)
    return XDP_PASS;

  swap(ping->to, ping->from, 6);
  swap(ping->source, ping->destination, 4); // the sum of the header stays what it was
  ping->type = 0;
  // RFC 1624: the sum of the message misses 0x0800 now; a carry goes to its end.
  __u32 sum = ping->sum[0] << 8 | ping->sum[1];
  sum += 0x0800;
  sum = (sum & 0xffff) + (sum >> 16);
  ping->sum[0] = sum >> 8;
  ping->sum[1] = sum;
  return XDP_TX;
}

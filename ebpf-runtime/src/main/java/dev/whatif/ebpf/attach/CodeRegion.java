package dev.whatif.ebpf.attach;

import dev.whatif.core.linux.Mman;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;

/**
 * One piece of memory that a target shares with us: code that it may run but not write, data that
 * both may write (see the picture at {@link RegionLayout}).
 *
 * <p>Reserved and sealed: neither side can make it smaller, so that no access here can fail with
 * SIGBUS. What is read from the data was written by the target: anything may stand there. Valid
 * until the {@link Injector} is closed. Thread-safe.
 */
public final class CodeRegion {

  private final long codeAddress;
  private final long codeBytes;
  private final long dataBytes;
  private final MemorySegment local;
  private final byte[] nonce = new byte[RegionLayout.NONCE_BYTES];
  private final RangeAllocator codeRanges;
  private final RangeAllocator dataRanges;

  CodeRegion(long codeAddress, long codeBytes, long dataBytes, MemorySegment local) {
    this.codeAddress = codeAddress;
    this.codeBytes = codeBytes;
    this.dataBytes = dataBytes;
    this.local = local;
    this.codeRanges = new RangeAllocator("code", 0, codeBytes);
    this.dataRanges = new RangeAllocator("data", RegionLayout.FREE_OFFSET, dataBytes);
    new SecureRandom().nextBytes(nonce);
    MemorySegment data = data();
    data.set(ValueLayout.JAVA_LONG, RegionLayout.MAGIC_OFFSET, RegionLayout.MAGIC);
    data.asSlice(RegionLayout.NONCE_OFFSET, nonce.length).copyFrom(MemorySegment.ofArray(nonce));
    data.set(ValueLayout.JAVA_LONG, RegionLayout.SOCKETS_OFFSET, -1);
  }

  /** Where the code lies in the target. */
  public long codeAddress() {
    return codeAddress;
  }

  /** Size of the code, bytes. */
  public long codeBytes() {
    return codeBytes;
  }

  /** Where the data lie in the target: right behind the code. */
  public long dataAddress() {
    return codeAddress + codeBytes;
  }

  /** Size of the data, bytes. */
  public long dataBytes() {
    return dataBytes;
  }

  /** The code as it is seen here; the target runs what is written. */
  public MemorySegment code() {
    return local.asSlice(0, codeBytes);
  }

  /** The data as they are seen here. */
  public MemorySegment data() {
    return local.asSlice(codeBytes, dataBytes);
  }

  /** Reserves code; returns its offset in {@link #code}. */
  public long allocateCode(long bytes) {
    return codeRanges.allocate(bytes);
  }

  /** Gives code back; no thread may be in it. */
  public void releaseCode(long offset, long bytes) {
    codeRanges.release(offset, bytes);
  }

  /** Reserves data, aligned to 64 bytes and zero; returns their offset in {@link #data}. */
  public long allocateData(long bytes) {
    long at = dataRanges.allocate(bytes);
    data().asSlice(at, bytes).fill((byte) 0);
    return at;
  }

  /** Gives data back. */
  public void releaseData(long offset, long bytes) {
    dataRanges.release(offset, bytes);
  }

  /** Whether code that lies in this region reaches an address by a 32-bit distance. */
  public boolean reaches(long address) {
    return Math.abs(address - codeAddress) < Integer.MAX_VALUE
        && Math.abs(address - (dataAddress() + dataBytes)) < Integer.MAX_VALUE;
  }

  byte[] nonce() {
    return nonce.clone();
  }

  long argumentsAddress() {
    return dataAddress() + RegionLayout.ARGUMENTS_OFFSET;
  }

  /** Where arguments of remote calls are put. */
  MemorySegment arguments() {
    return data().asSlice(RegionLayout.ARGUMENTS_OFFSET, RegionLayout.ARGUMENTS_BYTES);
  }

  /** Ends the mapping here; any later access here is a defect. */
  void unmapHere() {
    Mman.munmap(local);
  }
}

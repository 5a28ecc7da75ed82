package dev.whatif.ebpf.attach;

import dev.whatif.core.process.Stopped;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A piece of the target's memory for what calls point to: ours, mapped here, or that of a killed
 * controller, which can only be reached through the target.
 */
interface Arguments {

  /** The target's address of a byte. */
  long address(int offset);

  void write(int offset, byte[] bytes);

  byte[] read(int offset, int count);

  static Arguments of(CodeRegion region) {
    MemorySegment here = region.arguments();
    return new Arguments() {
      @Override
      public long address(int offset) {
        return region.argumentsAddress() + offset;
      }

      @Override
      public void write(int offset, byte[] bytes) {
        here.asSlice(offset, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
      }

      @Override
      public byte[] read(int offset, int count) {
        return here.asSlice(offset, count).toArray(ValueLayout.JAVA_BYTE);
      }
    };
  }

  static Arguments of(Stopped stopped, long dataAddress) {
    return at(stopped, dataAddress + RegionLayout.ARGUMENTS_OFFSET);
  }

  /** Where the data belong to the parent, too, for which somebody may be working this moment. */
  static Arguments inherited(Stopped stopped, long dataAddress) {
    return at(stopped, dataAddress + RegionLayout.INHERITED_ARGUMENTS_OFFSET);
  }

  private static Arguments at(Stopped stopped, long base) {
    return new Arguments() {
      @Override
      public long address(int offset) {
        return base + offset;
      }

      @Override
      public void write(int offset, byte[] bytes) {
        stopped.write(base + offset, bytes);
      }

      @Override
      public byte[] read(int offset, int count) {
        byte[] bytes = new byte[count];
        stopped.read(base + offset, bytes);
        return bytes;
      }
    };
  }
}

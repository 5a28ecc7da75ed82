package dev.whatif.core.report;

import one.convert.Frame;
import one.jfr.JfrReader;
import one.jfr.MethodRef;

/** Tells native frames from Java's where jfr-converter cannot. */
final class NativeFrames {

  private static final String NATIVE_DESCRIPTOR = "()";

  private NativeFrames() {}

  /** The frame type that makes jfr-converter name the method without its class if it is native. */
  static byte typeForNaming(JfrReader recording, long methodId, byte type) {
    if (type != Frame.TYPE_INLINED) {
      return type;
    }
    MethodRef method = recording.methods.get(methodId);
    byte[] descriptor = method == null ? null : recording.symbols.get(method.sig);
    boolean isNative =
        descriptor != null
            && descriptor.length == NATIVE_DESCRIPTOR.length()
            && descriptor[0] == NATIVE_DESCRIPTOR.charAt(0)
            && descriptor[1] == NATIVE_DESCRIPTOR.charAt(1);
    return isNative ? Frame.TYPE_CPP : type;
  }
}

package dev.whatif.core.report;

import one.convert.Arguments;
import one.convert.JfrToFlame;
import one.jfr.JfrReader;

/**
 * jfr-converter takes inlined frames for Java and puts the class before the name
 * ("redis-server.lookupKey"); in a native profile the class is an object file and the names of all
 * other frames come without it. A native method is told by its descriptor: Java's always name a
 * return type, ours are "()".
 */
final class NativeNamesToFlame extends JfrToFlame {

  NativeNamesToFlame(JfrReader reader, Arguments arguments) {
    super(reader, arguments);
  }

  @Override
  public String getMethodName(long methodId, byte type) {
    return super.getMethodName(methodId, NativeFrames.typeForNaming(jfr, methodId, type));
  }
}

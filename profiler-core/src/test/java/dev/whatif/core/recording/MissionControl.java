package dev.whatif.core.recording;

/** The loader of JDK Mission Control, as the tests use it. */
final class MissionControl {

  // Kept, because the logging of the JDK forgets loggers that nobody holds.
  private static final Object LOGGER = logger();

  private MissionControl() {}

  /**
   * Silences its warnings: about the fields of Thread and Class that it does not know, of each
   * chunk, and about torn chunks. By reflection, because this module does not read java.logging.
   */
  static void hush() {
    try {
      Class<?> level = Class.forName("java.util.logging.Level");
      Object off = level.getField("OFF").get(null);
      LOGGER.getClass().getMethod("setLevel", level).invoke(LOGGER, off);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static Object logger() {
    try {
      Class<?> logger = Class.forName("java.util.logging.Logger");
      return logger.getMethod("getLogger", String.class).invoke(null, "org.openjdk.jmc");
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}

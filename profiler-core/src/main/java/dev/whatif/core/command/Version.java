package dev.whatif.core.command;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/** The version of whatif, from its module descriptor. */
final class Version implements IVersionProvider {

  static String text() {
    ModuleDescriptor descriptor = Version.class.getModule().getDescriptor();
    return descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "whatif " + text(),
      "Java " + System.getProperty("java.vm.version") + ", " + System.getProperty("os.arch")
    };
  }
}

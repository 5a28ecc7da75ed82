package dev.whatif.testing;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Holds a test back, or fails it in CI, when something it {@link Requires} is missing. */
final class RequiresExtension implements BeforeAllCallback, BeforeEachCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    check(AnnotationSupport.findAnnotation(context.getTestClass(), Requires.class));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    check(AnnotationSupport.findAnnotation(context.getTestMethod(), Requires.class));
  }

  private static void check(Optional<Requires> requires) {
    if (requires.isEmpty()) {
      return;
    }
    for (Requirement r : requires.get().value()) {
      if (!r.isMet()) {
        if ("true".equals(System.getenv("CI"))) {
          throw new AssertionError("CI must not skip this test: " + r.sentence());
        }
        throw new TestAbortedException(r.sentence());
      }
    }
  }
}

package dev.whatif.testing;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/**
 * {@link Requires} on a class of properties, to be added there by {@code @AddLifecycleHook}: jqwik
 * does not know JUnit's extensions. What is missing has the properties skipped with the reason; in
 * CI they run, and fail.
 */
public final class RequiresHook implements SkipExecutionHook {

  /** For jqwik. */
  public RequiresHook() {}

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    Optional<Requires> requires = context.findAnnotation(Requires.class);
    if (requires.isEmpty() || "true".equals(System.getenv("CI"))) {
      return SkipResult.doNotSkip();
    }
    return Arrays.stream(requires.get().value())
        .filter(r -> !r.isMet())
        .findFirst()
        .map(r -> SkipResult.skip(r.sentence()))
        .orElse(SkipResult.doNotSkip());
  }
}

package dev.whatif.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a test or test class needs. On a machine that lacks it the test is aborted with the reason;
 * with {@code CI=true} it fails, so that nothing goes unproven in silence.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@ExtendWith(RequiresExtension.class)
public @interface Requires {
  /** All of these. */
  Requirement[] value();
}

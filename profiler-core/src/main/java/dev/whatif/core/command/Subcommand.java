package dev.whatif.core.command;

import java.util.concurrent.Callable;

/**
 * A command contributed by a module: a class annotated with picocli's {@code @Command}, found by
 * {@link java.util.ServiceLoader}. Its package must be opened to {@code info.picocli}. What it
 * returns is the exit code.
 */
public interface Subcommand extends Callable<Integer> {}

/**
 * What a user types: the command {@code whatif}, its subcommands and the three doors through which
 * other modules extend it.
 *
 * <p>{@link dev.whatif.core.command.Main} finds every {@link dev.whatif.core.command.Subcommand}
 * through {@link java.util.ServiceLoader}. Results go to stdout, everything else to stderr;
 * failures are {@link dev.whatif.core.failure.WhatifException}s and become one message, a remedy
 * and an exit code here and nowhere else.
 */
package dev.whatif.core.command;

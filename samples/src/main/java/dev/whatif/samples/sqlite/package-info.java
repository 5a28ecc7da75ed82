/**
 * SQLite under a load of threads that get in each other's way.
 *
 * <p>{@link dev.whatif.samples.sqlite.SqliteLoad} starts it as a process of its own: a C program
 * linked with the machine's static SQLite, which keeps the names of all its functions, or where
 * that cannot be compiled a JVM with the library that sqlite-jdbc carries, which keeps only
 * exported ones. Both do the same transactions on the same tables.
 */
package dev.whatif.samples.sqlite;

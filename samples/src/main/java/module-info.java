/** What one can run without owning a problem: targets, workloads, the demo command. */
@org.jspecify.annotations.NullMarked
module dev.whatif.samples {
  requires dev.whatif.causal;
  requires dev.whatif.core;
  requires dev.whatif.ebpf;
  requires java.sql;
  requires commons.math3;
  requires static org.jspecify;
  requires org.apache.commons.rng.api;
  requires org.apache.commons.rng.sampling;
  requires org.slf4j.nop; // Jedis logs, and what matters is in its exceptions
  requires org.xerial.sqlitejdbc;
  requires redis.clients.jedis;

  exports dev.whatif.samples.redis;
  exports dev.whatif.samples.sqlite;
  exports dev.whatif.samples.truth;

  opens dev.whatif.samples.benchmark to
      info.picocli;
  opens dev.whatif.samples.demo to
      info.picocli;

  provides dev.whatif.core.command.Subcommand with
      dev.whatif.samples.benchmark.BenchmarkCommand,
      dev.whatif.samples.demo.DemoCommand;
}

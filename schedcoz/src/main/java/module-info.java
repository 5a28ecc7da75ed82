/**
 * Causal profiles: what if this code were faster? Answered by experiment on processes that were not
 * rebuilt, not preloaded and not restarted.
 *
 * <p>Start reading at {@link dev.whatif.causal.experiment}: what an experiment is and sees.
 */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("module") // samples is built after this one
module dev.whatif.causal {
  requires transitive dev.whatif.core;
  requires dev.whatif.ebpf;
  requires commons.math3;
  requires static org.jspecify;
  requires org.apache.commons.rng.api;
  requires org.apache.commons.rng.sampling;
  requires org.apache.commons.rng.simple;
  requires org.apache.commons.statistics.inference;

  exports dev.whatif.causal.account to
      dev.whatif.samples; // which measures what it costs
  exports dev.whatif.causal.analysis;
  exports dev.whatif.causal.estimate;
  exports dev.whatif.causal.experiment;
  exports dev.whatif.causal.report;
  exports dev.whatif.causal.session to
      dev.whatif.samples;

  opens dev.whatif.causal.command to
      info.picocli;

  provides dev.whatif.core.command.ReportSection with
      dev.whatif.causal.report.CausalSection;
  provides dev.whatif.core.command.Subcommand with
      dev.whatif.causal.command.CausalCommand;
  provides dev.whatif.core.report.ExportFormat with
      dev.whatif.causal.report.CausalHtml,
      dev.whatif.causal.report.CozProfile;
}

/**
 * The ground everything in whatif stands on: Linux bindings, processes, executables and their debug
 * information, stacks, samples, the recording and the command line.
 *
 * <p>Start reading at {@link dev.whatif.core.command}: what a user types.
 */
@org.jspecify.annotations.NullMarked
module dev.whatif.core {
  requires transitive info.picocli;
  requires static org.jspecify;
  requires transitive jdk.jfr;
  requires jfr.converter;
  requires org.tukaani.xz;
  requires transitive tools.jackson.databind;

  uses dev.whatif.core.command.Check;
  uses dev.whatif.core.command.ReportSection;
  uses dev.whatif.core.command.Subcommand;
  uses dev.whatif.core.report.ExportFormat;

  provides dev.whatif.core.command.Check with
      dev.whatif.core.command.MachineCheck;
  provides dev.whatif.core.command.ReportSection with
      dev.whatif.core.command.CpuProfileSection;
  provides dev.whatif.core.command.Subcommand with
      dev.whatif.core.command.CompletionCommand,
      dev.whatif.core.command.DoctorCommand,
      dev.whatif.core.command.ExportCommand,
      dev.whatif.core.command.RecordCommand,
      dev.whatif.core.command.ReportCommand;
  provides dev.whatif.core.report.ExportFormat with
      dev.whatif.core.report.CollapsedStacks,
      dev.whatif.core.report.PprofProfile,
      dev.whatif.core.report.FlameGraphHtml;

  exports dev.whatif.core.capability;
  exports dev.whatif.core.command;
  exports dev.whatif.core.dwarf;
  exports dev.whatif.core.elf;
  exports dev.whatif.core.failure;
  exports dev.whatif.core.linux;
  exports dev.whatif.core.place;
  exports dev.whatif.core.process;
  exports dev.whatif.core.recording;
  exports dev.whatif.core.report;
  exports dev.whatif.core.ring;
  exports dev.whatif.core.sample;
  exports dev.whatif.core.symbol;
  exports dev.whatif.core.unwind;
  exports dev.whatif.core.x86;

  opens dev.whatif.core.command to
      info.picocli;
}

import ControlInterface

/// The machine as a page.
struct MachineText {
  var machine: Device.Machine
  var paint: Paint
  var width: Int

  var text: String {
    ([head, ceilings] + [lines, warnings].compactMap { $0 }).joined(separator: "\n\n")
  }

  private var head: String {
    var sheet = Sheet()
    sheet.add("Machine", machine.name + (machine.isVirtual ? " (virtual: no real needle)" : ""))
    sheet.add("", machine.description)
    sheet.add("Drivetrain", machine.drivetrain.rawValue)
    let drive = [machine.driveProtocol, machine.drivePort].compactMap { $0 }.joined(separator: " at ")
    sheet.add("Drive", drive.isEmpty ? nil : drive)
    sheet.add("GPIO chip", machine.chip)
    sheet.add("Period", Figures.milliseconds(machine.periodUs))
    sheet.add("Priority", machine.priority.map { "real-time \($0)" } ?? "not real-time")
    sheet.add("CPU", machine.cpu.map { "\($0)" })
    sheet.add("Memory", machine.isMemoryLocked ? "locked" : "not locked")
    sheet.add("Daemon", "stippled \(machine.version)")
    return sheet.text(paint, width: width)
  }

  private var ceilings: String {
    let (limits, depths) = (machine.ceilings, machine.depthCeilings)
    var sheet = Sheet()
    sheet.add("  Rate", Figures.rate(limits.rateHz))
    sheet.add(
      "  Depth beyond the nose", "\(Figures.depth(depths.shallowUm)) hairline, temples, frontal, sides, nape")
    sheet.add("", "\(Figures.depth(depths.deepUm)) mid, crown, scar")
    sheet.add("", "\(Figures.depth(depths.benchUm)) bench")
    sheet.add("  Dwell", "\(Figures.milliseconds(limits.dwellUs)), \(limits.dwellPercent) % of the period")
    sheet.add("  Off-time, at least", Figures.milliseconds(limits.offTimeUs))
    sheet.add(
      "  Strokes per dot", "\(limits.strokesPerDot), within \(Figures.milliseconds(limits.dotDurationUs))")
    sheet.add("  Dot rate", Figures.rate(limits.dotRateHz))
    sheet.add("  Away from home", Figures.milliseconds(limits.stallUs))
    sheet.add("  One press", Figures.span(milliseconds: limits.runMs))
    sheet.add("  Duty over 10 min", "\(limits.dutyPercent) %")
    sheet.add("  Torque on, a session", Figures.span(milliseconds: limits.motorOnMs))
    sheet.add("  Dots, a session", "\(limits.dotsPerCm2) dots/cm²")
    sheet.add(
      "  Motor current",
      "\(Figures.current(limits.currentMa)), \(Figures.current(limits.peakCurrentMa)) for \(Figures.milliseconds(limits.peakDurationUs))"
    )
    sheet.add("  Motor case", Figures.temperature(limits.motorCaseC))
    sheet.add("  Lease", Figures.milliseconds(limits.leaseUs))
    return paint.bold("Ceilings") + "\n" + sheet.text(paint, width: width)
  }

  private var lines: String? {
    guard !machine.lines.isEmpty else { return nil }
    var table = Table(.init(title: "Signal"), .init(title: "Direction"), .init(title: "Line"))
    for line in machine.lines { table.add(line.signal, line.direction.rawValue, line.line) }
    return paint.bold("Lines") + "\n" + table.text(paint, indent: "  ")
  }

  private var warnings: String? {
    guard !machine.warnings.isEmpty else { return nil }
    let lines = machine.warnings.flatMap { TextWidth.wrapped(TextWidth.harmless($0), to: width - 4) }
    return paint(paint.bold("Withheld by the host"), .yellow) + "\n"
      + lines.map { "  " + $0 }.joined(separator: "\n")
  }
}

import NeedleSafety
import Units

extension MachineProfile {
  /// Reads a machine profile strictly; see ``ProfileProblem`` for what comes back when it is refused.
  public static func decode(_ source: ProfileSource) -> Decoded<MachineProfile> {
    Decoded.decode(source, .machine) { section, head, _ in
      let kinds = MachineKind.allCases.map { ($0.rawValue, $0) }
      guard let kind = section.word("kind", among: kinds) else {
        section.acceptRest()
        return nil
      }
      return read(section, head: head, kind: kind)
    }
  }

  private static func read(_ section: SectionReader, head: ProfileHead, kind: MachineKind) -> MachineProfile?
  {
    var limits = MachineLimits(kind)
    limits.ceilings = CeilingField.read(
      section.section("ceilings", required: false), within: .absolute, source: .absolute)
    let timingSection = section.section("timing")
    let timing = timingSection.flatMap { Timing.read($0, limits: limits) }
    limits.lease = timing?.lease ?? limits.ceilings.lease

    let gpio = readGpio(section, kind: kind)
    let drive = section.section("drive").flatMap { DriveProfile.read($0, kind: kind, limits: limits) }
    let drivetrain = section.section("drivetrain").flatMap {
      DrivetrainSection.read($0, ceilings: limits.ceilings)
    }
    let realTime = section.section("real_time").flatMap { RealTime.read($0, kind: kind) }
    let watchdog = section.section("watchdog").flatMap { Watchdog.read($0) }
    let tolerance = section.section("sensors").flatMap { readTolerance($0, limits: limits) }
    let calibration = section.section("calibration").flatMap { readCalibration($0, kind: kind) }
    let pedal = readPedal(section.section("pedal", required: false), ceilings: limits.ceilings)
    let seed = readSeed(section, kind: kind)
    if let drivetrain, let timing, let timingSection {
      drivetrain.check(timing, in: timingSection, ceilings: limits.ceilings)
    }
    if let drivetrain, let drive { drivetrain.check(drive, in: section) }
    guard let timing, let drive, let drivetrain, let realTime, let watchdog, let tolerance, let calibration,
      let pedal
    else { return nil }
    guard kind == .virtual || gpio != nil else { return nil }
    return MachineProfile(
      name: head.name, summary: head.description, kind: kind, gpio: gpio, drive: drive,
      drivetrain: drivetrain.drivetrain, fireOneShot: drivetrain.fireOneShot, timing: timing,
      realTime: realTime,
      watchdog: watchdog, tolerance: tolerance, pedal: pedal, calibrationMaximumAge: calibration.maximumAge,
      ceilings: limits.ceilings, physicsSeed: seed)
  }

  private static func readGpio(_ section: SectionReader, kind: MachineKind) -> GpioLayout? {
    if kind == .virtual {
      section.refuse("gpio", because: "does not belong in a virtual machine, which has no lines")
      return nil
    }
    return section.section("gpio").flatMap { GpioLayout.read($0) }
  }

  /// Without the section the pedal is momentary. A latched press ends by itself, at the latest when the continuous run would.
  private static func readPedal(_ section: SectionReader?, ceilings: Ceilings) -> PedalMode? {
    guard let section else { return .momentary }
    defer { section.finish() }
    guard let isLatched = section.word("mode", among: [("momentary", false), ("latched", true)]) else {
      _ = section.node("dead_man", required: false)
      return nil
    }
    guard isLatched else {
      section.refuse(
        "dead_man", because: "means nothing to a momentary pedal, which ends the run when it is released")
      return .momentary
    }
    return section.quantity(
      "dead_man", in: .seconds(1)...ceilings.continuousRun, of: "continuous_run"
    ).map { .latched(deadMan: $0) }
  }

  private static func readTolerance(_ section: SectionReader, limits: MachineLimits) -> SensorTolerance? {
    let depth = section.quantity("depth_tolerance", in: Micrometres(1)...MachineLimits.depthTolerance)
    let time = section.quantity("time_tolerance", in: Nanoseconds(1)...limits.timeTolerance)
    section.finish()
    guard let depth, let time else { return nil }
    return SensorTolerance(depth: depth, time: time)
  }

  /// An optional of its own, so that "none required" and "could not be read" stay apart.
  private struct Calibration {
    let maximumAge: Nanoseconds?
  }

  private static func readCalibration(_ section: SectionReader, kind: MachineKind) -> Calibration? {
    defer { section.finish() }
    guard let required = section.flag("required") else {
      _ = section.node("maximum_age", required: false)
      return nil
    }
    guard required else {
      section.refuse("maximum_age", because: "means nothing where no calibration is required")
      if kind.isReal {
        section.error("a board cannot waive its calibration; 'required' has to be true", at: "required")
      }
      return Calibration(maximumAge: nil)
    }
    return section.quantity("maximum_age", in: .hours(1)...MachineLimits.calibrationAge)
      .map { Calibration(maximumAge: $0) }
  }

  private static func readSeed(_ section: SectionReader, kind: MachineKind) -> UInt64? {
    if kind.isReal {
      section.refuse("physics", because: "does not belong in a board's profile: its handpiece is real")
      return nil
    }
    guard let physics = section.section("physics", required: false) else { return 1 }
    let seed = physics.count("seed", in: 0...Int64.max)
    physics.finish()
    return seed.map { UInt64($0) }
  }
}

extension MachineProfile.Timing {
  fileprivate static func read(_ section: SectionReader, limits: MachineLimits) -> Self? {
    let shortest = MachineLimits.shortestPeriod
    let armed = section.quantity("armed_period", in: shortest...MachineLimits.armedPeriod)
    let standby = section.quantity("standby_period", in: shortest...MachineLimits.standbyPeriod)
    let shortestLease = min(.milliseconds(10), limits.ceilings.lease)
    let lease = section.quantity("lease", in: shortestLease...limits.ceilings.lease)
    let retract = section.quantity("retract_max", in: .microseconds(1)...MachineLimits.retractMaximumRotary)
    let stall = section.quantity("stall_max", in: shortest...limits.stallMaximum)
    let wake = section.quantity("wake_max", in: .microseconds(1)...limits.wakeMaximum)
    section.finish()
    guard let armed, let standby, let lease, let retract, let stall, let wake else { return nil }
    if standby < armed {
      section.error(
        "'standby_period' \(standby) is shorter than 'armed_period' \(armed)", at: "standby_period")
    }
    if limits.isReal, lease > Advice.lease {
      section.log.warning(
        "'lease' \(lease) is longer than usual (up to \(Advice.lease))", at: section.place(of: "lease"),
        field: section.field("lease"), value: "\(lease)", ceiling: "\(Advice.lease)")
    }
    return Self(
      armedPeriod: armed, standbyPeriod: standby, lease: lease, retractMaximum: retract, stallMaximum: stall,
      wakeMaximum: wake)
  }
}

extension MachineProfile.RealTime {
  fileprivate static func read(_ section: SectionReader, kind: MachineKind) -> Self? {
    // 99 is left to the kernel's own migration and watchdog threads.
    let priority = section.count("priority", in: 1...98)
    let cpu = readCpu(section)
    let accepts = section.flag("accepts_no_realtime")
    if kind.isReal, accepts == true {
      section.error(
        "a board cannot arm without real-time scheduling; 'accepts_no_realtime' has to be false",
        at: "accepts_no_realtime")
    }
    section.finish()
    guard let priority, let cpu, let accepts else { return nil }
    return Self(priority: Int32(clamping: priority), cpu: cpu.number, acceptsNoRealTime: accepts)
  }

  private struct Cpu {
    let number: Int32?
  }

  private static func readCpu(_ section: SectionReader) -> Cpu? {
    guard let text = section.text("cpu", expected: "a CPU's number, or any") else { return nil }
    if text == "any" { return Cpu(number: nil) }
    return section.count("cpu", in: 0...1_023).map { Cpu(number: Int32(clamping: $0)) }
  }
}

extension MachineProfile.Watchdog {
  fileprivate static func read(_ section: SectionReader) -> Self? {
    let window = section.quantity("window", in: MachineLimits.watchdogWindow)
    let device = section.text("device", required: false, expected: "a device such as /dev/watchdog")
    if let device, !device.hasPrefix("/") {
      section.error("'device': '\(device)' is not an absolute path such as /dev/watchdog", at: "device")
    }
    section.finish()
    return window.map { Self(window: $0, device: device) }
  }
}

extension MachineProfile {
  /// The sections in which another profile differs from this one, by their names in the file: what a restart would change.
  public func sections(differingFrom other: MachineProfile) -> [String] {
    let comparisons: [(String, Bool)] = [
      ("name", name == other.name), ("kind", kind == other.kind), ("gpio", gpio == other.gpio),
      ("drive", drive == other.drive),
      ("drivetrain", drivetrain == other.drivetrain && fireOneShot == other.fireOneShot),
      ("timing", timing == other.timing), ("real_time", realTime == other.realTime),
      ("watchdog", watchdog == other.watchdog), ("sensors", tolerance == other.tolerance),
      ("pedal", pedal == other.pedal), ("calibration", calibrationMaximumAge == other.calibrationMaximumAge),
      ("ceilings", ceilings == other.ceilings), ("physics", physicsSeed == other.physicsSeed),
    ]
    return comparisons.filter { !$0.1 }.map(\.0)
  }
}

public import Units

/// Something wrong with the drive or its line.
public enum DriveFault: Equatable, Sendable, BitwiseCopyable {
  /// Replies are lost; requests still arrive and act.
  case mute
  /// Requests are lost.
  case deaf
  /// Replies come this much later.
  case late(Nanoseconds)
  /// So many of a million reply bytes have a flipped bit.
  case corrupt(perMillion: UInt32)
  /// So many of a million reply bytes are lost.
  case losing(perMillion: UInt32)
  /// Every position it reports is off by this many microsteps, and every speed by as many thousandths of a revolution per second
  /// of its motor.
  case lying(microsteps: Int32)
  /// So many of a million replies come twice.
  case doubling(perMillion: UInt32)
  /// So many of a million replies have noise in front of them.
  case noisy(perMillion: UInt32)
  /// The next so many replies are held back and follow behind the one after them.
  case stale(replies: UInt32)
  /// It speaks at another rate than the host: it understands nothing, and what it says is noise.
  case garbled
  /// It restarts: settings and zero are lost.
  case restart

  /// `drive_mute`, `drive_deaf`, `drive_late:20ms`, `drive_corrupt:10000`, `drive_losing:10000`, `drive_lying:5000`,
  /// `drive_doubling:200000`, `drive_noisy:500000`, `drive_stale:3`, `drive_garbled`, `drive_restart`; `nil` for anything else.
  public init?(name: some StringProtocol) {
    let parts = name.split(separator: ":", maxSplits: 1)
    let argument = parts.count > 1 ? String(parts[1]) : ""
    let found: Self? =
      switch (parts.first ?? "", argument.isEmpty) {
      case ("drive_mute", true): .mute
      case ("drive_deaf", true): .deaf
      case ("drive_restart", true): .restart
      case ("drive_garbled", true): .garbled
      case ("drive_doubling", false): UInt32(argument).map { .doubling(perMillion: $0) }
      case ("drive_noisy", false): UInt32(argument).map { .noisy(perMillion: $0) }
      case ("drive_stale", false): UInt32(argument).map { .stale(replies: $0) }
      case ("drive_late", false): ActionScript.duration(argument).map { .late($0) }
      case ("drive_corrupt", false): UInt32(argument).map { .corrupt(perMillion: $0) }
      case ("drive_losing", false): UInt32(argument).map { .losing(perMillion: $0) }
      case ("drive_lying", false): Int32(argument).map { .lying(microsteps: $0) }
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}

/// Anything that can be wrong outside the controller board.
public enum VirtualFault: Equatable, Sendable, BitwiseCopyable {
  case handpiece(HandpieceFault)
  case drive(DriveFault)

  /// The fault by its name; see ``HandpieceFault/init(name:)`` and ``DriveFault/init(name:)``. `nil` for an unknown one.
  public init?(name: some StringProtocol) {
    if let fault = HandpieceFault(name: name) {
      self = .handpiece(fault)
    } else if let fault = DriveFault(name: name) {
      self = .drive(fault)
    } else {
      return nil
    }
  }

  /// One name of each kind, as `inject` takes them.
  public static var examples: [String] {
    [
      "stuck_high:NEEDLE_HOME", "stuck_low:NEEDLE_BOTTOM", "noisy:PEDAL_NO", "bouncing:ESTOP_A",
      "input_open:ESTOP_A", "input_shorted:GUARD", "output_open:FIRE", "output_shorted:STO_EN_A",
      "one_shot_passes_through", "one_shot_dead", "watchdog_dead", "spring_broken", "needle_jammed",
      "coil_weak:40", "cam_speed:130", "drive_fault",
      "drive_mute", "drive_deaf", "drive_late:20ms", "drive_corrupt:10000", "drive_losing:10000",
      "drive_lying:5000", "drive_doubling:200000", "drive_noisy:500000", "drive_stale:3", "drive_garbled",
      "drive_restart", "repair",
    ]
  }
}

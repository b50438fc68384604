public import Units

/// What a person, or bad luck, does to the handpiece.
public enum PersonAction: Equatable, Sendable, BitwiseCopyable {
  case pedal(down: Bool)
  case emergencyStop(open: Bool)
  case guardCover(open: Bool)
  case cartridge(seated: Bool)
  /// The fault begins this long after the action.
  case inject(VirtualFault, after: Nanoseconds)
  /// Every fault in force is repaired; planned ones still come.
  case repair

  /// The action by its words: `pedal down`, `pedal up`, `estop open`, `estop closed`, `guard open`, `guard closed`,
  /// `cartridge seated`, `cartridge out`, `inject FAULT`, `repair`. `nil` for anything else.
  public init?(words: some StringProtocol) {
    let parts = words.split(separator: " ")
    guard let subject = parts.first else { return nil }
    let object = parts.count > 1 ? String(parts[1]) : ""
    guard parts.count <= 2 else { return nil }
    switch (String(subject), object) {
    case ("pedal", "down"): self = .pedal(down: true)
    case ("pedal", "up"): self = .pedal(down: false)
    case ("estop", "open"): self = .emergencyStop(open: true)
    case ("estop", "closed"): self = .emergencyStop(open: false)
    case ("guard", "open"): self = .guardCover(open: true)
    case ("guard", "closed"): self = .guardCover(open: false)
    case ("cartridge", "seated"): self = .cartridge(seated: true)
    case ("cartridge", "out"): self = .cartridge(seated: false)
    case ("repair", ""): self = .repair
    case ("inject", _):
      guard let fault = VirtualFault(name: object) else { return nil }
      self = .inject(fault, after: .zero)
    default: return nil
    }
  }
}

import ControlInterface

/// What happened between two states, in words.
enum StatusChange {
  /// Everything worth a line, from the first state on; `before` is nil at the start.
  static func between(_ before: Device.Status?, _ after: Device.Status) -> [String] {
    guard let before else { return after.faults.map { "fault \(text($0))" } }
    // Causes before what they led to.
    var changes = work(before, after) + interlocks(before.interlocks, after.interlocks)
    changes += faults(before.faults, after.faults)
    if before.needle != .unproved && after.needle == .unproved {
      changes.append("needle \(after.needle.words)")
    }
    if before.state != after.state { changes.append("\(before.state.words) → \(after.state.words)") }
    return changes.map(TextWidth.harmless)
  }

  private static func faults(_ before: [Device.Fault], _ after: [Device.Fault]) -> [String] {
    let new = after.filter { fault in !before.contains { $0.code == fault.code } }
    let gone = before.filter { fault in !after.contains { $0.code == fault.code } }
    let ended = after.filter { fault in
      !fault.isPresent && before.contains { $0.code == fault.code && $0.isPresent }
    }
    return new.map { "fault \(text($0))" } + ended.map { "fault \($0.code): the cause is gone" }
      + gone.map { "fault \($0.code): acknowledged" }
  }

  private static func text(_ fault: Device.Fault) -> String {
    TextWidth.harmless("\(fault.code) (\(fault.priority.rawValue)): \(fault.message)")
  }

  private static func interlocks(_ before: [Device.Interlock], _ after: [Device.Interlock]) -> [String] {
    after.compactMap { interlock in
      guard let earlier = before.first(where: { $0.name == interlock.name }),
        earlier.isSatisfied != interlock.isSatisfied
      else { return nil }
      return words(interlock)
    }
  }

  /// What a hand did is called so; what other lines say already is left out.
  private static func words(_ interlock: Device.Interlock) -> String? {
    let isMet = interlock.isSatisfied
    return switch interlock.name {
    case "no_fault", "needle_home", "session", "zone", "profile", "cartridge", "pigment": nil
    case "emergency_stop_closed": isMet ? "emergency stop released" : "emergency stop pressed"
    case "guard_closed": isMet ? "guard closed" : "guard open"
    case "cartridge_present": isMet ? "cartridge in" : "cartridge out"
    case "pedal_released": isMet ? "pedal up" : "pedal down"
    default: "\(Words.of(interlock.name)): \(isMet ? "fulfilled" : "not fulfilled")"
    }
  }

  private static func work(_ before: Device.Status, _ after: Device.Status) -> [String] {
    var changes: [String] = []
    if before.session?.id != after.session?.id {
      changes.append(after.session.map { "session \($0.id) opened" } ?? "session closed")
    }
    if before.profile != after.profile, let profile = after.profile {
      let state = profile.isConfirmed ? "" : ", tried out"
      changes.append("profile \(profile.name) version \(profile.version)\(state)")
    }
    if before.zone?.name != after.zone?.name, let zone = after.zone { changes.append("zone \(zone.name)") }
    if before.session?.cartridge != after.session?.cartridge, let cartridge = after.session?.cartridge {
      changes.append("cartridge \(cartridge)")
    }
    if before.session?.pigment != after.session?.pigment, let pigment = after.session?.pigment {
      changes.append("pigment \(pigment)")
    }
    return changes
  }
}

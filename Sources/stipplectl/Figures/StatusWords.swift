import ControlInterface

/// The parts of a state, each in one phrase.
enum StatusWords {
  /// Says at once that depth is protrusion.
  static func profile(_ status: Device.Status) -> String {
    guard let profile = status.profile else { return "none in use" }
    let trial = profile.isConfirmed ? "" : " (trial)"
    return "\(profile.name)\(trial): \(profile.mode.rawValue), \(Figures.rate(profile.rateHz)), "
      + "\(Figures.depth(profile.depthUm)) beyond the nose, dwell \(Figures.milliseconds(profile.dwellUs))"
  }

  static func session(_ status: Device.Status, _ clock: WallClock) -> String {
    guard let session = status.session else { return "none open" }
    let who = session.client.map { "client \($0)" } ?? session.kind.rawValue
    return "\(session.id): \(who), since \(clock.date(session.openedAtUs))"
  }

  static func zone(_ zone: Device.CurrentZone) -> String {
    let attributes = zone.attributes.isEmpty ? "" : " (\(zone.attributes.joined(separator: ", ")))"
    let dots =
      zone.dotsLimit.map { "\(Figures.count(zone.dots)) of \(Figures.count($0)) dots" }
      ?? "\(Figures.count(zone.dots)) dots"
    return "\(zone.name)\(attributes): \(Figures.area(zone.areaMm2)), \(dots)"
  }

  static func materials(_ status: Device.Status) -> String {
    let parts = [
      status.session?.cartridge.map { "cartridge \($0)" }, status.session?.pigment.map { "pigment \($0)" },
    ].compactMap { $0 }
    return parts.isEmpty ? "none registered" : parts.joined(separator: ", ")
  }

  static func counts(_ status: Device.Status) -> String {
    var parts = ["\(Figures.count(status.dots)) dots", "\(Figures.count(status.strokes)) strokes"]
    if let motor = status.temperatures.motorCaseC { parts.append("motor \(Figures.temperature(motor))") }
    if let drive = status.temperatures.driveC { parts.append("drive \(Figures.temperature(drive))") }
    if let late = status.timing.p999Us {
      parts.append("loop within \(Figures.milliseconds(late)) (p99.9)")
    }
    return parts.joined(separator: ", ")
  }

  /// How the drive does: what is wrong when it is not ready, and what went wrong on its line so far.
  static func drive(_ line: Device.DriveLine, _ temperature: Double?) -> String {
    let state =
      switch line.state {
      case .verified: "ready"
      case .configuring: "being set up"
      case .identifying: "being identified"
      case .down: "not ready"
      }
    var parts: [String] = []
    if let temperature { parts.append(Figures.temperature(temperature)) }
    if line.replies > 0 { parts.append("\(Figures.count(line.replies)) replies") }
    for (count, word) in [
      (line.timeouts, "late"), (line.checksumErrors, "damaged"), (line.rejected, "rejected"),
      (line.resets, "restarts"), (line.losses, "losses of the link"),
    ] where count > 0 { parts.append("\(Figures.count(count)) \(word)") }
    let counts = parts.joined(separator: ", ")
    guard line.state != .verified, let explanation = line.explanation else {
      return counts.isEmpty ? state : "\(state), \(counts)"
    }
    return "\(state): \(explanation)" + (counts.isEmpty ? "" : " (\(counts))")
  }

  /// What is measured now; nil while the needle rests.
  static func measured(_ status: Device.Status) -> String? {
    let parts = [
      status.rateHz.map { Figures.rate($0) }, status.depthUm.map { Figures.depth($0) + " beyond the nose" },
      status.dwellUs.map { "dwell " + Figures.milliseconds($0) },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

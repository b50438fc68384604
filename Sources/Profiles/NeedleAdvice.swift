import NeedleSafety
import Units

extension NeedleCheck {
  /// Warns of what is allowed and unusual. A bench profile is for trying things out, and gets no advice on depth.
  func advise(on plan: StrokePlan) {
    let settings = profile.settings
    let absolute = Ceilings.absolute
    warn(
      "rate", settings.rate,
      Guardrail(absolute: Millihertz(1)...absolute.strokeRate, recommended: Advice.strokeRate))
    for (group, zone) in profile.groups {
      guard let usual = Advice.depth(in: group) else { continue }
      warn(
        "depth", settings.depth,
        Guardrail(absolute: Micrometres(1)...absolute.depth(in: group), recommended: usual),
        place: zone.map { " for \($0.name)" } ?? "")
    }
    // On a cam the dwell follows from rate and depth: there is nothing to choose, and so nothing to advise.
    if let machine = surroundings.machine, !machine.drivetrain.isRotary {
      warn(
        "dwell", plan.timeOut, Guardrail(absolute: .zero...absolute.dwell, recommended: Advice.timeOut),
        subject: "the planned time out")
    }
    guard settings.mode == .dot else { return }
    warn(
      "strokes_per_dot", Count(Int64(settings.strokesPerDot)),
      Guardrail(absolute: Count(1)...Count(Int64(absolute.strokesPerDot)), recommended: Advice.strokesPerDot))
    if settings.dotRate > .zero {
      warn(
        "dot_rate", settings.dotRate,
        Guardrail(absolute: Millihertz(1)...absolute.dotRate, recommended: Advice.dotRate))
    }
  }

  private func warn<Value: Comparable & Sendable & CustomStringConvertible>(
    _ field: String, _ value: Value, _ guardrail: Guardrail<Value>?, subject: String? = nil,
    place: String = ""
  ) {
    guard let guardrail, guardrail.verdict(on: value) == .unusual else { return }
    let usual = guardrail.recommended
    section.log.warning(
      "\(subject ?? "'\(field)'") \(value) is unusual\(place); usual is \(usual.lowerBound) to \(usual.upperBound)",
      at: section.place(of: field), field: field, value: "\(value)")
  }
}

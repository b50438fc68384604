import NeedleSafety
import Units

/// Holds a needle profile against every ceiling that binds it, by the rule the loop itself checks before each stroke
/// (`Envelope.breach(of:)`), so that what is accepted here is never refused there.
struct NeedleCheck {
  let profile: NeedleProfile
  let surroundings: NeedleSurroundings
  let section: SectionReader

  /// A combination of cartridge and zone, and what was found wrong with it.
  private struct Finding {
    let field: String
    let message: String
    let value: String
    let ceiling: String
    /// The ceiling as a number, to keep only the tightest of several.
    let tightness: Int64
  }

  func run() {
    guard drivetrain.offers(profile.settings.mode) else {
      // Right as it is, and of use on another machine: no error, but nothing this machine can run.
      section.log.warning(
        "machine '\(surroundings.machine?.name ?? "")' is rotary and has no mode '\(profile.settings.mode.name)': this "
          + "profile cannot be used on it", at: section.place(of: "mode"), field: section.field("mode"),
        value: profile.settings.mode.name)
      return
    }
    guard let plan = StrokePlan(profile.settings, on: drivetrain) else {
      section.error("these settings make no stroke", at: "rate")
      return
    }
    var findings: [Limit: [Finding]] = [:]
    for (group, zone) in profile.groups {
      for cartridge in cartridges {
        for (limit, finding) in breaches(of: plan, group: group, zone: zone, cartridge: cartridge) {
          findings[limit, default: []].append(finding)
        }
      }
    }
    // Too long a dwell leaves no time between strokes either; saying so twice helps nobody.
    if findings[.dwell] != nil { findings[.offTime] = nil }
    for limit in Limit.allCases {
      guard let worst = findings[limit]?.min(by: { $0.tightness < $1.tightness }) else { continue }
      section.error(worst.message, at: worst.field, value: worst.value, ceiling: worst.ceiling)
    }
    if findings.isEmpty { advise(on: plan) }
  }

  private var drivetrain: Drivetrain {
    surroundings.machine?.drivetrain
      ?? .linear(LinearGeometry(extendTravel: .zero, retractTravel: .zero))
  }

  /// The allowed cartridges, or one "no cartridge" where none is named or known.
  private var cartridges: [CartridgeProfile?] {
    let known = profile.cartridges.compactMap { surroundings.cartridges[$0] }
    return known.isEmpty ? [nil] : known
  }

  /// Every limit the plan breaks with one cartridge in one group: each found one is lifted, and the same rule asked again.
  private func breaches(
    of plan: StrokePlan, group: DepthGroup, zone: Zone?, cartridge: CartridgeProfile?
  ) -> [(Limit, Finding)] {
    let binding = Binding(profile: profile, surroundings: surroundings, cartridge: cartridge)
    var envelope = Envelope(
      ceilings: binding.composed, depthGroup: group,
      tolerance: SensorTolerance(depth: Micrometres(1), time: Nanoseconds(1)))
    var found: [(Limit, Finding)] = []
    // Each limit is lifted at most once, and the dot rate stands for two rules.
    for _ in 0...Limit.allCases.count {
      guard let limit = envelope.breach(of: plan) else { break }
      let isLifted = found.contains { $0.0 == limit }
      if isLifted || !lift(limit, in: &envelope, of: plan) {
        found.append((limit, fitFinding(plan)))
        break
      }
      found.append((limit, finding(limit, plan: plan, group: group, zone: zone, binding: binding)))
    }
    return found
  }

  /// Raises one ceiling out of the way. `false` for the rule that has none: strokes that do not fit their dot's period.
  private func lift(_ limit: Limit, in envelope: inout Envelope, of plan: StrokePlan) -> Bool {
    switch limit {
    case .strokeRate: envelope.ceilings.strokeRate = Millihertz(.max)
    case .depth:
      envelope.ceilings.depthShallow = Micrometres(.max)
      envelope.ceilings.depthDeep = Micrometres(.max)
      envelope.ceilings.depthBench = Micrometres(.max)
    case .dwell:
      envelope.ceilings.dwell = plan.timeOut
      // The next whole percent, not the largest: the share is a product that must not overflow.
      let percent = plan.timeOut.count * 100 / plan.period.count + 1
      envelope.ceilings.dwellPercentOfPeriod = Int32(clamping: percent)
    case .offTime: envelope.ceilings.minimumOffTime = Nanoseconds(.min)
    case .strokesPerDot: envelope.ceilings.strokesPerDot = .max
    case .dotDuration: envelope.ceilings.dotDuration = plan.dotDuration
    case .dotRate:
      guard let shortest = envelope.ceilings.dotRate.period, plan.dotPeriod < shortest else { return false }
      envelope.ceilings.dotRate = Millihertz(.max)
    case .mode: return false
    }
    return true
  }

  private func finding(
    _ limit: Limit, plan: StrokePlan, group: DepthGroup, zone: Zone?, binding: Binding
  ) -> Finding {
    let settings = profile.settings
    let composed = binding.composed
    switch limit {
    case .strokeRate:
      return above(
        "rate", "'rate' \(settings.rate)", settings.rate, composed.strokeRate,
        binding.source(\.strokeRate), Int64(composed.strokeRate.count))
    case .depth:
      let ceiling = composed.depth(in: group)
      let place = zone.map { " for \($0.name)" } ?? " on the bench"
      return Finding(
        field: "depth",
        message: "'depth' \(settings.depth) is above the ceiling \(ceiling)\(place) "
          + "(\(binding.source(depthIn: group)))",
        value: "\(settings.depth)", ceiling: "\(ceiling)", tightness: Int64(ceiling.count))
    case .dwell: return dwellFinding(plan, binding)
    case .offTime:
      return Finding(
        field: "dwell",
        message:
          "'dwell' \(settings.dwell) leaves \(plan.offTime) between strokes at \(settings.rate); at least "
          + "\(composed.minimumOffTime) is needed (\(binding.source(\.minimumOffTime)))",
        value: "\(plan.offTime)", ceiling: "\(composed.minimumOffTime)",
        tightness: -composed.minimumOffTime.count)
    case .strokesPerDot:
      return above(
        "strokes_per_dot", "'strokes_per_dot' \(settings.strokesPerDot)",
        Count(Int64(settings.strokesPerDot)),
        Count(Int64(composed.strokesPerDot)), binding.source(\.strokesPerDot), Int64(composed.strokesPerDot))
    case .dotDuration:
      return above(
        "strokes_per_dot",
        "a dot of \(settings.strokesPerDot) strokes at \(settings.rate) takes "
          + "\(plan.dotDuration), which", plan.dotDuration, composed.dotDuration,
        binding.source(\.dotDuration), composed.dotDuration.count)
    case .dotRate:
      return above(
        "dot_rate", "'dot_rate' \(settings.dotRate)", settings.dotRate, composed.dotRate,
        binding.source(\.dotRate), Int64(composed.dotRate.count))
    case .mode:
      return Finding(
        field: "mode", message: "'mode' \(settings.mode.name) is not offered by this machine",
        value: settings.mode.name, ceiling: "", tightness: 0)
    }
  }

  private func above<Value: CustomStringConvertible>(
    _ field: String, _ subject: String, _ value: Value, _ ceiling: Value, _ source: String, _ tightness: Int64
  ) -> Finding {
    Finding(
      field: field, message: "\(subject) is above the ceiling \(ceiling) (\(source))", value: "\(value)",
      ceiling: "\(ceiling)", tightness: tightness)
  }

  private func dwellFinding(_ plan: StrokePlan, _ binding: Binding) -> Finding {
    let composed = binding.composed
    let ceiling = composed.dwell(at: plan.period)
    let source =
      ceiling < composed.dwell
      ? "\(composed.dwellPercentOfPeriod) % of the \(plan.period) period at \(profile.settings.rate)"
      : binding.source(\.dwell)
    guard case .linear(let geometry) = drivetrain else {
      return Finding(
        field: "rate",
        message:
          "'rate' \(profile.settings.rate) at 'depth' \(profile.settings.depth) keeps the needle of this cam past the nose "
          + "for \(plan.timeOut) of each \(plan.period) revolution, above the dwell ceiling \(ceiling) (\(source)); a higher "
          + "rate or less depth shortens it",
        value: "\(plan.timeOut)", ceiling: "\(ceiling)", tightness: ceiling.count)
    }
    let ways = "extend \(geometry.extendTravel) + dwell + retract \(geometry.retractTravel)"
    let sum = surroundings.machine == nil ? "" : " (\(ways))"
    return Finding(
      field: "dwell",
      message:
        "'dwell' \(profile.settings.dwell) makes the planned time out \(plan.timeOut)\(sum), above the ceiling "
        + "\(ceiling) (\(source))",
      value: "\(plan.timeOut)", ceiling: "\(ceiling)", tightness: ceiling.count)
  }

  private func fitFinding(_ plan: StrokePlan) -> Finding {
    let taken = plan.period * Int64(plan.strokesPerDot)
    return Finding(
      field: "dot_rate",
      message: "'dot_rate' \(profile.settings.dotRate) leaves \(plan.dotPeriod) for a dot, but its "
        + "\(plan.strokesPerDot) strokes at \(profile.settings.rate) take \(taken)",
      value: "\(taken)", ceiling: "\(plan.dotPeriod)", tightness: plan.dotPeriod.count)
  }
}

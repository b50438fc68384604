public import NeedleSafety
public import Units

/// What a calibration measured, and what is wrong with it.
public struct CalibrationFigures: Equatable, Sendable {
  /// One depth: where the axis was sent and stood, and the travels of a coil's strokes there, the longest of three.
  public struct Point: Equatable, Sendable {
    public var commanded: Micrometres
    public var measured: Micrometres
    public var extendTravel: Nanoseconds?
    public var retractTravel: Nanoseconds?
  }

  public var points: [Point] = []
  /// From FIRE high until the one-shot had brought the needle home; `nil` where it was not tried or did not act.
  public var oneShot: Nanoseconds?

  public init() {}

  /// Share of the depth within the axis's range at which each of the five points lies.
  static let shares = [20, 40, 60, 80, 100]
  /// Strokes at each depth; the longest counts.
  static let strokesPerDepth = 3

  /// The straight line through the depths by least squares, measured = offset + slope × commanded: offset in µm, slope without
  /// unit. `nil` with fewer than two different depths.
  public var fit: (offset: Double, slope: Double)? {
    let count = Double(points.count)
    let x = points.map { Double($0.commanded.count) }
    let y = points.map { Double($0.measured.count) }
    let meanX = x.reduce(0, +) / max(count, 1)
    let meanY = y.reduce(0, +) / max(count, 1)
    let spread = x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    guard spread > 0 else { return nil }
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / spread
    return (meanY - slope * meanX, slope)
  }

  /// The farthest that any point lies from the line.
  public var worstResidual: Micrometres? {
    guard let fit else { return nil }
    let worst = points.map {
      (Double($0.measured.count) - fit.offset - fit.slope * Double($0.commanded.count)).magnitude
    }.max()
    return worst.map { Micrometres(Int32($0.rounded(.up))) }
  }

  public var longestExtend: Nanoseconds? { points.compactMap(\.extendTravel).max() }
  public var longestRetract: Nanoseconds? { points.compactMap(\.retractTravel).max() }

  /// Why these figures cannot be saved, in sentences; empty when they can.
  public func problems(on machine: MachineParameters) -> [String] {
    var problems: [String] = []
    if points.count < Self.shares.count {
      problems.append("only \(points.count) of \(Self.shares.count) depths were measured: measure again")
    }
    for point in points where (point.measured - point.commanded).magnitude > machine.tolerance.depth {
      problems.append(
        "at \(point.commanded) the axis stood at \(point.measured), more than the tolerance \(machine.tolerance.depth) away: "
          + "check the lead and the microsteps of the machine profile")
    }
    guard case .linear(let geometry) = machine.drivetrain else { return problems }
    if let longestExtend {
      let limit = geometry.extendTravel + machine.tolerance.time
      if longestExtend > limit {
        problems.append(
          "the needle takes \(longestExtend) out, the machine profile says \(geometry.extendTravel): correct extend_travel"
        )
      }
    } else {
      problems.append("the bottom sensor gave no edge: check NEEDLE_BOTTOM")
    }
    if let longestRetract, longestRetract > geometry.retractTravel + machine.tolerance.time {
      problems.append(
        "the needle takes \(longestRetract) home, the machine profile says \(geometry.retractTravel): correct retract_travel"
      )
    }
    let longestOut = machine.fireOneShot + geometry.retractTravel + machine.tolerance.time
    switch oneShot {
    case nil: problems.append("the one-shot did not end FIRE: do not use the board, have it serviced")
    case .some(let time) where time > longestOut:
      problems.append(
        "the one-shot brought the needle home after \(time), longer than \(longestOut): correct fire_one_shot or the board"
      )
    case .some: break
    }
    return problems
  }

  /// One line per point, for the catalog.
  var text: String {
    points.map {
      "commanded_um \($0.commanded.count) measured_um \($0.measured.count) extend_ns \($0.extendTravel?.count ?? -1) "
        + "retract_ns \($0.retractTravel?.count ?? -1)"
    }.joined(separator: "\n")
  }
}

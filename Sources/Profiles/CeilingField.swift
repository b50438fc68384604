import NeedleSafety
import Units

/// One ceiling as a profile writes it: its key, how it is read into ``Ceilings``, how it is shown.
///
/// A file may only tighten: each value is read against the ceiling that already holds.
struct CeilingField: Sendable {
  let key: String
  /// Reads the key into `inout`, refusing what is wider than the ceilings given first.
  let read: @Sendable (SectionReader, Ceilings, inout Ceilings, CeilingSource) -> Void
  let shown: @Sendable (Ceilings) -> String

  /// Every ceiling, in the order in which profiles and displays list them.
  static let all: [CeilingField] = [
    most("stroke_rate", \.strokeRate),
    most("depth_shallow", \.depthShallow),
    most("depth_deep", \.depthDeep),
    most("depth_bench", \.depthBench),
    most("dwell", \.dwell),
    most("dwell_of_period", \.dwellShare),
    minimumOffTime,
    count("strokes_per_dot", \.strokesPerDot),
    most("dot_duration", \.dotDuration),
    most("dot_rate", \.dotRate),
    most("stall", \.stall),
    most("continuous_run", \.continuousRun),
    most("duty", \.dutyShare),
    most("motor_on_per_session", \.motorOnPerSession),
    most("dot_density", \.dotDensity),
    most("current_continuous", \.currentContinuous),
    most("current_peak", \.currentPeak),
    most("current_peak_duration", \.currentPeakDuration),
    most("motor_case", \.motorCase),
    most("lease", \.lease),
  ]

  /// The absolute ceilings, tightened by what a `ceilings` section says; each value has to be within `outer`.
  static func read(_ section: SectionReader?, within outer: Ceilings, source: CeilingSource) -> Ceilings {
    var ceilings = Ceilings.absolute
    guard let section else { return ceilings }
    for field in all { field.read(section, outer, &ceilings, source) }
    section.finish()
    return ceilings
  }

  /// A ceiling proper: from one step above nothing to what already holds.
  private static func most<Value: WrittenQuantity>(
    _ key: String, _ path: any WritableKeyPath<Ceilings, Value> & Sendable
  ) -> CeilingField {
    CeilingField(
      key: key,
      read: { section, holding, ceilings, source in
        let outer = holding[keyPath: path]
        guard let least = Value(exactly: 1), least <= outer else { return }
        let from = source.name(isAbsolute: outer == Ceilings.absolute[keyPath: path])
        if let value = section.quantity(key, in: least...outer, required: false, of: from) {
          ceilings[keyPath: path] = value
        }
      },
      shown: { "\($0[keyPath: path])" })
  }

  private static func count(
    _ key: String, _ path: any WritableKeyPath<Ceilings, Int32> & Sendable
  ) -> CeilingField {
    CeilingField(
      key: key,
      read: { section, holding, ceilings, source in
        let outer = holding[keyPath: path]
        let from = source.name(isAbsolute: outer == Ceilings.absolute[keyPath: path])
        let range = 1...max(1, Int64(outer))
        if let value = section.count(key, in: range, required: false, of: from) {
          ceilings[keyPath: path] = Int32(clamping: value)
        }
      },
      shown: { "\($0[keyPath: path])" })
  }

  /// The one that is a floor: tightening it means raising it, up to the period of the slowest sensible stroke.
  private static let minimumOffTime = CeilingField(
    key: "minimum_off_time",
    read: { section, holding, ceilings, source in
      let outer = holding.minimumOffTime
      let from = source.name(isAbsolute: outer == Ceilings.absolute.minimumOffTime)
      let range = outer...Nanoseconds.seconds(1)
      if let value = section.quantity("minimum_off_time", in: range, required: false, of: from) {
        ceilings.minimumOffTime = value
      }
    },
    shown: { "\($0.minimumOffTime)" })
}

/// Whose ceiling a value broke, for the message.
struct CeilingSource: Sendable {
  /// `machine 'rig'`; `nil` where only the absolute ceilings are outside.
  let outer: String?

  static let absolute = CeilingSource(outer: nil)

  func name(isAbsolute: Bool) -> String { isAbsolute ? "absolute" : outer ?? "absolute" }
}

extension Ceilings {
  var dwellShare: Percent {
    get { Percent(dwellPercentOfPeriod) }
    set { dwellPercentOfPeriod = newValue.count }
  }
  var dutyShare: Percent {
    get { Percent(dutyPercent) }
    set { dutyPercent = newValue.count }
  }
  var dotDensity: DotsPerSquareCentimetre {
    get { DotsPerSquareCentimetre(dotsPerSquareCentimetre) }
    set { dotsPerSquareCentimetre = newValue.count }
  }
}

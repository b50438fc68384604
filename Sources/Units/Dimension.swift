/// What a quantity measures, with every unit a person may write it in.
public enum Dimension: CaseIterable, Sendable {
  case length, rate, time, current, temperature, area, density, share, speed, acceleration, rateChange

  /// Units by their written form, each as a multiple of the smallest that is resolved.
  ///
  /// `µ` exists twice in Unicode (micro sign and Greek letter); keyboards produce both, and `u` stands in for either.
  var units: [String: UnitScale] {
    switch self {
    case .length:
      ["mm": 1_000, "cm": 10_000, "µm": 1, "\u{3BC}m": 1, "um": 1, "micron": 1, "microns": 1]
    case .rate: Self.rateUnits
    case .time: Self.timeUnits
    case .current: ["A": 1_000, "mA": 1]
    case .temperature: ["°C": 10, "C": 10, "degC": 10]
    case .area: ["cm²": 100, "cm2": 100, "cm^2": 100, "mm²": 1, "mm2": 1, "mm^2": 1]
    case .density: ["dots/cm²": 1, "dots/cm2": 1, "dots/cm^2": 1]
    case .share: ["%": 1, "percent": 1]
    case .speed: ["mm/s": 1_000, "µm/s": 1, "\u{3BC}m/s": 1, "um/s": 1]
    case .acceleration: ["mm/s²": 1_000, "mm/s2": 1_000, "mm/s^2": 1_000]
    case .rateChange: ["Hz/s": 1]
    }
  }

  /// A rate per minute is what other machines of the trade show; a sixtieth of it has to come out even.
  private static var rateUnits: [String: UnitScale] {
    let perMinute = UnitScale(1_000, per: 60)
    return [
      "Hz": 1_000, "hz": 1_000, "mHz": 1, "kHz": 1_000_000, "/s": 1_000, "1/s": 1_000, "per second": 1_000,
      "/min": perMinute, "1/min": perMinute, "per minute": perMinute, "rpm": perMinute, "spm": perMinute,
    ]
  }

  private static var timeUnits: [String: UnitScale] {
    let second: Int64 = 1_000_000_000
    let (minute, hour, day) = (UnitScale(60 * second), UnitScale(3_600 * second), UnitScale(86_400 * second))
    return [
      "ns": 1, "µs": 1_000, "\u{3BC}s": 1_000, "us": 1_000, "ms": 1_000_000, "s": UnitScale(second),
      "sec": UnitScale(second), "min": minute, "minute": minute, "minutes": minute, "h": hour, "hour": hour,
      "hours": hour, "d": day, "day": day, "days": day,
    ]
  }

  /// With its article, as it stands in a sentence.
  public var title: String {
    switch self {
    case .length: "a length"
    case .rate: "a rate"
    case .time: "a time"
    case .current: "a current"
    case .temperature: "a temperature"
    case .area: "an area"
    case .density: "a density of dots"
    case .share: "a percentage"
    case .speed: "a speed"
    case .acceleration: "an acceleration"
    case .rateChange: "a change of rate"
    }
  }

  /// A value in the unit it is shown in.
  public var example: String {
    switch self {
    case .length: "0.45 mm"
    case .rate: "90 Hz"
    case .time: "3.5 ms"
    case .current: "0.25 A"
    case .temperature: "60 °C"
    case .area: "12.5 cm²"
    case .density: "40 dots/cm²"
    case .share: "60 %"
    case .speed: "5 mm/s"
    case .acceleration: "50 mm/s²"
    case .rateChange: "1000 Hz/s"
    }
  }

  /// The finest step that is kept.
  var resolution: String {
    switch self {
    case .length: "1 µm"
    case .rate: "1 mHz"
    case .time: "1 ns"
    case .current: "1 mA"
    case .temperature: "0.1 °C"
    case .area: "1 mm²"
    case .density: "1 dot/cm²"
    case .share: "1 %"
    case .speed: "1 µm/s"
    case .acceleration: "1 µm/s²"
    case .rateChange: "1 Hz/s"
    }
  }
}

/// What one of a unit is in the smallest that its dimension resolves: a whole number, or a fraction of two.
struct UnitScale: ExpressibleByIntegerLiteral {
  let factor: Int64
  let divisor: Int64

  init(_ factor: Int64, per divisor: Int64 = 1) {
    self.factor = factor
    self.divisor = divisor
  }

  init(integerLiteral factor: Int64) { self.init(factor) }
}

/// A quantity that has a written form with a unit.
public protocol WrittenQuantity: Comparable, Sendable, CustomStringConvertible {
  static var dimension: Dimension { get }
  /// From a count of the smallest unit; `nil` beyond the type's range.
  init?(exactly count: Int64)
}

extension Micrometres: WrittenQuantity {
  public static var dimension: Dimension { .length }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
}

extension Millihertz: WrittenQuantity {
  public static var dimension: Dimension { .rate }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
}

extension Nanoseconds: WrittenQuantity {
  public static var dimension: Dimension { .time }
  public init?(exactly count: Int64) { self.init(count) }
}

extension Milliamperes: WrittenQuantity {
  public static var dimension: Dimension { .current }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
}

extension Decicelsius: WrittenQuantity {
  public static var dimension: Dimension { .temperature }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
}

extension SquareMillimetres: WrittenQuantity {
  public static var dimension: Dimension { .area }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
}

public import Units

/// Dots per square centimetre, as a profile writes a density ceiling.
public struct DotsPerSquareCentimetre: WrittenQuantity, Hashable {
  public let count: Int32

  public init(_ count: Int32) { self.count = count }

  public static var dimension: Dimension { .density }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  public var description: String { "\(count) dots/cm²" }
}

/// A share in whole percent.
public struct Percent: WrittenQuantity, Hashable {
  public let count: Int32

  public init(_ count: Int32) { self.count = count }

  public static var dimension: Dimension { .share }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  public var description: String { "\(count) %" }
}

/// A speed of the depth axis, in micrometres per second.
public struct MicrometresPerSecond: WrittenQuantity, Hashable {
  public let count: Int32

  public init(_ count: Int32) { self.count = count }

  public static var dimension: Dimension { .speed }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  /// In the unit a technician speaks: `0.2 mm/s`.
  public var description: String { DecimalText.of(Int64(count), decimals: 3) + " mm/s" }
}

/// An acceleration of the depth axis, in micrometres per second squared.
public struct MicrometresPerSecondSquared: WrittenQuantity, Hashable {
  public let count: Int32

  public init(_ count: Int32) { self.count = count }

  public static var dimension: Dimension { .acceleration }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  public var description: String { DecimalText.of(Int64(count), decimals: 3) + " mm/s²" }
}

/// How fast a rate changes, in hertz per second: what a needle motor's ramp is set to.
public struct HertzPerSecond: WrittenQuantity, Hashable {
  public let count: Int32

  public init(_ count: Int32) { self.count = count }

  public static var dimension: Dimension { .rateChange }
  public init?(exactly count: Int64) {
    guard let count = Int32(exactly: count) else { return nil }
    self.init(count)
  }
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  public var description: String { "\(count) Hz/s" }
}

/// A whole number without a unit: strokes, needles, steps.
public struct Count: Comparable, Hashable, Sendable, CustomStringConvertible {
  public let count: Int64

  public init(_ count: Int64) { self.count = count }

  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
  public var description: String { "\(count)" }
}

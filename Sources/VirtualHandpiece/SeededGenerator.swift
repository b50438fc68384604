public import Units

/// The chance in a simulation: SplitMix64, so that one seed gives the same history on every machine.
public struct SeededGenerator: RandomNumberGenerator, Equatable, Sendable, BitwiseCopyable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// The next 64 bits (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed &>> 31)
  }

  /// A whole number in 0..<bound; 0 when `bound` is not positive.
  public mutating func below(_ bound: Int64) -> Int64 {
    guard bound > 0 else { return 0 }
    return Int64(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A duration in 0...longest.
  public mutating func duration(upTo longest: Nanoseconds) -> Nanoseconds {
    Nanoseconds(below(longest.count + 1))
  }
}

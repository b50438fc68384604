import Units

/// The share of a sine cam's revolution in which the needle is within a distance of one end of its travel.
///
/// acos(1 − 2·x) / π for the distance x in parts of the whole stroke. The arc cosine is √(1 − z) times a polynomial of degree
/// seven, off by 2·10⁻⁸ rad at the most (Abramowitz and Stegun, Handbook of Mathematical Functions, formula 4.4.46): the
/// standard library has none, and nothing below the bridge imports another.
enum CamShare {
  /// In millionths, rounded up, 0...1,000,000.
  @_noLocks static func millionths(of distance: Micrometres, in stroke: Micrometres) -> Int64 {
    guard distance > .zero else { return 0 }
    guard distance < stroke else { return 1_000_000 }
    let cosine = 1 - 2 * Double(distance.count) / Double(stroke.count)
    let angle = cosine < 0 ? pi - arcCosine(-cosine) : arcCosine(cosine)
    let millionths = Int64(angle / pi * 1_000_000) + 1
    return millionths > 1_000_000 ? 1_000_000 : millionths
  }

  private static var pi: Double { @_noLocks get { 3.14159265358979323846 } }

  /// For 0...1.
  @_noLocks private static func arcCosine(_ z: Double) -> Double {
    var sum = -0.001_262_491_1
    sum = sum * z + 0.006_670_090_1
    sum = sum * z - 0.017_088_125_6
    sum = sum * z + 0.030_891_881_0
    sum = sum * z - 0.050_174_304_6
    sum = sum * z + 0.088_978_987_4
    sum = sum * z - 0.214_598_801_6
    sum = sum * z + 1.570_796_305_0
    return sum * root(1 - z)
  }

  /// Newton's square root of 0...1, from above; the compiler's no-locks check knows nothing of the standard library's. From 1
  /// it halves until it is near, at most 14 times for what two lengths of 32 bits in a stroke can make, and is exact five turns later.
  @_noLocks private static func root(_ square: Double) -> Double {
    var root = 1.0
    var turn = 0
    while turn < 20 {
      root = (root + square / root) / 2
      turn += 1
    }
    return root
  }
}

/// Round values along an axis.
enum Axis {
  /// From 0 to at least `most`, at most `count` steps of 1, 2 or 5 times a power of ten.
  static func ticks(to most: Double, count: Int) -> [Double] {
    guard most > 0, most.isFinite else { return [0] }
    var step = 1e-6
    while step * Double(count) < most {
      for factor in [2.0, 2.5, 2.0] where step * Double(count) < most { step *= factor }
    }
    return stride(from: 0, through: most * 1.0001, by: step).map { $0 }
  }

  /// Times in seconds at spacings people think in.
  static func times(to most: Double, count: Int) -> [Double] {
    let spacings: [Double] = [
      1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 86_400,
    ]
    let step = spacings.first { most / $0 <= Double(count) } ?? most
    guard step > 0 else { return [0] }
    return stride(from: 0, through: most, by: step).map { $0 }
  }

  /// `45 s`, `5 min`, `1:30 h`.
  static func label(_ seconds: Double, of most: Double) -> String {
    let whole = Int(seconds)
    if most < 120 { return "\(whole) s" }
    if most < 7_200 {
      return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60):\(NumberText.twoDigits(whole % 60))"
    }
    return "\(whole / 3_600):\(NumberText.twoDigits(whole % 3_600 / 60)) h"
  }
}

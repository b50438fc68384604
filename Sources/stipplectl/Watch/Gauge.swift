/// One bar of the full screen: a figure against its limit.
struct Gauge {
  /// From this share of the limit on, the bar says so by its colour.
  private static let nearLimit = 0.9

  var label: String
  /// Of the limit; nil while there is nothing to measure.
  var share: Double?
  /// Where the profile sets it, of the limit.
  var mark: Double?
  /// What is measured, or that nothing is.
  var value: String
  /// What the value is held against.
  var limit: String

  func line(width: Int, paint: Paint) -> String {
    let limitWidth = width >= Self.narrow ? Self.limitWidth : 0
    let barWidth = min(Self.longestBar, max(0, width - 10 - 2 - 10 - 2 - limitWidth))
    let bar = Bar.text(share ?? 0, width: barWidth, mark: mark)
    let text =
      "\(TextWidth.padded(value, to: 10, right: true))  \(TextWidth.padded(limit, to: limitWidth))"
    return paint.dim(TextWidth.padded(label, to: 10)) + painted(bar, paint) + "  " + text
  }

  static let limitWidth = 27
  /// Columns below which the limits are left out.
  static let narrow = 62
  /// A longer one is no easier to read.
  static let longestBar = 80

  private func painted(_ bar: String, _ paint: Paint) -> String {
    guard let share else { return paint.dim(bar) }
    if share > 1 { return paint(bar, .red) }
    return paint(bar, share >= Self.nearLimit ? .yellow : .green)
  }
}

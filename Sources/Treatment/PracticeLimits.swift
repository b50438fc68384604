import Units

/// Limits that need history, from the table of limits: what the practice of scalp micropigmentation asks for between sessions and
/// over a whole plan.
enum PracticeLimits {
  /// Days before the same zone is worked again without a reason (10 to 30 in practice); a plan may ask for more.
  static let usualIntervalDays = 14
  /// Under this many days only a service engineer may go on, with a reason, and it is audited.
  static let shortestIntervalDays = 7
  /// Dots per cm² over a whole plan: advice, and the ceiling (natural density is 175 to 300 hairs per cm²).
  static let advisedPlanDensity: Int32 = 150
  static let planDensity: Int32 = 200
  /// Running time after which a drive is due for inspection: a third of the life that makers of small brushed motors state
  /// (about 1,000 h); an engineering choice.
  static let inspectionAfter = Nanoseconds.hours(300)
}

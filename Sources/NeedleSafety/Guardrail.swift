/// A limit with its advice: absolute bounds that bind, recommended bounds beyond which a person is warned.
///
/// A guardrail checks itself: recommended bounds outside the absolute ones, or bounds in the wrong order, are refused when
/// it is made. (The idea of a self-checking guardrail: LoopKit.)
public struct Guardrail<Value: Comparable & Sendable>: Sendable {
  public let absolute: ClosedRange<Value>
  public let recommended: ClosedRange<Value>

  /// What a value is, held against the guardrail.
  public enum Verdict: Equatable, Sendable {
    case recommended
    /// Allowed, and worth a warning.
    case unusual
    case belowAbsolute
    case aboveAbsolute
  }

  /// `nil` when the recommended range is not inside the absolute one.
  public init?(absolute: ClosedRange<Value>, recommended: ClosedRange<Value>) {
    guard absolute.lowerBound <= recommended.lowerBound, recommended.upperBound <= absolute.upperBound else {
      return nil
    }
    self.absolute = absolute
    self.recommended = recommended
  }

  public func verdict(on value: Value) -> Verdict {
    if value < absolute.lowerBound { return .belowAbsolute }
    if value > absolute.upperBound { return .aboveAbsolute }
    return recommended.contains(value) ? .recommended : .unusual
  }
}

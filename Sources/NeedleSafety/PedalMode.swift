public import Units

/// How a press keeps a run in force.
public enum PedalMode: Equatable, Sendable, BitwiseCopyable {
  /// As long as the pedal is down.
  case momentary
  /// A press starts, the next one stops at its first contact; and without one the run ends by itself after `deadMan`.
  case latched(deadMan: Nanoseconds)
}

public import Units

/// How late the loop wakes in a simulation.
public enum WakeLatency: Equatable, Sendable {
  /// Always in time.
  case none
  /// Seeded, anything from in time to this late, all equally likely.
  case upTo(Nanoseconds)

  func next(_ generator: inout SeededGenerator) -> Nanoseconds {
    switch self {
    case .none: .zero
    case .upTo(let longest): generator.duration(upTo: longest)
    }
  }
}

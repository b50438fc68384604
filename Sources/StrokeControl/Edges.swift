public import NeedleSafety
public import Units

/// One change of an input line, with the kernel's time of it.
public struct Edge: Equatable, Sendable, BitwiseCopyable {
  public var signal: InputSignal
  public var rising: Bool
  /// CLOCK_MONOTONIC as the kernel stamped it in the interrupt.
  public var at: Instant

  @_noLocks public init(signal: InputSignal, rising: Bool, at: Instant) {
    self.signal = signal
    self.rising = rising
    self.at = at
  }
}

/// The edges of one wake, in the order in which they happened; bounded, and counting what did not fit.
public struct Edges: Sendable, BitwiseCopyable {
  /// A stroke has four edges; what comes beyond them is a stall's or a contact's bounce, and the next wake takes the rest.
  public static var capacity: Int { @_noLocks get { 32 } }

  private var storage: InlineArray<32, Edge>
  public private(set) var count: Int
  /// Edges that did not fit, or that the kernel is known to have dropped: levels cannot be trusted, a fault follows.
  public private(set) var lost: Int

  @_noLocks public init() {
    storage = InlineArray(repeating: Edge(signal: .emergencyStopA, rising: false, at: .boot))
    count = 0
    lost = 0
  }

  @_noLocks public mutating func append(_ edge: Edge) {
    guard count < Self.capacity else {
      lost += 1
      return
    }
    storage[count] = edge
    count += 1
  }

  /// Says that edges are known to be missing.
  @_noLocks public mutating func noteLost(_ number: Int) { lost += number }

  @_noLocks public mutating func removeAll() {
    count = 0
    lost = 0
  }

  /// Takes all edges out of another batch, in place of those that were here. Most wakes bring none, and the whole batch is half
  /// a kilobyte: only what there is is copied.
  @_noLocks public mutating func take(from other: inout Edges) {
    var index = 0
    while index < other.count {
      storage[index] = other.storage[index]
      index += 1
    }
    count = other.count
    lost = other.lost
    other.removeAll()
  }

  /// The edge at `index`, 0..<count.
  @_noLocks public subscript(index: Int) -> Edge { @_noLocks get { storage[index] } }
}

import NeedleSafety
public import StrokeControl
import Units

/// Edges that happened and that the loop has not taken: the kernel's own buffer. A wake takes as many as it holds, the next one the
/// rest; what does not fit is lost, and counted.
public struct EdgeQueue: Sendable {
  /// As many as the board asks the kernel to keep for its lines (`KERNEL_EDGES` of the shim).
  public static var capacity: Int { 256 }

  private var storage = InlineArray<256, Edge>(
    repeating: Edge(signal: .emergencyStopA, rising: false, at: .boot))
  private var first = 0
  public private(set) var count = 0
  /// Edges that did not fit, or were dropped on purpose, since the last take.
  public private(set) var lost = 0

  init() {}

  mutating func append(_ edge: Edge) {
    guard count < Self.capacity else {
      lost += 1
      return
    }
    storage[(first + count) % Self.capacity] = edge
    count += 1
  }

  /// Says that edges are missing.
  mutating func noteLost(_ number: Int) { lost += number }

  /// Moves as many edges as a wake holds into one, in place of those that were there.
  public mutating func take(into edges: inout Edges) {
    edges.removeAll()
    if lost > 0 { edges.noteLost(lost) }
    lost = 0
    while count > 0, edges.count < Edges.capacity {
      edges.append(storage[first])
      first = (first + 1) % Self.capacity
      count -= 1
    }
  }

  public mutating func removeAll() {
    count = 0
    lost = 0
  }

  /// The edge at `index`, 0..<count, oldest first.
  public subscript(index: Int) -> Edge { storage[(first + index) % Self.capacity] }
}

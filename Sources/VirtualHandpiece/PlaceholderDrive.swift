public import Units

/// A drive that never answers and holds the depth stop at 0.5 mm.
public struct TMCLDevice: Sendable {
  public init() {}
  public var depth: Micrometres { Micrometres(500) }
  public var isAxisMoving: Bool { false }
  public var nextEvent: Instant { .distantFuture }
  public mutating func advance(to instant: Instant) {}
  public mutating func receive(_ byte: UInt8, at instant: Instant) {}
  public var hasReply: Bool { false }
  public mutating func takeReply() -> UInt8? { nil }
}

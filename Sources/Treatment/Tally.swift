public import NeedleSafety

/// What happened since the daemon was started, whichever session it was in.
public struct Tally: Equatable, Sendable {
  public internal(set) var strokes: UInt64 = 0
  public internal(set) var dots: UInt64 = 0
  /// By code; a fault that never was has no entry.
  public internal(set) var faults: [FaultCode: UInt64] = [:]

  init() {}
}

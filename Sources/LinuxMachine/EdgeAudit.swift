public import NeedleSafety
public import StrokeControl
public import Units

/// Finds edges that the kernel did not deliver, from what it did deliver and from the levels read beside it.
///
/// What the kernel dropped from its buffer it tells by its sequence numbers. What its interrupt merged or never saw it cannot
/// tell, so that is inferred: a line cannot rise twice without falling, and its level cannot stay different from its last edge.
public struct EdgeAudit: Sendable, BitwiseCopyable {
  /// How long a level may differ from the last edge before the edge is called lost. The level is read at once, while the edge
  /// goes through an interrupt thread that may not have run yet; two armed periods leave it that time.
  public static var grace: Nanoseconds { @_noLocks get { .milliseconds(2) } }

  /// Inputs on which a pulse too short for the kernel's interrupt thread is in the order of things: mechanical contacts, which
  /// bounce, and the bottom sensor when a stop turns the needle at the moment it arrives. The kernel names an edge by the
  /// level that thread finds, so such a pulse delivers two equal edges with nothing dropped: the missing one is put in. On the
  /// other lines two equal edges are a loss.
  static var pulsed: UInt32 {
    @_noLocks get {
      InputSignal.emergencyStopA.bit | InputSignal.emergencyStopB.bit | InputSignal.pedalNormallyOpen.bit
        | InputSignal.pedalNormallyClosed.bit | InputSignal.cartridgeAbsent.bit
        | InputSignal.guardClosed.bit | InputSignal.needleBottom.bit
    }
  }

  /// Each line's level as its last edge left it.
  private var followed: UInt32
  /// When the levels were read that it started from.
  private let startedAt: Instant
  /// Lines whose level differs from that, and since when they do.
  private var suspects: UInt32
  private var suspectSince: InlineArray<32, Instant>

  /// Starts from levels just read. Edges from before, or on their way then, are not judged by them.
  @_noLocks public init(levels: InputLevels, at now: Instant) {
    followed = levels.bits
    startedAt = now
    suspects = 0
    suspectSince = InlineArray(repeating: .boot)
  }

  /// Takes one edge in order, adding it to `edges`: with the opposite edge before it where a short pulse must have made
  /// one, and noting a loss where the line makes none.
  @_noLocks public mutating func follow(_ edge: Edge, into edges: inout Edges) {
    let bit = edge.signal.bit
    let isHigh = followed & bit != 0
    if isHigh == edge.rising && edge.at - startedAt >= Self.grace {
      if bit & Self.pulsed != 0 {
        edges.append(Edge(signal: edge.signal, rising: !edge.rising, at: edge.at))
      } else {
        edges.noteLost(1)
      }
    }
    followed = edge.rising ? followed | bit : followed & ~bit
    suspects &= ~bit
    edges.append(edge)
  }

  /// Compares levels just read with the edges; notes what must have been lost.
  @_noLocks public mutating func compare(_ levels: InputLevels, at now: Instant, into edges: inout Edges) {
    let different = levels.bits ^ followed
    var remaining = different | suspects
    while remaining != 0 {
      let place = remaining.trailingZeroBitCount
      let bit: UInt32 = 1 &<< UInt32(truncatingIfNeeded: place)
      remaining &= ~bit
      if different & bit == 0 {
        suspects &= ~bit
      } else if suspects & bit == 0 {
        suspects |= bit
        suspectSince[place] = now
      } else if now - suspectSince[place] >= Self.grace {
        edges.noteLost(1)
        followed ^= bit
        suspects &= ~bit
      }
    }
  }
}

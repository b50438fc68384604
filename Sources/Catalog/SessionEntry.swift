public import SessionLog
public import Units

/// What is needed to open a session.
public struct NewSession: Hashable, Sendable {
  /// Also the name of the session's file.
  public var id: String
  /// Pseudonymous code; `nil` on the bench.
  public var client: String?
  /// Empty without a plan.
  public var plan: String
  /// Of the plan; `nil` without one.
  public var stage: PlanStage?
  public var machine: String
  public var machineProfile: String
  public var openedBy: String

  public init(
    id: String, client: String?, plan: String = "", stage: PlanStage? = nil, machine: String,
    machineProfile: String, openedBy: String
  ) {
    self.id = id
    self.client = client
    self.plan = plan
    self.stage = stage
    self.machine = machine
    self.machineProfile = machineProfile
    self.openedBy = openedBy
  }
}

/// A session in the catalog.
public struct SessionEntry: Hashable, Sendable {
  public enum State: String, Hashable, Sendable {
    case open
    case closed
    /// Given up without a finished file.
    case abandoned
  }

  public var id: String
  public var client: String?
  public var plan: String
  public var stage: PlanStage?
  public var machine: String
  public var machineProfile: String
  public var openedBy: String
  public var openedAt: WallTime
  public var closedAt: WallTime?
  public var state: State
  /// 1, and one more for each resume.
  public var segments: UInt32
  public var totals: SessionTotals
  /// Of the finished file; `nil` until closed.
  public var fileHash: SHA256Digest?
  /// Time with torque on.
  public var motorOn: Nanoseconds
  /// When its record was deleted, on request or at the end of retention; `nil` while it is kept.
  public var purgedAt: WallTime?

  public var isBench: Bool { client == nil }
}

/// Counts of a whole session.
public struct SessionTotals: Hashable, Sendable {
  public var strokes: UInt64
  public var dots: UInt64
  /// The most strokes that declared uncertain intervals may hold.
  public var uncertainStrokes: UInt64
  /// Made, but their records were lost.
  public var missingStrokes: UInt64

  public init(strokes: UInt64 = 0, dots: UInt64 = 0, uncertainStrokes: UInt64 = 0, missingStrokes: UInt64 = 0)
  {
    self.strokes = strokes
    self.dots = dots
    self.uncertainStrokes = uncertainStrokes
    self.missingStrokes = missingStrokes
  }

  /// As the session's own file counts them.
  public init(_ digest: SessionDigest) {
    self.init(
      strokes: digest.strokes, dots: digest.dots,
      uncertainStrokes: digest.uncertain.reduce(0) { $0 + $1.strokesAtMost }
        + (digest.open?.strokesAtMost ?? 0),
      missingStrokes: digest.missingStrokes)
  }
}

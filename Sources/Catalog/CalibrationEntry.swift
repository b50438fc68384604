public import SessionLog
public import Units

/// A calibration of one machine, as it was saved.
public struct CalibrationEntry: Hashable, Sendable {
  public var id: Int64
  public var at: WallTime
  public var actor: String
  /// The machine profile it belongs to, by name and by the hash of its canonical text: another profile, another machine.
  public var machine: String
  public var machineHash: SHA256Digest
  /// The depth axis's own depth at which the needle is flush with the nose.
  public var zero: Micrometres
  /// From FIRE high until the one-shot had brought the needle home; `nil` on a machine without one.
  public var oneShot: Nanoseconds?
  /// The measured points, one line each.
  public var figures: String
  /// Over everything above but the id.
  public var hash: SHA256Digest

  /// The one-shot was seen to act.
  public var oneShotIsProved: Bool { oneShot != nil }

  /// A calibration to be saved; throws when the system cannot hash.
  public init(
    at: WallTime, actor: String, machine: String, machineHash: SHA256Digest, zero: Micrometres,
    oneShot: Nanoseconds?, figures: String
  ) throws(SessionLogError) {
    self.init(
      id: 0, at: at, actor: actor, machine: machine, machineHash: machineHash, zero: zero, oneShot: oneShot,
      figures: figures, hash: machineHash)
    hash = try SHA256Digest.of(Array(canonicalText.utf8))
  }

  init(
    id: Int64, at: WallTime, actor: String, machine: String, machineHash: SHA256Digest, zero: Micrometres,
    oneShot: Nanoseconds?, figures: String, hash: SHA256Digest
  ) {
    self.id = id
    self.at = at
    self.actor = actor
    self.machine = machine
    self.machineHash = machineHash
    self.zero = zero
    self.oneShot = oneShot
    self.figures = figures
    self.hash = hash
  }

  /// Whether the row is what was saved.
  public func isIntact() throws(SessionLogError) -> Bool {
    try SHA256Digest.of(Array(canonicalText.utf8)) == hash
  }

  private var canonicalText: String {
    """
    at_us: \(at.microseconds)
    actor: \(actor)
    machine: \(machine) \(machineHash)
    zero_um: \(zero.count)
    one_shot_ns: \(oneShot.map { "\($0.count)" } ?? "none")
    \(figures)
    """
  }
}

public import Catalog
import NeedleSafety
import Profiles
import SessionLog
import StrokeControl
public import Units

/// A service engineer's calibration: the loop moves and measures, the desk fits, judges and keeps.
extension Desk {
  /// Brings a rotary needle home that is not; a linear one's spring does that by itself.
  public func bringHome(by author: Author) async throws {
    try await changing {
      try audit("home", "", by: author)
      try accept(try await order(.home), field: "machine")
      try await settled()
      guard status.needle == .home else { throw TreatmentError.wrongState(status.state) }
    }
  }

  /// Torque on, needle home, depth axis at its zero. Returns the measured depth.
  public func beginCalibration(by author: Author) async throws -> Micrometres {
    try await changing {
      try audit("calibration.home", "", by: author)
      calibrationDraft = nil
      try await calibrate(.begin, within: configuration.machine.parameters.referenceTimeout)
      return status.drive.depth ?? .zero
    }
  }

  /// Sends the depth axis to a depth within the bench's limits. Returns where it stands.
  public func jog(to depth: Micrometres, by author: Author) async throws -> Micrometres {
    try await changing {
      try audit("calibration.jog", "\(depth)", by: author)
      let parameters = configuration.machine.parameters
      let outcome = try await order(.calibrate(.jog(depth)), within: parameters.moveTimeout + .seconds(1))
      let deepest = Ceilings.tightest(.absolute, parameters.ceilings).depthBench - zeroInForce
      try accept(outcome, field: "depth", value: "\(depth)", limit: "0 to \(deepest), the bench's ceiling")
      return status.drive.depth ?? depth
    }
  }

  /// The needle is flush with the nose where the axis stands now. Returns the new zero in the axis's own depth; it holds until the
  /// process ends, and for good once it is saved.
  public func setZero(by author: Author) async throws -> Micrometres {
    try await changing {
      guard status.state == .calibrating, let depth = status.drive.depth else {
        throw TreatmentError.wrongState(status.state)
      }
      let zero = zeroInForce + depth
      try audit("calibration.zero", "\(zero)", by: author)
      try accept(
        try await order(.zero(zero)), field: "zero", value: "\(zero)",
        limit: "0 to 0.65 mm from the switch; move the switch")
      zeroInForce = zero
      calibrationDraft = nil
      return zero
    }
  }

  /// Measures the travel at five depths, and the one-shot. `progress` is called with how many of how many steps are done.
  public func measure(
    by author: Author, progress: @Sendable (Int, Int) async throws -> Void
  ) async throws -> CalibrationFigures {
    try await changing {
      try audit("calibration.measure", "", by: author)
      let parameters = configuration.machine.parameters
      // The axis's own range ends at the bench's ceiling, wherever its zero is.
      let ceiling = Ceilings.tightest(.absolute, parameters.ceilings).depthBench - zeroInForce
      let isLinear = !parameters.drivetrain.isRotary
      let total = CalibrationFigures.shares.count + (isLinear ? 1 : 0)
      var figures = CalibrationFigures()
      for (done, share) in CalibrationFigures.shares.enumerated() {
        let depth = Micrometres(ceiling.count * Int32(share) / 100)
        figures.points.append(try await measurePoint(at: depth, isLinear: isLinear))
        try await progress(done + 1, total)
      }
      try await calibrate(.jog(.zero), within: parameters.moveTimeout)
      if isLinear {
        let stroke = try await measuredStroke(.oneShot)
        // Home before FIRE was low: the one-shot did that, and nothing else can have.
        figures.oneShot = stroke.retractTravel == nil && !stroke.stalled ? stroke.timeToHome : nil
        try await progress(total, total)
      }
      calibrationDraft = figures
      return figures
    }
  }

  private func measurePoint(at depth: Micrometres, isLinear: Bool) async throws -> CalibrationFigures.Point {
    try await calibrate(.jog(depth), within: configuration.machine.parameters.moveTimeout)
    var point = CalibrationFigures.Point(commanded: depth, measured: status.drive.depth ?? .zero)
    guard isLinear else { return point }
    for _ in 0..<CalibrationFigures.strokesPerDepth {
      let stroke = try await measuredStroke(.stroke(dwell: .milliseconds(2)))
      if let extend = stroke.extendTravel { point.extendTravel = max(point.extendTravel ?? .zero, extend) }
      if let retract = stroke.retractTravel {
        point.retractTravel = max(point.retractTravel ?? .zero, retract)
      }
    }
    return point
  }

  private func measuredStroke(_ order: CalibrationOrder) async throws -> CalibrationStroke {
    calibrationStrokes = []
    try await calibrate(order, within: .seconds(1))
    guard let stroke = calibrationStrokes.last else { throw TreatmentError.noAnswer }
    return stroke
  }

  /// Keeps what was measured, with the zero in force, and ends the calibration. Throws `.invalidValue` with the first thing that
  /// is wrong with it.
  public func saveCalibration(by author: Author) async throws -> CalibrationEntry {
    try await changing {
      guard let figures = calibrationDraft else {
        throw TreatmentError.wrongSession(is: "nothing was measured", needed: "measure first")
      }
      if let problem = figures.problems(on: configuration.machine.parameters).first {
        throw TreatmentError.invalidValue(field: "calibration", value: figures.text, limit: problem)
      }
      let entry = try hashed {
        try CalibrationEntry(
          at: clock.wall(), actor: author.name, machine: configuration.machine.name,
          machineHash: try machineHash(), zero: zeroInForce, oneShot: figures.oneShot, figures: figures.text)
      }
      try audit("calibration.save", entry.hash.description, by: author)
      calibration = try catalogued { try catalog.saveCalibration(entry) }
      calibrationDraft = nil
      if case .done = try await order(.disarm) { try await settled() }
      vouch()
      return calibration ?? entry
    }
  }

  /// The last calibration of this machine, and whether it counts.
  public var calibrationState: (saved: CalibrationEntry?, isGood: Bool) { (calibration, calibrationIsGood) }

  /// The newest calibration is this machine's as it is now, and young enough; a clock behind it makes it no younger.
  var calibrationIsGood: Bool {
    guard let oldest = configuration.machine.calibrationMaximumAge else { return true }
    guard let calibration, (try? machineHash()) == calibration.machineHash else { return false }
    let age = clock.wall() - calibration.at
    return age >= .zero && age <= oldest
  }

  /// At start: the zero of the last calibration is put in force before anything moves.
  func takeUpCalibration() async {
    do {
      calibration = try catalog.lastCalibration(of: configuration.machine.name)
    } catch {
      note(JournalEntry(.error, "the calibration cannot be used: \(error)"))
      return
    }
    guard let calibration, calibration.zero != .zero, (try? machineHash()) == calibration.machineHash else {
      return
    }
    if line.tell(.zero(calibration.zero)) { zeroInForce = calibration.zero }
  }

  private func machineHash() throws(SessionLogError) -> SHA256Digest {
    try SHA256Digest.of(Array(configuration.machine.canonicalText.utf8))
  }

  private func hashed<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw TreatmentError.storage("\(error)") }
  }

  private func calibrate(_ step: CalibrationOrder, within limit: Nanoseconds) async throws {
    let outcome = try await order(.calibrate(step), within: limit + .seconds(1))
    try accept(outcome, field: "calibration")
  }

  /// The loop's refusals in the desk's words.
  private func accept(
    _ outcome: CommandOutcome, field: String, value: String = "", limit: String = ""
  ) throws {
    switch outcome {
    case .done: return
    case .unmet(let unmet): throw TreatmentError.notReady(unmet.list)
    case .wrongState(let state): throw TreatmentError.wrongState(state)
    case .notOffered:
      throw TreatmentError.invalidValue(
        field: field, value: configuration.machine.name,
        limit: "a rotary machine; the needle of a linear one is brought home by its spring")
    case .causeRemains, .notLatched:
      throw TreatmentError.causesRemain(FaultCode.allCases.filter { status.faults.contains($0) })
    case .refused(let refused):
      throw TreatmentError.invalidValue(
        field: field, value: value, limit: limit.isEmpty ? "the limit on \(refused.name)" : limit)
    }
  }
}

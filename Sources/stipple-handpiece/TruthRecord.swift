import Glibc
import Units
import VirtualHandpiece

/// Ground truth on its way to files: a line per stroke, and a summary in JSON.
struct TruthRecord: ~Copyable {
  /// More lines than this are counted, not kept: ten hours at 100 Hz.
  private static var mostStrokes: Int { 3_600_000 }
  private static var mostTorqueIntervals: Int { 4_096 }

  private let strokesFile: CInt
  private var buffer: [UInt8] = []
  private var strokesTaken = 0
  private var strokesMissed = 0
  private var torqueTaken = 0
  private var torque: [TorqueTruth] = []
  /// How late the worst input edge was written, after its physical instant.
  var worstEdgeLateness = Nanoseconds.zero
  var refusedWrites = 0

  /// `nil` when the file cannot be made. No path: no lines.
  init?(strokesPath: String?) {
    if let strokesPath {
      let descriptor = unsafe open(strokesPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { return nil }
      strokesFile = descriptor
      buffer += "number left_home_ns out_ns past_nose_ns depth_um\n".utf8
    } else {
      strokesFile = -1
    }
  }

  deinit { if strokesFile >= 0 { close(strokesFile) } }

  /// Takes over what was added since the last call.
  mutating func take(from truth: borrowing GroundTruth) {
    while strokesTaken < truth.strokes.total {
      if let stroke = truth.strokes[strokesTaken], strokesTaken < Self.mostStrokes {
        add(stroke, number: strokesTaken)
      } else {
        strokesMissed += 1
      }
      strokesTaken += 1
    }
    while torqueTaken < truth.torque.total {
      if let interval = truth.torque[torqueTaken], torque.count < Self.mostTorqueIntervals {
        torque.append(interval)
      }
      torqueTaken += 1
    }
    if buffer.count > 65_536 { flush() }
  }

  private mutating func add(_ stroke: StrokeTruth, number: Int) {
    guard strokesFile >= 0 else { return }
    let fields: [Int64] = [
      Int64(number), stroke.leftHome.sinceBoot.count, stroke.timeOut.count, stroke.timePastNose.count,
      Int64(stroke.depth.count),
    ]
    buffer += fields.map { String($0) }.joined(separator: " ").utf8
    buffer.append(UInt8(ascii: "\n"))
  }

  mutating func flush() {
    guard strokesFile >= 0 else { return }
    writeAll(buffer, to: strokesFile)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes the summary beside its final name and renames it, so that a reader never sees half of it.
  func writeSummary(of handpiece: borrowing Handpiece, to path: String) -> Bool {
    let temporary = path + ".part"
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return false }
    writeAll(Array(summary(of: handpiece).utf8), to: descriptor)
    close(descriptor)
    return unsafe rename(temporary, path) == 0
  }

  private func summary(of handpiece: Handpiece) -> String {
    let truth = handpiece.truth
    let intervals = torque.map { "[\($0.on.sinceBoot.count), \($0.off.sinceBoot.count)]" }
    let out = truth.stroke.map { String((handpiece.now - $0.leftHome).count) } ?? "null"
    let on = truth.torqueOnSince.map { String($0.sinceBoot.count) } ?? "null"
    return """
      {
        "at_ns": \(handpiece.now.sinceBoot.count),
        "needle_home": \(handpiece.isNeedleHome),
        "needle_out_for_ns": \(out),
        "strokes_made": \(truth.strokesMade),
        "strokes_short": \(truth.strokesShort),
        "worst_out_ns": \(truth.worstTimeOut.count),
        "worst_past_nose_ns": \(truth.worstTimePastNose.count),
        "deepest_um": \(truth.deepest.count),
        "pulses": \(truth.pulses.total),
        "pulses_cut_by_one_shot": \(truth.pulsesCutByOneShot),
        "torque_on": \(handpiece.isTorqueOn),
        "torque_on_since_ns": \(on),
        "torque_intervals": \(truth.torque.total),
        "torque_ns": [\(intervals.joined(separator: ", "))],
        "strokes_not_listed": \(strokesMissed),
        "worst_edge_lateness_ns": \(worstEdgeLateness.count),
        "refused_writes": \(refusedWrites)
      }

      """
  }

  private func writeAll(_ bytes: [UInt8], to descriptor: CInt) {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { raw in
        unsafe write(descriptor, raw.baseAddress?.advanced(by: done), raw.count - done)
      }
      guard count > 0 else { return }
      done += count
    }
  }
}

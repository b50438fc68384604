public import NeedleSafety
import SessionLog
import StrokeControl
import Units

// The loop's plain values in the words of the record.

extension SessionLog.StrokeRecord {
  init(of stroke: StrokeControl.StrokeRecord) {
    self.init(
      sequence: stroke.sequence, period: stroke.period ?? .zero, extend: stroke.extend ?? .zero,
      dwell: stroke.timeOut ?? .zero, commandedDepth: stroke.commandedDepth,
      measuredDepth: stroke.measuredDepth, peakCurrent: stroke.current,
      verdict: SessionLog.StrokeVerdict(stroke))
  }
}

extension SessionLog.StrokeVerdict {
  init(_ stroke: StrokeControl.StrokeRecord) {
    self =
      switch stroke.verdict {
      case .good: stroke.timeOut == nil ? .unmeasured : .withinEnvelope
      case .cutShort: .interrupted
      case .stalled: .notHome
      case .breach:
        switch stroke.breach {
        case .strokeRate: .rateTooHigh
        case .depth: .tooDeep
        case .offTime: .offTimeTooShort
        case .dwell, .strokesPerDot, .dotDuration, .dotRate, .mode, nil: .dwellTooLong
        }
      }
  }
}

extension StatePriority {
  init(_ priority: FaultPriority) {
    self =
      switch priority {
      case .low: .low
      case .medium: .medium
      case .high: .high
      }
  }
}

extension InputLevels {
  /// Every line with its level, as evidence: `ESTOP_A=1`.
  public var evidence: [String] {
    InputSignal.allCases.map { "\($0.lineName)=\(isHigh($0) ? 1 : 0)" }
  }
}

extension InputSignal {
  /// An interlock's name in the record.
  var interlockName: String {
    switch self {
    case .emergencyStopA: "emergency_stop_a"
    case .emergencyStopB: "emergency_stop_b"
    case .guardClosed: "guard"
    case .cartridgeAbsent: "cartridge"
    case .driveFaultAbsent: "drive_fault"
    default: lineName.lowercased()
    }
  }
}

extension Fault {
  /// What showed it: the figure that broke a limit, then the lines.
  public var evidence: [String] {
    var figures: [String] = []
    if code == .driveLink {
      figures.append("cause=\(DriveTrouble(kind: value, figure: limit).name)")
    } else if limit != 0 {
      figures.append("value=\(value) (limit \(limit))")
    }
    let levels = InputLevels(bits: inputs)
    return figures + code.witnesses.map { "\($0.lineName)=\(levels.isHigh($0) ? 1 : 0)" }
  }
}

extension FaultCode {
  /// The lines that show a fault; for one that no line shows, all of them, as the circumstances.
  fileprivate var witnesses: [InputSignal] {
    switch self {
    case .emergencyStop, .emergencyStopDisagreement: [.emergencyStopA, .emergencyStopB]
    case .guardOpened: [.guardClosed]
    case .cartridgeRemoved: [.cartridgeAbsent]
    case .pedalDisagreement, .pedalDownAtPowerUp: [.pedalNormallyOpen, .pedalNormallyClosed]
    case .torqueFeedback: [.torqueFeedback, .emergencyStopA, .emergencyStopB]
    case .driveFault: [.driveFaultAbsent]
    case .needleStalled, .needleUnproved, .strokeRateExceeded, .dwellExceeded: [.needleHome, .needleBottom]
    default: InputSignal.allCases
    }
  }
}

extension Zone {
  /// The zone's name in records; a bench session has no zone.
  func name(bench: Bool) -> String { bench ? "bench" : name }
}

/// A family of Trinamic modules whose parameters have the same numbers, units and ranges.
///
/// The numbers are those of PyTrinamic 0.2.26 (`modules/TMCM1140.py` and so on), which is also the independent host
/// of the interoperability test; where each unit and range comes from, and which of them nobody has confirmed on a real
/// module yet, is in the target's documentation page.
public enum TMCLModuleFamily: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// TMCM-1140: one stepper axis, 2 A, TMC429: speeds 0...2047 scaled by power-of-two divisors.
  case tmcm1140
  /// TMCM-1240: one stepper axis, 2 A: speeds in microsteps per second.
  case tmcm1240
  /// TMCM-1617: one BLDC motor, field-oriented control; speeds in revolutions per minute, currents in mA.
  case tmcm1617
  /// TMCM-1640: the same, of an older family with other numbers.
  case tmcm1640

  /// The name as the maker writes it, and as machine profiles do.
  public var name: String {
    switch self {
    case .tmcm1140: "TMCM-1140"
    case .tmcm1240: "TMCM-1240"
    case .tmcm1617: "TMCM-1617"
    case .tmcm1640: "TMCM-1640"
    }
  }

  /// The family of that name, `nil` when there is none.
  public static func named(_ name: String) -> Self? { allCases.first { $0.name == name } }

  /// The number in the module's identity (GetFirmwareVersion, two upper bytes).
  public var moduleNumber: UInt16 {
    @_noLocks get {
      switch self {
      case .tmcm1140: 1140
      case .tmcm1240: 1240
      case .tmcm1617: 1617
      case .tmcm1640: 1640
      }
    }
  }

  /// Older firmware leaves the module's number 0 ("type number, currently not used" in the manuals of the TMCM-1141 and
  /// TMCM-1161, firmware V1.19); then the answer identifies nothing more than a TMCL module.
  public var numberMayBeBlank: Bool {
    @_noLocks get {
      switch self {
      case .tmcm1140: true
      case .tmcm1240, .tmcm1617, .tmcm1640: false
      }
    }
  }

  /// Global parameter 68, "serial heartbeat": the module stops its motor when no command came for that many ms; 0 = off.
  ///
  /// The servo modules' tables have no such parameter: what they do when the host falls silent is up to the watchdog.
  public var hasSerialHeartbeat: Bool { @_noLocks get { !turnsNeedle } }

  /// The module is for the needle's motor; the others are for the depth axis.
  public var turnsNeedle: Bool {
    @_noLocks get {
      switch self {
      case .tmcm1140, .tmcm1240: false
      case .tmcm1617, .tmcm1640: true
      }
    }
  }

  /// The motor current at parameter value 255, mA (RMS): the modules' rating, 2 A. A profile may say otherwise.
  public var currentAtFullScale: Int32 { @_noLocks get { 2_000 } }

  /// Speeds and accelerations are microsteps per second (per second), not controller units.
  public var usesStepsPerSecond: Bool {
    @_noLocks get {
      switch self {
      case .tmcm1140: false
      case .tmcm1240: true
      case .tmcm1617, .tmcm1640: false
      }
    }
  }
}

/// Numbers of axis parameters (SAP, GAP) of the stepper families, the same in each unless noted.
public enum TMCLAxisParameter {
  public static var targetPosition: UInt8 { @_noLocks get { 0 } }
  public static var actualPosition: UInt8 { @_noLocks get { 1 } }
  public static var targetSpeed: UInt8 { @_noLocks get { 2 } }
  public static var actualSpeed: UInt8 { @_noLocks get { 3 } }
  public static var maximumSpeed: UInt8 { @_noLocks get { 4 } }
  public static var maximumAcceleration: UInt8 { @_noLocks get { 5 } }
  public static var maximumCurrent: UInt8 { @_noLocks get { 6 } }
  public static var standbyCurrent: UInt8 { @_noLocks get { 7 } }
  public static var positionReached: UInt8 { @_noLocks get { 8 } }
  /// 0 while the left stop switch acts.
  public static var leftSwitchDisable: UInt8 { @_noLocks get { 13 } }
  /// TMCM-1240 only; on the TMCM-1140 parameter 5 holds for both directions.
  public static var maximumDeceleration: UInt8 { @_noLocks get { 17 } }
  /// Power of two, 0...8: 8 = 256 microsteps per full step.
  public static var microstepResolution: UInt8 { @_noLocks get { 140 } }
  /// TMCM-1140 only.
  public static var rampDivisor: UInt8 { @_noLocks get { 153 } }
  /// TMCM-1140 only.
  public static var pulseDivisor: UInt8 { @_noLocks get { 154 } }
  /// 1 = search the left stop switch only.
  public static var referenceSearchMode: UInt8 { @_noLocks get { 193 } }
  public static var referenceSearchSpeed: UInt8 { @_noLocks get { 194 } }
  public static var referenceSwitchSpeed: UInt8 { @_noLocks get { 195 } }
  /// Driver status: bit 1 over-temperature shutdown, 3 and 4 short to ground of a coil.
  public static var driverStatus: UInt8 { @_noLocks get { 208 } }
  /// TMCM-1240 only: 1 = microsteps per second.
  public static var unitMode: UInt8 { @_noLocks get { 255 } }
}

/// Numbers of global parameters of bank 0 (SGP, GGP).
public enum TMCLGlobalParameter {
  public static var serialHeartbeat: UInt8 { @_noLocks get { 68 } }
  /// Milliseconds since the module started, 32 bits.
  public static var tickTimer: UInt8 { @_noLocks get { 132 } }
}

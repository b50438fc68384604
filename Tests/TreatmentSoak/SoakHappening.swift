public import NeedleSafety
public import StrokeControl
public import Units
public import VirtualHandpiece

/// One thing that a plan makes happen.
public enum SoakHappening: Sendable {
  case foot(down: Bool)
  case person(PersonAction)
  case stall(Nanoseconds)
  case refuseWrites(Nanoseconds)
  case failInputs(Nanoseconds)
  case closeSerial(Nanoseconds)
  case loseEdges(Int)
  /// The client's stop, and its other orders.
  case stop
  case disarm
  case settings(StrokeSettings)
  case zone(ZoneGrant)
  /// The recorder no longer renews its intent for this long: a full or hanging disk.
  case recorderHangs(Nanoseconds)
  /// The recorder does not even take events, so that their ring fills.
  case recorderDeaf(Nanoseconds)
  /// The recorder says that it cannot keep up.
  case recordFails
  /// The control plane is gone, and with it what it vouched for.
  case controlPlaneGone
  /// So many orders at once, more than their ring holds.
  case flood(Int)
}

extension SoakHappening: CustomStringConvertible {
  /// In words, for whoever reads a plan.
  public var description: String {
    switch self {
    case .foot(let down): "the pedal goes \(down ? "down" : "up")"
    case .person(let action): Self.words(action)
    case .stall(let length): "the loop stalls for \(length)"
    case .refuseWrites(let length): "writes are refused for \(length)"
    case .failInputs(let length): "inputs cannot be read for \(length)"
    case .closeSerial(let length): "the serial line is closed for \(length)"
    case .loseEdges(let number): "the kernel drops \(number) edges"
    case .stop: "stop"
    case .disarm: "order: disarm"
    case .settings(let settings): "order: settings \(settings.mode.name) at \(settings.rate)"
    case .zone(let grant): "order: zone \(grant.zone.name), \(grant.dotsRemaining) dots left"
    case .recorderHangs(let length): "the recorder hangs for \(length)"
    case .recorderDeaf(let length): "the recorder takes no events for \(length)"
    case .recordFails: "order: the record cannot keep up"
    case .controlPlaneGone: "the control plane is gone"
    case .flood(let number): "\(number) orders at once"
    }
  }

  private static func words(_ action: PersonAction) -> String {
    switch action {
    case .pedal(let down): "the pedal goes \(down ? "down" : "up")"
    case .emergencyStop(let open): "the emergency stop is \(open ? "pressed" : "released")"
    case .guardCover(let open): "the guard is \(open ? "opened" : "closed")"
    case .cartridge(let seated): "the cartridge is \(seated ? "fitted" : "taken out")"
    case .inject(.handpiece(let fault), _): "fault: \(fault.name)"
    case .inject(.drive(let fault), _): "fault of the drive: \(fault)"
    case .repair: "everything is repaired"
    }
  }
}

/// What is wrong with the drive, as its link knows it: why the link is down, or why the drive did not do as it was told.
public struct DriveTrouble: Equatable, Sendable, BitwiseCopyable {
  public enum Kind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case none
    /// Nothing answers, or not within the lease.
    case silent
    /// What arrives fails its checksum or is no answer.
    case damaged
    /// Answers arrive whole, and too late to be one.
    case late
    /// The serial line is closed or broken.
    case lineClosed
    /// It restarted, or no longer holds the settings it was given.
    case restarted
    /// Another module or controller than the profile's answers; the figure is its number.
    case stranger
    /// Firmware whose settings cannot be read; the figure is 100 times its major version and the minor.
    case firmware
    /// Its settings are laid out differently from its firmware's.
    case settingsLayout
    /// Its own time-out on loss of link is off, beyond the lease, or so short that a lost reply expires it; the figure is in ms.
    case timeoutOff, timeoutTooLong, timeoutTooShort
    /// Its motor has other poles than the profile's; the figure is their number.
    case poles
    /// The greatest current in its settings is no number to divide by.
    case current
    /// A limit did not read back as it was written; the figure is the parameter's number, 0 where limits have none.
    case limits
    /// It refused a setting or a command; the figure is the parameter's number.
    case rejected
    /// It reports an error of its own; the figure is its flags or its fault's number.
    case driverError
    /// Its axis was moving when it was first spoken to.
    case moving
    /// The loop itself was silent for longer than the lease, so the drive was stopped first.
    case lapse
    /// A command was outside its range, or came while the link could not carry it.
    case refusedHere
    /// A reference search ended elsewhere than at its switch.
    case reference
    /// The drive's own time-out expired though it was asked in time.
    case expired

    /// Its number in a fault's evidence.
    public var number: UInt8 { @_noLocks get { rawValue } }
  }

  public var kind: Kind
  public var figure: Int32

  @_noLocks public init(_ kind: Kind, figure: Int32 = 0) {
    self.kind = kind
    self.figure = figure
  }

  /// Nothing is wrong.
  public static var none: Self { @_noLocks get { Self(.none) } }

  /// This one, or another where there is none.
  @_noLocks public func or(_ other: Self) -> Self {
    if case .none = kind { return other }
    return self
  }

  /// What two numbers of a record say; an unknown kind says nothing.
  public init(kind: Int64, figure: Int64) {
    self.kind = UInt8(exactly: kind).flatMap(Kind.init) ?? .none
    self.figure = Int32(clamping: figure)
  }

  /// Its name in status and evidence.
  public var name: String {
    switch kind {
    case .none: "none"
    case .silent: "silent"
    case .damaged: "damaged"
    case .late: "late"
    case .lineClosed: "line_closed"
    case .restarted: "restarted"
    case .stranger: "stranger"
    case .firmware: "firmware"
    case .settingsLayout: "settings_layout"
    case .timeoutOff: "timeout_off"
    case .timeoutTooLong: "timeout_too_long"
    case .timeoutTooShort: "timeout_too_short"
    case .poles: "poles"
    case .current: "current"
    case .limits: "limits"
    case .rejected: "rejected"
    case .driverError: "driver_error"
    case .moving: "moving"
    case .lapse: "lapse"
    case .refusedHere: "refused_here"
    case .reference: "reference"
    case .expired: "expired"
    }
  }

  /// What is wrong and what to do, a sentence's worth without its full stop.
  public var explanation: String {
    switch kind {
    case .none: "nothing is known to be wrong"
    case .silent: "nothing answers: check the drive's supply, its cable, and the baud rate"
    case .damaged: "its answers arrive damaged: check the cable, its shield, and the baud rate"
    case .late: "its answers come too late: check the adapter's latency and the drive's load"
    case .lineClosed: "its serial line is closed or broken: plug the adapter in"
    case .restarted: "it restarted, or lost the settings it was given: check its supply"
    case .stranger: "number \(figure) answers, not the profile's: correct the module or the profile"
    case .firmware:
      "firmware \(figure / 100).\(figure % 100) is not one whose settings are known: install 5.1, 5.2 or 6.0"
    case .settingsLayout: "its settings are not laid out as its firmware's are: install a released firmware"
    case .timeoutOff: "its time-out is off: set it within the machine's lease"
    case .timeoutTooLong: "its time-out of \(figure) ms is beyond the machine's lease: shorten it"
    case .timeoutTooShort: "its time-out of \(figure) ms is under three polling periods: lengthen it"
    case .poles: "its motor has \(figure) poles, not the profile's: correct the one that is wrong"
    case .current: "the greatest current in its settings is not a positive number: set it"
    case .limits where figure == 0: "its limits did not read back as they were written"
    case .limits: "parameter \(figure) did not read back as it was written"
    case .rejected: "it rejected parameter or instruction \(figure)"
    case .driverError: "it reports error \(figure) of its own: see its manual"
    case .moving: "its axis was moving when it was first spoken to"
    case .lapse: "the loop was silent for longer than the lease, so the drive was stopped: stipplectl doctor"
    case .refusedHere: "a command was out of range, or came while the link could not carry it"
    case .reference: "its reference search did not end at the switch: check the switch"
    case .expired: "its own time-out expired though it was asked in time: check the cable"
    }
  }
}

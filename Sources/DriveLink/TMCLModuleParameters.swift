public import Units

/// What the host has to know of a module whatever it moves.
public struct TMCLModuleParameters: Sendable, BitwiseCopyable {
  /// The module's own address and the address it replies to: 1 and 2 as delivered.
  public var moduleAddress: UInt8
  public var replyAddress: UInt8
  /// The number of the motor on the module, 0 on modules with one axis.
  public var motor: UInt8
  public var family: TMCLModuleFamily
  /// How long silence may last, either way: the module's heartbeat is set to it, and a module silent for longer is down.
  public var lease: Nanoseconds
  /// Arms the module's serial heartbeat, where its family has one.
  public var armsHeartbeat: Bool
  /// Longest wait for a reply.
  public var replyTimeout: Nanoseconds
  /// Time from one reading of the axis to the next.
  public var pollingPeriod: Nanoseconds
  /// Time between attempts while the link is down or its configuration was refused.
  public var reconnectPeriod: Nanoseconds
  /// Round trips that may fail in a row before the link is down.
  public var maximumRetries: Int32

  /// A module as delivered with the link's usual times; profiles change what differs.
  @_noLocks public init(family: TMCLModuleFamily, lease: Nanoseconds) {
    moduleAddress = 1
    replyAddress = 2
    motor = 0
    self.family = family
    self.lease = lease
    armsHeartbeat = true
    replyTimeout = .milliseconds(15)
    pollingPeriod = .milliseconds(20)
    reconnectPeriod = .milliseconds(100)
    maximumRetries = 3
  }

  /// The first of these numbers that cannot work, `nil` when all can. `sharing` modules speak on the same line.
  func problem(sharing modules: Int64 = 1) -> TMCLParameterProblem? {
    if moduleAddress == replyAddress { return .addressesEqual }
    if lease < .milliseconds(10) || lease > LinkPace.longestLease { return .lease }
    if replyTimeout < .milliseconds(2) || maximumRetries < 0 { return .replyTimeout }
    if pollingPeriod <= .zero
      || pollingPeriod + LinkPace.retries(replyTimeout: replyTimeout, sharing: modules) > lease
    {
      return .pollingPeriod
    }
    return reconnectPeriod < replyTimeout ? .reconnectPeriod : nil
  }
}

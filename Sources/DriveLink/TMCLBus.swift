public import StrokeControl
public import Units

/// The host's end of a TMCL line that two modules share: the depth axis and the needle motor of a rotary machine.
///
/// Each module has a link of its own with everything a link does; the bus gives the line to one of them at a time. What must not
/// wait, a stop or a slower rate, takes the line from the other link after ``TMCLLink/stopPatience``, the needle's before the
/// depth axis's: 4 ms at the most from the command to the last of two stops' frames.
public struct TMCLBus: Sendable, BitwiseCopyable {
  public internal(set) var depth: TMCLLink
  public private(set) var needle: TMCLLink
  /// Which link was the last to speak, and so is the one that listens.
  private var needleSpoke: Bool

  /// A line on which nobody has spoken yet. The parameters must be without ``problem(depth:needle:)``.
  @_noLocks public init(depth: TMCLLinkParameters, needle: TMCLNeedleParameters) {
    self.depth = TMCLLink(depth, sharing: 2)
    self.needle = TMCLLink(needle, sharing: 2)
    needleSpoke = false
  }

  /// A line that nobody will speak on, to fill the place of one.
  static var unused: Self {
    @_noLocks get {
      Self(
        depth: TMCLLinkParameters(family: .tmcm1240, lease: .zero),
        needle: TMCLNeedleParameters(family: .tmcm1617, lease: .zero))
    }
  }

  /// The first thing that cannot work with these parameters, `nil` when all can.
  public static func problem(depth: TMCLLinkParameters, needle: TMCLNeedleParameters) -> TMCLParameterProblem?
  {
    if depth.module.moduleAddress == needle.module.moduleAddress { return .addressesEqual }
    return depth.problem(sharing: 2) ?? needle.problem(sharing: 2)
  }

  /// Takes bytes from the line: they answer whoever spoke last.
  @_noLocks public mutating func receive(_ bytes: SerialBytes, at now: Instant) {
    if needleSpoke {
      needle.receive(bytes, at: now)
    } else {
      depth.receive(bytes, at: now)
    }
  }

  /// Takes the step's command, each module what concerns it.
  @_noLocks public mutating func request(_ command: DriveCommand, at now: Instant) {
    switch command {
    case .none, .stop:
      depth.request(command, at: now)
      needle.request(command, at: now)
    case .spin:
      depth.request(.none, at: now)
      needle.request(command, at: now)
    case .reference, .moveDepth:
      depth.request(command, at: now)
      needle.request(.none, at: now)
    }
  }

  /// Says to both whether nothing is to move for now.
  @_noLocks public mutating func rest(_ rests: Bool, at now: Instant) {
    depth.rest(rests, at: now)
    needle.rest(rests, at: now)
  }

  /// The line is closed or broken.
  @_noLocks public mutating func lineFailed(at now: Instant) {
    depth.lineFailed(at: now)
    needle.lineFailed(at: now)
  }

  /// The next bytes for the line; to be called until it returns `nil`.
  @_noLocks public mutating func nextFrame(at now: Instant) -> SerialBytes? {
    depth.attend(at: now)
    needle.attend(at: now)
    if needle.isUrgent, depth.holdsLine { yield(toNeedle: true, at: now) }
    if depth.isUrgent, needle.holdsLine { yield(toNeedle: false, at: now) }
    if depth.holdsLine {
      if let frame = depth.nextFrame(at: now) { return give(frame, toNeedle: false) }
      if depth.holdsLine { return nil }
    }
    if needle.holdsLine {
      if let frame = needle.nextFrame(at: now) { return give(frame, toNeedle: true) }
      if needle.holdsLine { return nil }
    }
    // The line is free: what must not wait first, then whoever did not speak last.
    let needleFirst = needle.isUrgent || (!needleSpoke && !depth.isUrgent)
    if needleFirst, let frame = needle.nextFrame(at: now) { return give(frame, toNeedle: true) }
    if let frame = depth.nextFrame(at: now) { return give(frame, toNeedle: false) }
    if !needleFirst, let frame = needle.nextFrame(at: now) { return give(frame, toNeedle: true) }
    return nil
  }

  /// The next instant at which ``nextFrame(at:)`` has something to do by itself.
  public var deadline: Instant {
    @_noLocks mutating get {
      let silence = depth.silenceEnds.earlier(of: needle.silenceEnds)
      if depth.holdsLine {
        let wake = depth.deadline.earlier(of: silence)
        return needle.isUrgent ? wake.earlier(of: depth.patienceEnds) : wake
      }
      if needle.holdsLine {
        let wake = needle.deadline.earlier(of: silence)
        return depth.isUrgent ? wake.earlier(of: needle.patienceEnds) : wake
      }
      return depth.deadline.earlier(of: needle.deadline)
    }
  }

  /// What is known of both modules: good is only what is good of each.
  public var feedback: DriveFeedback {
    @_noLocks mutating get {
      var both = depth.feedback
      let motor = needle.feedback
      both.trouble = both.worseTrouble(than: motor)
      if motor.link.bit < both.link.bit { both.link = motor.link }
      both.limitsVerified = both.limitsVerified && motor.limitsVerified
      both.lossOfLinkVerified = both.lossOfLinkVerified && motor.lossOfLinkVerified
      both.rate = motor.rate
      both.rateAt = motor.rateAt
      both.commandedRate = motor.commandedRate
      both.current = motor.current
      both.temperature = motor.temperature
      both.rejected = both.rejected || motor.rejected
      both.foundMoving = both.foundMoving || motor.foundMoving
      return both
    }
  }

  /// Takes the line from the one link for the other's urgent request, once it has waited long enough. A link that only waits
  /// for quiet is not waited for: the other module's reply cannot be taken for its own.
  @_noLocks private mutating func yield(toNeedle: Bool, at now: Instant) {
    if toNeedle {
      if now >= depth.patienceEnds { depth.yieldLine(at: now) }
    } else {
      if now >= needle.patienceEnds { needle.yieldLine(at: now) }
    }
  }

  @_noLocks private mutating func give(_ frame: SerialBytes, toNeedle: Bool) -> SerialBytes {
    needleSpoke = toNeedle
    return frame
  }
}

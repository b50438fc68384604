public import StrokeControl
public import Units

/// The host's end of a serial line to VESCs: a depth axis's controller, and on a rotary machine the needle motor's, which is then
/// the one at the port and passes packets on to the other over its CAN bus.
///
/// A value without I/O, used as ``TMCLLink`` is. One question at a time is on the line; commands, which have no answers, go out at
/// once, before and between questions.
public struct VESCLink: Sendable, BitwiseCopyable {
  public let parameters: VESCLinkParameters
  /// The controller at the port, and the one behind its CAN bus; on a linear machine there is only the first.
  public private(set) var near: VESCController
  public private(set) var far: VESCController
  public let hasFar: Bool
  /// Runs of garbage that were skipped to the next packet, and the bytes discarded in all.
  public var resynchronisations: UInt32 { @_noLocks get { accumulator.resynchronisations } }
  public var discardedBytes: UInt32 { @_noLocks get { accumulator.discarded } }

  private var accumulator: VESCAccumulator
  private var flow: LineFlow
  private var question: VESCQuestion
  private var asksFar: Bool
  private var lastServed: Instant?

  /// Quiet after a damaged packet: more than a byte's time, and than the gaps of a serial driver.
  private static var shortQuiet: Nanoseconds { @_noLocks get { .milliseconds(2) } }
  /// What settings may take beyond a reply time-out: 600 bytes at 115,200 baud are 52 ms.
  private static var longReply: Nanoseconds { @_noLocks get { .milliseconds(100) } }

  /// A line on which nobody has spoken yet. `parameters` must be without a ``VESCLinkParameters/problem``.
  @_noLocks public init(_ parameters: VESCLinkParameters) {
    self.parameters = parameters
    accumulator = VESCAccumulator()
    flow = .idle
    question = .firmware
    asksFar = false
    lastServed = nil
    let timing = VESCTiming(parameters)
    let depth = VESCController(parameters.depth, timing)
    far = depth
    if let needle = parameters.needle {
      near = VESCController(needle, timing)
      hasFar = true
    } else {
      near = depth
      hasFar = false
    }
  }

  /// A line that nobody will speak on, to fill the place of one.
  static var unused: Self {
    @_noLocks get { Self(VESCLinkParameters(depth: VESCDepthParameters(controller: 0), lease: .zero)) }
  }

  /// Takes bytes from the line, as many and as torn as they come.
  @_noLocks public mutating func receive(_ bytes: SerialBytes, at now: Instant) {
    if bytes.count == 0 { return }
    var index = 0
    while index < bytes.count {
      if accumulator.append(bytes[index]) { take(at: now) }
      index += 1
    }
    let damaged = accumulator.takeChecksumErrors()
    switch flow {
    case .draining(_, let limit, let quiet):
      flow = .draining(until: limit.earlier(of: now + quiet), limit: limit, quiet: quiet)
    case .awaiting:
      // A line that is busy with one controller's settings is not the other's silence.
      if question.isLong { noteBusy(at: now) }
      if damaged > 0 {
        drain(quiet: Self.shortQuiet, at: now)
        withAsked { $0.statistics.checksumErrors &+= damaged }
        failed(at: now)
      }
    case .idle: break
    }
  }

  /// Takes the step's command, each controller what concerns it.
  @_noLocks public mutating func request(_ command: DriveCommand, at now: Instant) {
    guard hasFar else {
      near.request(command, at: now)
      return
    }
    switch command {
    case .none, .stop:
      near.request(command, at: now)
      far.request(command, at: now)
    case .spin:
      near.request(command, at: now)
      far.request(.none, at: now)
    case .reference, .moveDepth:
      near.request(.none, at: now)
      far.request(command, at: now)
    }
  }

  /// Says whether nothing is to move for now; see ``TMCLLink/rest(_:at:)``.
  @_noLocks public mutating func rest(_ rests: Bool, at now: Instant) {
    near.rest(rests, at: now)
    if hasFar { far.rest(rests, at: now) }
  }

  /// The line is closed or broken: both controllers are down at once.
  @_noLocks public mutating func lineFailed(at now: Instant) {
    near.goDown(DriveTrouble(.lineClosed), at: now)
    near.mustWrite = false
    if hasFar {
      far.goDown(DriveTrouble(.lineClosed), at: now)
      far.mustWrite = false
    }
    accumulator.removeAll()
    flow = .idle
  }

  /// The next bytes for the line, `nil` when nothing is due. If the loop itself was silent for longer than the lease, the first
  /// packet is a stop: a lease is never renewed first.
  @_noLocks public mutating func nextFrame(at now: Instant) -> SerialBytes? {
    attend(at: now)
    if let payload = near.nextWrite(at: now) { return VESCPacket(payload).bytes() }
    if hasFar, let payload = far.nextWrite(at: now) { return forwarded(payload) }
    switch flow {
    case .awaiting(let since):
      if now >= since + patience { timedOut(at: now) }
      return nil
    case .draining(let until, _, _):
      if now < until { return nil }
      flow = .idle
    case .idle: break
    }
    if hasFar, !asksFar {
      if let frame = ask(far: true, at: now) { return frame }
      return ask(far: false, at: now)
    }
    if let frame = ask(far: false, at: now) { return frame }
    return hasFar ? ask(far: true, at: now) : nil
  }

  /// The next instant at which ``nextFrame(at:)`` has something to do by itself.
  public var deadline: Instant {
    @_noLocks mutating get {
      var wake = near.writeDeadline.earlier(of: near.silenceEnds)
      if hasFar { wake = wake.earlier(of: far.writeDeadline).earlier(of: far.silenceEnds) }
      switch flow {
      case .awaiting(let since): return wake.earlier(of: since + patience)
      case .draining(let until, _, _): return wake.earlier(of: until)
      case .idle:
        wake = wake.earlier(of: near.questionDeadline)
        return hasFar ? wake.earlier(of: far.questionDeadline) : wake
      }
    }
  }

  /// What is known of the controllers: good is only what is good of each.
  public var feedback: DriveFeedback {
    @_noLocks mutating get {
      var both = near.feedback
      guard hasFar else { return both }
      let depth = far.feedback
      both.trouble = both.worseTrouble(than: depth)
      if depth.link.bit < both.link.bit { both.link = depth.link }
      both.limitsVerified = both.limitsVerified && depth.limitsVerified
      both.lossOfLinkVerified = both.lossOfLinkVerified && depth.lossOfLinkVerified
      both.referenced = depth.referenced
      both.depth = depth.depth
      both.depthAt = depth.depthAt
      both.commandedDepth = depth.commandedDepth
      both.rejected = both.rejected || depth.rejected
      both.foundMoving = both.foundMoving || depth.foundMoving
      return both
    }
  }

}

/// Questions and answers.
extension VESCLink {
  private var patience: Nanoseconds {
    @_noLocks get { question.isLong ? parameters.replyTimeout + Self.longReply : parameters.replyTimeout }
  }

  @_noLocks private mutating func ask(far isFar: Bool, at now: Instant) -> SerialBytes? {
    let next = isFar ? far.nextQuestion(at: now) : near.nextQuestion(at: now)
    guard let next else { return nil }
    accumulator.removeAll()
    question = next
    asksFar = isFar
    flow = .awaiting(since: now)
    if isFar {
      far.asked(next, at: now)
      return forwarded(far.payload(of: next))
    }
    near.asked(next, at: now)
    return VESCPacket(near.payload(of: next)).bytes()
  }

  /// A payload for the controller behind the CAN bus.
  @_noLocks private func forwarded(_ payload: VESCPayload) -> SerialBytes {
    var outer = VESCPayload(.forwardCAN)
    outer.append(far.number)
    var index = 0
    while index < payload.count {
      outer.append(payload[index])
      index += 1
    }
    return VESCPacket(outer).bytes()
  }

  @_noLocks private mutating func take(at now: Instant) {
    let payload = accumulator.payload
    guard case .awaiting(let since) = flow, payload[0] == question.command.number, isOfAsked(payload) else {
      // A packet that no question is waiting for: the next one waits for a fence.
      if asksFar {
        far.statistics.stale &+= 1
        far.needsFence = true
      } else {
        near.statistics.stale &+= 1
        near.needsFence = true
      }
      return
    }
    flow = .idle
    let asked = question
    let accepted =
      asksFar ? far.accept(asked, payload, at: now) : near.accept(asked, payload, at: now)
    guard accepted else {
      withAsked { $0.statistics.malformed &+= 1 }
      failed(at: now)
      return
    }
    let time = now - since
    let noise = discardedBytes
    withAsked { controller in
      controller.heard(noise: noise, at: now)
      controller.statistics.roundTrips &+= 1
      controller.statistics.lastReply = now
      if time > controller.statistics.longestRoundTrip { controller.statistics.longestRoundTrip = time }
      if case .firmware = asked {} else { controller.failures = 0 }
    }
  }

  /// Readings name the controller they are of. The first one of all is judged as it is.
  @_noLocks private func isOfAsked(_ payload: VESCPayload) -> Bool {
    guard case .values = question, let values = VESCValues(payload) else { return true }
    let asked = asksFar ? far : near
    if case .asking = asked.phase, hasFar {
      return values.controller != (asksFar ? near.number : far.number)
    }
    if case .asking = asked.phase { return true }
    return values.controller == asked.number
  }

  @_noLocks private mutating func withAsked(_ change: (inout VESCController) -> Void) {
    if asksFar { change(&far) } else { change(&near) }
  }

  @_noLocks private mutating func noteBusy(at now: Instant) {
    if asksFar { near.lastHeard = now } else { far.lastHeard = now }
  }

  @_noLocks private mutating func attend(at now: Instant) {
    if let lastServed, now - lastServed > parameters.lease {
      near.lapse(at: now)
      if hasFar { far.lapse(at: now) }
    }
    lastServed = now
    if now >= near.silenceEnds { near.goDown(near.silence(noise: discardedBytes), at: now) }
    if hasFar, now >= far.silenceEnds { far.goDown(far.silence(noise: discardedBytes), at: now) }
  }

  @_noLocks private mutating func timedOut(at now: Instant) {
    withAsked { controller in
      switch controller.phase {
      case .waiting: break
      case .asking, .supervising: controller.statistics.timeouts &+= 1
      }
    }
    drain(quiet: parameters.replyTimeout, at: now)
    accumulator.removeAll()
    failed(at: now)
  }

  @_noLocks private mutating func failed(at now: Instant) {
    let noise = discardedBytes
    if asksFar {
      far.failed(because: far.silence(noise: noise), at: now)
    } else {
      near.failed(because: near.silence(noise: noise), at: now)
    }
  }

  /// Waits for a quiet line, for four times the quiet at most.
  @_noLocks private mutating func drain(quiet: Nanoseconds, at now: Instant) {
    flow = .draining(until: now + quiet, limit: now + quiet * 4, quiet: quiet)
  }
}

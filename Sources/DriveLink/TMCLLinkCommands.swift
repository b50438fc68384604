import StrokeControl
import Units

/// What the loop's commands come to.
extension TMCLLink {
  @_noLocks mutating func requestReference() {
    guard isVerified, case .depth = axis else { return refuse() }
    feedback.referenced = false
    feedback.commandedDepth = nil
    pending = .search
  }

  @_noLocks mutating func requestMove(to depth: Micrometres) {
    guard isVerified, case .depth(let scale) = axis, feedback.referenced, depth >= scale.minimum,
      depth <= scale.maximum
    else { return refuse() }
    pending = .move(depth)
  }

  /// A rate that the module cannot be given is refused, and a cam that may be turning is stopped instead: a slower rate that
  /// never arrives must not leave it at the old one.
  @_noLocks mutating func requestSpin(_ rate: Millihertz, at now: Instant) {
    guard case .needle(let scale) = axis, rate >= .zero, rate <= scale.maximumRate else { return refuse() }
    guard isVerified else {
      refuse()
      if rateBound > .zero, case .none = stopping { stopping = .first }
      return
    }
    // Repeated at every step, the same rate must not crowd out supervision.
    if case .none = pending, let commanded = feedback.commandedRate, commanded == rate, rate == rateBound,
      now - lastSpin < module.pollingPeriod
    {
      return
    }
    pending = .spin(rate)
  }

  @_noLocks private mutating func refuse() {
    statistics.refused &+= 1
    feedback.rejected = true
    // Of a link that is down the reason for that is the one to name.
    if isVerified { feedback.trouble = DriveTrouble(.refusedHere) }
  }
}

extension TMCLLink {
  var isVerified: Bool {
    @_noLocks get {
      if case .verified = feedback.link { return true }
      return false
    }
  }

  var isStopping: Bool {
    @_noLocks get {
      if case .none = stopping { return false }
      return true
    }
  }

  /// The needle is to turn slower than it may be turning, and has not been told yet.
  var isSlowing: Bool {
    @_noLocks get {
      if case .spin(let rate) = pending { return rate < rateBound }
      return false
    }
  }

  /// Something must not wait for its turn: a stop, or a slower rate.
  var isUrgent: Bool { @_noLocks get { isStopping || isSlowing } }

  /// The axis was told to move and is not known to stand.
  var mayMove: Bool {
    @_noLocks get {
      if moving || searching || rateBound > .zero { return true }
      guard let rate = feedback.rate else { return false }
      return rate >= Self.standstill
    }
  }

  /// Slower than this a cam counts as standing: what a motor's sensor makes of a motor at rest.
  static var standstill: Millihertz { @_noLocks get { .hertz(1) } }

  /// What must not wait waits behind a request that is not itself a stop.
  var urgentIsWaiting: Bool {
    @_noLocks get {
      guard isUrgent else { return false }
      switch errand {
      case .stop, .endSearch: return !isStopping
      default: return true
      }
    }
  }

  /// The line is this link's: it waits for a reply, or for quiet.
  var holdsLine: Bool {
    @_noLocks get {
      if case .idle = flow { return false }
      return true
    }
  }

  /// Until when another module's urgent request has to wait for this one's reply.
  var patienceEnds: Instant {
    @_noLocks get {
      if case .awaiting(let since) = flow { return since + Self.stopPatience }
      return .boot
    }
  }

  /// When silence has lasted as long as it may.
  var silenceEnds: Instant {
    @_noLocks get {
      switch phase {
      case .waiting: return .distantFuture
      case .identifying, .configuring, .supervising: return lastHeard + pace.silence
      }
    }
  }

  var idleDeadline: Instant {
    @_noLocks get {
      if isUrgent { return .boot }
      switch phase {
      case .waiting(let until): return until
      case .identifying, .configuring: return .boot
      case .supervising:
        if needsFence { return .boot }
        switch pending {
        case .none: return cycleStage > 0 ? .boot : nextCycle
        case .search, .move, .spin: return .boot
        }
      }
    }
  }
}

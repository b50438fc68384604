import Units

/// What the outstanding request is for, and so what its reply means.
enum TMCLErrand: Sendable, BitwiseCopyable {
  /// Asks who is there; also the fence after a time-out: modules answer in order, so once this is answered nothing older
  /// can still come.
  case probe
  /// Reads the speed at which the axis was found.
  case speed
  /// Stops the axis; `searching` is the step that ends a reference search.
  case stop
  case endSearch
  case set(Int)
  case verify(Int)
  case setHeartbeat
  case verifyHeartbeat
  case startTick
  case position
  case tick
  /// Reads the clock right before a motion: what restarted unnoticed has lost its zero and must not be sent anywhere.
  case clearance
  case inspect(Int)
  case driverStatus
  case heartbeat
  case searchStatus
  case startSearch
  case move(Micrometres)
  case spin(Millihertz)
  /// What a needle motor's module measures.
  case rate
  case current
  case temperature
}

/// The next motion to be commanded; only one waits at a time, a newer one replaces it.
enum TMCLPendingMotion: Sendable, BitwiseCopyable {
  case none
  case search
  case move(Micrometres)
  case spin(Millihertz)
}

/// How far the link has come.
enum TMCLPhase: Sendable, BitwiseCopyable {
  /// Nothing is sent before `until`; then the module is asked who it is.
  case waiting(until: Instant)
  case identifying
  /// Before anything is written, the axis is stopped.
  case configuring(step: Int)
  case supervising
}

/// How far a stop has come.
enum TMCLStopProgress: UInt8, Sendable, BitwiseCopyable {
  case none
  /// The stop itself.
  case first
  /// Then the end of a search that may be running, which would go on by itself,
  case search
  /// and a stop once more, in case the search moved in between.
  case second
}

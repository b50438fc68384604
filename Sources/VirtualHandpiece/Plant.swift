public import NeedleSafety
public import StrokeControl
public import Units

/// Everything outside the controller board: the handpiece and the drive with its depth axis, which carries the handpiece's
/// depth stop.
///
/// While the axis moves, its position reaches the depth stop once a millisecond, on the clock's own grid, so that a history
/// does not depend on how finely ``advance(to:)`` is called. (A stroke during a move is a fault anyway.)
public struct Plant: Sendable {
  public var handpiece: Handpiece
  public var drive: TMCLDevice
  private var nextSample = Instant.distantFuture

  public init(handpiece: Handpiece, drive: TMCLDevice) {
    self.handpiece = handpiece
    self.drive = drive
    followAxis()
  }

  public var now: Instant { handpiece.now }

  /// When something will next change by itself.
  public var nextEvent: Instant {
    handpiece.nextEvent.earlier(of: drive.nextEvent).earlier(of: nextSample)
  }

  /// Lets everything happen up to and including an instant.
  public mutating func advance(to instant: Instant) {
    while true {
      let axis = drive.nextEvent.earlier(of: nextSample)
      guard axis <= instant else { break }
      let at = axis.later(of: now)
      handpiece.advance(to: at)
      drive.advance(to: at)
      followAxis()
      if drive.nextEvent <= at { break }
    }
    handpiece.advance(to: instant)
  }

  public mutating func apply(outputs: OutputLevels, at instant: Instant) {
    advance(to: instant)
    handpiece.apply(outputs: outputs, at: instant)
  }

  /// Bytes that the board sends to the drive.
  public mutating func receive(_ bytes: borrowing SerialBytes, at instant: Instant) {
    advance(to: instant)
    for index in 0..<bytes.count { drive.receive(bytes[index], at: instant) }
    followAxis()
  }

  private mutating func followAxis() {
    handpiece.setDepth(drive.depth)
    let grid: Int64 = 1_000_000
    let elapsed = now.sinceBoot.count
    nextSample =
      drive.isAxisMoving
      ? Instant(sinceBoot: Nanoseconds((elapsed / grid + 1) * grid)) : .distantFuture
  }
}

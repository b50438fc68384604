import Units

/// A depth axis in position control: it turns to an angle at an even speed and stays there, known in closed form.
public struct AngleAxis: Sendable {
  private var origin: Double
  private var target: Double
  private var start: Instant
  private let speed: Double
  private var hasTorque = true

  /// Standing at `angle`, degrees; it moves at `speed`, degrees per second.
  init(at angle: Double, speed: Double, since start: Instant) {
    origin = angle
    target = angle
    self.start = start
    self.speed = max(1, speed)
  }

  func angle(at now: Instant) -> Double {
    let reach = Double((now - start).count) / 1e9 * speed
    let way = target - origin
    return abs(way) <= reach ? target : origin + (way < 0 ? -reach : reach)
  }

  /// When it arrives; `.distantFuture` when it stands.
  func arrival(after now: Instant) -> Instant {
    let end = start + Nanoseconds(Int64((abs(target - origin) / speed * 1e9).rounded(.up)))
    return end > now ? end : .distantFuture
  }

  func isMoving(at now: Instant) -> Bool { angle(at: now) != target }

  mutating func move(to angle: Double, at now: Instant) {
    guard hasTorque else { return }
    origin = self.angle(at: now)
    start = now
    target = min(max(angle, 0), 360)
  }

  mutating func stop(at now: Instant) {
    origin = angle(at: now)
    target = origin
    start = now
  }

  mutating func setTorque(_ on: Bool, at now: Instant) {
    if !on { stop(at: now) }
    hasTorque = on
  }
}

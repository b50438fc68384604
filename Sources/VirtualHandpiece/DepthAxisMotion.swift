import Units

/// A motion along a line in at most five stretches of constant acceleration, known in closed form: where it is at an
/// instant does not depend on how often one asked before.
struct DepthAxisMotion: Sendable {
  /// One stretch: how long it lasts, s, and its acceleration, microsteps/s².
  struct Stretch: Sendable {
    var duration: Double
    var acceleration: Double
  }

  private(set) var start: Instant
  private var origin: Double
  private var speed: Double
  private var stretches: InlineArray<5, Stretch>
  private var count: Int

  /// Standing at `position`.
  init(restingAt position: Double, since start: Instant) {
    self.start = start
    origin = position
    speed = 0
    stretches = InlineArray(repeating: Stretch(duration: 0, acceleration: 0))
    count = 0
  }

  /// From `state` to `target` and to rest there, within a speed and an acceleration, both positive.
  init(
    from state: (position: Double, speed: Double), at start: Instant, to target: Double, maximumSpeed: Double,
    acceleration: Double
  ) {
    self.init(restingAt: state.position, since: start)
    speed = state.speed
    // What is under way the wrong way, too fast, or too near to stop in time, is brought to rest first.
    let stoppingDistance = state.speed * state.speed / (2 * acceleration)
    let distance = target - state.position
    let towards = state.speed == 0 || (state.speed > 0) == (distance > 0)
    var position = state.position
    var entry = state.speed
    if !towards || stoppingDistance > distance.magnitude || state.speed.magnitude > maximumSpeed {
      appendStop(acceleration: acceleration)
      position += state.speed * state.speed.magnitude / (2 * acceleration)
      entry = 0
    }
    let remaining = target - position
    guard remaining != 0 || entry != 0 else { return }
    let direction: Double = remaining < 0 ? -1 : 1
    let entrySpeed = entry.magnitude
    // Peak of the triangle: v² = a·d + v₀²/2.
    let peak = min(
      maximumSpeed, (acceleration * remaining.magnitude + entrySpeed * entrySpeed / 2).squareRoot())
    let rising = (peak - entrySpeed) / acceleration
    let falling = peak / acceleration
    let covered = (peak + entrySpeed) / 2 * rising + peak / 2 * falling
    append(rising, direction * acceleration)
    append(max(0, (remaining.magnitude - covered) / peak), 0)
    append(falling, -direction * acceleration)
  }

  /// From `state` to a speed that is then held for ever.
  init(
    from state: (position: Double, speed: Double), at start: Instant, toSpeed target: Double,
    acceleration: Double
  ) {
    self.init(restingAt: state.position, since: start)
    speed = state.speed
    let change = target - state.speed
    append(change.magnitude / acceleration, change < 0 ? -acceleration : acceleration)
  }

  /// Where it is, microsteps, and how fast, microsteps/s.
  func state(at now: Instant) -> (position: Double, speed: Double) {
    var left = max(0, Double((now - start).count) / 1e9)
    var position = origin
    var speed = speed
    var index = 0
    while index < count && left > 0 {
      let stretch = stretches[index]
      let time = min(left, stretch.duration)
      position += speed * time + stretch.acceleration * time * time / 2
      speed += stretch.acceleration * time
      left -= time
      index += 1
    }
    // Rounding in the last stretch must not leave a creep behind.
    if left > 0 && endsAtRest { return (position, 0) }
    return (position + speed * left, speed)
  }

  /// When the last stretch ends.
  var end: Instant {
    var seconds = 0.0
    for index in 0..<count { seconds += stretches[index].duration }
    // A thousandth of a nanosecond of rounding error must not add a whole one.
    return start + Nanoseconds(Int64((seconds * 1e9 - 0.001).rounded(.up)))
  }

  /// It ends standing, and not at a held speed.
  private var endsAtRest: Bool {
    var final = speed
    for index in 0..<count { final += stretches[index].acceleration * stretches[index].duration }
    return final.magnitude < 1e-3
  }

  private mutating func appendStop(acceleration: Double) {
    append(speed.magnitude / acceleration, speed < 0 ? acceleration : -acceleration)
  }

  private mutating func append(_ duration: Double, _ acceleration: Double) {
    guard count < 5, duration > 0 else { return }
    stretches[count] = Stretch(duration: duration, acceleration: acceleration)
    count += 1
  }
}

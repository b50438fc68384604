import Units

/// What a controller moves, and its scale.
enum VESCAxis: Sendable, BitwiseCopyable {
  case depth(VESCDepthScale)
  case needle(NeedleScale, brake: Milliamperes)
}

/// Between the needle's depth and an angle in millionths of a degree.
struct VESCDepthScale: Sendable, BitwiseCopyable {
  let lead: Micrometres
  let isReversed: Bool
  let depthAtZero: Micrometres
  let minimum: Micrometres
  let maximum: Micrometres
  let tolerance: Micrometres
  let maximumSpeed: Int32

  static var turn: Int64 { @_noLocks get { 360_000_000 } }

  @_noLocks init(_ parameters: VESCDepthParameters) {
    lead = parameters.lead
    isReversed = parameters.isReversed
    depthAtZero = parameters.depthAtZero
    minimum = parameters.minimum
    maximum = parameters.maximum
    tolerance = parameters.tolerance
    maximumSpeed = parameters.maximumSpeed
  }

  /// The angle for a depth, 0° or more and less than a turn.
  @_noLocks func angle(of depth: Micrometres) -> Int32 {
    let travel = Int64(depth.count) - Int64(depthAtZero.count)
    let angle = roundedQuotient(travel * Self.turn, Int64(lead.count > 0 ? lead.count : 1)) % Self.turn
    let forward = angle < 0 ? angle + Self.turn : angle
    return Int32(isReversed && forward > 0 ? Self.turn - forward : forward)
  }

  /// The depth at an angle. What is beyond the range used, and nearer to its beginning across 0°, counts as before it.
  @_noLocks func depth(at angle: Int32) -> Micrometres {
    var forward = Int64(angle) % Self.turn
    if forward < 0 { forward += Self.turn }
    if isReversed && forward > 0 { forward = Self.turn - forward }
    let end = Int64(self.angle(of: maximum))
    let last = isReversed && end > 0 ? Self.turn - end : end
    if forward > (last + Self.turn) / 2 { forward -= Self.turn }
    return Micrometres(Int32(roundedQuotient(forward * Int64(lead.count), Self.turn))) + depthAtZero
  }

  /// An axis of this speed can have come from one depth to the other in that time.
  @_noLocks func isPlausible(from before: Micrometres, to depth: Micrometres, in elapsed: Nanoseconds) -> Bool
  {
    let reach = Int64(maximumSpeed) * elapsed.inMicroseconds / 1_000_000
    let moved = Int64(depth.count) - Int64(before.count)
    return (moved < 0 ? 0 - moved : moved) <= reach + Int64(tolerance.count)
  }
}

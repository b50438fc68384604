import Units

/// What the module of a link moves, and its scale.
enum TMCLAxis: Sendable, BitwiseCopyable {
  case depth(TMCLDepthScale)
  case needle(NeedleScale)
}

/// Between the needle's depth and a stepper's microsteps.
struct TMCLDepthScale: Sendable, BitwiseCopyable {
  let microstepsPerMillimetre: Int32
  let depthAtReference: Micrometres
  let minimum: Micrometres
  let maximum: Micrometres
  let maximumSpeed: Int32
  let referenceTolerance: Micrometres

  @_noLocks init(_ parameters: TMCLLinkParameters) {
    microstepsPerMillimetre = parameters.microstepsPerMillimetre
    depthAtReference = parameters.depthAtReference
    minimum = parameters.depthMinimum
    maximum = parameters.depthMaximum
    maximumSpeed = parameters.maximumSpeed
    referenceTolerance = parameters.referenceTolerance
  }

  /// Microsteps for a depth, rounded to the nearest.
  @_noLocks func position(of depth: Micrometres) -> Int32 {
    let travel = Int64(depth.count) - Int64(depthAtReference.count)
    return Int32(roundedQuotient(travel * Int64(microstepsPerMillimetre), 1_000))
  }

  /// Depth for a position in microsteps, rounded to the nearest µm; beyond ±1 km (a module gone mad) held there.
  @_noLocks func depth(at position: Int32) -> Micrometres {
    let perMillimetre = Int64(microstepsPerMillimetre)
    let travel = roundedQuotient(Int64(position) * 1_000, perMillimetre == 0 ? 1 : perMillimetre)
    let bound: Int64 = 1_000_000_000
    let held = travel > bound ? bound : (travel < 0 - bound ? 0 - bound : travel)
    return Micrometres(Int32(held)) + depthAtReference
  }

  /// An axis of this speed can have come from one depth to the other in that time.
  @_noLocks func isPlausible(from before: Micrometres, to depth: Micrometres, in elapsed: Nanoseconds) -> Bool
  {
    let reach = Int64(maximumSpeed) * elapsed.inMicroseconds / 1_000_000
    let moved = Int64(depth.count) - Int64(before.count)
    return (moved < 0 ? 0 - moved : moved) <= reach + Int64(referenceTolerance.count)
  }
}

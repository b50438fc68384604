import Units

/// Between revolutions of the cam and what a controller counts: revolutions of a motor behind a gear, or electrical ones, per
/// minute.
struct NeedleScale: Sendable, BitwiseCopyable {
  /// So many counted revolutions for so many of the cam.
  private let counted: Int64
  private let cam: Int64
  let isReversed: Bool
  /// The greatest rate the link commands.
  let maximumRate: Millihertz

  /// `polePairs` is 1 for a controller that counts the motor's own revolutions.
  @_noLocks
  init(gearMotor: Int32, gearCam: Int32, polePairs: Int32, isReversed: Bool, maximumRate: Millihertz) {
    let revolutions = Int64(gearMotor) * Int64(polePairs)
    counted = revolutions > 0 ? revolutions : 1
    cam = gearCam > 0 ? Int64(gearCam) : 1
    self.isReversed = isReversed
    self.maximumRate = maximumRate
  }

  /// Counted revolutions per minute for a rate of the cam, rounded down so that it is never exceeded.
  @_noLocks func speed(of rate: Millihertz) -> Int64 { Int64(rate.count) * 60 * counted / (1_000 * cam) }

  /// The rate of the cam at a speed, whichever way the motor turns, rounded to the nearest; beyond 1 MHz held there.
  @_noLocks func rate(at speed: Int32) -> Millihertz {
    let size = Int64(speed) < 0 ? 0 - Int64(speed) : Int64(speed)
    let rate = roundedQuotient(size * 1_000 * cam, 60 * counted)
    let bound: Int64 = 1_000_000_000
    return Millihertz(Int32(rate > bound ? bound : rate))
  }
}

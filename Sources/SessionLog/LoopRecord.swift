public import Units

/// One second of the real-time loop.
public struct LoopRecord: LoggedRecord, Hashable {
  public var wakes: UInt32
  /// Wakes more than one period late.
  public var overruns: UInt32
  public var skippedPeriods: UInt32
  /// Events that found the ring full.
  public var ringDrops: UInt32
  /// The worst lateness.
  public var latestWake: Nanoseconds
  /// Counts of wakes by lateness: entry k counts those below 2^k µs and not below 2^(k-1).
  public var wakeLateness: [UInt32]

  public init(
    wakes: UInt32 = 0, overruns: UInt32 = 0, skippedPeriods: UInt32 = 0, ringDrops: UInt32 = 0,
    latestWake: Nanoseconds = .zero, wakeLateness: [UInt32] = []
  ) {
    self.wakes = wakes
    self.overruns = overruns
    self.skippedPeriods = skippedPeriods
    self.ringDrops = ringDrops
    self.latestWake = latestWake
    self.wakeLateness = wakeLateness
  }

  public static var channel: SessionChannel { .loop }
  public static let shape = MessageShape(
    "Loop",
    [
      "wakes": .unsigned32, "overruns": .unsigned32, "skipped_periods": .unsigned32,
      "ring_drops": .unsigned32, "latest_wake_ns": .unsigned64, "wake_lateness": .numbers,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, unsigned: UInt64(wakes))
    payload.append(field: 2, unsigned: UInt64(overruns))
    payload.append(field: 3, unsigned: UInt64(skippedPeriods))
    payload.append(field: 4, unsigned: UInt64(ringDrops))
    payload.append(field: 5, unsigned: UInt64(clamping: latestWake.count))
    payload.append(field: 6, packed: wakeLateness)
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: wakes = value.unsigned32
      case 2: overruns = value.unsigned32
      case 3: skippedPeriods = value.unsigned32
      case 4: ringDrops = value.unsigned32
      case 5: latestWake = Nanoseconds(Int64(clamping: value.unsigned))
      case 6: wakeLateness = try value.numbers(payload)
      default: break
      }
    }
  }
}

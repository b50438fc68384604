import NeedleSafety
import StrokeControl
import Units

/// What the judge remembers of the past beside the controller: counts, and when things began. Part of a state's digest.
struct ModelMemory {
  // Strokes and the intent that covers them.
  var lastSequence: UInt64 = 0
  var durable: UInt64 = 0
  /// A stroke was started and not yet reported.
  var isUnreported = false
  var strokesInDot = 0
  /// When the needle left home in the stroke under way, and in the one before in the same run.
  var left: Instant?
  var previousLeft: Instant?
  /// The period of a stroke that was reported in this step, as the edges had it.
  var finishedPeriod: Nanoseconds?
  var sequenceIsBroken = false

  // Permissions.
  var isVouched = false
  var hasZone = false
  var pulseSince: Instant?

  // The cam of a rotary machine: the rate last asked for, and the transition under way.
  var rate = Millihertz.zero
  var parkRate = Millihertz.zero
  var spinUpSince: Instant?
  var slowSince: Instant?
  var isBraked = false
  var revolutions: Int32 = 0
  var lastReturn: Instant?
  var homingSince: Instant?

  var isDriven: Bool { rate > parkRate }

  /// Mixes everything that a verdict may depend on; instants count from `now`, and not beyond a second.
  func mix(into mixed: inout UInt64, now: Instant) {
    func add(_ word: UInt64) {
      mixed = (mixed ^ word) &* 0xBF58_476D_1CE4_E5B9
      mixed ^= mixed &>> 29
    }
    func age(_ instant: Instant?, _ most: Int64) -> UInt64 {
      guard let instant else { return .max }
      return UInt64(bitPattern: min((now - instant).count, most))
    }
    add(min(durable &- lastSequence, 1 << 20))
    add((isUnreported ? 1 : 0) | (isVouched ? 2 : 0) | (hasZone ? 4 : 0) | UInt64(strokesInDot) << 8)
    // Beyond these the verdict is the same.
    add(age(left, 20_000_000))
    add(age(previousLeft, 20_000_000))
    add(age(pulseSince, 100_000_000))
    guard parkRate > .zero else { return }
    add(UInt64(UInt32(bitPattern: rate.count)) | UInt64(UInt32(bitPattern: revolutions)) << 32)
    add(age(spinUpSince, 2_000_000_000) ^ (isBraked ? 1 << 63 : 0))
    add(age(slowSince, 2_000_000_000))
    add(age(lastReturn, 50_000_000))
    add(age(homingSince, 4_000_000_000))
  }
}

extension ModelWorld {
  /// Before the step: what the edges say of strokes and revolutions.
  mutating func noteEdges(_ edges: Edges) {
    memory.finishedPeriod = nil
    memory.sequenceIsBroken = false
    for index in 0..<edges.count where edges[index].signal == .needleHome {
      let edge = edges[index]
      if isRotary {
        noteCam(edge)
      } else if !edge.rising, memory.isUnreported, memory.left == nil {
        memory.left = edge.at
      }
    }
  }

  private mutating func noteCam(_ edge: Edge) {
    guard edge.rising else {
      memory.left = edge.at
      return
    }
    if let last = memory.lastReturn, memory.left != nil { memory.finishedPeriod = edge.at - last }
    memory.lastReturn = edge.at
    memory.left = nil
    memory.revolutions += 1
  }

  /// After the step: what it reported and asked for.
  mutating func noteOutcome() {
    for index in 0..<scratch.actuation.events.count {
      switch scratch.actuation.events[index].kind {
      case .stroke(let record): note(record)
      case .dot: memory.strokesInDot = 0
      case .runStarted:
        memory.previousLeft = nil
        memory.strokesInDot = 0
      case .commandDone(_, .done): noteDone()
      default: break
      }
    }
    if isRotary { noteDrive() }
    let isPulsing =
      controller.publicState == .selfTest
      && (outputs.isHigh(.torqueEnableA) || outputs.isHigh(.torqueEnableB))
    memory.pulseSince = isPulsing ? memory.pulseSince ?? now : nil
  }

  private mutating func note(_ record: StrokeRecord) {
    if record.sequence != memory.lastSequence + 1 { memory.sequenceIsBroken = true }
    memory.lastSequence = record.sequence
    memory.isUnreported = false
    memory.strokesInDot += 1
    guard !isRotary else { return }
    let isFirstOfDot = !ModelScript.isContinuous(controller) && memory.strokesInDot == 1
    if let left = memory.left, let previous = memory.previousLeft, !isFirstOfDot {
      memory.finishedPeriod = left - previous
    }
    memory.previousLeft = memory.left ?? memory.previousLeft
    memory.left = nil
  }

  /// What an order that was carried out has changed.
  private mutating func noteDone() {
    switch lastOrder {
    case .session:
      memory.lastSequence = 0
      memory.durable = 0
      memory.hasZone = false
    case .intent: memory.durable = max(memory.durable, ModelScript.intent)
    case .vouchAll: memory.isVouched = true
    case .vouchNothing, .recordFailing: memory.isVouched = false
    case .zone: memory.hasZone = true
    default: break
    }
  }

  private mutating func noteDrive() {
    memory.parkRate = ModelScript.cam.parkRate
    let before = memory.rate
    switch scratch.actuation.drive {
    case .spin(let rate):
      memory.rate = rate
      if rate > memory.parkRate {
        memory.spinUpSince = now
        memory.slowSince = nil
        memory.revolutions = 0
        memory.lastReturn = nil
      } else if rate > .zero, before > memory.parkRate {
        memory.slowSince = now
        memory.spinUpSince = nil
        memory.revolutions = 0
      }
      memory.isBraked = rate == .zero
    case .stop: memory.rate = .zero
    case .none, .reference, .moveDepth: break
    }
    let isHoming = controller.publicState == .calibrating
    memory.homingSince = isHoming ? memory.homingSince ?? now : nil
    if isHoming || !outputs.isHigh(.torqueEnableA) || memory.rate == .zero && !memory.isBraked {
      memory.spinUpSince = nil
      memory.slowSince = nil
    }
    if let period = memory.finishedPeriod, memory.spinUpSince != nil, period <= ModelScript.steadyPeriod {
      memory.spinUpSince = nil
    }
  }
}

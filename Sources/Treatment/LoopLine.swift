import ControlLoop
import StrokeControl
import Units

/// Orders to the loop, each with its answer.
struct LoopLine {
  private struct Waiting {
    let continuation: CheckedContinuation<CommandOutcome?, Never>
    let until: Instant
  }

  private let bridge: LoopBridge
  private var identifier: UInt32 = 0
  private var waiting: [UInt32: Waiting] = [:]

  init(bridge: LoopBridge) { self.bridge = bridge }

  /// Someone waits for an answer: the ring is worth looking at often.
  var isBusy: Bool { !waiting.isEmpty }

  /// Sends an order whose answer nobody waits for; `false` when the ring is full.
  @discardableResult
  mutating func tell(_ action: Command.Action) -> Bool {
    identifier &+= 1
    return bridge.send(Command(identifier: identifier, action: action))
  }

  /// Sends an order; the continuation gets its outcome, or `nil` when none comes in time.
  mutating func ask(
    _ action: Command.Action, until: Instant, _ continuation: CheckedContinuation<CommandOutcome?, Never>
  ) {
    identifier &+= 1
    guard bridge.send(Command(identifier: identifier, action: action)) else {
      continuation.resume(returning: nil)
      return
    }
    waiting[identifier] = Waiting(continuation: continuation, until: until)
  }

  mutating func answer(_ identifier: UInt32, _ outcome: CommandOutcome) {
    waiting.removeValue(forKey: identifier)?.continuation.resume(returning: outcome)
  }

  /// Gives up on answers that are overdue.
  mutating func expire(at now: Instant) {
    for (identifier, entry) in waiting where now > entry.until {
      waiting.removeValue(forKey: identifier)
      entry.continuation.resume(returning: nil)
    }
  }
}

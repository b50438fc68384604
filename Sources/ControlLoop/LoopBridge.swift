public import StrokeControl
import Synchronization
import Units

/// Everything that crosses between the real-time loop and the control plane. The control plane may stall or be flooded; the
/// loop does not notice.
public final class LoopBridge: Sendable {
  /// Orders for the loop, 256 deep.
  public let commands: Ring<Command>
  /// What happened, 16,384 deep: at 150 Hz, with two events a stroke, that is 50 s of a recorder that hangs.
  public let events: Ring<ControlEvent>
  public let status: SnapshotCell<ControllerStatus>
  public let statistics: SnapshotCell<LoopStatistics>
  private let stopFlag = Atomic<Bool>(false)
  private let exitFlag = Atomic<Bool>(false)
  /// Steps so far: a watchdog is fed only by someone who saw it advance.
  private let progress = Atomic<UInt64>(0)
  private let wake: @Sendable () -> Void

  /// - Parameters:
  ///   - status: what readers see before the first step.
  ///   - eventCapacity: how many events wait for the recorder before the next one is dropped, and counted.
  ///   - wake: wakes the loop out of its wait; called from any thread.
  public init(
    status: ControllerStatus, eventCapacity: Int = 16_384, wake: @escaping @Sendable () -> Void
  ) {
    commands = Ring(capacity: 256, placeholder: Command(identifier: 0, action: .disarm))
    events = Ring(capacity: eventCapacity, placeholder: ControlEvent(at: .boot, kind: .dropped(0)))
    self.status = SnapshotCell(status)
    statistics = SnapshotCell(LoopStatistics())
    self.wake = wake
  }

  /// Queues an order; `false` when the ring is full. From one thread, or behind one lock, only.
  public func send(_ command: Command) -> Bool {
    guard commands.push(command) else { return false }
    wake()
    return true
  }

  /// Stops the needle. Never queued, legal from any thread, idempotent.
  public func stop() {
    // While one waits for the loop, the loop was woken for it already.
    if !stopFlag.exchange(true, ordering: .acquiringAndReleasing) { wake() }
  }

  /// Makes the loop write safe outputs and return. Park the needle first.
  public func requestExit() {
    exitFlag.store(true, ordering: .releasing)
    wake()
  }

  public var stepsTaken: UInt64 { progress.load(ordering: .acquiring) }

  func takeStop() -> Bool { stopFlag.exchange(false, ordering: .acquiringAndReleasing) }
  var exitRequested: Bool { exitFlag.load(ordering: .acquiring) }
  func noteStep() { progress.wrappingAdd(1, ordering: .releasing) }
}

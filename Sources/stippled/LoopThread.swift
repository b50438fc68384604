import ControlLoop
import DriveLink
import LinuxMachine
import Profiles
import StrokeControl
import Synchronization

/// The thread that runs the loop, with what the host granted it.
final class LoopThread: Sendable {
  private struct State: ~Copyable {
    var grant: RealTimeGrant?
    var thread: RealTimeThread?
    /// Whether the loop's last write, the safe one, succeeded; `nil` while it runs.
    var endedSafely: Bool?
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  /// Starts the loop over a machine and waits until its thread has said what it got.
  func start<Board: Machine & ~Copyable>(
    _ loop: consuming sending ControlLoop<Board>, profile: MachineProfile
  ) async throws -> RealTimeGrant {
    let request = RealTimeRequest(
      priority: profile.realTime.priority, cpu: profile.realTime.cpu, lockMemory: true,
      // A virtual machine and the rig have no real needle to be late for.
      holdCpuLatency: profile.kind == .board)
    let thread = try RealTimeThread(name: "stipple-loop", request: request, payload: loop) { loop, grant in
      self.noteStart(grant)
      var loop = loop
      let safely = loop.run()
      self.noteEnd(safely)
    }
    let kept = Optional(thread)
    keep(kept)
    while true {
      if let grant = state.withLock({ $0.grant }) { return grant }
      try await Task.sleep(for: .milliseconds(1))
    }
  }

  /// Waits until the loop has returned; returns whether its last write succeeded.
  func ended() async -> Bool {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if state.endedSafely != nil { return true }
        state.waiting.append(continuation)
        return false
      }
      if isOver { continuation.resume() }
    }
    return state.withLock { $0.endedSafely } ?? false
  }

  private func keep(_ thread: consuming sending RealTimeThread?) {
    state.withLock { $0.thread = thread.take() }
  }

  private func noteStart(_ grant: RealTimeGrant) { state.withLock { $0.grant = grant } }

  private func noteEnd(_ safely: Bool) {
    let waiting = state.withLock { state in
      state.endedSafely = safely
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

import Dispatch
import Synchronization

/// Runs the desk on a thread of its own: its work waits for the disk, and must not hold up the threads that serve clients.
///
/// The thread also keeps the desk's time. The desk looks at the loop fifty times a second; by `Task.sleep` or a dispatch timer each look
/// cost eight wakes of four threads, here it is one.
final class DeskExecutor: Sendable {
  private let thread = DeskThread()

  init() {
    let thread = thread
    DispatchQueue(label: "stipple.desk", qos: .userInitiated).async { thread.run() }
  }

  deinit { thread.end() }

  /// Calls back on the desk's thread once, after a while.
  func call(after milliseconds: Int, _ body: @escaping @Sendable () -> Void) {
    thread.call(at: .now() + .milliseconds(milliseconds), body)
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }
}

/// The thread: jobs in the order they come, and one call that waits for its time.
private final class DeskThread: SerialExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var call: (at: DispatchTime, body: @Sendable () -> Void)?
    var isOver = false
  }

  private enum Turn {
    case jobs([UnownedJob])
    case call(@Sendable () -> Void)
    case wait(DispatchTime)
    case end
  }

  private let state = Mutex(State())
  private let news = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    state.withLock { $0.jobs.append(job) }
    news.signal()
  }

  func call(at time: DispatchTime, _ body: @escaping @Sendable () -> Void) {
    state.withLock { $0.call = (time, body) }
    news.signal()
  }

  func end() {
    state.withLock { $0.isOver = true }
    news.signal()
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

  func run() {
    while true {
      switch turn(at: .now()) {
      case .jobs(let jobs): for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
      case .call(let body): body()
      case .wait(let until): _ = news.wait(timeout: until)
      case .end: return
      }
    }
  }

  private func turn(at now: DispatchTime) -> Turn {
    state.withLock { state in
      if !state.jobs.isEmpty {
        defer { state.jobs = [] }
        return .jobs(state.jobs)
      }
      if state.isOver { return .end }
      guard let call = state.call else { return .wait(.distantFuture) }
      guard call.at <= now else { return .wait(call.at) }
      state.call = nil
      return .call(call.body)
    }
  }
}

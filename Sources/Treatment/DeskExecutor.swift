import Dispatch
import Glibc
import Synchronization

/// Runs the desk on a thread of its own: its work waits for the disk, and must not hold up the threads that serve clients.
///
/// The thread also keeps the desk's time. The desk looks at the loop ten to fifty times a second; by `Task.sleep` or a dispatch timer each look
/// cost eight wakes of four threads, by a continuation three. Here it is one.
final class DeskExecutor: Sendable {
  private let thread = DeskThread()

  init() {
    let thread = thread
    DispatchQueue(label: "stipple.desk", qos: .userInitiated).async { thread.run() }
  }

  deinit { thread.end() }

  /// Calls on the desk's thread, now and again after as many milliseconds as the call returns, until ``stopKeepingTime()``.
  func keepTime(_ look: @escaping @Sendable () -> Int) { thread.keepTime(look) }
  func stopKeepingTime() { thread.keepTime(nil) }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }
}

/// The thread: jobs in the order they come, and one look that is repeated.
private final class DeskThread: SerialExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var look: (@Sendable () -> Int)?
    var nextLook = DispatchTime.now()
    /// The thread itself, once it runs.
    var identity: pthread_t?
    var isOver = false
  }

  private enum Turn {
    case jobs([UnownedJob])
    case look(@Sendable () -> Int)
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

  func keepTime(_ look: (@Sendable () -> Int)?) {
    state.withLock {
      $0.look = look
      $0.nextLook = .now()
    }
    news.signal()
  }

  func end() {
    state.withLock { $0.isOver = true }
    news.signal()
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

  /// A look is no job: the runtime asks here whether it may touch the desk.
  func checkIsolated() {
    let isOurs = state.withLock { $0.identity.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    precondition(isOurs, "the desk is touched from another thread than its own")
  }

  func run() {
    state.withLock { $0.identity = pthread_self() }
    while true {
      switch turn(at: .now()) {
      case .jobs(let jobs): for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
      case .look(let look):
        let pause = look()
        state.withLock { $0.nextLook = .now() + .milliseconds(pause) }
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
      guard let look = state.look else { return .wait(.distantFuture) }
      guard state.nextLook <= now else { return .wait(state.nextLook) }
      return .look(look)
    }
  }
}

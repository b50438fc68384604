import Dispatch

/// Runs the desk on a thread of its own: its work waits for the disk, and must not hold up the threads that serve clients.
final class DeskExecutor: SerialExecutor {
  private let queue = DispatchQueue(label: "stipple.desk", qos: .userInitiated)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    unsafe UnownedSerialExecutor(ordinary: self)
  }
}

import ControlInterface
import Varlink

/// Stop, with its answer or the word that there was none, within the half second that `control.md` promises.
enum StopCall {
  /// Leaves 150 ms of the half second for starting the program and writing the answer on a busy board, and outlasts the 250 ms
  /// after which the daemon frees a reserved connection that somebody holds without calling Stop.
  static let limit = Duration.milliseconds(350)
  private static let pause = Duration.milliseconds(20)

  /// Tries again and again until the limit: the daemon may have no connection free for a moment.
  static func perform(at socket: String) async throws -> Device.Stop.Reply {
    let deadline = ContinuousClock.now + limit
    var last: any Error
    repeat {
      do {
        return try await once(at: socket, until: deadline)
      } catch {
        last = error
      }
      if isFinal(last) { break }
      try? await Task.sleep(for: pause)
    } while ContinuousClock.now + pause < deadline
    var trouble = Trouble.of(last, deed: "stop the needle", socket: socket)
    trouble.alarm = "PRESS THE EMERGENCY STOP."
    throw trouble
  }

  private static func once(at socket: String, until deadline: ContinuousClock.Instant) async throws
    -> Device.Stop.Reply
  {
    let connection = try await VarlinkConnection.connect(
      to: socket, timeout: ContinuousClock.now.duration(to: deadline))
    let left = max(.milliseconds(1), ContinuousClock.now.duration(to: deadline))
    return try await Device.Client(connection).stop(timeout: left)
  }

  /// Whether trying again is of no use.
  private static func isFinal(_ error: any Error) -> Bool {
    switch error as? VarlinkClientError {
    case .nobodyListens, .notAllowed, .timedOut, .malformedReply: true
    case .cannotConnect, .connectionClosed: false
    case nil: true
    }
  }
}

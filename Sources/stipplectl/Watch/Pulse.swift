import ControlInterface
import Varlink

/// Asks the daemon for a sign of life, on a connection of its own: a state that does not change is not sent, and a stream that
/// is silent may be one that hangs.
struct Pulse {
  /// Without any answer for this long, what is shown is called old.
  static let silenceLimit = Duration.seconds(2)
  private static let interval = Duration.milliseconds(500)

  var socket: String

  /// Tells of each answer, and of each wait of ``silenceLimit`` without one, until the task is cancelled.
  func feel(_ tell: (_ isAlive: Bool) -> Void) async {
    while !Task.isCancelled {
      if let connection = try? await VarlinkConnection.connect(to: socket) {
        while !Task.isCancelled,
          (try? await Device.Client(connection).getStatus(timeout: Self.silenceLimit)) != nil
        {
          tell(true)
          try? await Task.sleep(for: Self.interval)
        }
        await connection.close()
      }
      if !Task.isCancelled { tell(false) }
      try? await Task.sleep(for: Self.interval)
    }
  }
}

import ArgumentParser
import ControlInterface
import Dispatch
import Glibc
import Synchronization
import Varlink

/// What the daemon knows by name, for the shell to complete. A shell is no place for errors: what goes wrong, or takes long, gives
/// nothing.
enum Candidates {
  /// Somebody waits with a finger on the key.
  private static let limit = Duration.milliseconds(500)

  static let profiles = asked { connection in
    try await Profiles.Client(connection).list(timeout: limit).profiles.map(\.name)
  }

  static let clients = asked { connection in
    try await Clients.Client(connection).list(.init(), timeout: limit).clients.map(\.code)
  }

  static let plans = asked { connection in
    try await Plans.Client(connection).list(.init(), timeout: limit).plans.map(\.id)
  }

  static let sessions = asked { connection in
    try await Sessions.Client(connection).list(.init(), timeout: limit).sessions.map(\.id)
  }

  static let faults = asked { connection in
    try await Device.Client(connection).getStatus(timeout: limit).status.faults.map(\.code) + ["all"]
  }

  private static func asked(
    _ names: @escaping @Sendable (VarlinkConnection) async throws -> [String]
  ) -> CompletionKind {
    .custom { words, _, prefix in
      let socket = socketPath(words)
      let (found, isDone) = (Answer(), DispatchSemaphore(value: 0))
      // The parser asks without waiting for tasks; the answer comes from other threads meanwhile.
      Task.detached {
        defer { isDone.signal() }
        guard let connection = try? await VarlinkConnection.connect(to: socket, timeout: limit) else {
          return
        }
        if let names = try? await names(connection) { found.names.withLock { $0 = names } }
        await connection.close()
      }
      _ = isDone.wait(timeout: .now() + .seconds(1))
      return found.names.withLock(\.self).filter { $0.hasPrefix(prefix) && isPlain($0) }
    }
  }

  private final class Answer: Sendable {
    let names = Mutex<[String]>([])
  }

  /// As ``CommonOptions/socketPath``, from the words typed so far.
  private static func socketPath(_ words: [String]) -> String {
    var options = CommonOptions()
    options.socket = nil
    options.json = false
    if let place = words.lastIndex(of: "--socket"), place + 1 < words.count {
      options.socket = words[place + 1]
    }
    return options.socketPath
  }

  /// Names that a shell takes as they are: letters, digits and a few signs.
  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}

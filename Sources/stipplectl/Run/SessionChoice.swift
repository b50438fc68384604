import ControlInterface
import Varlink

/// Which session a command means: the one named, else the open one, else the newest.
struct SessionChoice {
  var given: String?
  var deed: String

  func id(_ connection: VarlinkConnection) async throws -> String {
    if let given { return given }
    let sessions = Sessions.Client(connection)
    if let open = try await sessions.getCurrent().session { return open.id }
    guard let newest = try await sessions.list(.init(limit: 1)).sessions.first else {
      throw Trouble(
        status: .notFound, headline: "cannot \(deed): no session was recorded yet",
        advice: ["Open one: stipplectl session open --client CODE."])
    }
    return newest.id
  }
}

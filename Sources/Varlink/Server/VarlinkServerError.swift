/// Why a server cannot start.
public enum VarlinkServerError: Error, Hashable, Sendable {
  case definition(DefinitionError)
  case duplicateInterface(String)
  /// Another server answers at the path.
  case addressInUse(path: String)
  /// Something that is not a socket is at the path; it is left alone.
  case notASocket(path: String)
  /// A socket's path may have 107 bytes on Linux (`sun_path`, unix(7)).
  case pathTooLong(path: String)
  /// The descriptor handed over is not a listening socket.
  case notListening(descriptor: Int32)
  case system(call: String, path: String, errno: Int32)
  case alreadyStarted
}

extension VarlinkServerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .definition(let error): "an interface definition is broken at \(error)"
    case .duplicateInterface(let name): "the interface \(name) is offered twice"
    case .addressInUse(let path): "another server listens at \(path): stop it first"
    case .notASocket(let path): "\(path) exists and is not a socket: move it away"
    case .pathTooLong(let path): "\(path) is too long for a socket: at most 107 bytes"
    case .notListening(let descriptor): "descriptor \(descriptor) is not a listening socket"
    case .system(let call, let path, let number): "\(call) failed for \(path): \(SystemError.text(number))"
    case .alreadyStarted: "the server was started already"
    }
  }
}

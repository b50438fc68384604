public import MCAP

/// Why a session could not be recorded, finished or read: what happened, to what, and what to do.
public enum SessionLogError: Error, Hashable, Sendable {
  /// The system refused; `code` is errno.
  case system(operation: String, path: String, code: Int32)
  /// The disk has less room than the work ahead needs, bytes.
  case noRoom(path: String, needed: UInt64, available: UInt64)
  /// The container is damaged or contradicts itself.
  case container(path: String, MCAPError)
  /// A record's payload cannot be what its channel says.
  case record(path: String, channel: String, reason: String)
  /// The call does not fit the state of the session's files.
  case refused(String)
}

extension SessionLogError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let operation, let path, let code):
      "\(operation) of \(path) failed: \(ErrorText.of(code)); check the disk and the folder's owner"
    case .noRoom(let path, let needed, let available):
      "\(path) has \(available >> 20) MiB free and \(needed >> 20) MiB are needed; remove or export old sessions"
    case .container(let path, let error):
      "\(path): \(error); `session recover` keeps every complete chunk"
    case .record(let path, let channel, let reason): "\(path): a \(channel) record cannot be read: \(reason)"
    case .refused(let reason): reason
    }
  }
}

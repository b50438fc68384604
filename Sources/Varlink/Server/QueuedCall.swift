/// A message that waits for its turn on its connection.
enum QueuedCall {
  /// Too long to be read on the event loop.
  case raw([UInt8])
  case decoded(CallMessage, byteCount: Int)
  /// Carried out or refused already; the reply waits for its place. Nil for a call without reply.
  case answered([UInt8]?)

  var byteCount: Int {
    switch self {
    case .raw(let bytes): bytes.count
    case .decoded(_, let byteCount): byteCount
    case .answered(let reply): reply?.count ?? 0
    }
  }
}

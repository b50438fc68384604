/// Cuts a stream of bytes into messages, each ended by NUL.
struct MessageFramer {
  /// Bytes of one message, without its NUL.
  let limit: Int
  private var partial: [UInt8] = []
  /// How much of `partial` is known to hold no NUL.
  private var scanned = 0
  private var start = 0

  init(limit: Int) { self.limit = limit }

  /// Bytes that were not taken as messages yet.
  var pendingCount: Int { partial.count - start }
  /// Not all bytes were looked at: there may be whole messages among them.
  var mayHoldMessage: Bool { scanned < partial.count }
  /// The beginning of a message whose end has not come.
  var isPartial: Bool { pendingCount > 0 && !mayHoldMessage }
  var isExceeded: Bool { pendingCount > limit && !mayHoldMessage }

  mutating func append(_ bytes: some Sequence<UInt8>) { partial.append(contentsOf: bytes) }

  /// The next whole message; nil when there is none yet.
  mutating func next() -> [UInt8]? {
    while scanned < partial.count && partial[scanned] != 0 { scanned += 1 }
    guard scanned < partial.count else {
      compact()
      return nil
    }
    let message = Array(partial[start..<scanned])
    scanned += 1
    start = scanned
    return message
  }

  private mutating func compact() {
    guard start > 0 else { return }
    partial.removeFirst(start)
    scanned -= start
    start = 0
  }

  static func frame(_ json: JSONValue) -> [UInt8] {
    var bytes = JSONWriter.bytes(json)
    bytes.append(0)
    return bytes
  }
}

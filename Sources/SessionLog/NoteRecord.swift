/// A technician's mark.
public struct NoteRecord: LoggedRecord, Hashable {
  /// A user name or number of the machine, never a client.
  public var author: String
  public var text: String

  public init(
    author: String = "", text: String = ""
  ) {
    self.author = author
    self.text = text
  }

  public static var channel: SessionChannel { .note }
  public static let shape = MessageShape(
    "Note",
    [
      "author": .text, "text": .text,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, text: author)
    payload.append(field: 2, text: text)
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: author = value.text(payload)
      case 2: text = value.text(payload)
      default: break
      }
    }
  }
}

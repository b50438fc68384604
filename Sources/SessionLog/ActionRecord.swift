/// Something a person did through the control socket.
public struct ActionRecord: LoggedRecord, Hashable {
  /// The user as the kernel names it.
  public var actor: String
  /// `observer`, `technician` or `service`.
  public var role: String
  /// The method called: `Arm`.
  public var verb: String
  public var detail: String

  public init(
    actor: String = "", role: String = "", verb: String = "", detail: String = ""
  ) {
    self.actor = actor
    self.role = role
    self.verb = verb
    self.detail = detail
  }

  public static var channel: SessionChannel { .action }
  public static let shape = MessageShape(
    "Action",
    [
      "actor": .text, "role": .text, "verb": .text, "detail": .text,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, text: actor)
    payload.append(field: 2, text: role)
    payload.append(field: 3, text: verb)
    payload.append(field: 4, text: detail)
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: actor = value.text(payload)
      case 2: role = value.text(payload)
      case 3: verb = value.text(payload)
      case 4: detail = value.text(payload)
      default: break
      }
    }
  }
}

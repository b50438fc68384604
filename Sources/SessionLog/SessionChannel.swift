import MCAP

/// The channels of a session file. Raw values are the identifiers in the file and never change meaning.
public enum SessionChannel: UInt16, CaseIterable, Sendable {
  case session = 1
  case stroke = 2
  case dot = 3
  case state = 4
  case setting = 5
  case zone = 6
  case material = 7
  case intent = 8
  case loop = 9
  case drive = 10
  case note = 11
  case action = 12

  /// The name under which tools show it: `/stroke`.
  public var topic: String { "/\(self)" }

  /// The channel of a topic, with or without its slash; `nil` when there is none.
  public init?(topic name: String) {
    guard let channel = Self.allCases.first(where: { $0.topic == name || $0.topic == "/" + name }) else {
      return nil
    }
    self = channel
  }

  public var shape: MessageShape {
    switch self {
    case .session: SessionFacts.shape
    case .stroke: StrokeRecord.shape
    case .dot: DotRecord.shape
    case .state: StateRecord.shape
    case .setting: SettingRecord.shape
    case .zone: ZoneRecord.shape
    case .material: MaterialRecord.shape
    case .intent: IntentRecord.shape
    case .loop: LoopRecord.shape
    case .drive: DriveRecord.shape
    case .note: NoteRecord.shape
    case .action: ActionRecord.shape
    }
  }

  var schema: MCAPSchema {
    MCAPSchema(id: rawValue, name: shape.fullName, encoding: "protobuf", data: shape.descriptorSet)
  }

  var declaration: MCAPChannel {
    MCAPChannel(id: rawValue, schemaID: rawValue, topic: topic, messageEncoding: "protobuf")
  }
}

public import Units

/// Any record of a session.
public enum SessionRecord: Hashable, Sendable {
  case session(SessionFacts)
  case stroke(StrokeRecord)
  case dot(DotRecord)
  case state(StateRecord)
  case setting(SettingRecord)
  case zone(ZoneRecord)
  case material(MaterialRecord)
  case intent(IntentRecord)
  case loop(LoopRecord)
  case drive(DriveRecord)
  case note(NoteRecord)
  case action(ActionRecord)

  init(channel: SessionChannel, payload: Span<UInt8>) throws(RecordError) {
    switch channel {
    case .session: self = .session(try SessionFacts(payload: payload))
    case .stroke: self = .stroke(try StrokeRecord(payload: payload))
    case .dot: self = .dot(try DotRecord(payload: payload))
    case .state: self = .state(try StateRecord(payload: payload))
    case .setting: self = .setting(try SettingRecord(payload: payload))
    case .zone: self = .zone(try ZoneRecord(payload: payload))
    case .material: self = .material(try MaterialRecord(payload: payload))
    case .intent: self = .intent(try IntentRecord(payload: payload))
    case .loop: self = .loop(try LoopRecord(payload: payload))
    case .drive: self = .drive(try DriveRecord(payload: payload))
    case .note: self = .note(try NoteRecord(payload: payload))
    case .action: self = .action(try ActionRecord(payload: payload))
    }
  }

  public var channel: SessionChannel {
    switch self {
    case .session: .session
    case .stroke: .stroke
    case .dot: .dot
    case .state: .state
    case .setting: .setting
    case .zone: .zone
    case .material: .material
    case .intent: .intent
    case .loop: .loop
    case .drive: .drive
    case .note: .note
    case .action: .action
    }
  }
}

/// A record and when it happened.
public struct SessionEvent: Hashable, Sendable {
  public var at: WallTime
  /// Since the first record of the session.
  public var sinceOpen: Nanoseconds
  public var record: SessionRecord

  public init(at: WallTime, sinceOpen: Nanoseconds, record: SessionRecord) {
    self.at = at
    self.sinceOpen = sinceOpen
    self.record = record
  }
}

/// What a state record tells.
public enum StateKind: UInt8, CaseIterable, Sendable {
  case unknown
  case lifecycle
  case faultRaised
  case faultCauseGone
  case faultAcknowledged
  case interlockOpened
  case interlockClosed
  case runStarted
  case runEnded
  /// An arm was refused; the detail names the condition.
  case refused
  /// Events that did not reach the record; the detail gives the count.
  case dropped
}

/// Alarm priority in the sense of IEC 60601-1-8.
public enum StatePriority: UInt8, CaseIterable, Sendable {
  case unknown
  case low
  case medium
  case high
}

/// Lifecycle, faults, interlocks and runs: everything that says why the needle moved or did not.
public struct StateRecord: LoggedRecord, Hashable {
  public var kind: StateKind
  /// The state, fault or interlock, in the words of the safety design: `armed`, `stall`, `guard`.
  public var code: String
  /// What it was before; empty where that means nothing.
  public var previous: String
  /// Of a fault; `unknown` otherwise.
  public var priority: StatePriority
  /// One line for a person: the inputs that show it, or the reason.
  public var detail: String

  public init(
    kind: StateKind = .unknown, code: String = "", previous: String = "", priority: StatePriority = .unknown,
    detail: String = ""
  ) {
    self.kind = kind
    self.code = code
    self.previous = previous
    self.priority = priority
    self.detail = detail
  }

  public static var channel: SessionChannel { .state }
  public static let shape = MessageShape(
    "State",
    [
      "kind": .names(StateKind.allCases.map(\.fieldName)), "code": .text, "previous": .text,
      "priority": .names(StatePriority.allCases.map(\.fieldName)), "detail": .text,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, unsigned: UInt64(kind.rawValue))
    payload.append(field: 2, text: code)
    payload.append(field: 3, text: previous)
    payload.append(field: 4, unsigned: UInt64(priority.rawValue))
    payload.append(field: 5, text: detail)
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: kind = StateKind(rawValue: UInt8(clamping: value.unsigned)) ?? .unknown
      case 2: code = value.text(payload)
      case 3: previous = value.text(payload)
      case 4: priority = StatePriority(rawValue: UInt8(clamping: value.unsigned)) ?? .unknown
      case 5: detail = value.text(payload)
      default: break
      }
    }
  }
}

/// What is known when a session, or a segment of it, is opened. The first record of every segment.
public struct SessionFacts: LoggedRecord, Hashable {
  /// Also the file's name; letters, digits and `-`.
  public var id: String
  /// From 1; more after a resume.
  public var segment: UInt32
  /// No client, no pigment; only the depth ceiling is lifted.
  public var isBench: Bool
  /// Pseudonymous code; empty on the bench.
  public var client: String
  /// Empty without a plan.
  public var plan: String
  /// Of the plan; empty without one.
  public var stage: String
  /// The machine's own name.
  public var machine: String
  /// Name of the profile in force.
  public var machineProfile: String
  /// Version of the daemon.
  public var software: String
  /// The user as the kernel names it.
  public var openedBy: String

  public init(
    id: String = "", segment: UInt32 = 0, isBench: Bool = false, client: String = "", plan: String = "",
    stage: String = "", machine: String = "", machineProfile: String = "", software: String = "",
    openedBy: String = ""
  ) {
    self.id = id
    self.segment = segment
    self.isBench = isBench
    self.client = client
    self.plan = plan
    self.stage = stage
    self.machine = machine
    self.machineProfile = machineProfile
    self.software = software
    self.openedBy = openedBy
  }

  public static var channel: SessionChannel { .session }
  public static let shape = MessageShape(
    "Session",
    [
      "id": .text, "segment": .unsigned32, "is_bench": .boolean, "client": .text, "plan": .text,
      "machine": .text, "machine_profile": .text, "software": .text, "opened_by": .text,
      "stage": .text,
    ])

  public func encode(into payload: inout [UInt8], logTime: UInt64) {
    payload.append(field: 1, text: id)
    payload.append(field: 2, unsigned: UInt64(segment))
    payload.append(field: 3, unsigned: isBench ? 1 : 0)
    payload.append(field: 4, text: client)
    payload.append(field: 5, text: plan)
    payload.append(field: 6, text: machine)
    payload.append(field: 7, text: machineProfile)
    payload.append(field: 8, text: software)
    payload.append(field: 9, text: openedBy)
    payload.append(field: 10, text: stage)
  }

  public init(payload: Span<UInt8>) throws(RecordError) {
    self.init()
    try ProtobufFields.forEach(in: payload) { (field, value) throws(RecordError) in
      switch field {
      case 1: id = value.text(payload)
      case 2: segment = value.unsigned32
      case 3: isBench = value.isTrue
      case 4: client = value.text(payload)
      case 5: plan = value.text(payload)
      case 6: machine = value.text(payload)
      case 7: machineProfile = value.text(payload)
      case 8: software = value.text(payload)
      case 9: openedBy = value.text(payload)
      case 10: stage = value.text(payload)
      default: break
      }
    }
  }
}

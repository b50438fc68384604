/// Who asked for a change, as the kernel says and as the audit keeps it.
public struct Author: Hashable, Sendable {
  public var userID: UInt32
  public var groupID: UInt32
  public var processID: Int32
  /// The process's name, as it claims itself.
  public var process: String
  /// observer, technician or service.
  public var role: String

  public init(userID: UInt32, groupID: UInt32, processID: Int32, process: String, role: String) {
    self.userID = userID
    self.groupID = groupID
    self.processID = processID
    self.process = process
    self.role = role
  }

  /// One word for records: `uid 1000`.
  public var name: String { "uid \(userID)" }

  /// Everything, for the audit.
  public var description: String { "uid \(userID) gid \(groupID) pid \(processID) (\(process))" }
}

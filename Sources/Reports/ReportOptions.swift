public import SessionLog
public import Units

/// What a report is told besides the file.
public struct ReportOptions: Hashable, Sendable {
  /// The clinic's offset from UTC when the session was held.
  public var offset: Nanoseconds
  /// The file's hash as the catalog's chain has it; `nil` without a catalog.
  public var expectedHash: SHA256Digest?
  /// Head and length of the audit chain, printed so that a cut tail can be seen later.
  public var auditHead: SHA256Digest?
  public var auditLength: UInt64

  public init(
    offset: Nanoseconds = .zero, expectedHash: SHA256Digest? = nil, auditHead: SHA256Digest? = nil,
    auditLength: UInt64 = 0
  ) {
    self.offset = offset
    self.expectedHash = expectedHash
    self.auditHead = auditHead
    self.auditLength = auditLength
  }
}

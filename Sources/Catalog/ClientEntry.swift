public import Units

/// A client, known by code only: who that is stands in the clinic's own books.
public struct ClientEntry: Hashable, Sendable {
  /// The number that the audit chain names it by.
  public var id: Int64
  /// Pseudonymous; `erased-12` once erased.
  public var code: String
  /// Where the signed consent is kept, such as `C-2026-117`; `nil` while none is recorded.
  public var consent: String?
  public var consentAt: WallTime?
  public var createdBy: String
  public var createdAt: WallTime
  /// `nil` unless erased.
  public var erasedAt: WallTime?
  public var sessions: Int
  /// Opening of the newest session; `nil` before the first.
  public var lastSessionAt: WallTime?
}

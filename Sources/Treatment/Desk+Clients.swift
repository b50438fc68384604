public import Catalog
import SessionLog
import Units

extension Desk {
  /// Registers a client by code.
  public func createClient(_ code: String, by author: Author) async throws -> ClientEntry {
    try await changing {
      try check(code: code)
      let client = try catalogued { try catalog.createClient(code, at: clock.wall(), by: author.name) }
      try audit("client.create", name(of: client), by: author)
      return client
    }
  }

  /// Notes where the signed consent of a client is kept.
  public func recordConsent(_ reference: String, client code: String, by author: Author) async throws
    -> ClientEntry
  {
    try await changing {
      let client = try catalogued {
        try catalog.recordConsent(reference, client: code, at: clock.wall())
      }
      try audit("client.consent", name(of: client), by: author)
      return client
    }
  }

  /// Forgets a client: the code and the consent leave the catalog, the session records leave the disk. The chain stays whole.
  /// Returns the ids of the sessions whose records were deleted.
  public func eraseClient(_ code: String, reason: String, by author: Author) async throws -> [String] {
    try await changing {
      try check(reason: reason, field: "reason")
      let client = try catalogued { try catalog.client(code) }
      guard let client else { throw TreatmentError(.refused(.noSuchClient(code: code))) }
      try audit("client.erase", "\(name(of: client)): \(reason)", by: author)
      let purge = try catalogued {
        try catalog.eraseClient(code, at: clock.wall(), by: author.description)
      }
      try deleteRecords(of: purge.sessions)
      return purge.sessions
    }
  }

  public func clients(limit: Int) throws -> [ClientEntry] {
    try catalogued { try catalog.clients(limit: limit) }
  }

  /// The audit chain knows clients by number, so that a code can be erased.
  func name(of client: ClientEntry) -> String { "client \(client.id)" }

  func check(code: String) throws {
    let allowed = code.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == 0x2D
    }
    guard allowed, (1...32).contains(code.utf8.count) else {
      throw TreatmentError.invalidValue(
        field: "client", value: code, limit: "a code of 1 to 32 letters, digits and hyphens; never a name")
    }
  }

  func check(reason: String, field: String) throws {
    guard (3...500).contains(reason.unicodeScalars.count) else {
      throw TreatmentError.invalidValue(
        field: field, value: reason, limit: "a reason of 3 to 500 characters; no names")
    }
  }
}

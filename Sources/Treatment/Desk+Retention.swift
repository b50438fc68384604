import Catalog
import SessionLog
import Units

extension Desk {
  /// Dots per cm² allowed over a whole plan.
  public static var planDensityCeiling: Int { Int(PracticeLimits.planDensity) }

  /// Sessions whose time of keeping is over, oldest first.
  public func overdueSessions() throws -> [String] {
    try catalogued { try catalog.sessions(endedBefore: retentionCutoff) }
  }

  /// Deletes the records of what is overdue, and forgets clients that have nothing newer. Returns the sessions.
  public func purge(by author: Author) async throws -> [String] {
    try await changing {
      guard clockTrouble == nil else {
        throw TreatmentError.wrongSession(
          is: clockTrouble ?? "", needed: "a date that is right: stipplectl machine confirm-date")
      }
      try audit("session.purge", "ended more than \(configuration.retentionYears) years ago", by: author)
      let purge = try catalogued {
        try catalog.purge(endedBefore: retentionCutoff, at: clock.wall(), by: author.description)
      }
      try deleteRecords(of: purge.sessions)
      note(JournalEntry(.info, "\(purge.sessions.count) session records were deleted: kept long enough"))
      return purge.sessions
    }
  }

  public nonisolated var retentionYears: Int { configuration.retentionYears }

  /// Years are counted as 366 days: no record goes a day early.
  private var retentionCutoff: WallTime {
    clock.wall() - .hours(24 * 366 * Int64(configuration.retentionYears))
  }

  /// Deletes what the catalog has marked as purged; again at start, should a death have come in between.
  func deleteRecords(of sessions: [String]) throws {
    do {
      for id in sessions {
        try SessionPaths(folder: configuration.sessionsFolder, id: id).removeEverything()
      }
    } catch {
      throw TreatmentError.storage(
        "\(error); the catalog has marked the sessions as purged, and the files go at the next start")
    }
  }

  /// Audits a recovery; returns the file to write, which does not exist yet.
  public func beginRecovery(of id: String, by author: Author) async throws -> String {
    try await changing {
      let paths: SessionPaths
      do {
        paths = try SessionPaths(folder: configuration.sessionsFolder, id: id)
      } catch {
        throw TreatmentError.invalidValue(field: "id", value: id, limit: "\(error)")
      }
      guard let output = paths.unusedRecovery else {
        throw TreatmentError.wrongSession(
          is: "session \(id) was recovered many times", needed: "room: delete recovered files")
      }
      try audit("session.recover", id, by: author)
      return output
    }
  }

  func finishPurges() throws { try deleteRecords(of: try catalogued { try catalog.purgedSessions() }) }
}

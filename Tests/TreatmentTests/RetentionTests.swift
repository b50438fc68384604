import Catalog
import Foundation
import NeedleSafety
import SessionLog
import Testing
import Units

@testable import Treatment

@Suite struct RetentionTests {
  private func closedSession(_ practice: Practice) async throws -> String {
    try await practice.openForClient()
    return try await practice.asking { try await $0.close(by: Practice.author) }.id
  }

  private func exists(_ practice: Practice, _ id: String) -> Bool {
    FileManager.default.fileExists(atPath: practice.folder.path + "/sessions/\(id).mcap")
  }

  /// Every byte of the catalog and its log, where nothing of an erased client may be left.
  private func catalogHolds(_ text: String, _ practice: Practice) -> Bool {
    ["", "-wal"].contains { suffix in
      let path = practice.folder.path + "/catalog.sqlite" + suffix
      return FileManager.default.contents(atPath: path)?.range(of: Data(text.utf8)) != nil
    }
  }

  @Test func anErasedClientLeavesNeitherCodeNorConsentNorRecordingAndAWholeChain() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    let catalog = practice.desk.catalog
    let id = try await closedSession(practice)
    _ = try await practice.asking {
      try await $0.recordConsent("BOOK-9182", client: "K-1", by: Practice.author)
    }
    #expect(catalogHolds("BOOK-9182", practice))
    let erased = try await practice.asking {
      try await $0.eraseClient("K-1", reason: "asked for it", by: HistoryTests.service)
    }
    #expect(erased == [id])
    #expect(!exists(practice, id))
    #expect(!catalogHolds("BOOK-9182", practice))
    #expect(try catalog.client("K-1") == nil)
    #expect(try catalog.session(id)?.client == "erased-1", "what was done is still there")
    #expect(try catalog.verifyAudit(sessions: practice.folder.path + "/sessions").holds)
    #expect(try await practice.openForClient().session.entry.client == "K-1", "a new client of that code")
  }

  @Test func aClientInASessionIsNotErased() async throws {
    let practice = try await Practice(folder: TemporaryFolder())
    try await practice.openForClient()
    await #expect(throws: TreatmentError.self) {
      _ = try await practice.asking {
        try await $0.eraseClient("K-1", reason: "asked for it", by: HistoryTests.service)
      }
    }
    #expect(try practice.desk.catalog.client("K-1") != nil)
  }

  @Test func recordsGoAfterFiveYearsAndNotBefore() async throws {
    let folder = try TemporaryFolder()
    let id = try await closedSession(try await Practice(folder: folder))
    let before = try await Practice(folder: folder, boot: Practice.bootTime + .hours(24 * 365 * 5))
    #expect(try await before.desk.overdueSessions() == [])
    let after = try await Practice(folder: folder, boot: Practice.bootTime + .hours(24 * 366 * 5 + 1))
    #expect(try await after.desk.overdueSessions() == [id])
    #expect(exists(after, id), "asking deletes nothing")
    #expect(try await after.asking { try await $0.purge(by: HistoryTests.service) } == [id])
    #expect(!exists(after, id))
    #expect(try after.desk.catalog.clients() == [], "a client with nothing newer is forgotten")
    #expect(try after.desk.catalog.verifyAudit(sessions: folder.path + "/sessions").holds)
  }

  @Test func aDeathBetweenTheMarkAndTheDeletionIsMadeGoodAtTheNextStart() async throws {
    let folder = try TemporaryFolder()
    let practice = try await Practice(folder: folder)
    let id = try await closedSession(practice)
    _ = try practice.desk.catalog.eraseClient("K-1", at: Practice.bootTime, by: "test")
    #expect(exists(practice, id))
    let again = try await Practice(folder: folder, boot: Practice.bootTime + .minutes(1))
    #expect(!exists(again, id))
  }

  @Test func aDeathBetweenTheFinishedFileAndTheCatalogIsMadeGoodAtTheNextStart() async throws {
    let folder = try TemporaryFolder()
    var id = ""
    do {
      let practice = try await Practice(folder: folder)
      try await practice.armInHairline()
      id = try #require(await practice.desk.session).id
      try await practice.asking { try await $0.disarm(by: Practice.author) }
      // What closing does up to the rename, and no further.
      try await practice.desk.finishWithoutCatalog()
    }
    let practice = try await Practice(folder: folder, boot: Practice.bootTime + .minutes(1))
    #expect(await practice.desk.session == nil, "it is not interrupted: it is closed")
    #expect(try practice.desk.catalog.session(id)?.state == .closed)
    #expect(try practice.desk.catalog.verifyAudit(sessions: folder.path + "/sessions").holds)
  }
}

extension Desk {
  fileprivate func finishWithoutCatalog() throws {
    _ = try keeper?.writer.finish(at: clock.now(), SessionClosing(closedBy: "test", reason: "closed"))
  }
}

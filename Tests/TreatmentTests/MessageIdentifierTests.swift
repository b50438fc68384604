import Foundation
import NeedleSafety
import Testing
import Treatment

@Suite struct MessageIdentifierTests {
  @Test func everyFaultHasAnIdentifierOfItsOwn() {
    let identifiers = FaultCode.allCases.map(\.messageIdentifier)
    #expect(Set(identifiers).count == FaultCode.allCases.count)
    for identifier in identifiers {
      #expect(identifier.count == 32 && identifier.allSatisfy { "0123456789abcdef".contains($0) })
    }
  }

  @Test func theJournalsCatalogExplainsEachFaultAsTheDaemonDoes() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "systemd/stipple.catalog"), encoding: .utf8)
    for code in FaultCode.allCases {
      let entry = """
        -- \(code.messageIdentifier)
        Subject: Fault \(code.name)
        Defined-By: stipple

        \(code.explanation)
        """
      #expect(
        text.contains(entry), "systemd/stipple.catalog has no entry for \(code.name) like this:\n\(entry)")
    }
  }
}

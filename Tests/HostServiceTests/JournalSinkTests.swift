import Logging
import Testing

@testable import HostService

@Suite struct JournalSinkTests {
  @Test func aLineIsOneDatagramOfFields() throws {
    let journal = try #require(Listener())
    let sink = try #require(JournalSink(identifier: "stippled", path: journal.path))
    let line = LogLine(
      level: .error, text: "fault needle_stalled: check the cartridge",
      fields: ["SESSION": "20260301-1", "ZONE": "crown", "MESSAGE_ID": "00ff", "EMPTY": ""])
    #expect(sink.take(line))
    #expect(
      journal.nextText == """
        MESSAGE=fault needle_stalled: check the cartridge
        PRIORITY=3
        SYSLOG_IDENTIFIER=stippled
        MESSAGE_ID=00ff
        SESSION=20260301-1
        ZONE=crown

        """)
  }

  @Test func aValueWithLineBreaksTravelsWithItsLength() {
    let bytes = JournalSink.datagram(LogLine(level: .info, text: "a\nPRIORITY=0"), identifier: "s")
    let head = Array("MESSAGE\n".utf8) + [12, 0, 0, 0, 0, 0, 0, 0] + Array("a\nPRIORITY=0\n".utf8)
    #expect(Array(bytes.prefix(head.count)) == head)
  }

  @Test func aFieldIsNamedAsTheJournalAsks() {
    #expect(LogLine.fieldName("zone name") == "ZONE_NAME")
    #expect(LogLine.fieldName("_PID") == "PID")
    #expect(LogLine.fieldName("9lives") == "LIVES")
    #expect(LogLine.fieldName("__") == nil)
    #expect(LogLine.fieldName(String(repeating: "A", count: 70))?.utf8.count == 64)
  }

  @Test func whatIsTooLongIsCut() {
    let text = String(repeating: "x", count: 100_000)
    let bytes = JournalSink.datagram(LogLine(level: .info, text: text), identifier: "s")
    #expect(bytes.count < JournalSink.longestValue + 100)
  }

  @Test func standardErrorGetsOneLineWithTheFieldsBehindIt() {
    let line = LogLine(level: .warning, text: "late\nagain", fields: ["ZONE": "crown", "WHY": "a b"])
    #expect(
      StandardErrorSink.text(line, at: 1_772_366_400)
        == "2026-03-01T12:00:00Z warning: late again [WHY=\"a b\" ZONE=crown]\n")
  }
}

import ControlInterface
import Testing

@testable import stipplectl

@Suite struct AuditTextTests {
  static func entry(
    _ sequence: Int, _ detail: String, actor: String = "uid 0 gid 0 pid 7 (stipplectl)",
    session: String? = nil
  ) -> Audit.Entry {
    Audit.Entry(
      sequence: sequence, atUs: Samples.noon, actor: actor, role: "service", verb: "profile.import",
      detail: detail, session: session, hash: Samples.hash)
  }

  static func text(width: Int = 80) -> AuditText {
    AuditText(paint: Paint(isOn: false), width: width, clock: .utc)
  }

  @Test func whoeverDidItStandsByLoginNameAndTheDaemonByItsOwn() {
    #expect(AuditText.who(Self.entry(1, "")) == "root, service")
    #expect(
      AuditText.who(Self.entry(1, "", actor: "uid 0 gid 0 pid 0 (stippled 0.1.0)")) == "stippled 0.1.0")
    #expect(AuditText.who(Self.entry(1, "", actor: "somebody")) == "somebody")
  }

  @Test func hashesAreCutShortAndNothingElseIs() {
    let hash = String(repeating: "0123456789abcdef", count: 4)
    #expect(AuditText.shortened("a \(hash); b \(hash)") == "a 0123456789ab…; b 0123456789ab…")
    #expect(AuditText.shortened("\(hash)0") == "\(hash)0")
    #expect(AuditText.shortened("0123  rate 90 Hz") == "0123  rate 90 Hz")
  }

  @Test func whatIsLongGoesOnBelowAndASessionIsNamedWhereItBegins() {
    var text = Self.text()
    #expect(
      text.text(of: Self.entry(1, "bench-test version 1, crown-standard version 1")) == """
           1  2026-11-21 12:00  root, service       profile.import bench-test version 1,
                                                    crown-standard version 1
        """)
    #expect(
      text.text(of: Self.entry(2, "a", session: "s")) == """
        ── session s
           2  2026-11-21 12:00  root, service       profile.import a
        """)
    #expect(
      text.text(of: Self.entry(3, "b", session: "s"))
        == "   3  2026-11-21 12:00  root, service       profile.import b")
    #expect(text.text(of: Self.entry(4, "c")).hasPrefix("── outside sessions\n"))
  }

  @Test func aControlCharacterOfTheChainIsNotObeyed() {
    var text = Self.text()
    #expect(text.text(of: Self.entry(1, "a\u{1B}[2Jb")).hasSuffix("profile.import a?[2Jb"))
  }
}

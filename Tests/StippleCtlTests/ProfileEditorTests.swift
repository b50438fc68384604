import ControlInterface
import Glibc
import Synchronization
import Testing
import Varlink

@testable import stipplectl

/// `profile edit`: the person's editor, and problems brought back with line and caret.
@Suite struct ProfileEditorTests {
  private static func append(_ text: String, to path: String) {
    let before = (try? TextFile.read(path)) ?? ""
    try? TextFile.write([before, text], to: path)
  }

  private static let problem = Profiles.Problem(
    line: 2, column: 8, message: "'depth' 3 mm is above the ceiling 1 mm (absolute)", field: "depth",
    value: "3 mm", ceiling: "1 mm", isWarning: false)

  @Test func theTextIsTriedOutFromTheVersionItWasBegunFrom() async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.typed = "y"
      bench.editor = { path, _ in
        Self.append("depth: 0.5 mm\n", to: path)
        return 0
      }
      let outcome = await bench.run("profile", "edit", "hairline-soft")
      #expect(outcome.status == .ok)
      #expect(outcome.output.hasSuffix("Kept: hairline-soft is version 4, in use.\n"))
      let proposed = bench.machine.calls.first { $0.hasPrefix("Propose") }
      #expect(
        proposed
          == "Propose {\"name\":\"hairline-soft\",\"changes\":null,\"text\":\"name: hairline-soft\\ndepth: 0.5 mm\\n\",\"base_version\":3,\"confirm_s\":null,\"hold\":true}"
      )
    }
  }

  @Test func problemsComeBackWithLineAndCaretAndTheEditorOpensAtTheFirst() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock {
        $0.problems = [Self.problem]
        $0.refusedText = "3 mm"
      }
      let opened = Mutex<[Int?]>([])
      let drafts = Mutex<[String]>([])
      var bench = bench
      bench.typed = "y"
      bench.editor = { path, line in
        opened.withLock { $0.append(line) }
        drafts.withLock { $0.append(path) }
        let text = line == nil ? "name: hairline-soft\ndepth: 3 mm\n" : "name: hairline-soft\ndepth: 0.5 mm\n"
        try? TextFile.write([text], to: path)
        return 0
      }
      let outcome = await bench.run("profile", "edit", "hairline-soft")
      #expect(outcome.status == .ok)
      #expect(opened.withLock(\.self) == [nil, 2])
      #expect(
        outcome.errors.hasPrefix(
          """
          hairline-soft.yaml:2:8: 'depth' 3 mm is above the ceiling 1 mm (absolute)
            depth: 3 mm
                   ^
          Edit again? [Y/n]
          """))
      let draft = drafts.withLock { $0[0] }
      #expect(!TextFile.exists(draft), "a draft that was kept is removed")
    }
  }

  @Test func aTextThatIsGivenUpIsNotLost() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock {
        $0.problems = [Self.problem]
        $0.refusedText = "3 mm"
      }
      var bench = bench
      bench.typed = "n"
      bench.editor = { path, _ in
        Self.append("depth: 3 mm\n", to: path)
        return 0
      }
      let outcome = await bench.run("profile", "edit", "hairline-soft")
      #expect(outcome.status == .invalidValue)
      let line = try #require(outcome.errors.split(separator: "\n").last)
      let parts = line.split(separator: " ")
      let path = try #require(parts.last.map { String($0) })
      #expect(
        line.hasPrefix("Nothing was changed. Your text is kept: stipplectl profile edit hairline-soft --file")
      )
      #expect(try TextFile.read(path) == "name: hairline-soft\ndepth: 3 mm\n")
      let again = await bench.run("profile", "edit", "hairline-soft", "--file", path)
      #expect(again.status == .invalidValue)
      #expect(again.errors.hasPrefix("\(path):2:8: 'depth' 3 mm is above the ceiling 1 mm (absolute)\n"))
      unsafe unlink(path)
    }
  }

  @Test func nothingTypedOrAnEditorThatGivesUpChangesNothing() async throws {
    try await Bench.with { bench in
      var bench = bench
      bench.editor = { _, _ in 0 }
      let same = await bench.run("profile", "edit", "hairline-soft")
      #expect((same.status, same.errors) == (.ok, "Nothing was changed.\n"))
      bench.editor = { path, _ in
        Self.append("depth: 0.5 mm\n", to: path)
        return 1
      }
      let gone = await bench.run("profile", "edit", "hairline-soft")
      #expect(gone.status == .failure)
      #expect(gone.errors.hasPrefix("stipplectl: cannot edit the profile: the editor ended with status 1."))
      #expect(!bench.machine.calls.contains { $0.hasPrefix("Propose") })
    }
  }

  @Test func anEditorMayHaveOptionsAndItsStatusCounts() throws {
    let folder = "/tmp/stipplectl-editor-\(UInt32.random(in: 0 ... .max))"
    try #require(unsafe mkdir(folder, 0o700) == 0)
    defer {
      unsafe unlink(folder + "/file")
      unsafe rmdir(folder)
    }
    try TextFile.write(["a\n"], to: folder + "/file")
    let file = folder + "/file"
    #expect(
      try Editor.open(file, line: 7, with: "sed -i -e s/a/b/") == 0, "sed takes no +LINE, and gets none")
    #expect(try TextFile.read(file) == "b\n")
    #expect(try Editor.open(file, line: nil, with: "false") == 1)
    #expect(try Editor.open(file, line: nil, with: "no-such-editor-anywhere 2>/dev/null") == 127)
  }
}

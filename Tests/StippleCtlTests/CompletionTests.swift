import ControlInterface
import Foundation
import Synchronization
import Testing

@testable import stipplectl

@Suite struct CompletionTests {
  /// What a shell asks when the key is pressed: the argument to complete, where the cursor is, and the words so far.
  private func ask(_ bench: Bench, _ path: [String], _ argument: String, prefix: String) async -> [Substring]
  {
    let words =
      ["---completion"] + path + ["--", argument, "0", "\(prefix.count)", "--socket", bench.socket, prefix]
    // The parser waits for the daemon's answer; on a thread of its own, so that the daemon of this process has the others.
    let answer = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: Stipplectl.parserAnswer(to: words)) }
    }
    return answer.split(separator: "\n")
  }

  @Test func namesAreTheDaemons() async throws {
    try await Bench.with { bench in
      bench.machine.script.withLock { $0.status = Samples.faulty }
      for (path, argument, prefix, names) in [
        (["fault", "acknowledge"], "code", "", ["cartridge_removed", "needle_unproved", "all"]),
        (["fault", "acknowledge"], "code", "c", ["cartridge_removed"]),
        (["session", "show"], "id", "2026", ["20261121-1"]),
        (["profile", "use"], "name", "hair", ["hairline-soft"]),
      ] {
        var found: [Substring] = []
        // On a host that is busy with other tests an answer may be too late, and then there is none.
        for _ in 0..<20 where found.isEmpty { found = await ask(bench, path, argument, prefix: prefix) }
        #expect(found.map(String.init) == names)
      }
    }
  }

  @Test func withoutADaemonThereIsNothingToComplete() async {
    #expect(await ask(Bench(), ["session", "show"], "id", prefix: "") == [])
  }

  @Test(arguments: CompletionsVerb.Shell.allCases)
  func eachShellGetsItsScript(shell: CompletionsVerb.Shell) async {
    let outcome = await Bench().run("completions", shell.rawValue)
    #expect(outcome.status == .ok)
    for word in ["stipplectl", "doctor", "hairline", "---completion"] {
      #expect(outcome.output.contains(word), "\(shell) has no \(word)")
    }
  }
}

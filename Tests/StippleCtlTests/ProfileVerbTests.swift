import ControlInterface
import Glibc
import Synchronization
import Testing
import Varlink

@testable import stipplectl

@Suite struct ProfileVerbTests {
  @Test func profilesAreListedWithTheOneInUseMarked() async throws {
    try await Bench.with { bench in
      #expect(
        await bench.run("profile", "list").output == """
             Profile        Version  Mode    Rate  Depth beyond the nose  Dwell  For
          *  hairline-soft        3  dot   100 Hz                0.45 mm   2 ms  hairline

          """)
    }
  }

  @Test func aProfileIsShownWithItsWarnings() async throws {
    try await Bench.with { bench in
      let page = """
        hairline-soft (in use, version 3)
        Front rows, single dots
          Mode        dot
          Rate        100 Hz
          Depth       0.45 mm beyond the cartridge nose
          Dwell       2 ms
          Strokes     2 per dot
          Dot rate    2 Hz
          Cartridges  1rl-030
          Zones       hairline
          Changed     by root, 2026-11-21 12:00; shipped is version 1
          Warning     dwell 7 ms is more than the typical 4 ms

        """
      #expect(await bench.run("profile", "show", "hairline-soft").output == page)
      #expect(await bench.run("profile", "use", "hairline-soft").output == "In use: " + page)
      #expect(
        await bench.run("profile", "show", "hairline-soft", "--yaml").output == "name: hairline-soft\n\n")
    }
  }

  @Test func aNameThatIsNearlyRightIsAnsweredWithTheNearest() async throws {
    try await Bench.with { bench in
      let outcome = await bench.run("profile", "use", "hairlin-soft")
      #expect(outcome.status == .notFound)
      #expect(
        outcome.errors == """
          stipplectl: cannot use the profile: there is no needle profile 'hairlin-soft'.
          There are: hairline-soft.

          """)
      let none = await bench.run("profile", "show")
      #expect(none.status == .notFound)
      #expect(none.errors.hasPrefix("stipplectl: cannot show the profile: none is in use."))
    }
  }

  @Test func problemsHaveTheirLineAndACaret() async throws {
    try await Bench.with { bench in
      let file = bench.socket + ".yaml"
      defer { unsafe unlink(file) }
      try TextFile.write(["name: x\ndepth: 3 mm\n"], to: file)
      #expect(
        await bench.run("profile", "validate", file).output == "\(file): may be used on this machine.\n")
      bench.machine.script.withLock {
        $0.problems = [
          .init(
            line: 2, column: 8, message: "depth is beyond its ceiling", value: "3 mm", ceiling: "1 mm",
            isWarning: false)
        ]
      }
      let outcome = await bench.run("profile", "validate", file)
      #expect(outcome.status == .invalidValue)
      #expect(
        outcome.output == """
          \(file):2:8: depth is beyond its ceiling (value 3 mm, ceiling 1 mm)
            depth: 3 mm
                   ^

          """)
      let missing = await bench.run("profile", "validate", "/nowhere/x.yaml")
      #expect(missing.status == .notFound)
      #expect(missing.errors.hasPrefix("stipplectl: cannot read /nowhere/x.yaml: No such file or directory."))
    }
  }
}

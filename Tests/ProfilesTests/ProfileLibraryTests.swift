import NeedleSafety
import Profiles
import Testing
import Units

@Suite struct ProfileLibraryTests {
  private func source(_ file: String, _ text: String) -> ProfileSource {
    ProfileSource(file: file, text: text)
  }

  @Test func aRefusedFileHidesNoOther() throws {
    let broken = NeedleText.good.replacing("name: soft", with: "name: broken").replacing(
      "100 Hz", with: "fast")
    let library = ProfileLibrary(
      sources: [
        .cartridge: [source("c/1rl-025.yaml", NeedleText.cartridge)],
        .needle: [source("n/broken.yaml", broken), source("n/soft.yaml", NeedleText.good)],
      ], machine: nil)
    #expect(library.needleNames == ["soft"])
    #expect(
      library.problems.map(\.headline)
        == ["n/broken.yaml:6:7: 'rate': 'fast' does not start with a number; expected a rate such as 90 Hz"])
    #expect(library.nearestNeedle(to: "sfot") == "soft")
    #expect(library.nearestNeedle(to: "crown-standard") == nil)
  }

  @Test func aNeedleProfileWhoseCartridgeIsRefusedSaysSo() {
    let broken = NeedleText.cartridge.replacing("0.25 mm", with: "0.25")
    let library = ProfileLibrary(
      sources: [
        .cartridge: [source("c/1rl-025.yaml", broken)], .needle: [source("n/soft.yaml", NeedleText.good)],
      ], machine: nil)
    #expect(
      library.problems.map(\.headline) == [
        "c/1rl-025.yaml:7:11: 'diameter': '0.25' has no unit; expected a length such as 0.45 mm",
        "n/soft.yaml:11:14: 'cartridges': the profile of cartridge '1rl-025' is itself refused",
      ])
  }

  @Test func aMissingFolderOrFileIsAProblemWithItsName() {
    let library = ProfileLibrary.load(directory: "/nonexistent", machine: nil)
    #expect(
      library.problems.map(\.headline) == [
        "/nonexistent/machines: the folder cannot be read: No such file or directory",
        "/nonexistent/cartridges: the folder cannot be read: No such file or directory",
        "/nonexistent/needles: the folder cannot be read: No such file or directory",
      ])
    #expect(
      MachineProfile.load(file: "/nonexistent.yaml").problems.map(\.headline)
        == ["/nonexistent.yaml: the file cannot be read: No such file or directory"])
    #expect(
      MachineProfile.load(file: "/dev/zero").problems.map(\.headline)
        == ["/dev/zero: this is not a regular file"])
  }

  @Test func aMachineOfADifferentKindOfFileIsRefused() {
    let file = ShippedProfileTests.folder + "/needles/bench-test.yaml"
    #expect(
      MachineProfile.load(file: file).problems.map(\.headline)
        == ["\(file):3:10: this is a needle profile; a machine profile belongs here"])
  }

  @Test func canonicalTextDependsOnValuesOnlyAndReadsBackAsTheSameProfile() throws {
    for name in ShippedProfileTests.machines {
      let machine = try ShippedProfileTests.machine(name)
      let library = ProfileLibrary.load(directory: ShippedProfileTests.folder, machine: machine)
      let again = MachineProfile.decode(source("\(name).yaml", machine.canonicalText))
      #expect(again.problems.map(\.description) == [])
      #expect(again.profile == machine)
      for cartridge in library.cartridges.values {
        let again = CartridgeProfile.decode(source("\(cartridge.name).yaml", cartridge.canonicalText))
        #expect(again.profile == cartridge, "\(again.problems.map(\.description))")
      }
      for needle in library.needles.values {
        let again = NeedleProfile.decode(
          source("\(needle.name).yaml", needle.canonicalText), in: library.surroundings)
        #expect(again.profile == needle, "\(again.problems.map(\.description))")
      }
    }
    let spelt = NeedleText.good.replacing("0.5 mm", with: "500 um").replacing(
      "For tests", with: "\"For tests\"  # why")
    let plain = try #require(try NeedleText.decode().profile)
    let other = NeedleProfile.decode(source(NeedleText.file, spelt), in: try NeedleText.surroundings())
      .profile
    #expect(other?.canonicalText == plain.canonicalText)
    #expect(
      plain.canonicalText == """
        schema: 1
        profile: needle
        name: soft
        description: "For tests"
        mode: dot
        rate: 100 Hz
        depth: 0.5 mm
        dwell: 2 ms
        strokes_per_dot: 2
        dot_rate: 2 Hz
        cartridges: [1rl-025]
        zones: [hairline]

        """)
  }

  @Test func rowsShowEachValueBesideTheCeilingThatBinds() throws {
    let machine = try MachineText.decode(with: "ceilings:\n  strokes_per_dot: 6\n")
    let profile = try #require(try NeedleText.decode(with: "ceilings:\n  duty: 50 %\n", on: machine).profile)
    let rows = profile.rows(in: try NeedleText.surroundings(machine: machine))
    #expect(
      rows.map { "\($0.field)|\($0.value)|\($0.ceiling ?? "-")" } == [
        "mode|dot|-", "rate|100 Hz|140 Hz", "depth|0.5 mm|0.8 mm", "dwell|2 ms|4 ms", "strokes_per_dot|2|6",
        "dot_rate|2 Hz|10 Hz", "cartridges|[1rl-025]|-", "zones|[hairline]|-", "ceilings.duty|50 %|80 %",
      ])
  }

  @Test func theComposedEnvelopeIsTheTightest() throws {
    let machine = try MachineText.decode(with: "ceilings:\n  dot_rate: 5 Hz\n")
    let surroundings = try NeedleText.surroundings(machine: machine)
    let needle = try #require(try NeedleText.decode(with: "ceilings:\n  duty: 50 %\n", on: machine).profile)
    let envelope = Envelope(
      machine: machine, cartridge: surroundings.cartridges["1rl-025"], needle: needle, depthGroup: .shallow)
    var expected = Ceilings.absolute
    expected.dotRate = .hertz(5)
    expected.strokeRate = .hertz(140)
    expected.depthShallow = Micrometres(800)
    expected.depthDeep = Micrometres(800)
    expected.depthBench = Micrometres(800)
    expected.dutyPercent = 50
    #expect(envelope == Envelope(ceilings: expected, depthGroup: .shallow, tolerance: machine.tolerance))
    #expect(needle.allows(.hairline, attributes: [.scar]))
    #expect(!needle.allows(.crown, attributes: []))
    #expect(needle.allows(cartridge: "1rl-025"))
    #expect(!needle.allows(cartridge: "3rl-025"))
  }
}

import Profiles
import Testing

/// Literal text in, exact place and message out.
@Suite struct StrictDecodingTests {
  @Test func theGoodTextIsAcceptedWithoutAWord() throws {
    let decoded = try NeedleText.decode()
    #expect(decoded.problems.map(\.description) == [])
    #expect(decoded.profile?.name == "soft")
  }

  @Test(arguments: [
    ("0.5 mm", "0.5", "7:8: 'depth': '0.5' has no unit; expected a length such as 0.45 mm"),
    ("0.5 mm", "5 ms", "7:8: 'depth': '5 ms' is a time; expected a length such as 0.45 mm"),
    (" 0.5 mm", "", "7:7: 'depth' has no value; expected a length such as 0.45 mm"),
    ("0.5 mm", "[1]", "7:8: 'depth' is a list; expected a length such as 0.45 mm"),
    ("0.5 mm", "{a: 1}", "7:8: 'depth' is a section; expected a length such as 0.45 mm"),
    ("mode: dot", "mode: dots", "5:7: 'mode': 'dots' is not one of continuous, dot; did you mean 'dot'?"),
    ("mode: dot", "bench: maybe\nmode: dot", "5:8: 'bench': 'maybe' is not one of true, false"),
    ("strokes_per_dot: 2", "strokes_per_dot: 2.5", "9:18: 'strokes_per_dot': '2.5' is not a whole number"),
    (
      "strokes_per_dot: 2", "strokes_per_dot: 0",
      "9:18: 'strokes_per_dot' 0 is below the least allowed, 1 (absolute)"
    ),
    (
      "[1rl-025]", "[1rl-052]",
      "11:14: 'cartridges': there is no cartridge profile '1rl-052'; did you mean '1rl-025'?"
    ),
    (
      "[1rl-025]", "[]",
      "11:13: 'cartridges' is a list; expected a list of cartridge profiles such as [1rl-025]"
    ),
    (
      "[hairline]", "[hairline, temple]",
      "12:19: 'zones': 'temple' is not one of hairline, left-temple, right-temple, frontal, mid, crown, sides, nape"
    ),
    ("[hairline]", "[hairline, hairline]", "12:19: 'zones': 'hairline' is listed twice"),
    ("schema: 1", "schema: 2", "1:9: 'schema' 2 is not known to this program; expected schema: 1"),
    ("profile: needle", "profile: machine", "2:10: this is a machine profile; a needle profile belongs here"),
    ("name: soft", "name: hard", "3:7: 'name' is 'hard', but the file is called 'soft'"),
    (
      "name: soft", "name: Soft",
      "3:7: 'name': 'Soft' is not a name: lower-case letters, digits and '-', starting "
        + "with a letter or digit, at most 63"
    ),
    (
      "For tests", #""\e[31mred""#,
      "4:14: 'description' holds the control character U+001B; write plain text"
    ),
    (
      "For tests", #""one\Ltwo""#,
      "4:14: 'description' holds the control character U+2028; write plain text"
    ),
    ("mode: dot\n", "", "1:1: missing key 'mode'; expected one of continuous, dot"),
  ])
  func aWrongValueIsRefusedAtItsPlace(old: String, new: String, problem: String) throws {
    let decoded = try NeedleText.decode(replacing: old, with: new)
    #expect(decoded.profile == nil)
    #expect(decoded.problems.map(\.headline) == ["needles/soft.yaml:" + problem])
  }

  @Test func anUnknownKeyIsRefusedWithTheNearestKnownOne() throws {
    let decoded = try NeedleText.decode(replacing: "dwell:", with: "dwel:")
    #expect(
      decoded.problems.map(\.headline) == [
        "needles/soft.yaml:8:1: unknown key 'dwel'; did you mean 'dwell'?"
      ])
    let far = try NeedleText.decode(with: "colour: blue\n")
    #expect(far.problems.map(\.headline) == ["needles/soft.yaml:13:1: unknown key 'colour'"])
  }

  @Test func aProblemShowsItsLineAndACaret() throws {
    let decoded = try NeedleText.decode(replacing: "0.5 mm", with: "1.2 mm  # deep")
    #expect(
      decoded.problems.map(\.description) == [
        """
        needles/soft.yaml:7:8: 'depth' 1.2 mm is above the ceiling 0.8 mm for hairline (cartridge '1rl-025')
          depth: 1.2 mm  # deep
                 ^
        """
      ])
    #expect(decoded.problems.first?.value == "1.2 mm")
    #expect(decoded.problems.first?.ceiling == "0.8 mm")
    #expect(decoded.problems.first?.field == "depth")
  }

  @Test func allProblemsOfAFileAreToldAtOnceInItsOrder() throws {
    let decoded = try NeedleText.decode(
      replacing: "depth: 0.5 mm\ndwell: 2 ms", with: "dpeth: 0.5 mm\ndwell: 2 m\ncolour: blue")
    #expect(
      decoded.problems.map(\.headline) == [
        "needles/soft.yaml:7:1: unknown key 'dpeth'; did you mean 'depth'?",
        "needles/soft.yaml:8:8: 'dwell': the unit 'm' of '2 m' is not known; expected a time such as 3.5 ms",
        "needles/soft.yaml:9:1: unknown key 'colour'",
      ])
  }

  @Test func aRepeatedKeyIsRefusedAtItsSecondUseAndTheRestIsStillChecked() throws {
    let decoded = try NeedleText.decode(
      with: "ceilings:\n  lease: 50 ms\n  lease: 60 ms\n  duty: 90 %\nrate: 90 Hz\n")
    #expect(
      decoded.problems.map(\.headline) == [
        "needles/soft.yaml:15:3: the key 'lease' is written twice; first in line 14",
        "needles/soft.yaml:16:9: 'duty' 90 % is above the ceiling 80 % (absolute)",
        "needles/soft.yaml:17:1: the key 'rate' is written twice; first in line 6",
      ])
    let braces = try NeedleText.decode(with: "ceilings: {lease: 50 ms, lease: 60 ms}\n")
    #expect(
      braces.problems.map(\.headline) == [
        "needles/soft.yaml:13:12: the key 'lease' is written twice in one section"
      ])
  }

  @Test(arguments: [
    (
      "[hairline]", "[hairline",
      "12:17: broken YAML: did not find expected ',' or ']' (while parsing a flow sequence, line 12)"
    ),
    ("100 Hz", "100 Hz: 3", "6:13: broken YAML: mapping values are not allowed in this context"),
    ("0.5 mm", "&deep 0.5 mm", "7:8: anchors and aliases are not accepted in a profile; write the value out"),
    ("0.5 mm", "*deep", "7:8: anchors and aliases are not accepted in a profile; write the value out"),
    ("0.5 mm", "!!str 0.5 mm", "7:8: tags (tag:yaml.org,2002:str) are not accepted in a profile"),
    ("0.5 mm", "!length 0.5 mm", "7:8: tags (!length) are not accepted in a profile"),
    ("[hairline]", "!!set [hairline]", "12:8: tags (tag:yaml.org,2002:set) are not accepted in a profile"),
    (
      "For tests", "|\n  For\n  tests",
      "4:14: a text block is not accepted in a profile; write the value in one line"
    ),
    ("0.5 mm", "0.5\u{7} mm", "7:11: the control character U+0007 does not belong in a profile"),
    ("zones:", "? [a, b]\n: c\nzones:", "12:3: a key is a word, not a list or a section"),
    ("[hairline]", "[[[[[[[[[[hairline]]]]]]]]]]", "12:15: nested more deeply than a profile ever is"),
    (
      "zones:", "---\nzones:",
      "12:1: broken YAML: but found another document (expected a single document in the stream, line 1)"
    ),
  ])
  func whatIsNotPlainYamlIsRefusedAtItsPlace(old: String, new: String, problem: String) throws {
    let decoded = try NeedleText.decode(replacing: old, with: new)
    #expect(decoded.profile == nil)
    #expect(decoded.problems.map(\.headline) == ["needles/soft.yaml:" + problem])
  }

  @Test(arguments: [
    ("", "1:1: the file is empty; a profile starts with 'schema: 1'"),
    ("# nothing\n", "1:1: the file is empty; a profile starts with 'schema: 1'"),
    ("hello\n", "1:1: a profile is a list of 'key: value' lines; this is a value"),
    ("- a\n", "1:1: a profile is a list of 'key: value' lines; this is a list"),
    ("a: " + String(repeating: "[", count: 33), "1:36: nested more deeply than a profile ever is"),
    (String(repeating: "- ", count: 33), "1:65: nested more deeply than a profile ever is"),
  ])
  func aTextThatIsNoProfileIsRefused(text: String, problem: String) throws {
    let decoded = NeedleProfile.decode(ProfileSource(file: "a.yaml", text: text), in: .unknown)
    #expect(decoded.problems.map(\.headline) == ["a.yaml:" + problem])
  }

  @Test func bytesThatAreNoTextAreRefusedAtTheirPlace() {
    let broken = ProfileSource(file: "a.yaml", bytes: Array("a: 1\nb: ".utf8) + [0xFF, 0x0A])
    #expect(
      CartridgeProfile.decode(broken).problems.map(\.headline)
        == ["a.yaml:2:4: this byte is not part of UTF-8 text"])
    let large = ProfileSource(file: "a.yaml", bytes: [UInt8](repeating: 0x20, count: 256 * 1024 + 1))
    #expect(
      CartridgeProfile.decode(large).problems.map(\.headline)
        == ["a.yaml: the file has 262145 bytes; a profile has at most 262144"])
  }

  @Test func aByteOrderMarkAndWindowsLineEndsAreTaken() throws {
    let text = "\u{FEFF}" + NeedleText.good.replacing("0.5 mm", with: "5 mm").replacing("\n", with: "\r\n")
    let decoded = NeedleProfile.decode(
      ProfileSource(file: NeedleText.file, text: text), in: try NeedleText.surroundings())
    #expect(
      decoded.problems.map(\.description) == [
        """
        needles/soft.yaml:7:8: 'depth' 5 mm is above the ceiling 0.8 mm for hairline (cartridge '1rl-025')
          depth: 5 mm
                 ^
        """
      ])
  }

  @Test func anAmpersandInATextIsNoAnchor() throws {
    #expect(try NeedleText.decode(replacing: "For tests", with: "R&D, black & white").problems == [])
  }
}

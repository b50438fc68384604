import Profiles
import Testing
import Units

@Suite struct DaemonSettingsTests {
  func decode(_ lines: String) -> Decoded<DaemonSettings> {
    DaemonSettings.decode(
      ProfileSource(file: "settings.yaml", text: "schema: 1\nprofile: settings\n" + lines))
  }

  @Test func whatIsLeftOutIsAsItWas() throws {
    let settings = try #require(decode("").profile)
    #expect(settings == DaemonSettings())
    #expect(settings.logLevel == .info)
    #expect(settings.metrics == nil)
  }

  @Test func levelAndMetricsAreRead() throws {
    let decoded = decode(
      "log_level: debug\nmetrics:\n  file: /run/stipple/metrics/stipple.prom\n  interval: 15 s\n")
    let settings = try #require(decoded.profile)
    #expect(settings.logLevel == .debug)
    #expect(settings.metrics?.file == "/run/stipple/metrics/stipple.prom")
    #expect(settings.metrics?.interval == .seconds(15))
  }

  @Test(arguments: [
    ("log_levle: info", "3:1: unknown key 'log_levle'; did you mean 'log_level'?"),
    ("log_level: loud", "3:12: 'log_level': 'loud' is not one of debug, info, notice, warning, error"),
    (
      "metrics:\n  file: stipple.prom\n  interval: 15 s",
      "4:9: 'file': 'stipple.prom' is not an absolute path that ends in .prom"
    ),
    ("metrics:\n  file: /a.prom\n  interval: 10 ms", "5:13: 'interval' 10 ms is below"),
    ("metrics:\n  file: /a.prom", "missing key 'interval' in 'metrics'"),
  ]) func whatIsWrongIsSaidWithItsPlace(lines: String, problem: String) {
    let decoded = decode(lines)
    #expect(decoded.profile == nil)
    #expect(
      decoded.problems.contains { $0.headline.contains(problem) }, "\(decoded.problems.map(\.headline))")
  }

  @Test func aMachineProfileSaysWhichSectionsARestartWouldChange() throws {
    let machine = try MachineText.decode()
    #expect(machine.sections(differingFrom: machine).isEmpty)
    let other = try MachineText.decode(with: "ceilings:\n  stroke_rate: 120 Hz\nphysics:\n  seed: 7\n")
    #expect(machine.sections(differingFrom: other) == ["ceilings", "physics"])
  }
}

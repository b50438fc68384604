import ArgumentParser
import ControlInterface
import Varlink

struct ArmVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "arm", abstract: "Lets the pedal move the needle.",
    discussion: "When it is refused, every condition that is not met is named, with what to do about it.")
  static let deed = "arm"

  /// The depth axis travels a few millimetres; what takes longer has failed.
  private static let longestArming = Duration.seconds(10)

  @OptionGroup var common: CommonOptions

  func run(on console: Console) async throws {
    let (reply, status) = try await connected { connection in
      let device = Device.Client(connection)
      return (try await device.arm(), try await settled(device))
    }
    switch status.state {
    case .armed, .running, .stopping: break
    case .arming:
      throw Trouble(
        status: .failure,
        headline: "cannot arm: the machine is still arming after \(Figures.span(Self.longestArming))",
        advice: ["Look at stipplectl status."])
    default:
      let causes = status.faults.map { Trouble.Item(subject: $0.code, remedy: $0.message) }
      throw Trouble(
        status: .refusedByState,
        headline: "cannot arm: the machine went to \(status.state.words) on the way", items: causes,
        advice: ["See stipplectl status."])
    }
    answer(reply, on: console) { text(status, console) }
  }

  /// The first state that is not on the way to being armed.
  private func settled(_ device: Device.Client) async throws -> Device.Status {
    let deadline = ContinuousClock.now + Self.longestArming
    var status = try await device.getStatus().status
    while status.state == .arming, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(20))
      status = try await device.getStatus().status
    }
    return status
  }

  private func text(_ status: Device.Status, _ console: Console) -> String {
    let headline = console.paint("Armed: \(Device.State.armed.meaning).", .yellow)
    guard let profile = status.profile else { return headline }
    return headline + "\n\(profile.name), \(Figures.depth(profile.depthUm)) beyond the nose"
      + (status.zone.map { ", \($0.name)" } ?? "") + "."
  }
}

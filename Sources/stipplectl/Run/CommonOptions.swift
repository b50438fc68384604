import ArgumentParser
import Glibc

/// What every command understands.
struct CommonOptions: ParsableArguments {
  static let defaultSocket = "/run/stipple/control"

  @Option(
    help: ArgumentHelp(
      "The daemon's socket.", discussion: "Default: $STIPPLE_SOCKET, else \(defaultSocket).",
      valueName: "path"))
  var socket: String?

  @Flag(help: "Print the reply as JSON: one object, or one per line where several follow each other.")
  var json = false

  var socketPath: String {
    if let socket { return socket }
    if let value = unsafe getenv("STIPPLE_SOCKET") {
      let path = unsafe String(cString: value)
      if !path.isEmpty { return path }
    }
    return Self.defaultSocket
  }
}

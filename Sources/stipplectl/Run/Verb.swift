import ArgumentParser
import Varlink

/// A command that does something. It writes to the console it is given, and throws what keeps it from succeeding.
protocol Verb: AsyncParsableCommand {
  /// Completes "cannot …" when it fails.
  static var deed: String { get }
  var common: CommonOptions { get }
  func run(on console: Console) async throws
}

extension Verb {
  /// Never reached through ``CommandLineRun``, which gives the console itself.
  func run() async throws { try await run(on: .standard()) }

  /// Connects, carries out the body, and closes.
  func connected<Result>(_ body: (VarlinkConnection) async throws -> Result) async throws -> Result {
    let connection = try await VarlinkConnection.connect(to: common.socketPath)
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Prints a reply as JSON, or the text that people read.
  func answer(_ reply: some VarlinkStructure, on console: Console, _ text: () -> String) {
    if common.json {
      console.print(JSONWriter.text(reply.json, indent: 2))
    } else {
      console.print(text())
    }
  }
}

import Glibc
import Varlink
import VarlinkCertification

/// `varlink-certify serve PATH` serves the certification interface until standard input ends;
/// `varlink-certify client PATH` calls somebody else's.
func run(_ arguments: [String]) async -> Int32 {
  do {
    switch (arguments.first, arguments.dropFirst().first) {
    case ("serve", let path?):
      let information = ServiceInformation(
        vendor: "Stipple", product: "Varlink certification", version: "1", url: "https://varlink.org")
      let server = try VarlinkServer(
        information, interfaces: [Certification.Service(CertificationService())],
        report: { method, fault in print("\(method): \(fault)") })
      try await server.start(at: .path(path, mode: 0o600))
      print("serving at \(path)")
      while readLine() != nil {}
      await server.close()
      return 0
    case ("client", let path?):
      let connection = try await VarlinkConnection.connect(to: path, hint: "start the server first")
      let isContent = try await CertificationClient.run(connection)
      await connection.close()
      print(isContent ? "certified" : "refused")
      return isContent ? 0 : 1
    default:
      print("usage: varlink-certify serve|client PATH")
      return 64
    }
  } catch {
    print("varlink-certify: \(error)")
    return 1
  }
}

exit(await run(Array(CommandLine.arguments.dropFirst())))

import Glibc
import Varlink
import VarlinkGenerator

/// `varlink-generate OUTPUT-FOLDER DEFINITION...`: writes Swift files for each definition.
func run(_ arguments: [String]) -> Int32 {
  guard arguments.count >= 2 else {
    TextFile.complain("usage: varlink-generate OUTPUT-FOLDER DEFINITION.varlink...")
    return 64
  }
  for path in arguments.dropFirst() {
    do {
      let definition = try InterfaceDefinition(try TextFile.read(path))
      for file in try SwiftGenerator.files(for: definition) {
        try TextFile.write(file.text, to: "\(arguments[0])/\(file.name)")
      }
    } catch let error as TextFile.Failure {
      TextFile.complain(error.description)
      return 1
    } catch {
      TextFile.complain("\(path):\(error)")
      return 1
    }
  }
  return 0
}

exit(run(Array(CommandLine.arguments.dropFirst())))

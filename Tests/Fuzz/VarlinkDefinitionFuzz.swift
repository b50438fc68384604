@testable import Varlink

/// Any bytes as an interface definition: refused with a place that lies in the text, or read into members that, written out again in
/// the language, read as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let text = String(decoding: bytes, as: UTF8.self)
  let definition: InterfaceDefinition
  do {
    definition = try InterfaceDefinition(text)
  } catch {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    precondition(error.line >= 1 && error.line <= lines.count, "a fault outside the text: \(error)")
    precondition(
      error.column >= 1 && error.column <= lines[error.line - 1].count + 1,
      "a fault outside its line: \(error)")
    return 0
  }
  precondition(definition.text == text, "the text was changed")
  precondition(
    definition.types.count + definition.methods.count + definition.errors.count == definition.members.count,
    "two members share a name")
  let again: InterfaceDefinition
  do {
    again = try InterfaceDefinition(written(definition))
  } catch {
    preconditionFailure("written out again it is refused: \(error)")
  }
  precondition(
    again.name == definition.name && again.members.map(bare) == definition.members.map(bare),
    "written out again it reads otherwise")
  for method in definition.methods.values { _ = (method.streaming, method.isUrgent) }
  return 0
}

private func written(_ definition: InterfaceDefinition) -> String {
  (["interface \(definition.name)"] + definition.members.map(bare)).joined(separator: "\n")
}

/// A member without its comments.
private func bare(_ member: InterfaceDefinition.Member) -> String {
  switch member {
  case .type(let type): "type \(type.name) \(type.type)"
  case .method(let method):
    "method \(method.name)\(VarlinkType.structure(method.parameters)) -> \(VarlinkType.structure(method.reply))"
  case .error(let error): "error \(error.name) \(VarlinkType.structure(error.parameters))"
  }
}

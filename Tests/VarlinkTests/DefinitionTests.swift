import Testing
import Varlink

@Suite struct DefinitionTests {
  @Test func commentsBecomeDocumentation() throws {
    let definition = try InterfaceDefinition(
      """
      # A licence, not a description.

      # What the interface is.
      # In two lines.
      interface org.example.test

      # A thing.
      type Thing (
        # How many.
        count: int,
        kind: (one, # trailing comments belong to what follows
          two)
      )
      # [Requires 'more' flag]
      method Watch(filter: ?[]string) -> (thing: Thing, extra: [string]object)
      error Broken (why: string)
      """)
    #expect(definition.name == "org.example.test")
    #expect(definition.documentation == "What the interface is.\nIn two lines.")
    #expect(definition.types["Thing"]?.documentation == "A thing.")
    guard case .structure(let fields)? = definition.types["Thing"]?.type else {
      Issue.record("Thing is not a struct")
      return
    }
    #expect(fields.map(\.documentation) == ["How many.", ""])
    let watch = try #require(definition.methods["Watch"])
    #expect(watch.streaming == .required)
    #expect(watch.parameters.map { "\($0.type)" } == ["?[]string"])
    #expect(watch.reply.map { "\($0.type)" } == ["Thing", "[string]object"])
    #expect(definition.errors["Broken"]?.parameters.first?.type == .string)
    #expect(definition.members.count == 3)
  }

  @Test(arguments: [
    ("", "1:1: expected 'interface', found the end of the text"),
    ("interface test", "1:11: expected the interface's name, found 'test'"),
    ("interface org.-a", "1:11: expected the interface's name, found 'org.-a'"),
    ("interface a.b\ntype thing ()", "2:6: expected a name that begins with a capital letter, found 'thing'"),
    ("interface a.b\ntype T (a: integer)", "2:12: 'integer' is not a type"),
    ("interface a.b\ntype T (a: ??int)", "2:13: '??': null is null but once"),
    ("interface a.b\ntype T (a: int, a: int)", "2:17: 'a' occurs twice"),
    ("interface a.b\ntype T (a, b: int)", "2:13: expected ')', found ':'"),
    ("interface a.b\ntype T (a: int, b)", "2:18: expected ':', found ')'"),
    ("interface a.b\ntype T (a: int,)", "2:16: a name must follow ','"),
    ("interface a.b\ntype T ()\nerror T ()", "3:7: 'T' is defined twice"),
    ("interface a.b\nmethod M()", "2:11: expected '->', found the end of the text"),
    ("interface a.b\nmethod M(a, b) -> ()", "2:9: the method's parameters need types: 'name: type'"),
    ("interface a.b\nmethod M() -> (a: U)", "1:1: 'M' uses 'U', which is not a type of this interface"),
    ("interface a.b\nmethod M() -> (a: []U)", "1:1: 'M' uses 'U', which is not a type of this interface"),
    (
      "interface a.b\ntype T (a: U)\ntype U (b: T)",
      "1:1: type 'T' contains itself: a value of it could never end"
    ),
    ("interface a.b\ntype T (_a: int)", "2:9: expected a field's name, found '_a'"),
    ("interface a.b\ntype T (a__b: int)", "2:9: expected a field's name, found 'a__b'"),
    ("interface a.b\n!", "2:1: unexpected '!'"),
  ])
  func aFaultIsNamedWithLineAndColumn(text: String, expected: String) {
    let error = #expect(throws: DefinitionError.self) { try InterfaceDefinition(text) }
    #expect(error?.description == expected)
  }

  @Test func aTypeMayContainItselfThroughAnArray() throws {
    let definition = try InterfaceDefinition("interface a.b\ntype Tree (name: string, branches: []Tree)")
    #expect(definition.types["Tree"] != nil)
  }

  @Test func nestingIsBounded() {
    let text = "interface a.b\ntype T " + String(repeating: "(a: ", count: 40)
    let error = #expect(throws: DefinitionError.self) { try InterfaceDefinition(text) }
    #expect(error?.reason == "nested deeper than 32")
  }

  @Test func aRowOfTypesInsideOneAnotherIsBounded() throws {
    let row = { (count: Int) in
      "interface a.b\n" + (1...count).map { "type T\($0) (a: T\($0 + 1))\n" }.joined()
        + "type T\(count + 1) (a: int)\n"
    }
    #expect(throws: Never.self) { try InterfaceDefinition(row(31)) }
    let error = #expect(throws: DefinitionError.self) { try InterfaceDefinition(row(20_000)) }
    #expect(error?.reason == "type 'T33' lies inside more than 32 others: a value of it could not be sent")
  }

  @Test func randomTextsNeverDoWorseThanAnError() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let words = [
      "interface", "type", "method", "error", "a.b", "T", "U", "a", "b", ":", ",", "(", ")", "->", "?", "[]",
      "[string]", "int", "\n", "# text\n", " ", "-", "\u{1F600}",
    ]
    for _ in 0..<20_000 {
      var text = "interface a.b\n"
      for _ in 0..<Int.random(in: 0..<20, using: &random) {
        text += words[Int.random(in: 0..<words.count, using: &random)] + " "
      }
      if let definition = try? InterfaceDefinition(text) { #expect(definition.name == "a.b", "seed \(seed)") }
    }
  }
}

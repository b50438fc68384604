import Testing
import Varlink

@Suite struct TypeCheckerTests {
  private static let text = """
    interface org.example.test
    type Zone (name: string, area_mm2: int, attributes: ?[](scar, thinning))
    method Set(zone: Zone, depth: float, tags: [string](), extra: ?object) -> ()
    """
  private static let good: JSONObject = [
    "zone": ["name": "crown", "area_mm2": 1200, "attributes": ["scar"]], "depth": 0.5, "tags": ["a": [:]],
  ]

  private func mismatch(_ change: (inout JSONObject) -> Void) throws -> String? {
    let definition = try InterfaceDefinition(Self.text)
    var object = Self.good
    change(&object)
    do {
      let checker = TypeChecker(definition, unknownFields: .refuse)
      try checker.check(object, against: try #require(definition.methods["Set"]).parameters)
      return nil
    } catch let error as TypeMismatch {
      return error.description
    }
  }

  @Test func aGoodValuePasses() throws {
    #expect(try mismatch { _ in } == nil)
    #expect(try mismatch { $0["extra"] = nil } == nil)
    #expect(try mismatch { $0["extra"] = .null } == nil)
    #expect(try mismatch { $0["extra"] = ["any": [1, "two"]] } == nil)
    #expect(try mismatch { $0["zone"] = ["name": "crown", "area_mm2": 1] } == nil)
  }

  @Test func anIntegerCountsAsAFloatAndNotTheOtherWayRound() throws {
    #expect(try mismatch { $0["depth"] = 1 } == nil)
    #expect(
      try mismatch { $0["zone"] = ["name": "crown", "area_mm2": 1.0] }
        == "zone.area_mm2: expected int, found a float")
  }

  @Test func theFieldIsNamedByItsPath() throws {
    #expect(try mismatch { $0["depth"] = "1" } == "depth: expected float, found a string")
    #expect(try mismatch { $0["depth"] = nil } == "depth: expected float, found nothing")
    #expect(try mismatch { $0["depth"] = .null } == "depth: expected float, found null")
    #expect(try mismatch { $0["depht"] = 1 } == "depht: expected no such field, found it")
    #expect(
      try mismatch { $0["zone"] = ["name": "crown", "area_mm2": 1, "x": 1] }
        == "zone.x: expected no such field, found it")
    #expect(
      try mismatch { $0["zone"] = ["name": "a", "area_mm2": 1, "attributes": ["scar", "bald"]] }
        == "zone.attributes[1]: expected one of scar, thinning, found \"bald\"")
    #expect(try mismatch { $0["tags"] = ["a": 1] } == "tags[a]: expected (), found an integer")
    #expect(try mismatch { $0["extra"] = [1] } == "extra: expected object, found an array")
  }

  @Test func aReaderMayIgnoreWhatItDoesNotKnow() throws {
    let definition = try InterfaceDefinition(Self.text)
    var object = Self.good
    object["new"] = 1
    let checker = TypeChecker(definition, unknownFields: .ignore)
    try checker.check(object, against: try #require(definition.methods["Set"]).parameters)
  }
}

import Testing

@testable import stipplectl

@Suite struct LoginNameTests {
  @Test(arguments: [
    ("uid 0", "root"), ("uid 4294967294", "uid 4294967294"), ("uid x", "uid x"), ("uid -1", "uid -1"),
    ("stippled 0.1.0", "stippled 0.1.0"), ("", ""),
  ])
  func aNumberThatThisHostKnowsIsShownAsAName(_ author: String, _ shown: String) {
    #expect(LoginName.of(author) == shown)
  }
}

import SessionLog
import Testing

@Suite struct SHA256Tests {
  @Test func givesThePublishedDigest() throws {
    // FIPS 180-2, appendix B.1.
    #expect(
      try SHA256Digest.of(Array("abc".utf8)).description
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func readsItsOwnText() throws {
    let digest = try SHA256Digest.of([])
    #expect(SHA256Digest(hexadecimal: digest.description) == digest)
    #expect(SHA256Digest(hexadecimal: "zz") == nil)
    #expect(SHA256Digest(hexadecimal: String(repeating: "g", count: 64)) == nil)
  }
}

@testable import MCAP

/// A small file for tests: two channels, messages out of order of time, several chunks, metadata.
enum SampleContainer {
  static func options(_ compression: MCAPCompression) -> MCAPWriter.Options {
    var options = MCAPWriter.Options()
    options.compression = compression
    options.chunkSize = .max
    options.library = "test"
    return options
  }

  /// `chunks` chunks of ten messages each.
  static func bytes(_ compression: MCAPCompression = .none, chunks: Int = 3, finished: Bool = true) throws
    -> [UInt8]
  {
    var writer = try MCAPWriter(options(compression))
    try writer.add(MCAPSchema(id: 1, name: "one", encoding: "jsonschema", data: [0x7B, 0x7D]))
    try writer.add(MCAPChannel(id: 1, schemaID: 1, topic: "/a", messageEncoding: "json"))
    try writer.add(
      MCAPChannel(id: 2, schemaID: 0, topic: "/b", messageEncoding: "json", metadata: ["k": "v"]))
    for chunk in 0..<chunks {
      for index in 0..<10 {
        let number = UInt64(chunk * 10 + index)
        // Every third message is stamped earlier than the one before it.
        let time = 1_000 + number * 100 - (index % 3 == 2 ? 150 : 0)
        try writer.add(
          MCAPMessage(
            channelID: index % 2 == 0 ? 1 : 2, sequence: UInt32(number), logTime: time, publishTime: time)
        ) { $0.append(contentsOf: Array(repeating: UInt8(number), count: 5 + index)) }
      }
      try writer.endChunk()
    }
    if finished {
      try writer.add(MCAPMetadata(name: "m", values: ["x": "1", "y": "2"]))
      try writer.finish()
    }
    var bytes: [UInt8] = []
    writer.takeOutput { output in for index in output.indices { bytes.append(output[index]) } }
    return bytes
  }
}

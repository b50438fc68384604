/// The record types of MCAP version 0. Others are legal in a file and skipped by readers.
enum Opcode: UInt8, Sendable {
  case header = 0x01
  case footer = 0x02
  case schema = 0x03
  case channel = 0x04
  case message = 0x05
  case chunk = 0x06
  case messageIndex = 0x07
  case chunkIndex = 0x08
  case attachment = 0x09
  case attachmentIndex = 0x0A
  case statistics = 0x0B
  case metadata = 0x0C
  case metadataIndex = 0x0D
  case summaryOffset = 0x0E
  case dataEnd = 0x0F
}

/// Sizes and marks fixed by the format.
enum Framing {
  /// The first and the last eight bytes of every file.
  static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
  /// Opcode and length before each record's content, bytes.
  static let recordHeader = 9
  /// Channel, sequence, log time and publish time before a message's payload, bytes.
  static let messageHeader = 22
  /// A whole footer record with its header, bytes.
  static let footer = recordHeader + 20
  /// The least content a chunk can have: its fixed fields, an empty compression name and no records, bytes.
  static let smallestChunk = 40
}

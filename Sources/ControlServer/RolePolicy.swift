import Glibc
import Treatment
public import Varlink

/// Who may do what, by the kernel's word on the peer: its user, its primary and its supplementary groups.
public struct RolePolicy: Sendable {
  /// What a caller may do; each includes the ones before it.
  public enum Role: Int, Comparable, Sendable {
    case observer, technician, service

    public var name: String {
      switch self {
      case .observer: "observer"
      case .technician: "technician"
      case .service: "service"
      }
    }

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// The groups of the design; `nil` where the host has no such group.
  let technicians: UInt32?
  let service: UInt32?
  /// The daemon's own user, which could do everything anyway.
  let ownUser: UInt32

  public init(technicians: UInt32?, service: UInt32?, ownUser: UInt32) {
    self.technicians = technicians
    self.service = service
    self.ownUser = ownUser
  }

  /// The policy of this host: groups `stipple-technician` and `stipple-service`.
  public static func ofThisHost() -> RolePolicy {
    RolePolicy(
      technicians: group(named: "stipple-technician"), service: group(named: "stipple-service"),
      ownUser: geteuid())
  }

  /// The role of a peer. Whoever can open the socket may observe.
  public func role(of peer: Peer) -> Role {
    if peer.userID == 0 || peer.userID == ownUser { return .service }
    if let service, peer.isMember(ofGroup: service) { return .service }
    if let technicians, peer.isMember(ofGroup: technicians) { return .technician }
    return .observer
  }

  /// The author of a call, if the peer has the role it needs; `nil` otherwise.
  func author(_ peer: Peer, needs role: Role) -> Author? {
    let actual = self.role(of: peer)
    guard actual >= role else { return nil }
    return Author(
      userID: peer.userID, groupID: peer.groupID, processID: peer.processID,
      process: Self.processName(peer.processID), role: actual.name)
  }

  /// `getgrnam_r(3)`; `nil` when there is no such group.
  private static func group(named name: String) -> UInt32? {
    var entry = unsafe Glibc.group()
    var result: UnsafeMutablePointer<Glibc.group>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard unsafe getgrnam_r(name, &entry, &buffer, buffer.count, &result) == 0, unsafe result != nil else {
      return nil
    }
    return unsafe entry.gr_gid
  }

  /// What the process calls itself; a claim, kept as such in the audit.
  private static func processName(_ processID: Int32) -> String {
    let descriptor = unsafe Glibc.open("/proc/\(processID)/comm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "?" }
    defer { close(descriptor) }
    // The kernel keeps 15 bytes of a process's name.
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = unsafe read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return "?" }
    let name = buffer[..<count].prefix { $0 != 0x0A }
    return String(decoding: name, as: UTF8.self)
  }
}

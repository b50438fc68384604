import ControlServer
import Testing
import Varlink

@Suite struct RolePolicyTests {
  let policy = RolePolicy(technicians: 900, service: 901, ownUser: 77)

  func peer(_ user: UInt32, _ group: UInt32, _ others: [UInt32] = []) -> Peer {
    Peer(userID: user, groupID: group, processID: 1, supplementaryGroupIDs: others)
  }

  @Test func whoeverOpensTheSocketMayObserve() {
    #expect(policy.role(of: peer(1_000, 1_000)) == .observer)
  }

  @Test func aGroupCountsWhetherPrimaryOrSupplementary() {
    #expect(policy.role(of: peer(1_000, 900)) == .technician)
    #expect(policy.role(of: peer(1_000, 1_000, [900])) == .technician)
    #expect(policy.role(of: peer(1_000, 1_000, [4, 901])) == .service)
  }

  @Test func rootAndTheDaemonsOwnUserMayDoEverything() {
    #expect(policy.role(of: peer(0, 0)) == .service)
    #expect(policy.role(of: peer(77, 77)) == .service)
  }

  @Test func aHostWithoutTheGroupsHasObserversOnly() {
    let bare = RolePolicy(technicians: nil, service: nil, ownUser: 77)
    #expect(bare.role(of: peer(1_000, 900, [901])) == .observer)
  }
}

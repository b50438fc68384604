import NeedleSafety
import Units

/// The ceilings that hold for a profile with one cartridge, and whose each of them is.
struct Binding {
  let profile: NeedleProfile
  let surroundings: NeedleSurroundings
  let cartridge: CartridgeProfile?

  /// The tightest of all.
  var composed: Ceilings {
    let machine = Ceilings.tightest(.absolute, surroundings.machineCeilings)
    return .tightest(cartridge.map { $0.tighten(machine) } ?? machine, profile.ceilings)
  }

  /// Whose ceiling binds: the outermost of those that are as tight as the composed one.
  func source<Value: Equatable>(_ path: KeyPath<Ceilings, Value>) -> String {
    let binding = composed[keyPath: path]
    if Ceilings.absolute[keyPath: path] == binding { return "absolute" }
    if let machine = surroundings.machine, machine.ceilings[keyPath: path] == binding {
      return "machine '\(machine.name)'"
    }
    if let cartridge, cartridge.tighten(.absolute)[keyPath: path] == binding {
      return "cartridge '\(cartridge.name)'"
    }
    return "this profile"
  }

  func source(depthIn group: DepthGroup) -> String {
    switch group {
    case .shallow: source(\.depthShallow)
    case .deep: source(\.depthDeep)
    case .bench: source(\.depthBench)
    }
  }
}

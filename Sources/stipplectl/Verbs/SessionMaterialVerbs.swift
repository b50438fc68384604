import ArgumentParser
import ControlInterface
import Varlink

struct SessionCartridgeVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "cartridge", abstract: "Registers a fresh, sterile cartridge.")
  static let deed = "register the cartridge"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The cartridge profile, such as 3rl-030.") var profile: String
  @Option(help: "The lot on the package.") var lot: String
  @Option(help: "Its own number, where it has one.") var serial: String?
  @Option(help: ArgumentHelp("Last day of use, YYYY-MM-DD.", valueName: "date")) var expires: String

  func run(on console: Console) async throws {
    let parameters = Sessions.LoadCartridge.Parameters(
      profile: profile, lot: lot, expires: expires, serial: serial)
    let reply = try await connected { try await Sessions.Client($0).loadCartridge(parameters) }
    answer(reply, on: console) {
      let cartridge = reply.cartridge
      return TextWidth.harmless(
        "Cartridge \(cartridge.profile), lot \(cartridge.lot), may be used until \(cartridge.expires).")
    }
  }
}

struct SessionPigmentVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pigment", abstract: "Registers the pigment in use.")
  static let deed = "register the pigment"

  @OptionGroup var common: CommonOptions
  @Option(help: "Who made it.") var maker: String
  @Option(help: "Its name.") var name: String
  @Option(help: "Its shade.") var shade: String
  @Option(help: "The batch on the bottle.") var batch: String
  @Option(help: ArgumentHelp("Last day of use, YYYY-MM-DD.", valueName: "date")) var expires: String
  @Option(
    help: ArgumentHelp("Pigment in the mixture, such as '60 %'; undiluted when left out.", valueName: "share")
  )
  var dilution: String?

  func run(on console: Console) async throws {
    let parameters = Sessions.LoadPigment.Parameters(
      maker: maker, name: name, shade: shade, batch: batch, expires: expires,
      dilutionPercent: try dilution.map { try Entry.percent($0, of: "--dilution") })
    let reply = try await connected { try await Sessions.Client($0).loadPigment(parameters) }
    answer(reply, on: console) {
      let pigment = reply.pigment
      let text = TextWidth.harmless(
        "Pigment \(pigment.name) \(pigment.shade) by \(pigment.maker), batch \(pigment.batch), "
          + "\(Figures.percent(pigment.dilutionPercent)), may be used until \(pigment.expires).")
      return WarningText.under(text, reply.warnings, console.paint)
    }
  }
}

struct SessionNoteVerb: Verb {
  static let configuration = CommandConfiguration(
    commandName: "note", abstract: "Marks the record with a remark of at most 500 characters. No names.")
  static let deed = "add the note"

  @OptionGroup var common: CommonOptions
  @Argument(help: "The remark.") var text: String

  func run(on console: Console) async throws {
    let reply = try await connected { try await Sessions.Client($0).addNote(.init(text: text)) }
    answer(reply, on: console) { "Noted." }
  }
}

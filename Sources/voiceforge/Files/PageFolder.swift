import Page
import WebSockets

extension Settings {
  /// The files of the page, from the folder that is named or from inside the program.
  func page() throws(CommandFault) -> StaticFiles {
    guard let folder = webFolder else { return StaticFiles(EmbeddedFiles.page) }
    do throws(WebSocketError) { return try StaticFiles(root: folder) } catch {
      throw CommandFault("there is no folder \(folder) for the page; correct VOICEFORGE_WEB")
    }
  }
}

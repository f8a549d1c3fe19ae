import COgg
import COpus
import CallCore
import CallDriver
import Glibc

/// Reads Opus in an Ogg container (RFC 7845): the first stream of the file, one or two channels mixed to one. Any bytes may come.
struct OggOpusReader {
  /// Samples of the longest Opus packet, 120 ms at 16 kHz (RFC 6716, 3.2.5).
  private static let packetSamplesMax = 1920
  /// Positions in the file are counted at 48 kHz, three times as fast.
  private static let positionsPerSample = 3

  /// Places between pages that are none. Each may begin like a page, and then costs a sum over 64 KB.
  private static let gapsMax = 64

  let secondsMax: Int

  /// - Returns: 16 kHz mono.
  func read(_ bytes: [UInt8]) throws(SoundFault) -> PCMBuffer {
    var sync = ogg_sync_state()
    ogg_sync_init(&sync)
    defer { ogg_sync_clear(&sync) }
    guard let room = ogg_sync_buffer(&sync, bytes.count) else { throw SoundFault("there is no memory for the file") }
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { _ = memcpy(room, start, source.count) }
    }
    ogg_sync_wrote(&sync, bytes.count)
    var reading = try Reading(secondsMax: secondsMax)
    defer { reading.close() }
    var page = ogg_page()
    var gaps = 0
    while !reading.isDone {
      let found = ogg_sync_pageseek(&sync, &page)
      if found == 0 { break }
      if found > 0 {
        try reading.decode(&page)
      } else {
        gaps += 1  // bytes were passed over that are no page
        guard gaps <= Self.gapsMax else { throw SoundFault("the Ogg file is damaged: it is not made of pages") }
      }
    }
    return try reading.sound()
  }

  /// One stream on its way.
  private struct Reading {
    private let decoder: OpaquePointer
    private let stream: UnsafeMutablePointer<ogg_stream_state>
    private let samplesMax: Int
    private var serial: Int32?
    private var packets = 0
    private var skip = 0
    private var end: Int?
    private var samples: [Int16] = []
    private var room = [Int16](repeating: 0, count: OggOpusReader.packetSamplesMax)
    private(set) var isDone = false

    init(secondsMax: Int) throws(SoundFault) {
      var code: Int32 = 0
      guard let decoder = opus_decoder_create(opus_int32(MediaFrame.sampleRate), 1, &code) else {
        throw SoundFault("Opus cannot be decoded: error \(code)")
      }
      self.decoder = decoder
      samplesMax = secondsMax * MediaFrame.sampleRate
      stream = .allocate(capacity: 1)
      stream.initialize(to: ogg_stream_state())
    }

    func close() {
      if serial != nil { ogg_stream_clear(stream) }
      stream.deallocate()
      opus_decoder_destroy(decoder)
    }

    mutating func decode(_ page: inout ogg_page) throws(SoundFault) {
      let number = ogg_page_serialno(&page)
      if serial == nil {
        guard ogg_page_bos(&page) != 0, ogg_stream_init(stream, number) == 0 else {
          throw SoundFault("the Ogg file has no beginning; send the whole file")
        }
        serial = number
      }
      guard number == serial, ogg_stream_pagein(stream, &page) == 0 else { return }
      var packet = ogg_packet()
      while !isDone {
        let found = ogg_stream_packetout(stream, &packet)
        if found == 0 { break }
        if found > 0 { try decode(packet) }
      }
      if ogg_page_eos(&page) != 0 {
        end = Int(ogg_page_granulepos(&page))
        isDone = true
      }
    }

    private mutating func decode(_ packet: ogg_packet) throws(SoundFault) {
      let bytes = UnsafeBufferPointer(start: packet.packet, count: packet.bytes)
      defer { packets += 1 }
      switch packets {
      case 0: try readHead(bytes)
      case 1: break  // titles and names
      default:
        let count = opus_decode(
          decoder, bytes.baseAddress, opus_int32(bytes.count), &room, Int32(OggOpusReader.packetSamplesMax), 0)
        guard count >= 0 else { throw SoundFault("the Ogg file is damaged: Opus packet \(packets) cannot be decoded") }
        samples += room[..<Int(count)]
        guard samples.count <= samplesMax else {
          throw SoundFault("the sound is longer than the \(samplesMax / MediaFrame.sampleRate) s that are taken")
        }
      }
    }

    private mutating func readHead(_ bytes: UnsafeBufferPointer<UInt8>) throws(SoundFault) {
      guard bytes.starts(with: "OpusHead".utf8) else {
        throw SoundFault("the Ogg file holds no Opus; convert it with: ffmpeg -i FILE out.wav")
      }
      guard bytes.count >= 19, bytes[8] < 16 else { throw SoundFault("the Ogg file is damaged: its head is cut off") }
      guard (1...2).contains(bytes[9]), bytes[18] == 0 else {
        throw SoundFault("the Ogg file has \(bytes[9]) channels; convert it with: ffmpeg -i FILE -ac 1 out.wav")
      }
      skip = (Int(bytes[10]) | Int(bytes[11]) << 8) / OggOpusReader.positionsPerSample
    }

    /// Without what the encoder put in front and behind.
    func sound() throws(SoundFault) -> PCMBuffer {
      guard packets > 0 else { throw SoundFault("the Ogg file is damaged: it has not one whole packet") }
      let last = end.map { min(max($0 / OggOpusReader.positionsPerSample, skip), samples.count) } ?? samples.count
      guard skip < last else { throw SoundFault("the Ogg file holds no sound; record it again") }
      return PCMBuffer(sampleRate: MediaFrame.sampleRate, samples: Array(samples[skip..<last]))
    }
  }
}

import Bounds
import TestSupport
import Testing

@Suite("A bounded store")
struct BoundedStoreTests {
  @Test("the oldest makes room by entries, and is counted; what was used is the newest")
  func entries() {
    var store = BoundedStore<Int, String>(entriesMax: 3)
    for number in 1...3 { store.put("\(number)", for: number) }
    #expect(store.use(1) == "1" && store.use(9) == nil)
    store.put("4", for: 4)
    #expect(Array(store.oldestFirst) == ["3", "1", "4"] && store.evicted == 1 && store[2] == nil)
    #expect(store.newestFirst.map(\.value) == ["4", "1", "3"])
    #expect(store.newestFirst.map(\.number) == [5, 4, 3])
  }

  @Test("a value in the place of an old one keeps its place; one that is larger than all is kept alone")
  func replaced() {
    var store = BoundedStore<String, Int>(bytesMax: 100)
    store.put(1, for: "a", bytes: 40)
    store.put(2, for: "b", bytes: 40)
    store.put(3, for: "a", bytes: 60)
    #expect(Array(store.oldestFirst) == [3, 2] && store.bytes == 100)
    store.put(4, for: "c", bytes: 1000)
    #expect(Array(store.oldestFirst) == [4] && store.bytes == 1000 && store.evicted == 2)
    store.remove("c")
    store.remove("c")
    #expect(store.count == 0 && store.bytes == 0 && store.evicted == 2)
  }

  @Test("does what a list does in which every key is looked for", arguments: 0..<5)
  func model(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var store = BoundedStore<Int, Int>(entriesMax: 20, bytesMax: 500)
    var list: [(key: Int, value: Int, bytes: Int)] = []
    for step in 0..<5000 {
      let key = Int.random(in: 0..<40, using: &random)
      let index = list.firstIndex { $0.key == key }
      switch Int.random(in: 0..<6, using: &random) {
      case 0..<3:
        let bytes = Int.random(in: 0..<100, using: &random)
        store.put(step, for: key, bytes: bytes)
        if let index { list[index] = (key, step, bytes) } else { list.append((key, step, bytes)) }
        while list.count > 20 || list.reduce(0, { $0 + $1.bytes }) > 500 && list.count > 1 { list.removeFirst() }
      case 3..<5:
        #expect(store.use(key) == index.map { list[$0].value })
        if let index { list.append(list.remove(at: index)) }
      default:
        store.remove(key)
        if let index { list.remove(at: index) }
      }
      #expect(Array(store.oldestFirst) == list.map(\.value) && store.bytes == list.reduce(0) { $0 + $1.bytes })
    }
  }
}

import CallCore
import Testing

@Suite("Flow: names in what callers say")
struct FlowNameTests {
  @Test(
    "Names without what stands around them",
    arguments: [
      ("My name is Ada Lovelace", "Ada Lovelace"), ("Hi, this is Anna Miller", "Anna Miller"),
      ("Hello, my name is Anna Miller", "Anna Miller"), ("Sure, it's Anna Miller", "Anna Miller"),
      ("Okay, my name is Anna Miller", "Anna Miller"), ("Well, I'm Anna Miller", "Anna Miller"),
      ("The name's Anna Miller", "Anna Miller"), ("That would be Anna Miller", "Anna Miller"),
      ("Under Miller, please", "Miller"), ("My first name is Anna", "Anna"), ("Ludovic is my name", "Ludovic"),
      ("anna miller", "Anna Miller"), ("O'Brien", "O'Brien"), ("José Núñez", "José Núñez"),
      ("Anna Miller, M I L L E R", "Anna Miller"), ("it's Priya Sharma here", "Priya Sharma"),
      ("yes hello this is tom baker calling", "Tom Baker"), ("Margaret Thornton speaking", "Margaret Thornton"),
      ("you can put it under Kowalski", "Kowalski"), ("the booking's under Harrison", "Harrison"),
      ("call me Bob", "Bob"), ("my surname is Petrov", "Petrov"), ("not Miller, Mueller", "Mueller"),
      ("it's karen, no, karin holm", "Karin Holm"), ("I'm Mary Ann O'Connell", "Mary Ann O'Connell"),
      ("uh luis garcia lopez", "Luis Garcia Lopez"), ("i'm april summers", "April Summers"),
      ("It's Will Grant", "Will Grant"), ("Okonkwo, O-K-O-N-K-W-O", "Okonkwo"), ("i go by max", "Max"),
      ("Good morning, Fatima Zahra here", "Fatima Zahra"), ("ok so that's ben carter", "Ben Carter"),
      ("Zoë Schäfer", "Zoë Schäfer"), ("no, it's Rosalind Pike", "Rosalind Pike"),
      ("Walter Bishop, thank you", "Walter Bishop"), ("Ellis, please", "Ellis"),
      ("my full name is Hugo Alejandro Reyes", "Hugo Alejandro Reyes"), ("John F. Kennedy", "John F Kennedy"),
      ("Samuel L. Jackson", "Samuel L Jackson"), ("Hello there, I'm Anna", "Anna"),
      ("Anna no Hannah Miller", "Hannah Miller"), ("um, Anna, Anna Miller", "Anna Miller"),
      ("Anna Miller, sorry, Hannah Miller", "Hannah Miller"), ("Anna Miller sorry", "Anna Miller"),
      ("it's Anna with two n's", "Anna"), ("it's Anna with two n's Anna Miller", "Anna Miller"),
      ("my name is Anna Miller that's M I double L E R", "Anna Miller"),
      ("Anna Miller spelled M-U-E-L-L-E-R", "Anna Mueller"), ("M I L L E R", "Miller"),
      ("Leonardo DiCaprio", "Leonardo DiCaprio"), ("leonardo da vinci", "Leonardo da Vinci"),
      ("Renée O’Connor", "Renée O’Connor"), ("renée o'connor", "Renée O'Connor"), ("Anne-Marie", "Anne-Marie"),
      ("anne-marie smith-jones", "Anne-Marie Smith-Jones"), ("you can call me Al", "Al"),
      ("Grace Hopper", "Grace Hopper"), ("May Parker", "May Parker"), ("Bill Gates", "Bill Gates"), ("Rob", "Rob"),
      ("Mark", "Mark"), ("Will", "Will"), ("not Anna but Hannah", "Hannah"), ("Hannah not Anna", "Hannah"),
      ("no not Hannah, Hanna", "Hanna"), ("yes it's Hannah", "Hannah"), ("as I said Anna Miller", "Anna Miller"),
      ("I said Anna Miller", "Anna Miller"), ("it's Anna again", "Anna"),
      ("Anna. Anna Miller. Anna Miller.", "Anna Miller"), ("first name Anna", "Anna"), ("last name Miller", "Miller"),
      ("uh it's uh Anna uh Miller", "Anna Miller"), ("Nguyen Thi Minh Khai", "Nguyen Thi Minh Khai"),
      ("Li Wei", "Li Wei"), ("Søren Kierkegaard", "Søren Kierkegaard"), ("李小龍", "李小龍"), ("Иван Петров", "Иван Петров"),
      ("just Peter", "Peter"), ("it's Peter, Peter Parker", "Peter Parker"), ("I am Groot", "Groot"),
      ("It's Katherine with a K", "Katherine"), ("Katherine with a K", "Katherine"), ("Sara without an h", "Sara"),
    ])
  func names(words: String, name: String) {
    #expect(SlotKind.name.value(said: words, today: nil) == name)
  }

  @Test(
    "Questions, refusals, requests and two names at once are no name",
    arguments: [
      "Can you repeat that?", "What did you say?", "I don't know", "No", "4711", "why do you need my name",
      "who's asking", "i'd rather not give my name", "i already told you", "you should have it on file",
      "this is her husband", "one moment please", "i want to speak to a human", "i'd like to book an appointment",
      "thursday at three", "no that's not my name", "either Anna or Hannah, she wasn't sure", "never mind",
      "it's spelled with a k", "a table for two please", "i'm fine thanks how are you", "I'm looking for my parcel",
      "it's about my account", "i'm a new patient", "are you a real person", "is it my name or my wife's you want",
      "could you say that again", "Not Johnson.", "you've spelled it wrong", "five five five oh one four two",
      "hang on, i'm driving", "i'm not the account holder", "Yes, that's right", "none of your business",
      "it's too loud in here", "Could I speak to someone", "why do you need that", "I'd rather not say",
      "do you need my first name", "my name", "my name is", "the name is", "what", "pardon", "huh", "sorry",
      "sorry what", "just a moment", "hold on", "give me a second", "I'm not telling you", "that's private", "agent",
      "agent please", "help", "representative", "speak to a human", "I will", "can I have a refund", "my order is late",
      "doctor", "I'm a doctor", "I need a doctor", "Anna Miller and Peter Miller", "Anna or Hannah",
      "Anna Miller or Hannah Miller", "not Anna", "not Anna Miller", "no", "yes", "okay", "thank you", "hello",
      "hello?", "hello is anyone there", "are you there", "go away", "stop calling me", "don't call me",
      "you already have it", "same as before", "me", "nobody", "no name", "I don't have a name", "can you speak up",
      "I can't hear you", "tomorrow", "Monday", "half past three", "it is on the fifth", "cancel",
      "cancel my appointment", "good evening", "nice to meet you", "I am sure", "I am not sure",
      "my name is not important", "my name is none of your business", "my name is Anna what's yours",
      "Anna, what's yours",
    ])
  func noNames(words: String) {
    #expect(SlotKind.name.value(said: words, today: nil) == nil)
  }

  @Test(
    "Names keep or get the capitals that are usual",
    arguments: [
      ("MARIA DEL CARMEN GARCIA", "Maria del Carmen Garcia"), ("mcdonald", "McDonald"), ("jean-luc", "Jean-Luc"),
      ("o'brien", "O'Brien"), ("Leonardo DiCaprio", "Leonardo DiCaprio"), ("Robert De Niro", "Robert De Niro"),
    ])
  func capitals(words: String, name: String) {
    #expect(SlotKind.name.value(said: words, today: nil) == name)
  }
}

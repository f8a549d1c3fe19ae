/// What callers and agents say, without numbers that may be written in more than one way.
enum ContractSentences {
  static let all = [
    "Good morning, thank you for calling the city library.",
    "I would like to change my appointment to next Thursday afternoon.",
    "Could you please tell me your name and your date of birth?",
    "The weather is going to be warm and sunny this weekend.",
    "My order has not arrived yet, and I am getting a little worried.",
    "Please hold the line while I look for your account.",
    "She sells fresh bread and cheese at the market every Saturday.",
    "Is there anything else that I can help you with today?",
    "The train to the airport leaves from platform seven in twenty minutes.",
    "He wants to speak with a manager about his hotel bill.",
  ]
}

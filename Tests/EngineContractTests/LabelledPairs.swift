/// What an agent says, and what a case expects of it. `MeaningRule.sameMeaning` was chosen on every second pair, and holds for the others.
enum LabelledPairs {
  /// Both say the same in other words.
  static let same = [
    ("Your appointment is booked for Tuesday at nine.", "The appointment has been booked"),
    ("I have put you down for Tuesday at nine o'clock.", "You have an appointment on Tuesday at nine"),
    ("I'm afraid we are closed on Sundays.", "We are not open on Sunday"),
    ("Could you tell me your date of birth, please?", "Asks when the caller was born"),
    ("May I have your order number?", "Please give me the number of your order"),
    ("I am connecting you with a colleague now.", "You will be transferred to an agent"),
    ("Your parcel left our warehouse this morning.", "The package has been shipped"),
    ("It should be with you tomorrow.", "The delivery will arrive tomorrow"),
    ("I'm sorry, I did not understand that.", "Says that it did not understand"),
    ("Is there anything else I can do for you?", "Can I help you with something else?"),
    ("We will send you a text message to confirm.", "You will get a confirmation by SMS"),
    ("Your refund will be on your account within five days.", "The money is paid back within five days"),
    ("Thank you for calling, goodbye.", "Says goodbye"),
    (
      "The doctor is ill today, so we have to find another day.",
      "The appointment must be moved because the doctor is sick"
    ),
    ("That will be forty pounds.", "The price is forty pounds"),
    ("Please stay on the line.", "Please hold"),
    ("All our lines are busy at the moment.", "Nobody is free to take the call right now"),
    ("I can offer you Wednesday instead.", "Wednesday is offered as another day"),
    ("Your prescription has been sent to the pharmacy.", "The pharmacy has received the prescription"),
    ("You can park behind the building.", "There is parking at the back of the house"),
    ("We need your insurance number.", "Please tell me your insurance number"),
    ("The blood test was normal.", "The results of the blood test are fine"),
    ("I've cancelled your visit on Friday.", "The appointment on Friday has been cancelled"),
    ("Our opening hours are nine to five.", "We are open from nine to five"),
    ("If this is an emergency, hang up and dial 911.", "In an emergency call 911"),
    ("How may I help you today?", "What can I do for you?"),
    ("I could not find an order with that number.", "There is no such order"),
    ("Would you like a receipt by e-mail?", "Shall I send the receipt by e-mail?"),
    ("Just to confirm, your name is Ada Lovelace?", "Asks whether the name is Ada Lovelace"),
    ("Your call may be recorded.", "We may record this conversation"),
  ]

  /// They are about different things, though often of the same business.
  static let different = [
    ("Your appointment is booked for Tuesday at nine.", "Your parcel is on its way"),
    ("I have put you down for Tuesday at nine o'clock.", "The price is forty pounds"),
    ("I'm afraid we are closed on Sundays.", "Asks for the caller's name"),
    ("Could you tell me your date of birth, please?", "The appointment has been booked"),
    ("May I have your order number?", "You will be transferred to an agent"),
    ("I am connecting you with a colleague now.", "The package has been shipped"),
    ("Your parcel left our warehouse this morning.", "We are open from nine to five"),
    ("It should be with you tomorrow.", "Please tell me your insurance number"),
    ("I'm sorry, I did not understand that.", "Your refund is on its way"),
    ("Is there anything else I can do for you?", "The appointment has been cancelled"),
    ("We will send you a text message to confirm.", "The doctor is sick"),
    ("Your refund will be on your account within five days.", "There is parking at the back of the house"),
    ("Thank you for calling, goodbye.", "Asks when the caller was born"),
    ("The doctor is ill today, so we have to find another day.", "The prescription is at the pharmacy"),
    ("That will be forty pounds.", "Nobody is free to take the call right now"),
    ("Please stay on the line.", "You have an appointment on Tuesday at nine"),
    ("All our lines are busy at the moment.", "The results of the blood test are fine"),
    ("I can offer you Wednesday instead.", "In an emergency call 911"),
    ("Your prescription has been sent to the pharmacy.", "The appointment has been booked"),
    ("You can park behind the building.", "Shall I send the receipt by e-mail?"),
    ("We need your insurance number.", "Please give me the number of your order"),
    ("The blood test was normal.", "Says that it did not understand"),
    ("I've cancelled your visit on Friday.", "The money is paid back within five days"),
    ("Our opening hours are nine to five.", "We may record this conversation"),
    ("If this is an emergency, hang up and dial 911.", "Wednesday is offered as another day"),
    ("How may I help you today?", "You will get a confirmation by SMS"),
    ("I could not find an order with that number.", "Says goodbye"),
    ("Would you like a receipt by e-mail?", "We are not open on Sunday"),
    ("Just to confirm, your name is Ada Lovelace?", "Please hold"),
    ("Your call may be recorded.", "The delivery will arrive tomorrow"),
  ]

  /// Opposites, and other numbers: the model takes them for the same. That is what the guide warns of.
  static let blindSpots = [
    ("We are open on Sundays.", "We are closed on Sundays."),
    ("You owe us forty pounds.", "You owe us fourteen pounds."),
    ("I can change your booking.", "I cannot change your booking."),
  ]
}

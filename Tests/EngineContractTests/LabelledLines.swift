/// What callers of a surgery say, each line with the intent that a person gave it; `none` where it belongs to no intent. The thresholds of
/// `MeaningRule` were chosen on every second line, and hold for the others.
struct LabelledLines {
  /// One line and the intent it belongs to; `nil`: to none.
  struct Line {
    let text: String
    let intent: String?
  }

  /// How each intent is described in a flow, as its author would write it: eight examples each.
  static let examples: [(intent: String, like: [String])] = [
    (
      "book",
      [
        "I want to see a doctor", "I would like to make an appointment", "Can I come in this week?",
        "I need a check-up", "Do you have any free appointments?", "I would like to book a visit",
        "I am ill and want to come in", "Can the doctor see me tomorrow?",
      ]
    ),
    (
      "cancel",
      [
        "I want to cancel my appointment", "I can't come to my appointment", "Please take me off the list for Tuesday",
        "I won't be needing the visit any more", "I'm not coming on Monday", "Something came up and I can't make it",
        "Please delete my appointment", "I don't need my appointment any more",
      ]
    ),
    (
      "move",
      [
        "I need to change the time of my appointment", "Can we move my appointment to another day?",
        "I would like to reschedule", "Is there a later slot instead of mine?",
        "Could I come on Friday instead of Monday?", "I need another time for my visit",
        "Can you put my appointment off?", "I would like an earlier time",
      ]
    ),
    (
      "prescription",
      [
        "I need a repeat prescription", "I have run out of my tablets", "Can you renew my medication?",
        "I need more of my medicine", "My pills are nearly finished", "Please send a prescription to the pharmacy",
        "I'd like to order my tablets", "I need a new inhaler",
      ]
    ),
    (
      "results",
      [
        "I'm calling for my test results", "Are the results of my blood test back?", "What did my scan show?",
        "Have you heard from the lab?", "Is my X-ray report there?", "What did the tests find?",
        "I gave a sample and want to know what came out", "The hospital sent you my report",
      ]
    ),
    (
      "billing",
      [
        "I have a question about my bill", "You charged me twice", "How can I pay the invoice?",
        "How much do I owe you?", "The amount on my bill is wrong", "Can I pay by card?",
        "I got a reminder but I have paid already", "I would like a refund",
      ]
    ),
    (
      "hours",
      [
        "When are you open?", "What are your opening hours?", "Are you open on Saturdays?", "What time do you close?",
        "Is the surgery open today?", "Until when are you there in the evening?", "Do you close for lunch?",
        "Are you closed on holidays?",
      ]
    ),
    (
      "directions",
      [
        "How do I get to you?", "Where are you located?", "What is your address?", "Is there parking near the surgery?",
        "Which bus do I take to the surgery?", "I can't find the entrance", "Where can I park?",
        "On which street are you?",
      ]
    ),
    (
      "person",
      [
        "I want to talk to a person", "Put me through to the receptionist", "Can I speak to someone?",
        "I don't want to talk to a machine", "Operator", "Give me a human", "Transfer me to an agent",
        "I would like to talk to your staff",
      ]
    ),
    (
      "complaint",
      [
        "I want to make a complaint", "I'm very unhappy with how I was treated", "The service was terrible",
        "Your staff were rude to me", "I am angry about my last visit", "I had to wait far too long",
        "Nobody listened to me", "I'm disappointed with the practice",
      ]
    ),
    (
      "insurance",
      [
        "Do you take my insurance?", "Is the treatment covered by my health plan?",
        "I need to update my insurance details", "My insurer wants a document from you",
        "I have a new insurance company", "Do you accept private insurance?", "Will my policy pay for it?",
        "I have a new insurance card",
      ]
    ),
  ]

  /// Every line, in no special order within its intent.
  static let all: [Line] = text.split(separator: "\n").map { line in
    let pieces = line.split(separator: ":", maxSplits: 1)
    let intent = String(pieces[0])
    return Line(text: String(pieces[1].dropFirst()), intent: intent == "none" ? nil : intent)
  }

  private static let text = """
    book: I think I should have somebody look at my knee
    book: could I get in with Doctor Patel some time soon
    book: my daughter has a fever and needs to be seen
    book: I'd like to arrange a visit
    book: do you have anything free on Thursday morning
    book: I need to be examined by a physician
    book: I was hoping to schedule a consultation
    book: is there a chance to see the nurse today
    book: I've had a cough for two weeks and want it looked at
    book: can you fit me in tomorrow
    book: set up a physical for me please
    book: I want to book in my son for his jabs
    cancel: I'm not able to make it on Friday after all
    cancel: something came up so I have to call off my visit
    cancel: please delete my booking
    cancel: I don't need the appointment any longer
    cancel: scrap my slot on Monday I'm feeling better
    cancel: I have to drop out of tomorrow's appointment
    cancel: could you remove my booking for next week
    cancel: we won't be coming in on the ninth
    cancel: I'd like to withdraw my appointment
    cancel: forget about my appointment I'm all right now
    cancel: the visit on Wednesday is off I'm afraid
    move: could I come on Thursday rather than Wednesday
    move: my appointment clashes with work can I have a different time
    move: can you push my appointment back a week
    move: I'd prefer an earlier time than the one I was given
    move: is it possible to switch my booking to the afternoon
    move: let's find another date for my visit
    move: I need to postpone my check-up
    move: can we put the appointment off until next month
    move: I got half past nine but need something after lunch
    move: please shift my appointment to Friday
    move: I want to swap my slot for a later one
    prescription: my blood pressure pills are nearly finished
    prescription: I need a refill
    prescription: can the doctor write me another script for my inhaler
    prescription: I'm almost out of insulin
    prescription: please send my usual medicines to the pharmacy
    prescription: I'd like to order my monthly tablets
    prescription: the chemist says he needs a new prescription from you
    prescription: could I get some more of the cream you gave me
    prescription: I've lost my prescription can I have a new one
    prescription: my heart medication needs renewing
    prescription: I want to request my regular drugs again
    results: has my x-ray come back yet
    results: I'd like to know how my blood work turned out
    results: did the lab send you anything about me
    results: you took a sample last week and I want to hear what came of it
    results: is there any news on my biopsy
    results: the hospital said you'd have my MRI report
    results: I was told to ring about my cholesterol test
    results: do you know yet whether my swab was positive
    results: I'm waiting to find out what the tests said
    results: can you tell me what the ultrasound found
    billing: there's a charge on my statement that I don't understand
    billing: I got a letter that says I haven't paid
    billing: can I settle my account by card
    billing: the amount on the invoice looks wrong
    billing: I think I was overcharged
    billing: what do I owe for the last visit
    billing: could you send me a receipt
    billing: I'd like to pay in instalments
    billing: why is my bill so high
    billing: I already paid that and you sent me a reminder
    billing: I want my money back for the missed visit
    hours: how late are you there today
    hours: do you close over lunch
    hours: can I come by on the weekend or are you shut
    hours: what time do you open in the morning
    hours: are you there on bank holidays
    hours: until when can I drop in this evening
    hours: is the surgery open now
    hours: which days are you closed
    hours: tell me your business hours
    hours: from when to when are you open on Fridays
    directions: which bus goes to your place
    directions: I can't find your building
    directions: where can I leave the car
    directions: what street are you on
    directions: can you tell me how to drive there
    directions: I'm lost where exactly is the practice
    directions: are you near the train station
    directions: which floor is the surgery on
    directions: how far is it from the town hall to you
    directions: where do I have to go for my visit
    person: let me speak to a human being
    person: is there a real person I can talk to
    person: operator please
    person: connect me with somebody at the desk
    person: I'd rather talk to one of your colleagues
    person: stop this robot and get me someone
    person: could you transfer me to an agent
    person: just give me a member of staff
    person: I need to speak with the receptionist
    person: can a human help me with this
    complaint: I was kept waiting for two hours and nobody said sorry
    complaint: I'm really angry about what happened at my last visit
    complaint: the nurse was very unfriendly
    complaint: this is unacceptable I want to speak about your service
    complaint: I am disappointed with your practice
    complaint: the doctor didn't listen to me at all and I want to report that
    complaint: nobody took me seriously and I'm upset
    complaint: I have never been treated so badly
    complaint: who is in charge of complaints
    complaint: your receptionist was impolite on the phone
    insurance: do you accept Blue Cross
    insurance: I changed my health insurer last month
    insurance: will my plan pay for the physiotherapy
    insurance: am I covered for this procedure
    insurance: I have a new insurance card
    insurance: my insurance company needs a form filled in
    insurance: is there a co-payment with my policy
    insurance: I'm with a different provider of health insurance now
    insurance: do you work with private insurers
    insurance: does Medicare cover the vaccination
    none: what is the capital of France
    none: I'd like a large pizza with mushrooms
    none: my internet is down again
    none: tell me a joke
    none: is it going to rain tomorrow
    none: I want to book a flight to Madrid
    none: the dog ate my homework
    none: yes
    none: no thank you
    none: hello
    none: I'm not sure
    none: hang on a second
    none: sorry wrong number
    none: what do you think of the new film
    none: my name is Anna Schmidt
    none: four seven one one
    none: can you turn the music down
    none: how old are you
    none: I need a taxi to the airport
    none: my washing machine makes a strange noise
    none: the quick brown fox jumps over the lazy dog
    none: I would like to open a savings account
    none: who won the match last night
    none: please subscribe me to the newspaper
    none: could you spell that
    none: I lost my luggage at the station
    none: do you sell garden furniture
    none: the twenty third of April
    none: that sounds good
    none: I forgot my password
    none: let me think about it
    none: are you a computer
    none: my parcel has not arrived
    none: I want to cancel my gym membership
    none: thanks bye
    none: one moment I'm looking for my glasses
    """
}

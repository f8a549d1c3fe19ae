import CallCore
import Testing

@Suite("Flow: yes and no in what callers say")
struct FlowYesNoTests {
  @Test(
    "What says yes",
    arguments: [
      "yes, not a problem", "not a problem", "no worries", "no problem", "no problem at all", "I think so",
      "I guess so", "that works", "please do", "alright", "all right", "why not", "you got it", "correct",
      "that couldn't be more right", "uh huh", "mm-hmm", "yeah go ahead", "yep that's me", "that's right love",
      "sure thing", "sounds good to me", "by all means", "aye", "Yes, please, if you would", "fine by me", "it is",
      "spot on", "exactly", "yes yes yes", "oh yes definitely", "i'd love that", "yup, two of us", "no objection",
      "without a doubt", "no wait yes", "no, i mean, yes, that's correct", "don't see why not", "yes i do",
      "yeah that's fine", "that's perfect thanks", "sure, why not", "absolutely", "absolutely right", "of course",
      "of course i do", "certainly", "I'm sure that's right", "that would be great", "that'd be great", "great, thanks",
      "there's no problem with that", "no big deal", "it's no bother", "no bother at all", "not wrong",
      "it's not wrong", "yes sorry", "sorry yes", "no i mean yes", "my answer is yes", "ok", "okay go ahead", "uh-huh",
      "Mm-hm", "mhm", "yes not a problem at all", "fine", "right", "do it", "let's do that", "yes ma'am", "yes sir",
      "correct, that's me", "that's correct, yes", "all correct", "everything is correct", "yes you are right",
      "yes I wouldn't mind", "please go ahead", "I will", "it will", "yes I'm fine", "that's alright",
      "that isn't a problem", "i can", "i'm afraid so", "yes unfortunately", "okay okay", "yes okay no problem",
      "totally", "that's exactly right",
    ])
  func yes(words: String) {
    #expect(SlotKind.yesNo.value(said: words, today: nil) == "yes")
  }

  @Test(
    "What says no",
    arguments: [
      "absolutely not", "of course not", "certainly not", "I don't think so", "no thank you", "nope",
      "right, but the time is wrong", "that is incorrect", "uh uh", "nah", "no way", "not really", "not today thanks",
      "i'd rather not", "by no means", "i'm afraid not", "no that's wrong", "that's not what i said", "it isn't",
      "please don't", "no need", "yes, er, actually no", "wrong", "you've got that wrong", "not quite",
      "under no circumstances", "no thanks i'm good", "definitely not", "no sorry that doesn't work",
      "i did not order that", "that's not okay with me", "it is wrong", "that's not actually right",
      "i don't actually think so", "no i don't", "no it's not", "it is not", "i don't think that's right",
      "i wouldn't say that's right", "that doesn't sound right", "sounds wrong to me", "that's a no from me",
      "that's the wrong day", "never", "no but thanks", "no no no", "nope sorry", "sorry no", "yes i mean no",
      "no, I mean Tuesday", "the answer is no", "uh-uh", "nuh-uh", "it's not okay", "not okay", "not ok with me",
      "doesn't work for me", "that won't work", "that isn't it", "that's not it", "not exactly", "not at all",
      "couldn't be more wrong", "I do not want that", "I don't believe so", "I believe not", "I hope not",
      "don't do that", "don't do it", "let's not", "we don't", "no sir", "you're not right", "you're wrong",
      "I didn't say that", "please don't do that", "I won't", "it won't", "not for me thanks", "no I'm fine",
      "it's all wrong", "no, not Tuesday", "that's not my name", "no that is not my number", "I disagree", "i can't",
      "i cannot", "that's not true", "it's untrue", "unfortunately not", "totally not",
    ])
  func no(words: String) {
    #expect(SlotKind.yesNo.value(said: words, today: nil) == "no")
  }

  @Test(
    "What says neither, or both, or asks something",
    arguments: [
      "yes and no", "maybe", "what?", "i'm not sure", "perhaps", "it depends", "can i think about it", "say that again",
      "sorry?", "who is this", "yes or no?", "hold on a second", "let me ask my husband", "well yes but also no",
      "yes no i don't know", "how much is it", "i can't hear you", "sort of", "half of that is right", "i have no idea",
      "on thursday", "ask me again later", "is that the right one", "i couldn't say yes or no to that",
      "what happens if i say yes", "i'm not at home right now", "i do have a question", "it is tuesday",
      "yes, who is this?", "not absolutely sure", "I'm not sure that's right", "what's wrong", "i have a problem",
      "yes but make it quick", "yes if it's before noon", "yes, wait, what?", "yes, I mean Tuesday",
      "okay but hurry up", "okay what do you need", "I couldn't care less", "whatever", "hmm", "good morning",
      "good question", "that's a good question", "the right one", "on the right", "please cancel", "almost correct",
      "correct me if I'm wrong", "am I right", "I didn't say no", "why", "another time maybe", "I'm fine",
      "what a lovely day", "only if it's free", "i'm all set",
    ])
  func neither(words: String) {
    #expect(SlotKind.yesNo.value(said: words, today: nil) == nil)
  }
}

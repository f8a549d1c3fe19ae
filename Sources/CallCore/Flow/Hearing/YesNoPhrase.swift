/// What a phrase does in an answer to a question of yes or no.
enum YesNoPhrase: Sendable, Equatable {
  /// "Yes": says it whatever stands beside it.
  case yes
  /// "Absolutely": says yes where it begins a line, and only strengthens elsewhere.
  case assent
  /// "That works": says yes where nothing is said beside it.
  case agrees
  /// "I do", "it is": as `agrees` beside other answers alone; "it is Tuesday" speaks of neither.
  case echo(ofIt: Bool)
  /// "Right", "fine": as `agrees`, and no after a "not".
  case good
  /// "No".
  case no
  /// "By no means": says no whatever stands beside it.
  case refuses
  /// "Wrong": says no, and yes after a "not".
  case bad
  /// "Problem", "doubt": says yes after a "no" or a "not", and nothing else.
  case harm
  /// "Not", "doesn't": turns what follows.
  case negation
  /// "Want", "order": says no after a negation.
  case deed
  /// "It", "this" and their verbs: a negation beside them is a no, whatever was meant.
  case pointer
  /// "I", "is", "with me": speaks of neither.
  case light
  /// "Please", "well": may stand anywhere.
  case polite
  /// "Wait", "I mean", and "sorry", which is not open: what follows counts. Where nothing follows an open one, something was to come.
  case correction(isOpen: Bool)
  /// "But", "except".
  case but
  /// "If", "or": what is said depends on something.
  case condition
  /// Asks something itself.
  case question
  /// "I don't know": neither, whatever stands beside it.
  case unclear
  /// Anything else.
  case content

  var isCorrection: Bool { if case .correction = self { true } else { false } }

  static let table = PhraseTable<YesNoPhrase>([
    (
      .yes,
      """
      yes,yeah,yep,yup,ya,yea,yeh,aye,uhhuh,mmhmm,mhm,affirmative,yes indeed,thats a yes,okey dokey
      """
    ),
    (
      .assent,
      """
      sure,of course,absolutely,definitely,certainly,exactly,precisely,indeed,totally,surely,naturally,obviously,completely,
      most certainly,most definitely,for sure
      """
    ),
    (
      .agrees,
      """
      that works,this works,it works,that will work,thatll work,works,sounds good,sounds great,sounds right,sounds fine,sounds perfect,
      looks good,looks right,looks correct,go ahead,go for it,go on,go on then,please do,you got it,youve got it,you have got it,you bet,
      i think so,i guess so,i believe so,i suppose so,i hope so,i should think so,that will do,thatll do,please go ahead,thats it,that is it,
      thats me,that is me,thats the one,that is the one,thats mine,
      thats him,thats her,thats us,thats them,this is he,this is she,speaking,im afraid so,i am afraid so,nothing wrong,nothing is wrong,nothings wrong,by all means,spot on,sure thing,without a doubt,
      without doubt,without question,why not,why wouldnt i,why would i not,why wouldnt we,dont see why not,do not see why not,
      see no reason why not,id love to,id love that,id love it,id love one,id like that,id like to,i would like that,i would like to,
      i would love to,i would love that,with pleasure,my pleasure,i dont mind,i do not mind,dont mind,dont mind if i do,
      i wouldnt mind,wouldnt mind,wouldnt say no,would not say no,wont say no,cant say no,couldnt say no,cant go wrong,
      couldnt be better,could not be better,couldnt agree more,could not agree more,i agree,agreed,i confirm,confirmed,i accept,
      im happy with that,im happy with it,im happy to,happy to,im fine with that,im fine with it,im okay with that,im ok with that,
      im good with that,it sure is,it certainly is,it definitely is,i certainly do,i sure do,i definitely do,lets do it,lets do that,
      lets go,do it,do that,deal,roger,roger that,you are right,youre right,true that,as far as i know,right you are,bang on,
      that suits me,suits me,that suits me fine
      """
    ),
    (
      .echo(ofIt: false),
      "i do,i would,i am,i have,i did,i can,i will,i was,we do,we would,we are,we have,we did,we can,we will,you may,you can"
    ),
    (
      .echo(ofIt: true),
      "it is,it does,it did,it was,it will,it would,that is,that does,that was,that will,that would,this is,they are,they do"
    ),
    (
      .good,
      """
      right,correct,ok,okay,alright,all right,fine,perfect,perfectly,true,good,great,excellent,wonderful,lovely,brilliant,accurate,
      acceptable,right enough
      """
    ),
    (.no, "no,nope,nah,no no,uhuh,nay,negative,thats a no"),
    (
      .refuses,
      """
      no thanks,no thank you,no way,by no means,under no circumstances,no need,no good,not on your life,not a chance,no chance,
      never,never ever,not interested,im not interested,i refuse,i decline,i disagree,not at all,not in the least,nothing of the sort,
      not any more,not anymore,far from it,quite the opposite,on the contrary,no such thing,neither,that isnt it,this isnt it,youve got it all wrong,youve got it wrong,you got it wrong,got it wrong,got it all wrong
      """
    ),
    (
      .bad,
      "wrong,bad,a bad,incorrect,false,untrue,inaccurate,mistaken,a mistake,all wrong,a lie,not the right one,not the right"
    ),
    (
      .harm,
      """
      problem,problems,issue,issues,bother,worries,worry,objection,objections,trouble,doubt,doubts,complaint,complaints,harm,
      hesitation,sweat,biggie,big deal,big problem,real problem,big issue,stress,probs,inconvenience,hassle,hurry,
      anything wrong,see anything wrong
      """
    ),
    (
      .negation,
      """
      not,dont,doesnt,didnt,isnt,arent,wasnt,werent,wont,wouldnt,aint,cant,cannot,couldnt,shouldnt,hasnt,havent,hardly,nor
      """
    ),
    (
      .deed,
      """
      want,wanted,need,needed,like,agree,accept,ask,asked,order,ordered,book,booked,buy,bought,request,requested,approve,
      authorise,authorize,recognise,recognize,work,fit,suit,apply,match,belong,wish,intend,sign,consent,exist,confirm
      """
    ),
    (.pointer, "it,its,itd,itll,this,that,thats,thatd,thatll,these,those,they,theyre,everything"),
    (
      .light,
      """
      i,im,id,ill,ive,we,were,you,youre,youve,me,my,us,is,are,was,be,am,do,does,did,would,will,has,have,had,got,should,could,
      to,the,a,an,with,by,for,of,about,on that,so,too,also,all,real,just,quite,really,very,more,such,any,much,think,guess,
      suppose,believe,hope,say so,afraid,rather,better,prefer to,feel,sounds,looks,seems,sound,look,seem,see a,see any,say,said,theres,hes,shes,enough,there,here,couldnt be more,
      could not be more,couldnt be any more,im sure,i am sure,i am pretty sure,im pretty sure,pretty,as,entirely,at
      """
    ),
    (
      .polite,
      """
      please,thanks,thank you,thank you very much,thank you so much,thanks a lot,many thanks,cheers,well,oh,ah,ooh,hi,hello,hey,then,
      now,right now,at all,today thanks,love,dear,mate,sir,madam,maam,man,darling,buddy,honey,pal,if you would,if you could,if you can,
      if you please,if possible,if you dont mind,if you do not mind,if its no trouble,if its not too much trouble,if you like,
      if thats okay,if thats ok,if thats all right,sorry about that,sorry to bother you,what i said,what i want,what i wanted,
      what i meant,what i mean,what i asked for,what i ordered,im good,im fine,im okay,im ok,im all right,i am good,i am fine,a second,
      a moment,a minute,one moment,one second,see you then,see you,bye,goodbye,again,you know,quickly,nicely,hurry up,now hurry up,like i said,as i said
      """
    ),
    (
      .correction(isOpen: true),
      """
      wait,wait a minute,wait a second,hang on,hold on,i mean,i meant,i mean to say,correction,scratch that,on second thought,
      on second thoughts,make that,let me rephrase
      """
    ),
    (.correction(isOpen: false), "sorry,actually,excuse me"),
    (.but, "but,except,except for,apart from,other than,although,though,however,only"),
    (.condition, "if,unless,or,whether,until,depends,as long as,provided,once,either"),
    (
      .question,
      """
      what,whats,who,whos,whose,how,hows,when,whens,where,wheres,which,why,is that,is it,is this,is there,are you,are there,are we,
      do you,do i,do we,does it,does that,does this,did you,did i,can you,can i,can we,could you,could i,could we,would you,will you,
      will it,will that,have you,may i,should i,should we,shall i,shall we,am i,pardon,come again,isnt it,isnt that,arent you,dont you,
      didnt you,wont you,wouldnt you,would that,would it
      """
    ),
    (
      .unclear,
      """
      dont know,do not know,didnt know,not sure,not certain,not too sure,not so sure,not quite sure,absolutely sure,completely sure,totally sure,entirely sure,very sure,so sure,quite sure,exactly sure,not entirely sure,not really sure,
      not hundred percent,no idea,no clue,not a clue,yes and no,yes or no,no or yes,dont care,do not care,no preference,no opinion,
      no comment,no one,no matter,no difference,no longer,no more,no less,maybe,perhaps,possibly,probably,presumably,sort of,kind of,
      more or less,it depends,that depends,partly,partially,sometimes,half of,halfway,almost,nearly,not necessarily,not bad,not only,
      not just,cant say,could not say,couldnt say,cannot say,hard to say,cant tell,cannot tell,couldnt tell,could not tell,cant hear,
      cannot hear,cant understand,cannot understand,dont understand,do not understand,dont remember,do not remember,dont recall,
      do not recall,cant remember,cannot remember,didnt hear,did not hear,didnt catch,did not catch,didnt get,did not get,
      didnt understand,did not understand,dont follow,do not follow,dont get,do not get,havent decided,have not decided,
      not decided,make sure,make sure that,to be sure,i wonder,say yes,say no,said yes,said no,something wrong,somethings wrong,
      wrong number,rather think,cant decide,cannot decide,think about it,no mistake,no mistakes,no error,no errors,no fault,no faults,mixed up,your call,up to you,whatever,either way,
      right arm,right hand,right side,right foot,right leg,fair enough,fine print
      """
    ),
  ])
}

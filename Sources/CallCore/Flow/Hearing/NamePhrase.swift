/// What a phrase does in a caller's answer to the question for a name.
enum NamePhrase: Sendable, Equatable {
  /// "Hi", "sure", "please": may stand at both ends.
  case polite
  /// "My name is": what follows may be the name.
  case before
  /// "Speaking", "is my name": what stands before may be the name.
  case after
  /// "No", "I mean": what follows counts, if it is a name.
  case correction
  /// "Not": the name beside it is excluded.
  case not
  /// "But": between a name that was excluded and the name.
  case but
  /// "Doctor", in front of a name.
  case title
  /// "Van", "de": stands before another part.
  case particle
  /// Never part of a name: words of questions, refusals and requests.
  case foreign

  static let table = PhraseTable<NamePhrase>([
    (
      .polite,
      """
      hi,hello,hey,gday,g day,hiya,greetings,good morning,good afternoon,good evening,good day,hi there,hello there,hey there,yes,yeah,yep,yup,
      uhhuh,mmhmm,mhm,sure,sure thing,okay,ok,of course,alright,all right,right,certainly,absolutely,no problem,no worries,
      not a problem,well,oh,ooh,so,and,great,fine,please,thanks,thank you,thank you very much,thanks a lot,cheers,let me see,
      lets see,love,dear,mate,there you go,here you go
      """
    ),
    (.before, carriers),
    (
      .after,
      """
      speaking,here,calling,is my name,is the name,is my first name,is my last name,is my full name,is my surname,is what they call me,
      thats my name,that is my name,thats the name,thats me,and thats it,and thats all,on the phone,over here,again,
      is my family name,is the surname,is the last name,is the family name,is what people call me,my name is,is how people know me
      """
    ),
    (
      .correction,
      """
      no,nope,sorry,wait,no wait,i mean,i meant,actually,correction,or rather,rather,make that,make it,hang on,hold on,scratch that,
      excuse me,pardon me,my mistake
      """
    ),
    (.not, "not,its not,thats not,and not"),
    (.but, "but,but its"),
    (
      .title,
      "mr,mrs,ms,miss,mister,missus,dr,doctor,prof,professor,sir,madam,lady,lord,father,sister,reverend,rev,captain"
    ),
    (
      .particle,
      "van,von,de,der,den,dem,di,da,du,del,della,dos,das,la,le,bin,ibn,bint,el,ter,zu,zur,af,av,ap,y"
    ),
    (.foreign, foreignWords),
  ])

  /// What says that a name follows.
  private static let carriers = """
    my name,my name is,my good name is,good name is,my names,my name would be,my first name,my first name is,my last name,my last name is,my full name,my full name is,
    my surname,my surname is,my family name is,my given name is,my middle name is,my nickname is,my legal name is,my married name is,
    my maiden name is,my whole name is,my real name is,first name,first name is,last name,last name is,full name is,surname,surname is,
    family name is,given name is,the name,the name is,the names,the name would be,the surname is,the last name is,the first name is,
    the full name is,name,name is,names,his name is,her name is,their name is,our name is,his names,her names,
    this is,here is,heres,it is,its,it would be,itd be,itll be,that is,thats,that would be,thatd be,thatll be,thatll be for,that will be,that will be for,
    i am,im,im called,i am called,im known as,
    call me,just call me,you can call me,they call me,everybody calls me,everyone calls me,people call me,my friends call me,i go by,
    please call me,i said,i told you,as i said,put me down as,put me down for,you can put me down as,put it under,put it down under,
    put that under,you can put it under,please put it under,you can put that under,make it out to,its under,it is under,thats under,
    that would be under,itll be under,it will be under,it should be under,under,under the name,under the name of,the name of,in the name of,
    its in the name of,it is in the name of,for,its for,it is for,that would be for,booked under,book it for,book it under,book it in the name of,put it in the name of,put it down in the name of,should be,look under,try,it should be,
    the booking is under,the bookings under,the reservation is under,the reservations under,the appointment is under,
    the appointments under,the account is under,the accounts under,the order is under,the orders under,the booking is for,
    the bookings for,the reservation is for,the appointment is for,the appointments for,the booking is in the name of,
    the bookings in the name of,the reservation is in the name of,the account is in the name of,the account name is,
    the name on the account is,the name on the booking is,the name on the order is,the name on the card is,
    you are speaking to,youre speaking to,you are speaking with,youre speaking with,youre talking to,you are talking to,
    yes my name is,you can use,use,just,its just,im just,simply,its still,its actually
    """

  /// Words of questions, refusals and requests. A word that is a common name too, such as "will" or "may", is not among them.
  private static let foreignWords = """
    a,an,the,this,that,these,those,it,i,id,ive,ill,me,my,myself,mine,you,your,yours,youre,youve,youll,he,hes,she,shes,his,her,we,were,us,our,
    they,them,their,to,in,on,at,by,with,without,about,from,of,or,if,than,then,because,since,until,into,onto,off,up,down,out,as,
    what,whats,who,whos,whose,why,when,where,which,how,hows,is,isnt,are,arent,was,wasnt,be,been,am,do,dont,does,doesnt,did,didnt,
    have,havent,has,had,can,cant,cannot,could,couldnt,would,wouldnt,should,shouldnt,wont,must,shall,need,needs,want,wants,wanted,like,
    likes,know,knows,think,thinks,guess,say,says,said,tell,told,give,giving,gave,get,getting,got,go,going,gonna,come,coming,went,
    speak,talk,talking,ask,asking,asked,hear,heard,listen,repeat,repeating,understand,understood,mean,spell,spelled,spelt,spelling,write,
    written,wrong,correct,incorrect,true,false,looking,look,see,try,trying,tried,take,make,makes,made,let,lets,leave,left,stop,cancel,quit,exit,
    help,agent,human,operator,representative,receptionist,person,people,somebody,someone,anybody,anyone,nobody,noone,everybody,
    everyone,nothing,something,anything,everything,none,never,always,maybe,perhaps,possibly,probably,already,really,very,too,
    also,still,yet,only,even,ever,quite,much,many,more,less,most,least,some,any,both,either,neither,nor,other,another,same,
    different,now,later,soon,today,tomorrow,yesterday,tonight,morning,afternoon,evening,night,monday,tuesday,wednesday,thursday,friday,
    saturday,sunday,days,week,weeks,month,year,time,times,oclock,noon,midnight,minute,minutes,moment,second,seconds,hour,hours,
    uhuh,appointment,booking,booked,book,reservation,order,orders,account,accounts,customer,service,support,billing,invoice,payment,refund,
    parcel,package,delivery,number,numbers,code,pin,phone,telephone,email,address,information,question,business,company,card,file,
    table,room,ticket,flight,insurance,patient,client,caller,member,holder,owner,machine,robot,computer,bot,real,new,old,
    husband,wife,mother,father,son,daughter,brother,sister,friend,partner,parents,kids,neighbour,neighbor,boss,colleague,secretary,
    hold,mind,pardon,goodbye,bye,hmm,huh,eh,bit,lot,loud,busy,driving,tired,sick,ready,sorry,afraid,happy,good,bad,nice,
    funny,stupid,crazy,late,early,unsure,sure,name,names,nickname,surname,initials,letter,letters,comma,period,dot,dash,hyphen,
    zero,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,hundred,thousand,first,half,double,triple,
    personal,private,secret,anonymous,unknown,rather,prefer,refuse,forget,forgot,remember,whatever,wherever,whoever,nope,
    tea,coffee,weather,problem,problems,issue,complaint,complain,change,reschedule,check,status,open,closed,available,
    hell,damn,shit,fuck,fucking,god,gosh,wow,hurry,wrongly,not,but,again,please,thanks,hello,hi,hey,yes,yeah,yep,ok,okay,
    didnt,doing,being,having,nonsense,terrible,awful,annoying,frustrating,confusing,boring,urgent,important,difficult,hard,easy,strange,weird,
    silly,hungry,raining,expensive,broken,lost,interested,confidential,used,just,there,thing,things,way,kind,sort,all,enough,able,back,behalf,instead,over,through,transfer,connect
    """
}

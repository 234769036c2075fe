"""The words of the grammar, by what they are in a sentence.

Written for this project; no treebank was copied. Many stand in two lists, such
as "fly", "book", "light" or "cold": which one is meant, the sentence says.
Forms come by rule ("fly" -> "flies", "flew", "flown"), with the irregular ones
listed.
"""

NOUNS = """
actor address afternoon age airport animal answer apartment apple area arm army
arrival arrow article artist attack aunt author baby bag balance ball banana
band bank bar base basket bathroom beach bear bed bedroom bell bench bicycle
bill bird birthday blanket block board boat body bone book border boss bottle
box boy brain branch bread break breakfast bridge brother brush budget bug
building bus business button cable cake calendar call camera camp campaign can
candle captain car card care carpet case castle cat cause ceiling cell century
chair champion chance change chapter charge cheese chef chicken child choice
church circle city claim class client climate clock cloud club coach coat code
coffee collection college color comment committee company comparison computer
concert condition conference connection contract conversation cook cookie copy
corner cost country couple course court cousin cover cow cream credit crowd cup
curtain customer cut damage dance danger database date daughter day deal debate
decision degree delay delivery demand density department description design
designer desk detail developer device dictionary diet difference dinner
direction director discount discovery disease dish doctor document dog dollar
door doubt drawer dream dress drink drive driver drop duck ear earth economy
edge editor education effect effort egg election element employee end enemy
energy engine engineer environment equipment error evening event exam example
excuse exercise experience experiment expert explanation expression eye face
fact factory family fan farm farmer fashion father favor fear feature feeling
fence fever field fight figure file film finger fire fish flag flight flood
floor flower fly folder food foot force forest fork form fox friend fruit
function fund furniture future gallery game garden gas gate gene ghost gift girl
glass goal goat gold government grade grandfather grandmother grass group guard
guess guest guide guitar gun guy habit hair hall hammer hand hat head heart help
hero hill history hole holiday home hope horse hospital host hotel hour house
idea illness image income increase industry information insect institute
instrument insurance interest interview introduction island issue item jacket
job joke journey judge jump key keyboard kid kind king kitchen knee knife
knowledge lab ladder lady lake lamp language laptop law lawyer layer layout
leader leaf lecture leg lesson letter level library lie life light limit line
link lion list loan location look lot love luggage lunch machine mail man
manager map mark market match mayor meal meaning measure medicine meeting member
memory menu message metal method mile mill mind minister minute mirror mission
mistake mixture model moment monkey month mood moon morning mother motor
mountain mouse mouth move movie museum mystery name nation neck need neighbor
neighborhood net network newspaper night noise nose note number nurse ocean
offer office officer oil onion opinion option orange order organization owner
package page paint painter painting pair paper parent park part partner party
passenger passport path patient pattern payment pen pencil penguin performance
period permission person phone photo phrase piano picture piece pilot pizza
place plan plane planet plant plastic plate platform play player pocket poem
poet point police pollution pool population port position post pot potato power
practice present presentation president pressure price prince prison prize
problem process product production profession professor profit program project
promise proof proposal protection purpose quality quantity queen question rabbit
race radio rain rat reaction reader reason recipe record relation relationship
reply report request rest restaurant result return rice ride ring rise risk
river road rock role roof room roommate root rope route rule run safety sale
salt sample sand sandwich sauce saw scale schedule school science scientist
score screen sea search season seat secret secretary seed sense sentence
sequence series server service shadow shape share shelf ship shirt shoe shop
show side sign signal silver singer sister site situation size skin sky sleep
smile snake snow soil soldier solution song sound soup source space speaker
speech spider spoon spot spring square staff stage star start state statement
station step stomach stone stop store storm story stranger strategy street
structure student study style subject success sugar suggestion suit summer sun
sunset supper surface surprise survey sweater switch sword symbol system table
talk task taste tax taxi teacher team technology telephone temperature tent test
text theory thief thing thought threat throat ticket tie tiger time tip title
tomato tongue tool tooth topic touch tour tourist tower town toy track trade
tradition traffic train training travel treatment tree trick trip trouble truck
truth try turn umbrella uncle uniform union unit university use user vacation
valley value variety vegetable vehicle version victim video view village visit
visitor voice vote vowel wait waiter walk wall wallet war warning wash watch
water wave way weapon weather website wedding week weekend weight wheel wife
wind window wine wing winter wish witness wolf woman wonder wood word work
worker world worm worry writer yard year zebra zoo
""".split()
MASS = """
advice air art beer blood bread butter cash cheese coffee data dirt education
energy equipment evidence experience fear food freedom fruit fun furniture gold
grass happiness health heat help history homework hope ice information juice
knowledge life light love luck mail meat milk money music nature news noise oil
paper peace pizza power progress rain research rice salt sand silence snow soup
space staff stuff sugar support tea time traffic trouble truth violence water
weather wine wood work
""".split()
PLURALS = {
    "child": "children",
    "foot": "feet",
    "knife": "knives",
    "leaf": "leaves",
    "life": "lives",
    "man": "men",
    "mouse": "mice",
    "person": "people",
    "series": "series",
    "shelf": "shelves",
    "thief": "thieves",
    "tooth": "teeth",
    "wife": "wives",
    "wolf": "wolves",
    "woman": "women",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "hero": "heroes",
    "fish": "fish",
    "police": "police",
    "piano": "pianos",
    "photo": "photos",
    "video": "videos",
    "radio": "radios",
    "zoo": "zoos",
    "kilo": "kilos",
}
ALWAYS_MANY = """
clothes glasses goods jeans people police scissors shorts stairs thanks trousers
""".split()
FIRST_PARTS = """
apple bank bus business car chicken city coffee computer country dinner fire
fruit garden government health history horse hotel house insurance kitchen
language market movie music newspaper oil orange paper party phone police power
school science sea security state stone summer table tax telephone tennis time
train travel vegetable water weather winter world
""".split()
TIMES = """
day evening hour life minute month moment morning night summer time week weekend
winter year
""".split()

# Transitive: somebody ...s something
TRANSITIVE = """
accept add admire answer attack avoid beat blame book borrow break bring build
burn buy call carry catch change charge chase check choose claim clean clear
close collect compare complete control cook copy count cover create cross cut
damage deliver demand describe design destroy develop discover discuss divide
draw drink drive drop dry eat empty enjoy enter examine expect explain express
face fear feed feel fight fill film find finish fix fly follow forget form
handle hate have hear help hide hit hold hunt hurt identify ignore improve
include increase inspect interview introduce invent invite iron join judge keep
kick kill kiss know lead learn leave lift light like link load lock lose love
maintain make manage mark match measure meet mention miss mix move name need
notice offer open order own pack paint park pass pay photograph pick plan plant
play post praise prefer prepare present press print produce protect prove pull
punish push put raise reach read receive recognize recommend record reduce
refuse remember remove rent repair repeat replace report request rescue review
ride ring rob run save saw score search see sell send serve set share shoot show
sign sing solve spend start steal stop study suggest support surround switch
take taste teach tell test throw tie touch train translate try turn understand
update use value visit want warm warn wash waste watch water wear weigh welcome
win wish write
""".split()
INTRANSITIVE = """
agree appear apologize argue arrive bark begin belong bleed boil break burn care
change climb come complain continue cook cough cry dance die disagree disappear
dream drink drive drop eat end escape exist fail fall fight fish float flow fly
freeze go grow happen help hide hope hurry improve increase jump knock land last
laugh lead leave lie listen live look lose matter melt move occur open park pass
play rain read relax reply rest return ride ring rise run sail scream sing sit
sleep smell smile sneeze snow speak spread stand start stay step stop struggle
study suffer swim talk think travel turn vanish vote wait wake walk watch wave
win wonder work worry write yell
""".split()
LINKING = "become feel look remain seem smell sound stay taste".split()
SAYING = """
admit agree argue assume believe claim declare decide discover doubt dream
expect explain fear feel find forget guess hear hope imagine insist know learn
mean mention notice predict pretend promise prove read realize remember repeat
reply report reveal say see suggest suspect think understand wish worry write
""".split()
WISHING = """
agree attempt begin choose continue decide deserve expect fail forget hate hope
intend learn like love manage mean need offer plan prefer prepare pretend
promise refuse seem start tend threaten try wait want wish
""".split()
ASKING = """
advise allow ask beg cause convince enable encourage expect force help instruct
invite need order permit persuade remind require teach tell urge want warn
""".split()
GIVING = """
bring buy cook give hand leave lend make offer owe pass pay promise read sell
send show teach tell throw write
""".split()
DOING = """
avoid begin consider continue dislike enjoy finish hate imagine keep like love
mention miss practice quit recommend start stop suggest try
""".split()
# With a particle: "pick up the book"
PARTICLE_VERBS = """
bring call carry clean cut fill find give hand look pass pay pick pull put set
show shut sort take throw try turn use wake work write
""".split()
# past, participle where it is another one
IRREGULAR = {
    "beat": "beat beaten",
    "become": "became become",
    "begin": "began begun",
    "bleed": "bled",
    "break": "broke broken",
    "bring": "brought",
    "build": "built",
    "buy": "bought",
    "catch": "caught",
    "choose": "chose chosen",
    "come": "came come",
    "cut": "cut",
    "draw": "drew drawn",
    "drink": "drank drunk",
    "drive": "drove driven",
    "eat": "ate eaten",
    "fall": "fell fallen",
    "feed": "fed",
    "feel": "felt",
    "fight": "fought",
    "find": "found",
    "fly": "flew flown",
    "forget": "forgot forgotten",
    "freeze": "froze frozen",
    "give": "gave given",
    "go": "went gone",
    "grow": "grew grown",
    "have": "had",
    "hear": "heard",
    "hide": "hid hidden",
    "hit": "hit",
    "hold": "held",
    "hurt": "hurt",
    "keep": "kept",
    "know": "knew known",
    "lead": "led",
    "leave": "left",
    "lend": "lent",
    "lie": "lay lain",
    "light": "lit",
    "lose": "lost",
    "make": "made",
    "mean": "meant",
    "meet": "met",
    "pay": "paid",
    "prove": "proved proven",
    "put": "put",
    "quit": "quit",
    "read": "read",
    "ride": "rode ridden",
    "ring": "rang rung",
    "rise": "rose risen",
    "run": "ran run",
    "saw": "sawed sawn",
    "say": "said",
    "see": "saw seen",
    "sell": "sold",
    "send": "sent",
    "set": "set",
    "shoot": "shot",
    "show": "showed shown",
    "shut": "shut",
    "sing": "sang sung",
    "sit": "sat",
    "sleep": "slept",
    "speak": "spoke spoken",
    "spend": "spent",
    "spread": "spread",
    "stand": "stood",
    "steal": "stole stolen",
    "swim": "swam swum",
    "take": "took taken",
    "teach": "taught",
    "tell": "told",
    "think": "thought",
    "throw": "threw thrown",
    "understand": "understood",
    "wake": "woke woken",
    "wear": "wore worn",
    "win": "won",
    "write": "wrote written",
}
# The last letter is doubled: "stopped"
DOUBLED = """
admit beg begin cut drop forget get hit occur permit plan prefer put quit rob
run set shut sit stop swim win
""".split()

ADJECTIVES = """
able absent afraid alone amazing ancient angry available average awful bad basic
beautiful big black blue boring brave bright broken brown busy calm careful
cheap clean clear clever close cold comfortable common complete complex cool
correct crazy current curious cute daily dangerous dark dead deep delicious
different difficult dirty double dry early easy electric empty entire equal
excellent exciting expensive extra fair false familiar famous fantastic fast fat
few final fine flat foreign former free fresh friendly full funny general gentle
glad good gray great green happy hard healthy heavy helpful high hot huge human
hungry ill important impossible independent innocent intelligent interesting
international jealous just kind large last late lazy left legal light likely
little local lonely long lost loud lovely low lucky mad main male many married
mean medical mental military modern narrow national natural necessary nervous
new next nice noisy normal odd official old only open orange ordinary original
other own painful pale particular past patient perfect personal pink plain
pleasant polite political poor popular possible previous pretty private probable
professional proper proud public quick quiet rare ready real recent red regular
rich right round rude sad safe same scary secret serious several severe sharp
short shy sick silent silly similar simple single slow small smart social soft
sorry special square standard stiff straight strange strict strong stupid
successful such sudden sure sweet tall terrible thick thin tight tiny tired
total tough traditional true ugly unable unhappy unique unknown usual useful
valuable various violent warm weak weekly weird well wet white whole wide wild
wise wonderful wooden worried worth wrong yellow young
""".split()
COMPARED = {  # adjective -> more, most
    "bad": "worse worst",
    "big": "bigger biggest",
    "cheap": "cheaper cheapest",
    "clean": "cleaner cleanest",
    "close": "closer closest",
    "cold": "colder coldest",
    "easy": "easier easiest",
    "fast": "faster fastest",
    "good": "better best",
    "great": "greater greatest",
    "happy": "happier happiest",
    "hard": "harder hardest",
    "high": "higher highest",
    "hot": "hotter hottest",
    "large": "larger largest",
    "light": "lighter lightest",
    "little": "less least",
    "long": "longer longest",
    "low": "lower lowest",
    "many": "more most",
    "nice": "nicer nicest",
    "old": "older oldest",
    "short": "shorter shortest",
    "small": "smaller smallest",
    "smart": "smarter smartest",
    "strong": "stronger strongest",
    "tall": "taller tallest",
    "warm": "warmer warmest",
    "young": "younger youngest",
}
NATIONS = """
African American Arab Asian British Canadian Chinese Dutch European French
German Greek Indian Iraqi Irish Italian Japanese Korean Mexican Russian Spanish
Swedish Turkish
""".split()
MANNER = """
alone badly calmly carefully clearly closely differently directly early easily
fast finally gently happily hard high late loudly low nicely openly patiently
perfectly politely properly quickly quietly right sadly safely seriously slowly
softly straight strongly suddenly together well wildly
""".split()
PLACE_ADVERBS = """
ahead anywhere apart away back below downstairs everywhere far here home inside
nearby nowhere outside somewhere there upstairs
""".split()
TIME_ADVERBS = """
again already always anymore earlier eventually finally forever immediately just
later never now often once rarely recently seldom sometimes soon still then
twice usually yet
""".split()
BEFORE_VERB = """
actually almost also always barely certainly clearly definitely easily even
finally hardly just mostly nearly never now obviously often only probably
quickly quietly rarely really simply slowly sometimes soon still suddenly surely
then usually
""".split()
DEGREE = """
absolutely almost completely entirely extremely fairly highly incredibly just
more most much nearly not only pretty quite rather really so somewhat too
totally truly very
""".split()
SENTENCE_ADVERBS = """
actually apparently basically besides clearly eventually finally first
fortunately generally hopefully however instead luckily maybe meanwhile moreover
nevertheless now obviously otherwise perhaps personally probably sadly second so
still suddenly surely then therefore thus today unfortunately usually yesterday
""".split()

PREPOSITIONS = """
about above across after against along among around at before behind below
beneath beside between beyond by despite down during except for from in inside
into near of off on onto out outside over past per since through throughout to
toward towards under until up upon via with within without
""".split()
PARTICLES = "around down in off on out over through up".split()
SUBORDINATORS = """
after although as because before if once since so than that though till unless
until whereas whether while
""".split()
MODALS = "can could may might must shall should will would".split()
COORDINATORS = "and but or nor yet &".split()
SINGULAR_DETERMINERS = """
a a a the the the the this that each every another any no some either neither
what which
""".split()
PLURAL_DETERMINERS = """
the the the the these those all any both no some what which
""".split()
POSSESSIVES = "my your his her its our their whose".split()
OBJECT_PRONOUNS = """
me you him her it us them it him me myself yourself himself herself itself
ourselves themselves this that these those mine yours hers ours theirs
everything something nothing anything everyone someone anyone everybody somebody
anybody none one
""".split()
SINGULAR_PRONOUNS = """
he she it he she it this that everything something nothing anything everyone
someone nobody everybody somebody
""".split()
PLURAL_PRONOUNS = "we you they we you they these those".split()
GREETINGS = """
ah congratulations bye hello hey hi oh ok okay please thanks wow yeah yes no
well
""".split()

FIRST_NAMES = """
Adam Alice Amy Andrew Ann Anna Ben Bob Carlos Carol Charles Chris Daniel David
Emma Eric Eva Frank George Grace Helen Henry Jack James Jane Jason Jennifer Jim
Joe John Julia Karen Kate Kevin Laura Linda Lisa Lucy Luke Maria Mark Martin
Mary Matt Max Michael Mike Nancy Nick Oliver Patrick Paul Peter Rachel Robert
Sam Sarah Sofia Steve Susan Thomas Tim Tom Will
""".split()
LAST_NAMES = """
Adams Allen Baker Bell Brown Bush Campbell Carter Clark Cook Cooper Davis Evans
Fisher Garcia Gates Green Hall Hill Jackson Johnson Jones Kelly King Lee Lewis
Martin Miller Moore Morgan Nelson Parker Reed Rice Roberts Robinson Scott Smith
Stone Taylor Thompson Turner Walker White Williams Wilson Wood Wright Young
""".split()
CITIES = """
Amsterdam Athens Baghdad Beijing Berlin Boston Cairo Chicago Dallas Delhi Denver
Dublin Geneva Houston Istanbul Jerusalem Kabul Lima London Madrid Miami Moscow
Munich Oslo Paris Prague Rome Seattle Seoul Sydney Tokyo Toronto Vienna
Washington Zurich
""".split()
COUNTRIES = """
Afghanistan Africa America Argentina Asia Australia Austria Brazil Britain
California Canada Chile China Cuba Egypt England Europe Florida France Germany
Greece India Iran Iraq Ireland Israel Italy Japan Kenya Korea Mexico Norway
Pakistan Peru Poland Portugal Russia Scotland Spain Sweden Syria Texas Turkey
Ukraine
""".split()
MONTHS = """
January February March April May June July August September October November
December
""".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
TITLES = (
    "Mr. Mrs. Ms. Dr. President Professor Judge Captain Senator Sir".split()
)
ORGANIZATIONS = """
Apple Army Bank Center College Committee Company Congress Corp. Council Court
Department Enron Google Group Hospital House Inc. Institute Microsoft Ministry
Museum Party School Senate State University
""".split()
LANGUAGES = """
Arabic Chinese English French German Greek Italian Japanese Russian Spanish
""".split()
NUMBERS = """
one two three four five six seven eight nine ten eleven twelve twenty thirty
fifty hundred thousand million
""".split()
ORDINALS = "first second third fourth fifth tenth".split()

# What made-up words are made of: their endings tell what they are
ONSETS = """
b bl br c ch cl cr d dr f fl fr g gl gr h j k l m n p pl pr qu r s sc sh sl sp
st str t th tr v w
""".split()
MIDDLES = "a e i o u ai ea ee ou oo".split()
CLOSES = "b ck d g l ll m mp n nd nt p r rd rt s ss st t x".split()
ENDINGS = {
    "noun": """
        ness ness ment ment tion tion sion ity ity er or ist ism ship hood
        ance ence age ery ology acy dom
        """.split(),
    "adj": """
        ous ous ful less able able ible al ic ical ive ish ary ant ent y some
        """.split(),
    "adv": "ly ly ally fully ously".split(),
    "verb": "ize ize ify ate en".split(),
    "name": """
        son ton berg ville land ia a o man field ez ski shire burg stein ford
        """.split(),
}


def plural(noun: str) -> str:
    """Returns the plural of a noun.

    Example:

    >>> [plural(noun) for noun in ("fly", "day", "box", "child", "ball")]
    ['flies', 'days', 'boxes', 'children', 'balls']
    """
    return PLURALS.get(noun) or _with_s(noun)


def third_person(verb: str) -> str:
    """Returns what he does.

    Example:

    >>> [third_person(verb) for verb in ("fly", "go", "watch", "have", "see")]
    ['flies', 'goes', 'watches', 'has', 'sees']
    """
    return {"have": "has", "go": "goes", "do": "does"}.get(verb) or _with_s(
        verb
    )


def past(verb: str) -> str:
    """Returns what he did.

    Example:

    >>> [past(verb) for verb in ("fly", "stop", "try", "hope", "see")]
    ['flew', 'stopped', 'tried', 'hoped', 'saw']
    """
    if verb in IRREGULAR:
        return IRREGULAR[verb].split()[0]
    if verb in DOUBLED:
        return f"{verb}{verb[-1]}ed"
    if verb.endswith("e"):
        return f"{verb}d"
    if _is_consonant_y(verb):
        return f"{verb[:-1]}ied"
    return f"{verb}ed"


def participle(verb: str) -> str:
    """Returns what he has done.

    Example:

    >>> [participle(verb) for verb in ("fly", "stop", "leave")]
    ['flown', 'stopped', 'left']
    """
    if verb in IRREGULAR:
        return IRREGULAR[verb].split()[-1]
    return past(verb)


def gerund(verb: str) -> str:
    """Returns what he is doing.

    Example:

    >>> [gerund(verb) for verb in ("fly", "stop", "write", "lie", "see")]
    ['flying', 'stopping', 'writing', 'lying', 'seeing']
    """
    if verb in DOUBLED:
        return f"{verb}{verb[-1]}ing"
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return f"{verb[:-1]}ing"
    return f"{verb}ing"


def _with_s(word):
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}es"
    if _is_consonant_y(word):
        return f"{word[:-1]}ies"
    return f"{word}s"


def _is_consonant_y(word):
    return word.endswith("y") and word[-2:-1] not in "aeiou"

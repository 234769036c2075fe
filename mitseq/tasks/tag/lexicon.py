"""The words of the grammar, by what they are in a sentence.

Written for this project; no treebank was copied. Many stand in two lists, such
as "fly", "book", "light" or "cold": which one is meant, the sentence says.
Forms come by rule ("fly" -> "flies", "flew", "flown"), with the irregular ones
listed.
"""

NOUNS = """
account actor address afternoon age agency agreement airport amount analyst
animal answer apartment apple area arm army arrival arrow article artist attack
attempt aunt author award baby babysitter bag balance ball banana band bank bar
base basket bathroom beach bear bed bedroom beginning behavior bell bench
benefit bicycle bill billion bird birthday blanket block blog board boat body
bone book border boss bottle box boy brain branch bread break breakfast bridge
brother brush budget buffet bug building burger bus business button cable cake
calendar call camera camp campaign can candidate candle capital captain car card
care carpet case castle cat category cause ceiling cell center century chair
challenge champion chance change chapter charge cheese chef chicken chief child
choice church circle citizen city claim class client climate clinic clock cloud
club coach coat code coffee collection college color comment committee community
company comparison compound computer concern concert conclusion condition
conference conflict connection contact content context contract contractor
conversation cook cookie copy corner cost country couple course court cousin
cover cow cream credit crime crisis crowd culture cup curry curtain customer cut
cycle damage dance danger database date daughter day deadline deal death debate
debt decision degree delay delivery demand density dentist department deputy
description design designer desk dessert detail developer development device
dictionary diet difference dinner direction director discount discovery disease
dish distance district doctor document dog dollar door doubt drawer drawing
dream dress drink drive driver drop duck ear earth economy edge editor education
effect effort egg election element email employee end ending enemy energy engine
engineer environment equipment error evening event exam example excuse exercise
expense experience experiment expert explanation expression eye face fact
factory failure faith family fan farm farmer fashion father favor fear feature
feeling fence fever field fight figure file film finger fire firm fish flag
flavor flight flood floor flower fly focus folder food foot force forest fork
form founder fox friend fruit function fund furniture future gallery game garden
gas gate gathering gene ghost gift girl glass goal goat gold government grade
grandfather grandmother grass group growth guard guess guest guide guitar gun
guy habit hair hall hammer hamster hand hat head headline hearing heart help
hero hill history hole holiday home honor hope horse hospital host hotel hour
house idea identity illness image impact incident income increase individual
industry influence information insect institute institution instrument insurance
interest internet interview introduction investigation investment investor
island issue item jacket job joint joke journey judge jump justice key keyboard
kid killing kind king kitchen kitten knee knife knowledge lab ladder lady lake
lamp language laptop law lawyer layer layout leader leadership leaf lecture leg
lesson letter level library lie life light limit line link lion list listing
loan location look loss lot love luggage lunch machine mail majority man manager
manner manufacturer map mark market match mayor meal meaning measure mechanic
medal medicine meeting member memory menu message metal method mile militant
mill mind minister minority minute mirror mission mistake mixture model moment
monkey month mood moon morning mortgage mother motor mountain mouse mouth move
movement movie murder museum mystery name nation neck need negotiation neighbor
neighborhood net network newspaper night noise nose note number nurse objective
observer obstacle ocean offer office officer oil onion operation operator
opinion opponent opportunity opposition option orange order organization outcome
owner package page paint painter painting pair paper parent park parking part
participant partner party passenger passport pasta path patient pattern payment
pen pencil penguin performance period permission person personality pet phase
phone photo phrase physician piano picture piece pilot pizza place plan plane
planet plant plastic plate platform play player pocket poem poet point police
policy politician pollution pool population port position possibility post pot
potato power practice prayer presence present presentation president pressure
price prince principle priority prison prize problem procedure process product
production profession professor profit program project promise promotion proof
property proposal protection province puppy purchase purpose quality quantity
queen question quote rabbit race radio rain rat reaction reader reason recipe
record recovery reference reform region relation relationship religion
replacement reply report reputation request resident resource response
responsibility rest restaurant result return reward rice ride ring rise risk
river road rock role roof room roommate root rope route rule run safety salad
sale salon salt sample sand sandwich sauce saw saying scale schedule school
science scientist score screen sea search season seat secret secretary sector
seed selection sense sentence sequence series server service session setting
settlement shadow shape share shelf shelter ship shirt shoe shooting shop
shortage show side sign signal silver singer sister site situation size skill
skin sky sleep smile snake snow society soil soldier solution song sound soup
source space speaker speech spider spirit sponsor spoon sport spot spring square
staff stage star start state statement station status steak step stomach stone
stop store storm story stranger strategy street strength stress strike structure
student study style subject success sugar suggestion suit summer sun sunset
supper supplier surface surprise survey suspect sweater switch sword symbol
system table talk target task taste tax taxi teacher team technology telephone
temperature tenant tent terrorist test text theory thief thing thought threat
throat ticket tie tiger time tip title tomato tone tongue tool tooth topic touch
tour tourist tower town toy track trade tradition traffic train training
transaction transfer travel treatment treaty tree trend trial trick trip troop
trouble truck trust truth try turn typo umbrella uncle uniform union unit
university use user vacation valley value variety vegetable vehicle version vet
victim video view village visit visitor voice vote vowel wait waiter waitress
walk wall wallet war warning warrior wash watch water wave way weapon weather
web website wedding week weekend weight wheel wife wind window wine wing winter
wish witness wolf woman wonder wood word work worker world worm worry writer
yard year youth zebra zone zoo
""".split()
MASS = """
advertising advice air anger art attention baseball basketball beer blood bread
butter capital cash cheese chess coffee cooking cooperation corruption courage
crime data defense democracy dirt dust education electricity energy equipment
evidence experience faith fashion fear fiction fishing food football freedom
fruit fun funding furniture gasoline gold grammar grass growth gym happiness
health heat help history hockey homework hope housing hunting ice immigration
industry information internet juice justice knowledge labor laughter leadership
life light literature logic love luck luggage mail marketing meat media milk
money mud music nature news noise oil opposition paper parking patience peace
physics pizza politics pollution poverty power progress publicity rain reading
religion research rice rubber safety salt sand security shame shopping silence
smoke snow soccer software soup space staff stuff sugar support surgery swimming
tea tennis terrorism time traffic transport trouble trust truth unemployment
violence water wealth weather welfare wheat wine wisdom wood work writing
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
apple bank bus business car chicken city coffee computer country dinner email
fire football fruit garden gas government health history horse hotel house
insurance internet kitchen language market movie music newspaper oil orange
paper party pet phone police power prison school science sea security software
state stone summer table tax telephone tennis time train travel user vegetable
war water weather web winter world
""".split()
TIMES = """
day evening hour life minute month moment morning night summer time week weekend
winter year
""".split()

# Transitive: somebody ...s something
TRANSITIVE = """
abandon accept achieve acquire add admire affect announce answer apply
appreciate approve arrange arrest assess attack attract avoid award base beat
bite blame bless bomb book boost borrow break bring build burn buy call capture
carry catch celebrate challenge change charge chase check choose cite claim
clean clear close collect combine commit compare complete conduct confirm
connect consider contact contain contribute control convert cook copy correct
count cover create criticize cross cut damage date deal defeat defend define
deliver demand deny describe design destroy develop direct disappoint discover
discuss display distribute divide dominate double draw drink drive drop dry earn
eat educate elect eliminate employ empty enforce enjoy ensure enter establish
estimate evaluate examine exchange execute exercise expect experience explain
exploit explore export expose express extend face fear feature feed feel fight
file fill film finance find finish fix fly focus follow force forget forgive
form fund gain gather generate grab grant greet guarantee handle hate have hear
help hide hire hit hold host house hunt hurt identify ignore illustrate imagine
implement import impress improve include increase influence inform injure
inspect inspire install intend interview introduce invent invest investigate
invite involve iron issue join judge keep kick kidnap kill kiss know label
launch lead learn leave lift light like limit link list load locate lock lose
love mail maintain make manage mark match measure meet mention miss mix monitor
move murder name need notice obtain occupy offer open operate oppose order
organize overcome overlook own pack paint park pass pay perform persuade phone
photograph pick plan plant play post pour praise predict prefer prepare present
preserve press prevent print process produce promote propose protect prove
provide publish pull punish purchase pursue push put qualify quote raise rate
reach read receive recognize recommend record reduce reflect refuse register
regret reject release rely remain remember remind remove rent repair repeat
replace report represent request rescue resolve restore restrict retain reveal
review reward ride ring rob run satisfy save saw schedule score search secure
see seek select sell send separate serve set settle shape share ship shock shoot
show sign sing slap slice snap solve spend spill split spoil spot start steal
stop store strike study submit suggest supply support surround suspect suspend
sweep switch take target taste teach tear tell test threaten throw tie touch
track trade train transfer translate treat trust try turn undergo understand
update urge use value view violate visit vote want warm warn wash waste watch
water wear weigh welcome win wish wrap write
""".split()
INTRANSITIVE = """
agree apologize appear argue arise arrive bark begin behave belong bleed boil
break burn care change climb come communicate compete complain continue cook
cooperate cough crash crawl cry dance decline decrease die differ disagree
disappear dream drink drive drop eat emerge end escape evolve exist expand
explode fail fall fight fish float flow fly focus freeze gamble gather go
graduate grow happen help hesitate hide hope hurry improve increase interfere
jump knock land last laugh lead leak leave lie listen live look lose march
matter melt move occur open park participate pass pause play proceed progress
protest rain react read recover relax reply resign respond rest retire return
ride ring rise run rush sail scream settle shine shop sing sit sleep slip smell
smile smoke sneeze sniff snow speak specialize split spread stand start starve
stay step stop struggle study suffer surf surrender survive swim talk think
travel turn vanish vary volunteer vote wait wake walk wander watch wave whisper
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
    "arise": "arose arisen",
    "bite": "bit bitten",
    "bleed": "bled",
    "deal": "dealt",
    "forgive": "forgave forgiven",
    "overcome": "overcame overcome",
    "seek": "sought",
    "shine": "shone",
    "spill": "spilled",
    "split": "split",
    "strike": "struck",
    "sweep": "swept",
    "tear": "tore torn",
    "undergo": "underwent undergone",
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
admit beg begin commit cut drop forget grab hit kidnap occur permit plan prefer
put quit rob run set shop shut sit slap slip snap split spot stop submit swim
transfer win wrap
""".split()

ADJECTIVES = """
able absent absolute academic acceptable accurate active actual additional
advanced afraid aggressive alone amazing ancient angry annoying armed asleep
attractive automatic available average aware awful bad bare basic beautiful big
bitter black blind blue bored boring brave brief bright brilliant broken brown
busy calm careful casual certain cheap cheerful chief civil classic clean clear
clever close cold colorful comfortable commercial common complete complex
confident confused constant contemporary convenient cool corporate correct crazy
creative criminal critical crowded crucial cultural curious current cute daily
dangerous dark dead deaf decent deep delicious delighted detailed different
difficult digital dirty disappointed domestic double dry due eager early easy
effective efficient elderly electric elegant emotional empty enormous entire
equal essential ethnic eventual evil exact excellent excited exciting expensive
experienced extra extreme fair false familiar famous fancy fantastic fast fat
federal fellow female few final financial fine firm flat flexible fond foreign
formal former fortunate free frequent fresh friendly full fun funny general
gentle genuine glad global golden good grateful gray great green guilty handy
happy hard harmful healthy heavy helpful high holy homeless honest horrible
hostile hot huge human hungry ideal ill illegal immediate important impossible
impressive independent inner innocent intelligent intense interested interesting
international involved jealous just key kind large last late lazy leading left
legal liberal light likely limited little live living local logical lonely long
loose lost loud lovely low lucky mad magic main major male many married mass
maximum mean medical mental military minor mobile modern modest moral mutual
naked narrow nasty national native natural neat necessary negative nervous net
new next nice noisy normal nuclear numerous obvious odd official old only open
opposite orange ordinary organic organized original other outdoor outstanding
overall own painful pale particular past patient perfect personal pink plain
pleasant pleased plus polite political poor popular positive possible potential
powerful pregnant present pretty previous primary principal prior private
probable professional proper proud public pure quick quiet racial random rapid
rare raw ready real realistic reasonable recent red regular related relative
relevant reliable religious remote responsible rich right round rude rural sad
safe same satisfied scared scary secret senior sensitive separate serious
several severe sharp shocked short shy sick significant silent silly similar
simple single skilled slight slow small smart smooth social soft solid sorry
special specific spicy square stable standard steady stiff straight strange
strategic strict strong stupid successful such sudden suitable super superb sure
surprised surprising suspicious sweet talented tall technical tender terrible
terrific thankful thick thin tight tiny tired top total tough toxic traditional
tropical true typical ugly ultimate unable unexpected unfair unfortunate unhappy
unique unknown unlikely upcoming upset urban urgent useful usual vague valuable
various vast violent visible visual vital vulnerable warm weak wealthy weekly
weird well wet white whole wide wild willing wise wonderful wooden worldwide
worried worth wrong yellow young
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
African American Arab Asian Australian Austrian Brazilian British Canadian
Catholic Chinese Christian Cuban Danish Dutch Egyptian European French German
Greek Hindu Indian Iranian Iraqi Irish Islamic Israeli Italian Japanese Jewish
Korean Mexican Muslim Norwegian Pakistani Palestinian Polish Republican Russian
Saudi Scottish Spanish Swedish Swiss Syrian Turkish Ukrainian Western
""".split()
MANNER = """
aggressively alone automatically badly calmly carefully carelessly cheaply
clearly closely correctly deeply differently directly early easily efficiently
fast finally freely gently happily hard high honestly immediately kindly late
loudly low naturally nicely normally openly patiently peacefully perfectly
personally politely professionally promptly properly publicly quickly quietly
right sadly safely seriously slowly softly straight strictly strongly suddenly
thoroughly tightly together well wildly
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
    "nation": "ian ish ese ean ic".split(),
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

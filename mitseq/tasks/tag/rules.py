"""The rules of the grammar: of what each part of a sentence consists.

A line is one choice for a part; the number in front says how often it is taken,
and the first is short, for sentences that have become deep. What is in capitals
is a part again, and with "?" stands in half of the sentences. What is in angles
is a word of a list (grammar.py, `LISTS`), and "the/DET" is a word with its tag.
"""

RULES = {
    "SENTENCE": """
        12 CLAUSE END
        2 CLAUSE COMMA? <cc> CLAUSE END
        3 CLAUSE COMMA? SUB CLAUSE END
        3 SUB CLAUSE COMMA CLAUSE END
        2 WHEN COMMA? CLAUSE END
        1 PP COMMA CLAUSE END
        2 <sentence_adverb> COMMA? CLAUSE END
        1 <greeting> COMMA CLAUSE END
        1 CLAUSE COMMA <greeting> END
        5 QUESTION ?/PUNCT
        4 ORDER END
        1 ORDER <cc> ORDER END
        2 there/PRON ISARE NP PP? END
        2 it/PRON IS <adj> to/PART VB END
        1 it/PRON IS <adj> that/SCONJ CLAUSE END
        1 that/PRON IS why/ADV CLAUSE END
        1 CLAUSE COMMA SAID END
        1 ``/PUNCT CLAUSE COMMA ''/PUNCT SAID END
        1 "/PUNCT CLAUSE "/PUNCT
        1 NP END
        1 NPM COLON CLAUSE END
        1 NP
        1 NAME COMMA <city> COMMA <country>
        1 <digits> ./PUNCT NP
        1 VPG END
        1 <time> VPT END
        1 <first_noun> <nouns> VMANY END
        1 CLAUSE ;/PUNCT CLAUSE END
        1 CLAUSE -/PUNCT CLAUSE END
        1 see/VERB <link> END
        1 <greeting> COMMA? NAME END
        1 <greeting> END
        1 <adj> NOUN !/PUNCT
        1 WHAT_A
    """,
    "WHAT_A": """
        1 what/DET a/DET <adj> <noun> !/PUNCT
        1 how/ADV <adj> !/PUNCT
    """,
    "END": "9 ./PUNCT\n1 !/PUNCT\n4",
    "COMMA": "1 ,/PUNCT",
    "COLON": "2 :/PUNCT\n1 -/PUNCT",
    "SUB": """
        8 <sub>
        2 when/SCONJ
        1 even/ADV if/SCONJ
        1 as/ADV soon/ADV as/SCONJ
        1 so/SCONJ that/SCONJ
    """,
    "SAID": "1 <pron1> said/VERB\n1 said/VERB NAME\n1 NAME said/VERB",
    "WHEN": """
        4 on/ADP <day>
        2 in/ADP <month>
        2 in/ADP <year>
        2 NUMBER <times> ago/ADV
        2 LASTNEXT <time>
        1 every/DET <time>
        2 yesterday/NOUN
        2 today/NOUN
        2 tomorrow/NOUN
        1 tonight/NOUN
        1 at/ADP <digits> <ampm>
        1 at/ADP <clock>
        1 on/ADP <month> <date>
        1 on/ADP <month> <date> COMMA <year>
        1 for/ADP NUMBER <times>
        1 in/ADP the/DET <time>
        1 at/ADP the/DET moment/NOUN
        1 this/DET <time>
        1 since/ADP <year>
    """,
    "LASTNEXT": "1 last/ADJ\n1 next/ADJ",
    "CLAUSE": """
        3 <pron1> VONE
        3 <pronmany> VMANY
        4 i/PRON VI
        3 NAME VONE
        6 NP1 VONE
        4 NPM VMANY
        1 NAME and/CCONJ NAME VMANY
        1 VG VONE
        1 there/PRON ISARE NP PP?
        1 WHNOUN VONE
        1 <pron1> 's/AUX STATE
        1 <pronmany> 're/AUX STATE
        1 i/PRON 'm/AUX STATE
        1 <pronmany> 've/AUX VN
        1 i/PRON 've/AUX VN
        1 <pronany> 'll/AUX VB
        1 <pronany> 'd/AUX VB
        1 let/VERB 's/PRON VB
        1 <pronmany> both/DET VMANY
        1 all/DET <pronmany> VMANY
        1 <time> VPT
    """,
    "VPT": """
        1 flies/VERB ADV?
        1 passes/VERB ADV?
        1 flew/VERB by/ADV
        1 goes/VERB by/ADV
    """,
    "VG": "1 <vtg> NP\n1 <vig> PP?",
    "VPG": "1 <vtg> NP",
    "WHNOUN": "1 what/PRON <pron1> <vtd>\n1 what/PRON <pronmany> <vt>",
    # after a subject: he ..., we ..., I ...
    "VONE": """
        5 <vts> NP
        4 <vis> AFTER?
        3 <vls> PRED
        4 IS STATE
        2 has/AUX ALREADY? VN
        2 has/VERB NP
        1 <vsays> THAT CLAUSE
        1 <vwants> to/PART VB
        1 does/AUX NOT VB
        1 <before> <vts> NP
        1 <before> <vis> AFTER?
        1 <vgives> NP NP
        1 <vparts> <particle> NP
        1 <vprtls> <up>
        1 <vasks> NP to/PART VB
        1 <vtries> VGER
        1 likes/VERB to/PART VB
        1 likes/VERB NP
        1 needs/VERB to/PART VB
        1 seems/VERB like/ADP NP
        7 VANY
    """,
    "VMANY": """
        5 <vt> NP
        4 <vi> AFTER?
        3 <vl> PRED
        4 ARE STATE
        2 have/AUX ALREADY? VN
        2 have/VERB NP
        1 <vsay> THAT CLAUSE
        1 <vwant> to/PART VB
        1 do/AUX NOT VB
        1 <before> <vt> NP
        1 <before> <vi> AFTER?
        1 <vgive> NP NP
        1 <vpart> <particle> NP
        1 <vtry> VGER
        1 like/VERB to/PART VB
        2 like/VERB NP
        1 have/VERB to/PART VB
        1 need/VERB to/PART VB
        1 <vask> NP to/PART VB
        7 VANY
    """,
    "VI": """
        4 VMANY
        2 am/AUX STATE
        1 was/AUX STATE
        1 think/VERB THAT CLAUSE
        1 am/AUX not/PART STATE
        1 've/AUX VN
    """,
    # in any person: past, and after a modal
    "VANY": """
        5 <vtd> NP
        4 <vid> AFTER?
        2 <vld> PRED
        5 <modal> NOT? VB
        1 <modal> <before> VB
        1 had/AUX ALREADY? VN
        2 had/VERB NP
        1 <vsaid> THAT CLAUSE
        1 <vwanted> to/PART VB
        2 did/AUX NOT VB
        1 <before> <vtd> NP
        1 <vgave> NP NP
        1 <vgave> NP to/ADP NP
        1 <vpartd> <particle> NP
        1 <vasked> NP to/PART VB
        1 <vasked> NP NOT to/PART VB
        1 wo/AUX n't/PART VB
        1 ca/AUX n't/PART VB
        1 can/AUX not/PART VB
        1 could/AUX have/AUX VN
        1 would/AUX have/AUX VN
        1 used/VERB to/PART VB
        1 <vtd> NP and/CCONJ <vtd> NP
        1 <vid> and/CCONJ <vid>
        1 <vtd> NP while/SCONJ <vtg> NP
        1 <vtd> NP COMMA <vtg> NP
        1 <vtried> VGER
        1 told/VERB NP THAT CLAUSE
        1 asked/VERB if/SCONJ CLAUSE
        1 asked/VERB what/PRON CLAUSE
        1 knew/VERB where/ADV CLAUSE
        1 knew/VERB how/ADV to/PART VB
    """,
    "VGER": "1 <vtg> NP\n1 <vig>",
    "IS": "5 is/AUX\n4 was/AUX\n1 's/AUX\n1 is/AUX NOT\n1 was/AUX NOT",
    "ARE": "5 are/AUX\n4 were/AUX\n1 are/AUX NOT\n1 were/AUX NOT",
    "ISARE": "3 is/AUX\n3 are/AUX\n2 was/AUX\n2 were/AUX\n1 will/AUX be/AUX",
    "NOT": "2 not/PART\n2 n't/PART\n1 never/ADV",
    "ALREADY": """
        1 already/ADV
        1 never/ADV
        1 just/ADV
        1 always/ADV
        1 also/ADV
        1 not/PART
    """,
    "THAT": "1 that/SCONJ\n1",
    # after "is", "are", "am"
    "STATE": """
        8 PRED
        4 <vtg> NP
        2 <vig> AFTER?
        3 <vtn> BY?
        1 being/AUX <vtn>
        1 going/VERB to/PART VB
        1 <before> <vtn> PP
        1 <before> <vtg> NP
        1 about/ADJ to/PART VB
        1 <vtn> to/PART VB
    """,
    "BY": "1 by/ADP NP\n1 PP\n1 WHEN",
    "PRED": """
        7 <adj>
        4 <degree> <adj>
        3 NP
        3 PP
        1 <adj> PP
        1 <adjer> than/ADP NP
        1 as/ADV <adj> as/ADP NP
        1 <adj> to/PART VB
        1 too/ADV <adj> to/PART VB
        1 <adj> enough/ADV to/PART VB
        1 so/ADV <adj> that/SCONJ CLAUSE
        1 <adj> and/CCONJ <adj>
        1 the/DET <adjest> <noun>
        1 more/ADV <adj> than/ADP NP
        1 like/ADP NP
        1 here/ADV
        1 there/ADV
        1 NUMBER <times> old/ADJ
        1 <place_adverb>
        1 sure/ADJ THAT CLAUSE
        1 a/DET lot/NOUN of/ADP <mass>
    """,
    # the plain form: after "to", "will", "do"
    "VB": """
        6 <vt> NP
        5 <vi> AFTER?
        2 <vl> PRED
        3 be/AUX STATE
        2 have/VERB NP
        1 have/AUX VN
        1 <vsay> THAT CLAUSE
        1 <vwant> to/PART VB
        1 <vgive> NP NP
        1 <vgive> NP to/ADP NP
        1 <vpart> <particle> NP
        1 <vpart> NP <particle>
        1 <vask> NP to/PART VB
        1 go/VERB home/ADV
        1 do/VERB NP
        1 like/VERB NP
        1 <vtry> VGER
        1 <vt> NP PP
    """,
    # after "has"
    "VN": """
        5 <vtn> NP
        4 <vin> AFTER?
        2 been/AUX PRED
        2 been/AUX <vtg> NP
        1 been/AUX <vtn>
        1 had/VERB NP
        1 become/VERB PRED
        1 got/VERB NP
        1 <vtn> NP PP
    """,
    "AFTER": """
        3 <manner>
        5 PP
        2 WHEN
        1 <place_adverb>
        1 <time_adverb>
        1 PP WHEN
        1 PP PP
        1 <degree> <manner>
        1 like/ADP NP
        1 home/ADV
        1 too/ADV
        1 again/ADV
        1 with/ADP NP
        1 to/ADP NP
    """,
    "ADV": "1 fast/ADV\n1 quickly/ADV\n1 like/ADP NP\n1 by/ADV",
    "QUESTION": """
        3 <modal> <pronany> VB
        1 <modal> NP VB
        2 do/AUX <pronmany> VB
        2 does/AUX <pron1> VB
        2 did/AUX <pronany> VB
        1 does/AUX NP1 VB
        2 is/AUX <pron1> STATE
        1 is/AUX NP1 PRED
        1 are/AUX <pronmany> STATE
        1 are/AUX there/PRON <nouns> PP
        1 have/AUX <pronmany> VN
        1 has/AUX <pron1> VN
        1 what/PRON is/AUX NP
        1 what/PRON do/AUX <pronmany> <vt>
        1 what/PRON did/AUX <pronany> <vt>
        1 what/DET <noun> is/AUX this/PRON
        1 who/PRON <vtd> NP
        1 who/PRON is/AUX NP
        1 where/ADV is/AUX NP
        1 where/ADV did/AUX <pronany> <vi>
        1 when/ADV will/AUX <pronany> VB
        1 why/ADV do/AUX <pronmany> VB
        1 why/ADV did/AUX n't/PART <pronany> VB
        1 how/ADV can/AUX i/PRON VB
        1 how/ADV <adj> is/AUX NP
        1 how/ADV many/ADJ <nouns> are/AUX there/PRON
        1 how/ADV much/ADJ does/AUX it/PRON cost/VERB
        1 which/DET <noun> <vtd> NP
        1 do/AUX n't/PART <pronmany> VB
    """,
    "ORDER": """
        4 <vt> NP PP?
        1 please/INTJ <vt> NP
        1 please/INTJ VB
        2 do/AUX n't/PART VB
        1 <vi> AFTER
        1 never/ADV VB
        1 be/AUX <adj>
        1 <vgive> me/PRON NP
        1 <vpart> <particle> NP
        1 let/VERB <pronobj> VB
        1 make/VERB sure/ADJ THAT CLAUSE
        1 thank/VERB you/PRON
        1 thank/VERB you/PRON for/ADP NP
    """,
    # who or what: one, many, any
    "NP1": """
        8 <det1> NOUN
        3 <poss> NOUN
        2 NAME
        1 <mass>
        1 <det1> NOUN of/ADP NP
        1 <det1> NOUN PP
        1 <det1> NOUN who/PRON VONE
        1 <det1> NOUN that/PRON VONE
        1 <det1> NOUN which/PRON VONE
        1 <det1> NOUN that/PRON CLAUSE_GAP
        1 NAME 's/PART NOUN
        1 the/DET <noun> 's/PART NOUN
        1 one/NUM of/ADP the/DET NOUNS
        1 such/DET a/DET <noun>
        1 the/DET <adjest> NOUN
        1 the/DET <ordinal> <noun>
        1 quite/DET a/DET <noun>
        1 half/DET the/DET <noun>
        1 each/DET of/ADP <pronobj>
        1 NAME COMMA <det1> NOUN COMMA
        1 the/DET <noun> CLAUSE_GAP
    """,
    "NPM": """
        5 the/DET NOUNS
        3 NOUNS
        3 <detm> NOUNS
        2 <poss> NOUNS
        2 NUMBER NOUNS
        1 NP1 and/CCONJ NP1
        1 both/CCONJ NP1 and/CCONJ NP1
        1 <many> NOUNS
        1 fruit/NOUN flies/NOUN
        1 <nouns> of/ADP NP
        1 <nouns> PP
        1 some/DET of/ADP the/DET <nouns>
        1 most/ADJ <nouns>
        1 all/DET of/ADP the/DET <nouns>
        1 all/DET the/DET <nouns>
        1 a/DET lot/NOUN of/ADP <nouns>
        1 people/NOUN who/PRON VMANY
        1 those/PRON who/PRON VMANY
        1 other/ADJ <nouns>
        1 <nouns> COMMA <nouns> and/CCONJ <nouns>
        1 about/ADV NUMBER <nouns>
        1 more/ADJ than/ADP NUMBER <nouns>
        1 <nouns> that/PRON VMANY
        1 NOUNS such/ADJ as/ADP <nouns>
    """,
    "CLAUSE_GAP": "1 <pronany> <vtd>\n1 <pronmany> <vt>\n1 i/PRON <vt>",
    "NP": """
        5 <pronobj>
        9 NP1
        6 NPM
        3 <mass>
        2 <adj> <mass>
        1 some/DET <mass>
        1 the/DET <mass>
        1 $/SYM <digits>
        1 <digits> %/SYM of/ADP NP
        1 both/DET
        1 more/ADJ
        1 more/ADJ <mass>
        1 much/ADJ <mass>
        1 a/DET little/ADJ <mass>
        1 NP1 or/CCONJ NP1
        1 <langs>
        1 something/PRON <adj>
        1 what/PRON <pronany> <vtd>
        1 each/DET other/ADJ
        1 not/PART only/ADV NP1
        1 NUMBER
    """,
    "NOUN": """
        12 <noun>
        6 <adj> <noun>
        2 <first_noun> <noun>
        1 <adj> <adj> <noun>
        1 <nation> <noun>
        1 <degree> <adj> <noun>
        1 <vtg> <noun>
        1 <vadj> <noun>
        1 <noun> -/PUNCT <noun>
        1 <adj> COMMA <adj> <noun>
        1 <adj> and/CCONJ <adj> <noun>
        1 <org_noun> <noun>
        1 <ordinal> <noun>
        1 <time> 's/PART <noun>
    """,
    "NOUNS": """
        12 <nouns>
        5 <adj> <nouns>
        2 <first_noun> <nouns>
        1 <nation> <nouns>
        1 <vadj> <nouns>
        1 <degree> <adj> <nouns>
        1 <adj> <first_noun> <nouns>
        1 <always_many>
    """,
    "NAME": """
        6 <first>
        4 <first> <last>
        2 <title> <last>
        3 <city>
        3 <country>
        1 <made_up_name>
        2 <made_up_name> <org>
        1 <org> of/ADP <country>
        1 University/PROPN of/ADP <city>
        1 the/DET <made_up_name> <org>
        1 <acronym>
        1 the/DET United/PROPN States/PROPN
        1 New/PROPN York/PROPN
        1 <first> <acronym> ./PUNCT <last>
        1 <city> COMMA <country>
    """,
    "NUMBER": "5 <number>\n4 <digits>\n1 <number> <number>\n1 <decimal>",
    "PP": """
        10 <prep> NP
        3 in/ADP <place_name>
        2 of/ADP NP
        2 to/ADP NP
        2 with/ADP NP
        3 for/ADP NP
        3 at/ADP NP
        3 on/ADP NP
        3 in/ADP NP
        2 from/ADP NP
        2 about/ADP NP
        1 like/ADP NP
        1 as/ADP NP1
        1 after/ADP VGER
        1 before/ADP VGER
        1 by/ADP VGER
        1 without/ADP VGER
        1 for/ADP VGER
        1 because/ADP of/ADP NP
        1 out/ADP of/ADP NP
        1 instead/ADV of/ADP NP
        1 next/ADV to/ADP NP
        1 according/VERB to/ADP NP
        1 at/ADP home/NOUN
        1 at/ADP least/ADJ
        1 as/ADV well/ADV
        1 of/ADP course/NOUN
        1 in/ADP <langs>
        1 from/ADP NAME to/ADP NAME
        1 due/ADP to/ADP NP
        1 up/ADP to/ADP NUMBER NOUNS
    """,
}

"""The fixed words of the grammar: kinds of reason, natures of goods, marks of conditions and findings, and so on."""

from typing import Final

LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant")

REASON_KINDS: Final = {
    "remorse": "The customer no longer wants the goods; nothing is wrong with them.",
    "withdrawal": "A statement that the contract is withdrawn from; counts before delivery too.",
    "defect": "The goods do not work or are faulty.",
    "not_as_described": "The goods differ from what was promised.",
    "damaged": "The goods arrived damaged.",
    "wrong_item": "Other goods came than were ordered.",
    "missing": "Parts or accessories were missing on arrival.",
    "late": "The goods arrived after the promised time.",
    "not_received": "The goods did not arrive at all.",
    "counterfeit": "The goods are not genuine, or a material fact was hidden.",
    "other": "Anything else; a person looks at it.",
}
NATURES: Final = {
    "personalised": "Made or altered to the customer's wishes.",
    "perishable": "Spoils or expires quickly.",
    "near_expiry": "Sold shortly before its date, or with a flaw that was pointed out.",
    "hygiene": "Sealed for health or hygiene.",
    "sealed_media": "Sealed audio, video or software.",
    "mixed": "Mixed inseparably with other goods after delivery.",
    "press": "Newspapers and magazines.",
    "digital_content": "Content supplied without a tangible medium.",
    "digital_service": "A service fully performed online.",
    "alcohol": "Drinks whose price follows the market and that are delivered after 30 days.",
    "dated_service": "Travel, lodging, leisure or transport for a date.",
    "urgent_repair": "Repairs the customer asked for urgently.",
    "auction": "Bought at a public auction.",
    "gift_card": "A voucher or card with value on it.",
    "activated": "Loses much of its value once activated or tried.",
    "safety": "Affects personal safety or health once unsealed.",
    "durable": "A durable appliance or machine (the burden of proof differs).",
    "large": "Cannot be sent by post.",
    "hazardous": "Must not be sent without special packaging.",
}
CONDITION_MARKS: Final = {
    "opened": "The packaging was opened.",
    "unsealed": "A hygiene, media or safety seal was broken.",
    "used": "The goods were used beyond trying.",
    "worn": "Worn or washed.",
    "assembled": "Put together.",
    "activated": "Activated, registered or signed in.",
    "tags_removed": "Labels or tags were taken off.",
    "incomplete": "Parts, accessories or the gift are missing.",
    "damaged": "Damaged while with the customer.",
    "defective": "Does not work.",
}
FINDING_MEANINGS: Final = {
    "intact": "Nothing wrong was found.",
    "confirms": "What the customer claimed is so.",
    "refutes": "What the customer claimed is not so.",
    "defect": "A fault of the goods themselves.",
    "misuse": "Damaged or worn out by the customer.",
    "handling": "Value lost by handling beyond what trying needs.",
    "foreign": "Not our article, or not the serial number that was sent.",
    "our_error": "Our picking, packing, labelling or description was wrong.",
    "transit_outbound": "Damaged on the way to the customer.",
    "transit_return": "Damaged on the way back.",
    "incomplete": "Something that should have come back is missing.",
    "seal_broken": "The hygiene, media or safety seal is broken.",
}
EVIDENCE: Final[dict[str, tuple[tuple[str, ...], str]]] = {
    "photo": ((), "Photos that the customer adds to the request."),
    "parcel_lost": (("leg",), "Recorded when a parcel is reported lost on its way back."),
    "ruling": (
        ("party",),
        "What a person ruled: `party` and `reason`; goes before every rule of `found`, and settles contradictions.",
    ),
}
"""Types of evidence that every policy has: their fields, and what they are."""
RESOLUTIONS: Final = ("refund", "store_credit", "exchange", "replacement", "repair", "compensation")
METHODS: Final = ("mail", "store", "pickup", "kiosk", "locker", "keep")
PARTIES: Final = ("customer", "merchant", "carrier", "supplier", "undetermined")
PAYERS: Final = ("customer", "merchant", "nobody")
DISPOSITIONS: Final = ("restock", "refurbish", "quarantine", "scrap", "supplier", "send_back", "donate")
BASES: Final = (
    "placed",
    "shipped",
    "delivered",
    "first_delivered",
    "last_delivered",
    "signed",
    "promised",
    "informed",
)
UNITS: Final = ("hours", "days", "months", "years")
PAY_WHEN: Final = ("request", "first_scan", "receipt", "inspection")
REFUND_FROM: Final = ("requested", "shipped", "received", "inspected", "settling")
"""From when the time of a refund may count, in the order in which it happens."""
SECURITIES: Final = ("nothing", "obligation", "hold")
"""What stands for goods that go out before the return is in: the strongest is the last."""
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SILENCE: Final = {
    "requested": ("approve", "reject", "cancel"),
    "info_requested": ("expire", "cancel"),
    "approved": ("expire", "settle", "cancel"),
    "shipped_back": ("expire", "lost"),
    "received": ("settle",),
    "inspected": ("settle",),
    "settling": ("choose",),
    "rejected": (),
    "refunded": (),
    "replaced": (),
    "closed": (),
}
"""State -> lifecycle triggers that may follow from silence."""

_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS "
    "BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE "
    "EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC "
    "LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA "
    "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
    "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
)
COUNTRIES: Final = frozenset(_CODES.split())
"""ISO 3166."""

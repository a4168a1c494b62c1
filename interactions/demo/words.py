"""What is said and done in the demo: (English, Arabic) pairs, chosen by the language of the client."""

from clients.choices import ChurnReason
from interactions.choices import ConcernKind, Hat, InteractionKind, Severity

K, H = InteractionKind, Hat

# kind, hat, English, Arabic
INTERACTIONS = [
    (
        K.CALL,
        H.SERVICE,
        "Monthly check-in. All branches work normally; the new cashier flow is liked.",
        "مكالمة متابعة شهرية. الفروع تعمل بشكل طبيعي، وطريقة الكاشير الجديدة لاقت استحسانًا.",
    ),
    (
        K.CALL,
        H.SERVICE,
        "Asked how the month-end close went. Two days faster than last quarter.",
        "سؤال عن إقفال نهاية الشهر. اكتمل أسرع بيومين من الربع الماضي.",
    ),
    (
        K.CALL,
        H.SALES,
        "Talked through next year's headcount; they expect twenty more seats.",
        "نقاش حول عدد الموظفين للعام القادم، ويتوقعون عشرين مقعدًا إضافيًا.",
    ),
    (
        K.CALL,
        H.FINANCIAL,
        "Explained the new invoice layout to finance. They will approve it this week.",
        "شرح شكل الفاتورة الجديد للإدارة المالية، وسيُعتمد هذا الأسبوع.",
    ),
    (
        K.CALL,
        H.TECHNICAL,
        "Slow reports in the morning. Passed the times to the platform team.",
        "بطء في التقارير صباحًا. أُرسلت الأوقات إلى فريق المنصة.",
    ),
    (
        K.MEETING,
        H.SERVICE,
        "Quarterly review with operations. Usage up in every branch; agreed on two goals.",
        "مراجعة ربع سنوية مع العمليات. الاستخدام في ازدياد في كل الفروع، واتُّفق على هدفين.",
    ),
    (
        K.MEETING,
        H.SALES,
        "Showed Nahda Insights to the commercial team. They want a trial with their own data.",
        "عرض «نهضة إنسايتس» على الفريق التجاري، ويرغبون في تجربة ببياناتهم.",
    ),
    (
        K.MEETING,
        H.FINANCIAL,
        "Budget meeting. The renewal is in next year's plan; annual billing preferred.",
        "اجتماع الميزانية. التجديد ضمن خطة العام القادم، والفوترة السنوية هي المفضلة.",
    ),
    (
        K.MEETING,
        H.RELATIONS,
        "Introduced their new managing director to our team.",
        "تعريف المدير العام الجديد بفريقنا.",
    ),
    (
        K.MEETING,
        H.TECHNICAL,
        "Workshop on user rights: roles are now separated between stores and head office.",
        "ورشة حول صلاحيات المستخدمين: فُصلت الأدوار بين الفروع والإدارة.",
    ),
    (
        K.VISIT,
        H.RELATIONS,
        "Visited their new warehouse. Good mood, proud of the opening.",
        "زيارة المستودع الجديد. أجواء طيبة وفخر بالافتتاح.",
    ),
    (
        K.VISIT,
        H.SERVICE,
        "Half a day with the store team; wrote down six small wishes.",
        "نصف يوم مع فريق الفرع، ودُوّنت ست ملاحظات صغيرة.",
    ),
    (
        K.EMAIL,
        H.SERVICE,
        "Sent the summary of our last talk and the open points.",
        "إرسال ملخص اللقاء الأخير والنقاط المفتوحة.",
    ),
    (K.EMAIL, H.FINANCIAL, "Purchase order for the additional seats arrived.", "وصول أمر الشراء للمقاعد الإضافية."),
    (
        K.EMAIL,
        H.SALES,
        "Sent the offer for the payroll module, valid until the end of the month.",
        "إرسال عرض وحدة الرواتب، وهو سارٍ حتى نهاية الشهر.",
    ),
    (K.EMAIL, H.RELATIONS, "Invited them to speak at our user day.", "دعوتهم للحديث في يوم المستخدمين."),
    (
        K.CHAT,
        H.TECHNICAL,
        "Question about the export of stock lists; solved at once.",
        "سؤال حول تصدير قوائم المخزون، وحُلّ فورًا.",
    ),
    (
        K.CHAT,
        H.SERVICE,
        "Needs two more accounts for trainees until August.",
        "حاجة إلى حسابين إضافيين للمتدربين حتى أغسطس.",
    ),
    (
        K.NOTE,
        H.RELATIONS,
        "Their finance manager prefers WhatsApp before noon.",
        "المدير المالي يفضل التواصل قبل الظهر.",
    ),
    (
        K.TICKET,
        H.TECHNICAL,
        "Bank connection stopped after the certificate was renewed. Fixed the same day.",
        "توقف الربط البنكي بعد تجديد الشهادة، وأُصلح في اليوم نفسه.",
    ),
    (K.TICKET, H.TECHNICAL, "Printer at branch 4 prints receipts twice.", "طابعة الفرع الرابع تطبع الإيصال مرتين."),
    (K.TICKET, H.SERVICE, "Wrong VAT number on the invoice template.", "رقم ضريبي خاطئ في قالب الفاتورة."),
]

TASKS = [
    ("Send the minutes of the review", "إرسال محضر المراجعة"),
    ("Prepare the offer for additional seats", "إعداد عرض المقاعد الإضافية"),
    ("Ask finance about the open invoice", "سؤال المالية عن الفاتورة المفتوحة"),
    ("Plan the quarterly review", "تحديد موعد المراجعة ربع السنوية"),
    ("Introduce the support lead", "التعريف بمسؤول الدعم"),
    ("Check why usage fell in two branches", "معرفة سبب انخفاض الاستخدام في فرعين"),
    ("Send the training plan", "إرسال خطة التدريب"),
    ("Call back about the data export", "معاودة الاتصال بشأن تصدير البيانات"),
    ("Agree on the date of the renewal talk", "الاتفاق على موعد نقاش التجديد"),
    ("Update the contact list", "تحديث قائمة جهات الاتصال"),
]

OPPORTUNITIES = [
    ("More seats for the new branch", "مقاعد إضافية للفرع الجديد", "Nahda Stores"),
    ("Payroll for head office", "الرواتب للإدارة الرئيسية", "Nahda People"),
    ("Dashboards for the board", "لوحات متابعة لمجلس الإدارة", "Nahda Insights"),
    ("Backup with one year's history", "نسخ احتياطي بأرشيف سنة", "Nahda Vault"),
    ("Connection to the bank", "الربط مع البنك", "Nahda Connect"),
    ("Price adjustment at renewal", "تعديل السعر عند التجديد", "Nahda Books"),
    ("Second company in the same books", "شركة ثانية في الدفاتر نفسها", "Nahda Books"),
]
LOST_REASONS = [
    ("No budget this year", "لا توجد ميزانية هذا العام"),
    ("Chose a competitor for this part", "اختيار منافس لهذا الجزء"),
    ("The need is gone", "انتفت الحاجة"),
]

# kind, severity, English, Arabic
CONCERNS = [
    (ConcernKind.TECHNICAL, Severity.HIGH, "Stock numbers differ between branches", "اختلاف أرقام المخزون بين الفروع"),
    (ConcernKind.BILLING, Severity.NORMAL, "Invoice shows the old address", "الفاتورة تحمل العنوان القديم"),
    (ConcernKind.SUPPORT, Severity.NORMAL, "Support answers take a day", "ردود الدعم تستغرق يومًا"),
    (ConcernKind.SUPPORT, Severity.LOW, "Training material is out of date", "مواد التدريب قديمة"),
    (ConcernKind.RELATIONSHIP, Severity.HIGH, "Three contact persons in one year", "ثلاثة مسؤولين عن الحساب خلال سنة"),
    (ConcernKind.REPUTATION, Severity.NORMAL, "Unhappy post by a store manager", "منشور سلبي من مدير أحد الفروع"),
    (ConcernKind.TECHNICAL, Severity.NORMAL, "Reports are slow in the morning", "بطء التقارير صباحًا"),
]

COMMENTS = {
    "promoter": [
        (
            "Our account manager knows our business. Answers come before we ask.",
            "مدير الحساب يعرف عملنا، والرد يصل قبل أن نسأل.",
        ),
        ("Solid product, quick help.", "منتج متين ومساعدة سريعة."),
        ("", ""),
    ],
    "passive": [
        ("Good, but reports could be faster.", "جيد، لكن يمكن أن تكون التقارير أسرع."),
        ("", ""),
    ],
    "detractor": [
        ("We do not know what half of the modules are for.", "لا نعرف الغرض من نصف الوحدات."),
        ("Too many changes of contact person.", "تغيّر المسؤول عنّا كثيرًا."),
        ("Price went up, service did not.", "ارتفع السعر ولم تتحسن الخدمة."),
    ],
}

CALLED_BACK = (
    "Called back after the answer: listened, agreed on a way to mend it, and wrote it down.",
    "اتصال بعد الإجابة: استماع واتفاق على طريقة المعالجة وتدوينها.",
)

CHURN = [
    (ChurnReason.PRICING, "Cheaper offer from a local provider.", "عرض أرخص من مزود محلي."),
    (ChurnReason.BUDGET, "Branches closed, the software was cut first.", "أُغلقت فروع، وكان البرنامج أول ما أُلغي."),
    (ChurnReason.FEATURES, "Needed manufacturing orders, which we do not have.", "الحاجة إلى أوامر تصنيع لا نوفرها."),
    (ChurnReason.COMPETITOR, "The new managing director brought his own system.", "المدير العام الجديد جاء بنظامه."),
    (ChurnReason.SUPPORT, "Waited too long for answers in Ramadan.", "انتظار طويل للردود في رمضان."),
]

TAGS = ["Reference customer", "قطاع حكومي", "Family business", "توسّع", "Price sensitive"]

# name, code, description, list price a month in minor units
PRODUCTS = [
    ("Nahda Books", "BOOKS", "Accounting and invoices · المحاسبة والفوترة", 120_000),
    ("Nahda Stores", "STORES", "Point of sale and stock · نقاط البيع والمخزون", 90_000),
    ("Nahda People", "PEOPLE", "Staff and payroll · الموظفون والرواتب", 150_000),
    ("Nahda Insights", "INSIGHTS", "Dashboards and forecasts · لوحات المتابعة والتوقعات", 200_000),
    ("Nahda Connect", "CONNECT", "Connections to banks and shops · الربط مع البنوك والمتاجر", 80_000),
    ("Nahda Vault", "VAULT", "Backup and archive · النسخ الاحتياطي والأرشفة", 60_000),
]

"""Surveys to begin with, in both languages, each as a native would ask it.

NPS as in F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003. CSAT as commonly put
on five points. CES after its second version (M. Dixon, N. Toman, R. DeLisi, "The Effortless Experience", 2013): it asks
how easy it was and not how much effort it took, a word that is hard to translate and was read both ways.
"""

from django.utils.translation import gettext_lazy as _

from interactions.choices import Scale

PRESETS = {
    Scale.NPS: {
        "label": _("Relationship (NPS)"),
        "words": {
            "name": "Relationship · العلاقة",
            "subject_en": "One question about working with us",
            "subject_ar": "سؤال واحد عن تعاملكم معنا",
            "intro_en": "Your view tells us what to keep and what to change. One question is enough.",
            "intro_ar": "رأيكم يبيّن لنا ما نحافظ عليه وما نغيّره. سؤال واحد يكفي.",
            "question_en": "How likely are you to recommend us to a colleague or a friend?",
            "question_ar": "ما مدى احتمال أن توصي بنا زميلًا أو صديقًا؟",
            "second_question_en": "What is the one thing we could do better?",
            "second_question_ar": "ما الأمر الوحيد الذي يمكننا تحسينه؟",
            "thanks_en": "Your account manager reads every answer.",
            "thanks_ar": "يقرأ مدير حسابكم كل إجابة.",
        },
    },
    Scale.CSAT: {
        "label": _("After support (CSAT)"),
        "words": {
            "name": "After support · بعد الدعم",
            "subject_en": "How did we do?",
            "subject_ar": "كيف كانت خدمتنا؟",
            "intro_en": "You were in touch with us recently. Tell us how it went.",
            "intro_ar": "تواصلتم معنا مؤخرًا، ويهمّنا أن نعرف كيف كانت التجربة.",
            "question_en": "How satisfied are you with the help you received?",
            "question_ar": "ما مدى رضاك عن المساعدة التي تلقيتها؟",
            "second_question_en": "",
            "second_question_ar": "",
            "thanks_en": "What you told us goes straight to the people who helped you.",
            "thanks_ar": "تصل إجابتك مباشرة إلى من قدّموا لك المساعدة.",
        },
    },
    Scale.CES: {
        "label": _("Effort (CES)"),
        "words": {
            "name": "Effort · الجهد",
            "subject_en": "Was it easy?",
            "subject_ar": "هل كان الأمر سهلًا؟",
            "intro_en": "We want things to be easy for you. Tell us whether they were.",
            "intro_ar": "نريد أن تكون الأمور سهلة عليكم، فهل كانت كذلك؟",
            "question_en": "How easy was it to get what you needed from us?",
            "question_ar": "ما مدى سهولة الحصول على ما احتجت إليه منا؟",
            "second_question_en": "What made it difficult, or easy?",
            "second_question_ar": "ما الذي جعله صعبًا أو سهلًا؟",
            "thanks_en": "We will keep what works and mend what does not.",
            "thanks_ar": "سنحافظ على ما ينجح ونصلح ما لا ينجح.",
        },
    },
}

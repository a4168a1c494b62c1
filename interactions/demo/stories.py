"""What is planted in the demo, so that every part of the product has something to tell."""

from accounts.models import Membership
from clients.choices import AssignmentRole, ContactRole, Influence, OpportunityStage, Stance, Tier
from clients.models import Contact
from interactions.choices import (
    ConcernKind,
    ConcernState,
    Direction,
    Hat,
    InteractionKind,
    NotificationKind,
    Priority,
    ReminderChannel,
    Sentiment,
    Severity,
)
from interactions.demo import words
from interactions.demo.history import HistoryMaker
from interactions.demo.portfolio import Account, PortfolioMaker
from interactions.demo.satisfaction import SurveyMaker
from interactions.models import Notification, Reminder, SurveyInvitation
from interactions.services.notifications import task_path
from managers.models import AccountManager

CONNECT_QUESTIONS = [
    ("They asked again what Connect does that Books does not.", "سؤال متكرر عمّا يقدمه «كونكت» ولا تقدمه «بوكس»."),
    ("Bought Connect in spring; nobody there has opened it yet.", "اشتروا «كونكت» في الربيع ولم يفتحه أحد بعد."),
    (
        "Thought Connect was the bank import. Explained it once more.",
        "ظنّوا أن «كونكت» هو استيراد كشف البنك، وجرى التوضيح مرة أخرى.",
    ),
    (
        "Wants a drawing of which system talks to which through Connect.",
        "طلب رسم يوضح أي نظام يتصل بأي نظام عبر «كونكت».",
    ),
]
CONNECT_CONCERN = (
    ConcernKind.TECHNICAL,
    Severity.HIGH,
    "Unclear what Nahda Connect is for",
    "الغرض من «نهضة كونكت» غير واضح",
)
BANK_CONCERN = (
    ConcernKind.TECHNICAL,
    Severity.CRITICAL,
    "Bank connection down since this week",
    "توقف الربط البنكي منذ هذا الأسبوع",
)


class Stories:
    def __init__(
        self,
        portfolio: PortfolioMaker,
        history: HistoryMaker,
        surveys: SurveyMaker,
        managers: dict[str, AccountManager],
        members: dict[str, Membership],
    ) -> None:
        self.portfolio, self.history, self.surveys = portfolio, history, surveys
        self.managers, self.members = managers, members
        self.calendar, self.book = history.calendar, history.book
        self.fresh_answer: SurveyInvitation | None = None

    def plant(self) -> list[Account]:
        """The clients with a story, most of them Layla's."""
        accounts = [
            self._silent_strategic(),
            self._notice_in_four_days(),
            self._fresh_detractor(),
            self._champion_left(),
            self._critical_concern(),
            *self._unclear_product(),
        ]
        for account in accounts[:3]:
            self.portfolio.join(account, self.managers["sami"], AssignmentRole.ASSOCIATE)
        return accounts

    def _silent_strategic(self) -> Account:
        account = self._make("layla", Tier.STRATEGIC, ("Rawabi", "Foods"), years=2.4, mood=1)
        for days_ago in range(96, 540, 17):
            self.history.interact(
                account,
                self.calendar.working_moment(-days_ago),
                account.say(words.INTERACTIONS[days_ago % 10][2:]),
                kind=InteractionKind.MEETING if days_ago % 3 == 0 else InteractionKind.CALL,
                minutes=30,
            )
        for days_ago in (52, 24, 6):
            self.history.interact(
                account,
                self.calendar.working_moment(-days_ago),
                account.say(("Sent a mail and asked for a date. No answer.", "إرسال رسالة لطلب موعد، دون رد.")),
                kind=InteractionKind.EMAIL,
                direction=Direction.OUTBOUND,
            )
        return account

    def _notice_in_four_days(self) -> Account:
        account = self._make("layla", Tier.STRATEGIC, ("Marjan", "Hotels"), years=1.8, mood=1)
        self.history.live(account, is_forgotten=False)
        contract = account.contracts[0]
        contract.notice_days, contract.auto_renew = 60, True
        contract.ends_on = self.calendar.day(64)
        self.history.opportunity(account, OpportunityStage.PROPOSED, opened=-40, closes=20, template=5)
        return account

    def _fresh_detractor(self) -> Account:
        """Asked two days ago; the answer is given at the end, through the service, as the contact would."""
        account = self._make("layla", Tier.CORE, ("Sidra", "Medical"), years=1.5, mood=1)
        self.history.live(account, is_forgotten=False)
        self.fresh_answer = self.surveys.invite(account, account.contacts[-1], 2, is_answered=False)
        return account

    def _champion_left(self) -> Account:
        account = self._make("layla", Tier.CORE, ("Masar", "Logistics"), years=2.0, mood=2)
        self.history.live(account, is_forgotten=False)
        champion = self.book.add(
            Contact(
                client=account.client,
                name="Dalal Al-Qahtani",
                name_other="دلال القحطاني",
                email="dalal.al-qahtani@masar-logistics.example",
                language=account.client.language,
                role=ContactRole.CHAMPION,
                influence=Influence.HIGH,
                stance=Stance.SUPPORTER,
                left_on=self.calendar.day(-9),
                survey_consent=False,
            )
        )
        self.history.interact(
            account,
            self.calendar.working_moment(-8),
            account.say(
                (
                    f"{champion.name} has left. She had brought us in; nobody there has taken over yet.",
                    f"غادرت {champion.name_other}، وهي من اختارتنا، ولم يتولَّ أحد مكانها بعد.",
                )
            ),
            kind=InteractionKind.NOTE,
            hat=Hat.RELATIONS,
            direction=Direction.OUTBOUND,
            sentiment=Sentiment.NEGATIVE,
        )
        return account

    def _critical_concern(self) -> Account:
        account = self._make("layla", Tier.CORE, ("Durrah", "Trading"), years=1.2, mood=0)
        self.history.live(account, is_forgotten=False)
        self.history.concern(account, BANK_CONCERN, opened=-3, state=ConcernState.WORKING, days=1)
        return account

    def _unclear_product(self) -> list[Account]:
        accounts = []
        for key, name in (
            ("layla", ("Waha", "Foods")),
            ("rania", ("Diyar", "Contracting")),
            ("layla", ("Jood", "Academy")),
        ):
            account = self._make(key, Tier.CORE, name, years=1.6, mood=1)
            self.history.live(account, is_forgotten=False)
            for position, pair in enumerate(CONNECT_QUESTIONS):
                self.history.interact(
                    account,
                    self.calendar.working_moment(-6 - position * 13),
                    account.say(pair),
                    hat=Hat.TECHNICAL,
                    minutes=20,
                    sentiment=Sentiment.NEGATIVE,
                )
            self.history.concern(account, CONNECT_CONCERN, opened=-18, state=ConcernState.PLAN)
            accounts.append(account)
        return accounts

    def fill_day(self, accounts: list[Account]) -> None:
        """Layla's day: tasks that are late, due and to come, chances in every stage; a little for Sami."""
        day, task = self.calendar.working_day, self.history.task
        lists = [
            (
                accounts[0],
                ("Call the managing director and ask for a date", "الاتصال بالمدير العام لتحديد موعد"),
                -3,
                Priority.URGENT,
            ),
            (
                accounts[3],
                ("Find out who follows as our champion", "معرفة من سيتولى الملف بعد المغادرة"),
                -1,
                Priority.HIGH,
            ),
            (accounts[6], ("Send the minutes of the review", "إرسال محضر المراجعة"), -2, Priority.NORMAL),
            (
                accounts[1],
                ("Prepare the renewal talk before the notice deadline", "تحضير نقاش التجديد قبل آخر موعد للإشعار"),
                0,
                Priority.HIGH,
            ),
            (
                accounts[4],
                ("Tell finance when the bank connection is back", "إبلاغ المالية بموعد عودة الربط البنكي"),
                0,
                Priority.URGENT,
            ),
            (accounts[5], ("Draw what Connect connects", "رسم يوضح ما يربطه «كونكت»"), 0, Priority.NORMAL),
            (accounts[7], ("Agree on the training dates", "الاتفاق على مواعيد التدريب"), 0, Priority.LOW),
            (accounts[8], ("Send the offer for payroll", "إرسال عرض الرواتب"), 2, Priority.NORMAL),
            (accounts[9], ("Plan the quarterly review", "تحديد موعد المراجعة ربع السنوية"), 3, Priority.NORMAL),
            (
                accounts[2],
                ("Check the ward's printers with technicians", "فحص طابعات الأقسام مع الفنيين"),
                5,
                Priority.NORMAL,
            ),
            (
                accounts[10],
                ("Ask finance about the open invoice", "سؤال المالية عن الفاتورة المفتوحة"),
                6,
                Priority.HIGH,
            ),
            (accounts[11], ("Update the contact list", "تحديث قائمة جهات الاتصال"), 12, Priority.LOW),
            (accounts[12], ("Prepare the yearly plan", "إعداد الخطة السنوية"), 25, Priority.NORMAL),
        ]
        tasks = [
            task(account, [pair], due=day(offset), priority=priority, assignee=self.members["layla"])
            for account, pair, offset, priority in lists
        ]
        task(None, [("Tidy up my notes", "")], assignee=self.members["layla"])
        for account, offset in ((accounts[0], 0), (accounts[1], 1), (accounts[2], -1), (accounts[1], 4)):
            task(account, words.TASKS, due=day(offset), assignee=self.members["sami"])
        self._remind(tasks)
        self._chances(accounts)

    def _remind(self, tasks: list) -> None:
        layla = self.members["layla"]
        told = self.calendar.moment(0, 7)
        self.book.add(
            Reminder(
                task=tasks[0], member=layla, due_at=told, channel=ReminderChannel.IN_APP, queued_at=told, sent_at=told
            )
        )
        self.book.add(
            Notification(
                member=layla,
                kind=NotificationKind.REMINDER,
                title=tasks[0].title,
                url_path=task_path(tasks[0]),
                object_id=tasks[0].pk,
                key=f"reminder:{tasks[0].pk}:{told.isoformat()}",
                created_at=told,
            )
        )
        for position, offset in ((4, 1), (7, 2)):
            self.book.add(
                Reminder(
                    task=tasks[position],
                    member=layla,
                    due_at=self.calendar.moment(offset, 9),
                    channel=ReminderChannel.BOTH,
                )
            )

    def _chances(self, accounts: list[Account]) -> None:
        stage = OpportunityStage
        plan = [
            (0, stage.IDENTIFIED, -12, 60, 2),
            (5, stage.IDENTIFIED, -30, 75, 4),
            (8, stage.IDENTIFIED, -5, None, 0),
            (7, stage.QUALIFIED, -35, 40, 1),
            (9, stage.QUALIFIED, -50, 28, 3),
            (2, stage.PROPOSED, -60, 12, 0),
            (10, stage.PROPOSED, -70, -4, 6),
            (11, stage.WON, -80, -9, 1),
            (12, stage.WON, -75, -25, 3),
            (6, stage.WON, -110, -41, 0),
            (13, stage.LOST, -90, -17, 2),
        ]
        for position, at, opened, closes, template in plan:
            row = self.history.opportunity(
                accounts[position], at, opened=opened, closes=closes or 90, template=template
            )
            if closes is None:
                row.expected_close_on = None

    def _make(self, key: str, tier: str, name: tuple[str, str], *, years: float, mood: int) -> Account:
        account = self.portfolio.make(tier=tier, manager=self.managers[key], name=name, years=years, mood=mood)
        self.history.usage(account)
        self.history.audit(account)
        return account

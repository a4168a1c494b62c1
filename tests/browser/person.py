"""Somebody at a screen: looks, clicks, and notices what went wrong."""

PASSWORD = "rafiq-demo"


class Person:
    """A browser context with a language, a theme and a width; remembers every complaint of the browser."""

    def __init__(self, chromium, base, *, language="en", theme="light", width=1440, javascript=True):
        self.base = base
        self.complaints = []
        self.context = chromium.new_context(
            viewport={"width": width, "height": 900},
            locale="ar" if language == "ar" else "en-US",
            color_scheme=theme,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message):
        # On a busy machine the first frame may come seconds after the page; that is no fault of the page.
        if "was preloaded using link preload but not used within a few seconds" in message.text:
            return
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def sign_in(self, email, password=PASSWORD):
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.locator("main form button[type=submit], main form button.btn-primary").first.click()
        self.page.wait_for_url("**/o/**")
        return self

    def go(self, path):
        """Open a path of the product, or a whole address."""
        return self.page.goto(path if path.startswith("http") else self.base + path)

    def sees(self, text):
        self.page.get_by_text(text).first.wait_for()

    def looks(self, theme, width):
        """Go on with the same page in another theme, on another screen."""
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.page.set_viewport_size({"width": width, "height": 900})

    def is_scrolled_sideways(self):
        """Whether the page is wider than the screen."""
        root = "document.documentElement"
        return self.page.evaluate(f"{root}.scrollWidth > {root}.clientWidth + 1")

    def leave(self):
        self.context.close()

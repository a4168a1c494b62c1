"""How tests go through the doors: sign in, and open the link of a mail."""

import re

LINK = re.compile(r"http://testserver(/\S+)")


def link_in(mail):
    return LINK.search(mail.body).group(1)


def sign_in(browser, email="ada@example.com", password="rafiq-test", **more):
    return browser.post("/accounts/login/", {"login": email, "password": password, **more})

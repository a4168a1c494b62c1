import csv
import io
import re

import pytest
from django.core.management import CommandError, call_command

from accounts.tenancy.context import tenant
from clients.models import Client

pytestmark = pytest.mark.django_db

MAPPING = """
source = "shop"
[[file]]
path = "clients.csv"
entity = "client"
id = "id"
[file.columns]
name = "name"
tier = "tier"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "clients.csv").write_text("id,name,tier\n1,Ada,core\n2,Bob,gold\n3,[red]Cy[/red],scale\n")
    return tmp_path


def import_data(folder, *arguments, slug="ours"):
    out = io.StringIO()
    call_command("import_data", folder / "mapping.toml", folder, f"--organization={slug}", *arguments, stdout=out)
    return out.getvalue()


def test_it_tells_what_came_of_every_file_and_why_rows_were_refused(organization, folder):
    said = import_data(folder)

    assert re.search(r"clients\.csv\W+client\W+3\W+2\W+0\W+0\W+0\W+1\W", said)
    assert "clients.csv, line 3, column “tier”: “gold” is not one of strategic, core, scale" in said
    assert "Add --report FILE" in said
    with tenant(organization.pk):
        assert set(Client.objects.values_list("name", flat=True)) == {"Ada", "[red]Cy[/red]"}


def test_a_second_run_says_that_nothing_had_to_be_written(organization, folder):
    import_data(folder)

    assert "everything is there already" in import_data(folder)


def test_a_dry_run_says_so_and_writes_nothing(organization, folder):
    assert "nothing was written" in import_data(folder, "--dry-run")
    with tenant(organization.pk):
        assert not Client.objects.exists()


def test_the_report_has_a_line_per_refused_row(organization, folder):
    import_data(folder, f"--report={folder / 'refused.csv'}")

    with (folder / "refused.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["file"], row["line"], row["column"], row["value"]) for row in rows] == [
        ("clients.csv", "3", "tier", "gold")
    ]


@pytest.mark.parametrize(
    ("spoil", "arguments", "slug", "sentence"),
    [
        (None, [], "nowhere", "There is no organization “nowhere”. Known are: ours."),
        (("clients.csv", None), [], "ours", "There is no file clients.csv"),
        (("mapping.toml", "source ="), [], "ours", "is not valid TOML"),
        (("clients.csv", "id,nme,tier\n"), [], "ours", "Did you mean “nme”?"),
        (None, ["--report=/nowhere/r.csv"], "ours", "cannot be written"),
    ],
)
def test_what_an_operator_got_wrong_is_a_sentence(organization, folder, spoil, arguments, slug, sentence):
    if spoil:
        name, content = spoil
        (folder / name).write_text(content) if content is not None else (folder / name).unlink()

    with pytest.raises(CommandError) as stopped:
        import_data(folder, *arguments, slug=slug)

    assert sentence in str(stopped.value)


def test_a_missing_folder_is_a_sentence(organization, folder):
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("import_data", folder / "mapping.toml", folder / "no", "--organization=ours")


def test_an_interruption_says_that_the_command_can_be_repeated(organization, folder, monkeypatch):
    def interrupt(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("accounts.management.commands.import_data.run_import", interrupt)
    with pytest.raises(CommandError, match="run the same command again") as stopped:
        import_data(folder)

    assert stopped.value.returncode == 130

from mitseq.pages.gallery import PAGES


def test_every_page_is_listed(run):
    outcome = run("list")
    assert outcome.code == 0
    for name, page in PAGES.items():
        assert f"  {name}" in outcome.stdout and page.title in outcome.stdout
    assert [page["name"] for page in run("list", "--json").json] == list(PAGES)
